"""Several files as one text, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from k8slab.attempts import files
from k8slab.catalog.course import Exercise, StartFile
from k8slab.kube.documents import parse

from .conftest import exercise

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${word}"  # no line feed at its end
POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"


def two_files() -> Exercise:
    return replace(exercise(), files=(StartFile("config.yaml", CONFIG), StartFile("pod.yaml", POD)))


def test_it_works() -> None:
    text, parts = files.joined({"config.yaml": CONFIG, "pod.yaml": POD})
    assert files.split(two_files(), text, parts) == {"config.yaml": f"{CONFIG}\n", "pod.yaml": POD}
    assert [document.obj["kind"] for document in parse(text).documents] == ["ConfigMap", "Pod"]


def test_each_line_belongs_to_its_file() -> None:
    text, parts = files.joined({"config.yaml": CONFIG, "empty.yaml": "", "pod.yaml": POD})
    lines = text.splitlines()
    names = {files.place(parts, number) for number, line in enumerate(lines, 1) if "name:" in line}
    assert names == {("config.yaml", 4), ("pod.yaml", 4)}
    assert files.place(parts, lines.index("--- # empty.yaml") + 1) == ("empty.yaml", 1)


def test_a_single_file_stays_as_it_is() -> None:
    assert files.joined({"answer.yaml": POD}) == (POD, [])
    assert files.place([], 7) == ("", 7)
    assert files.split(exercise(), POD, []) == {"answer.yaml": POD}


def test_the_exercises_files_come_first_and_only_they_are_handed_in() -> None:
    drafts = {"notes.txt": "remember", "pod.yaml": "mine"}
    answer = files.of_answer(two_files(), {"word": "birch"}, drafts)
    assert list(answer) == ["config.yaml", "pod.yaml", "notes.txt"]
    assert answer["config.yaml"].endswith("name: birch")
    assert files.handed_in(two_files(), answer) == {"config.yaml": answer["config.yaml"], "pod.yaml": "mine"}


@pytest.mark.parametrize("name", ["", "../secret", "a/b", ".hidden", "x" * 64, "a b"])
def test_odd_names_are_refused(name: str) -> None:
    with pytest.raises(files.FilesError):
        files.changed({}, name, "text")


def test_neither_many_files_nor_long_ones_are_kept() -> None:
    full = {f"{number}.yaml": "" for number in range(files.MOST)}
    with pytest.raises(files.FilesError):
        files.changed(full, "one-more.yaml", "")
    with pytest.raises(files.FilesError):
        files.changed({"a": "x" * files.LIMIT}, "b", "x")
    assert files.changed(full, "0.yaml", "new")["0.yaml"] == "new"
