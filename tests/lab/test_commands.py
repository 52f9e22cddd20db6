from __future__ import annotations

import ast
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from k8slab.supervisor.lab import commands
from k8slab.supervisor.lab.commands import COMMANDS, USAGE, main
from k8slab.supervisor.lock import take_lock
from k8slab.supervisor.places import ROOT, Places


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("K8SLAB_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


def lab(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, str(ROOT / "lab"), *arguments)
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=20)


def test_it_works() -> None:
    told = lab("help")
    assert (told.returncode, told.stdout.strip()) == (0, USAGE)
    assert lab().stdout == told.stdout


def test_every_command_is_in_the_help() -> None:
    assert [name for name in COMMANDS if f"\n  {name}" not in USAGE] == []


def test_an_unknown_command_shows_the_help() -> None:
    told = lab("upp")
    assert told.returncode == 2
    assert "there is no command 'upp'" in told.stderr
    assert USAGE in told.stderr


def test_any_python_3_can_read_the_script() -> None:
    ast.parse((ROOT / "lab").read_text(encoding="utf-8"), feature_version=(3, 4))


def test_it_needs_nothing_but_python() -> None:
    """No site-packages at all: what `./lab` imports before it installs must be in the standard library."""
    bare = (sys.executable, "-S", "-I", str(ROOT / "lab"), "help")
    assert subprocess.run(bare, capture_output=True, text=True, timeout=20).stdout.strip() == USAGE


def test_a_taken_port_is_told_before_anything_is_installed(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert main(["up", "--port", str(port)]) == 1
    assert f"port {port} is taken: choose another with --port, for example ./lab up --port" in capsys.readouterr().err
    assert not var.exists()


def test_an_impossible_port_is_told(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["up", "--port", "70000"]) == 1
    assert "there is no port 70000" in capsys.readouterr().err


def test_a_second_up_tells_the_address(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = Places(var)
    places.make()
    with take_lock(places, "http://localhost:8123/"):
        assert main(["up"]) == 0
    assert capsys.readouterr().out == "k8slab already runs: http://localhost:8123/\n"


def test_a_relative_path_is_meant_from_where_the_command_was_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("K8SLAB_KUBECONFIG", "my/kubeconfig")
    commands.make_paths_absolute()
    assert os.environ["K8SLAB_KUBECONFIG"] == str(tmp_path / "my" / "kubeconfig")


def test_reset_removes_everything(var: Path) -> None:
    _used(var)
    assert main(["reset", "--yes"]) == 0
    assert not var.exists()


def test_reset_asks(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _used(var)
    monkeypatch.setattr(commands, "asked", lambda question: False)
    assert main(["reset"]) == 1
    assert var.exists()


def test_reset_touches_no_directory_that_is_not_ours(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    var.mkdir()
    (var / "thesis.txt").touch()
    assert main(["reset", "--yes"]) == 1
    assert (var / "thesis.txt").exists()
    assert "nothing was removed" in capsys.readouterr().err


def test_reset_waits_until_it_is_stopped(var: Path) -> None:
    places = Places(var)
    places.make()
    with take_lock(places, "http://localhost:8123/"):
        assert main(["reset", "--yes"]) == 0
    assert var.exists()


def _used(var: Path) -> None:
    places = Places(var)
    places.make()
    take_lock(places, "http://localhost:8123/").close()
