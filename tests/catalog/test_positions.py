from __future__ import annotations

from typing import Any

import pytest

from k8slab.catalog.positions import read_documents


def read(text: str) -> tuple[Any, list[tuple[int, str]]]:
    told: list[tuple[int, str]] = []
    documents = read_documents(text, lambda line, message: told.append((line, message)))
    return documents, told


def test_it_works() -> None:
    (document,), told = read("a: 1\nb:\n  - x\n  - c: y\n")
    assert document.value == {"a": 1, "b": ["x", {"c": "y"}]}
    assert [document.line(path) for path in (("a",), ("b",), ("b", 0), ("b", 1, "c"))] == [1, 2, 3, 4]
    assert told == []


def test_a_path_that_is_not_there_has_the_line_of_what_is_above() -> None:
    (document,), _ = read("a:\n  b: 1\n")
    assert document.line(("a", "z", 3)) == 1
    assert document.line(("b",)) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("1.5", 1.5),
        ("1.14.0", "1.14.0"),
        ("010", "010"),
        ("=", "="),
        ("<<", "<<"),
        ('"1"', "1"),
        ("-7", -7),
        ("9090", 9090),
    ],
)
def test_plain_words_stay_words(text: str, value: object) -> None:
    (document,), told = read(f"key: {text}\n")
    assert document.value == {"key": value}
    assert told == []


@pytest.mark.parametrize("text", ["~", "null", ""])
def test_nothing_is_none(text: str) -> None:
    (document,), _ = read(f"key: {text}\n")
    assert document.value == {"key": None}


def test_several_documents_keep_their_lines_and_empty_ones_go() -> None:
    documents, told = read("a: 1\n---\n# nothing\n---\nb: 2\n")
    assert [document.value for document in documents] == [{"a": 1}, {"b": 2}]
    assert documents[1].line(("b",)) == 5
    assert told == []


def test_what_was_read_before_an_error_is_kept() -> None:
    documents, told = read("a: 1\n---\nb: [\n")
    assert [document.value for document in documents] == [{"a": 1}]
    assert len(told) == 1


def test_a_bomb_of_aliases_is_cheap() -> None:
    text = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    _, told = read(text)
    assert len(told) == 16
    assert all("alias" in message for _, message in told)


def test_too_many_values_are_cut_off() -> None:
    _, told = read("a: [" + "1, " * 30_000 + "1]")
    assert (1, "holds too much") in told
