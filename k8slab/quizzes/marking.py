"""Whether an answer is right, part by part. Pure: a quiz and what was given, nothing else.

A given answer is a list of texts. `choice`: the numbers of the answers chosen. `order`: the numbers of the items, first
one first. `match`: for each left side the number of the right side chosen. `fill`: the words, gap by gap. Numbers are
those of the quiz's file; what the page shows instead (see `shuffling`) does not tell them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from k8slab.catalog.course import Answer, Quiz

Given = Sequence[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """`parts` says for each answer of the quiz whether it was dealt with rightly."""

    right: bool
    parts: tuple[bool, ...]


def mark(quiz: Quiz, given: Given) -> Mark:
    parts = _choice(quiz, given) if quiz.kind == "choice" else _by_place(quiz, given)
    return Mark(all(parts), parts)


def _choice(quiz: Quiz, given: Given) -> tuple[bool, ...]:
    """An answer is dealt with rightly when it is chosen and right, or neither."""
    return tuple((str(number) in given) == answer.right for number, answer in enumerate(quiz.answers))


def _by_place(quiz: Quiz, given: Given) -> tuple[bool, ...]:
    said = [*given, *[""] * len(quiz.answers)]
    return tuple(_fits(quiz.kind, number, answer, said[number]) for number, answer in enumerate(quiz.answers))


def _fits(kind: str, number: int, answer: Answer, said: str) -> bool:
    if kind == "fill":
        return plain(said) in {plain(accepted) for accepted in answer.accept}
    return said == str(number)


def plain(words: str) -> str:
    """Upper case, width and the number of blanks are no mistakes: `ClusterIP` is `clusterip`."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())
