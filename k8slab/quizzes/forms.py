"""What a quiz's form sends, as the marking wants it."""

from __future__ import annotations

from django.http import QueryDict

from k8slab.catalog.course import Quiz

from .shuffling import numbers, token

LONGEST = 200  # characters of a word filled in


def given(quiz: Quiz, student: int, data: QueryDict) -> list[str]:
    """The answer in the numbers of the quiz's file. Raises ValueError where nothing, or not enough, was answered."""
    found = _READERS[quiz.kind](quiz, student, data)
    if not found or (quiz.kind != "choice" and not all(found)):
        raise ValueError("not answered")
    return found


def _chosen(quiz: Quiz, student: int, data: QueryDict) -> list[str]:
    """One or several; what was not chosen was answered, too, so that none at all is no answer."""
    return [number for number in numbers(quiz, student, data.getlist("answer")) if number]


def _placed(quiz: Quiz, student: int, data: QueryDict) -> list[str]:
    """`place-TOKEN`: 1, 2, …; two items in one place are not an order."""
    places = {number: data.get(f"place-{token(quiz, student, number)}", "") for number in range(len(quiz.answers))}
    if sorted(places.values()) != sorted(str(place + 1) for place in range(len(quiz.answers))):
        return []
    return [str(number) for number in sorted(places, key=lambda number: int(places[number]))]


def _matched(quiz: Quiz, student: int, data: QueryDict) -> list[str]:
    return numbers(quiz, student, [data.get(f"pair-{number}", "") for number in range(len(quiz.answers))])


def _filled(quiz: Quiz, student: int, data: QueryDict) -> list[str]:
    words = [data.get(f"gap-{number}", "") for number in range(len(quiz.answers))]
    return [word.strip().replace("\0", "")[:LONGEST] for word in words]


_READERS = {"choice": _chosen, "order": _placed, "match": _matched, "fill": _filled}
