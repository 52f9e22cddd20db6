"""Matching a part of an object against the whole: every place that differs, by its path.

Mappings: each expected key; null means that the key must not be there; {} that it must, whatever it holds.
Lists: each expected element fits an element of its own, in any order; [] means empty or absent.
Numbers compare as numbers, amounts as amounts (`500m` is `0.5`), text exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .quantity import quantity

Path = tuple[str | int, ...]

# by what the elements of Kubernetes' lists are told apart
IDENTITY = ("name", "type", "containerPort", "port", "mountPath", "key", "ip", "uid", "kind")
AMOUNTS = {
    "allocatable", "capacity", "default", "defaultRequest", "divisor", "hard", "limits", "max", "min", "requests",
    "sizeLimit", "storage", "used",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    path: Path
    expected: Any
    actual: Any


def gaps(expected: Any, actual: Any, path: Path = ()) -> list[Gap]:
    """Empty when `actual` holds all of `expected`."""
    if isinstance(expected, Mapping):
        return _mapping(expected, actual, path)
    if isinstance(expected, list | tuple):
        return _list(expected, actual, path)
    return [] if _same(expected, actual, path) else [Gap(path, expected, actual)]


def _mapping(expected: Mapping[str, Any], actual: Any, path: Path) -> list[Gap]:
    if actual is not None and not isinstance(actual, Mapping):
        return [Gap(path, expected, actual)]
    if not expected:
        return [Gap(path, expected, actual)] if actual is None else []
    there = actual or {}
    return [gap for key, value in expected.items() for gap in gaps(value, there.get(key), (*path, key))]


def _same(expected: Any, actual: Any, path: Path) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool) or expected is None or actual is None:
        return expected is actual
    if expected == actual:
        return True
    if not AMOUNTS.isdisjoint(path):
        amount = quantity(expected)
        return amount is not None and amount == quantity(actual)
    return False


def _list(expected: Sequence[Any], actual: Any, path: Path) -> list[Gap]:
    if actual is not None and not isinstance(actual, list | tuple):
        return [Gap(path, expected, actual)]
    there = list(actual or ())
    if not expected:
        return [Gap(path, expected, actual)] if there else []
    taken = _assign(expected, there, path)
    left = [place for place in range(len(there)) if place not in taken.values()]
    found: list[Gap] = []
    for nth, element in enumerate(expected):
        if nth not in taken:
            found.extend(_nearest(element, there, left, path))
    return found


def _assign(expected: Sequence[Any], there: list[Any], path: Path) -> dict[int, int]:
    """Gives as many expected elements as possible a fitting element each (Kuhn's augmenting paths)."""
    fitting = [[p for p, one in enumerate(there) if not gaps(element, one, (*path, p))] for element in expected]
    owner: dict[int, int] = {}

    def settle(nth: int, tried: set[int]) -> bool:
        for place in fitting[nth]:
            if place not in tried:
                tried.add(place)
                if place not in owner or settle(owner[place], tried):
                    owner[place] = nth
                    return True
        return False

    for nth in range(len(expected)):
        settle(nth, set())
    return {nth: place for place, nth in owner.items()}


def _nearest(element: Any, there: list[Any], left: list[int], path: Path) -> list[Gap]:
    """How the element differs from the one that was probably meant for it."""
    if not isinstance(element, Mapping):
        return [Gap(path, element, there or None)]
    identity = next((key for key in IDENTITY if key in element), None)
    if identity is None:
        found = [gaps(element, there[place], (*path, place)) for place in left]
        return min(found, key=len, default=[Gap(path, element, there or None)])
    meant = [p for p in left if isinstance(there[p], Mapping) and there[p].get(identity) == element[identity]]
    missing = [Gap((*path, f"{identity}={element[identity]}"), element, None)]
    return min((gaps(element, there[place], (*path, place)) for place in meant), key=len, default=missing)


def spell(path: Path) -> str:
    """`spec.template.spec.containers[0].image`, `metadata.annotations[example.com/owner]`"""
    spelled = ""
    for step in path:
        if isinstance(step, int) or not step.replace("_", "").replace("-", "").isalnum():
            spelled += f"[{step}]"
        else:
            spelled += f".{step}" if spelled else step
    return spelled


def short(value: Any) -> Any:
    """Fit to be shown: a student's object may be large."""
    if isinstance(value, str):
        return value if len(value) <= 300 else value[:300] + "…"
    if isinstance(value, list):
        return [short(element) for element in value[:20]]
    if isinstance(value, dict):
        return {key: short(element) for key, element in list(value.items())[:20]}
    return value
