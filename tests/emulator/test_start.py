"""What makes a start short: data that is kept in a faster form, and modules that come when they are needed."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from k8slab.emulator import data
from k8slab.emulator.later import Package, later
from k8slab.emulator.schema import load_schema

NOT_AT_ONCE = ("yaml", "cel_expr_python.cel", "websockets", "tarfile", "k8slab.emulator.nodes.shell.interpreter")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "kept" / "data.json"
    monkeypatch.setattr(data, "_place", lambda source: place)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return place


def read_counted(source: Path, made: list[bytes]) -> object:
    def make(content: bytes) -> object:
        made.append(content)
        return {"text": content.decode()}

    return data.read_made(source, make)


def test_data_is_made_once(tmp_path: Path, kept: Path) -> None:
    source, made = tmp_path / "source", []  # type: tuple[Path, list[bytes]]
    source.write_bytes(b"one")
    assert [read_counted(source, made) for _ in range(3)] == [{"text": "one"}] * 3
    assert made == [b"one"]


def test_a_changed_source_counts(tmp_path: Path, kept: Path) -> None:
    source, made = tmp_path / "source", []  # type: tuple[Path, list[bytes]]
    source.write_bytes(b"one")
    read_counted(source, made)
    source.write_bytes(b"two, and longer")
    assert read_counted(source, made) == {"text": "two, and longer"}
    os.utime(source, ns=(1, 1))
    read_counted(source, made)
    assert made == [b"one", b"two, and longer", b"two, and longer"]


@pytest.mark.parametrize("damage", [b"", b"{", None])
def test_damaged_data_is_made_anew(tmp_path: Path, kept: Path, damage: bytes | None) -> None:
    source, made = tmp_path / "source", []  # type: tuple[Path, list[bytes]]
    source.write_bytes(b"one")
    read_counted(source, made)
    kept.write_bytes(kept.read_bytes()[:-3] if damage is None else damage)
    assert read_counted(source, made) == {"text": "one"}
    assert len(made) == 2
    assert json.loads(kept.read_bytes().partition(b"\n")[2]) == {"text": "one"}


def test_nothing_is_kept_where_nothing_may_be_written(
    tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, made = tmp_path / "source", []  # type: tuple[Path, list[bytes]]
    source.write_bytes(b"one")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    read_counted(source, made)
    assert not kept.exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    kept.parent.write_text("a file where the directory should be")
    assert read_counted(source, made) == {"text": "one"}


def test_definitions_are_read_when_they_are_asked_for() -> None:
    one, other = load_schema(), load_schema()
    assert "io.k8s.api.core.v1.Pod" in one.definitions
    assert "containers" in one.definitions["io.k8s.api.core.v1.PodSpec"]["properties"]
    one.define({"type": "object", "properties": {}}, "example.com", "v1", "Thing")
    assert one.definition_of("example.com", "v1", "Thing") in one.definitions
    assert len(one.definitions) == len(other.definitions) + 1
    one.forget("example.com", "v1", "Thing")
    assert list(one.definitions) == list(other.definitions)


def test_a_module_comes_when_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "late_room").mkdir()
    (tmp_path / "late_room" / "__init__.py").touch()
    for name in ("one", "two"):
        (tmp_path / "late_room" / f"{name}.py").write_text(f"NAME = '{name}'")
    monkeypatch.syspath_prepend(tmp_path)
    one, package = later("late_room.one"), Package("late_room")
    assert "late_room" not in sys.modules
    assert one.NAME == "one"
    assert "late_room.two" not in sys.modules
    assert [package.load_one() for _ in range(3)] == [True, True, False]
    assert "late_room.two" in sys.modules
    with pytest.raises(AttributeError):
        one.OTHER  # noqa: B018  # asking is the test


def test_a_start_needs_few_modules() -> None:
    assert all(importlib.util.find_spec(name) for name in NOT_AT_ONCE)
    code = f"import sys, k8slab.emulator.server; print([name for name in {NOT_AT_ONCE} if name in sys.modules])"
    keeping = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(2):  # the first start on a machine reads YAML, and keeps what it has read
        told = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True, env=keeping)
    assert told.stdout == "[]\n"
