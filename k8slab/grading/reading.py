"""Strict reading of one YAML mapping: what nobody asks for is a problem, and every problem is told, none raised."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .spec import Text

Path = tuple[str | int, ...]
Problem = Callable[[Path, str], None]
T = TypeVar("T")
Reader = Callable[[Any, Path, Problem], T | None]

DNS_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
PERIOD = re.compile(r"(?:(\d{1,4})m)?(?:(\d{1,4}(?:\.\d+)?)s)?")


class Fields:
    """The mapping at `path`. Read its keys with `take`, then `close` it."""

    def __init__(self, raw: object, path: Path, problem: Problem) -> None:
        self.path, self.problem = path, problem
        self.raw: Mapping[Any, Any] = raw if isinstance(raw, Mapping) else {}
        self.known: list[str] = []
        self.readable = isinstance(raw, Mapping)
        if not self.readable:
            problem(path, f"should be a mapping, is {sort(raw)}")

    def __contains__(self, key: str) -> bool:
        return key in self.raw

    def take(self, key: str, read: Reader[T], default: T) -> T:
        """The key's value, or `default` when it is absent or wrong."""
        self.known.append(key)
        if key not in self.raw:
            return default
        found = read(self.raw[key], (*self.path, key), self.problem)
        return default if found is None else found

    def require(self, key: str, read: Reader[T], default: T) -> T:
        if key not in self.raw and self.readable:
            self.problem(self.path, f"{key} is missing")
        return self.take(key, read, default)

    def close(self) -> None:
        for key in self.raw:
            if key not in self.known:
                self.problem((*self.path, str(key)), f"unknown key {key!r}; known are {', '.join(self.known)}")


def sort(raw: object) -> str:
    names = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", type(None): "empty"}
    return names.get(type(raw), "a number" if isinstance(raw, int | float) else type(raw).__name__)


def text(raw: object, path: Path, problem: Problem) -> str | None:
    if isinstance(raw, str) and raw.strip():
        return raw
    problem(path, f"should be text, is {sort(raw)}")
    return None


def label(raw: object, path: Path, problem: Problem) -> str | None:
    if isinstance(raw, str) and DNS_LABEL.fullmatch(raw):
        return raw
    problem(path, f"{raw!r} should be lower-case letters, digits and hyphens, at most 63")
    return None


def flag(raw: object, path: Path, problem: Problem) -> bool | None:
    if isinstance(raw, bool):
        return raw
    problem(path, f"should be true or false, is {sort(raw)}")
    return None


def whole(low: int, high: int) -> Reader[int]:
    def read(raw: object, path: Path, problem: Problem) -> int | None:
        if isinstance(raw, int) and not isinstance(raw, bool) and low <= raw <= high:
            return raw
        problem(path, f"should be a whole number from {low} to {high}")
        return None

    return read


def one_of(*choices: str) -> Reader[str]:
    def read(raw: object, path: Path, problem: Problem) -> str | None:
        if raw in choices:
            return str(raw)
        problem(path, f"{raw!r} should be one of {', '.join(choices)}")
        return None

    return read


def period(raw: object, path: Path, problem: Problem) -> float | None:
    """`30s`, `2m`, `1m30s` as seconds."""
    found = PERIOD.fullmatch(raw) if isinstance(raw, str) and raw else None
    length = float(found[1] or 0) * 60 + float(found[2] or 0) if found else 0.0
    if 0 < length <= 1800:
        return length
    problem(path, f"{raw!r} should be a time such as 30s or 2m, at most 30m")
    return None


def bilingual(raw: object, path: Path, problem: Problem) -> Text | None:
    fields = Fields(raw, path, problem)
    found = Text(en=fields.require("en", text, ""), ko=fields.require("ko", text, ""))
    fields.close()
    return found if found.en and found.ko else None


def many(read: Reader[T]) -> Reader[tuple[T, ...]]:
    def read_all(raw: object, path: Path, problem: Problem) -> tuple[T, ...] | None:
        if not isinstance(raw, list):
            problem(path, f"should be a list, is {sort(raw)}")
            return None
        found = [read(entry, (*path, place), problem) for place, entry in enumerate(raw)]
        return tuple(entry for entry in found if entry is not None)

    return read_all


def words(raw: object, path: Path, problem: Problem) -> tuple[str, ...] | None:
    """One text or a list of them."""
    return many(text)([raw] if isinstance(raw, str) else raw, path, problem)


def labels(raw: object, path: Path, problem: Problem) -> dict[str, str] | None:
    if isinstance(raw, Mapping) and raw and all(isinstance(v, str) for kv in raw.items() for v in kv):
        return dict(raw)
    problem(path, "should be labels: text for text, at least one")
    return None


def plain(raw: object, path: Path, problem: Problem) -> Any:
    """Data as JSON knows it."""
    if isinstance(raw, Mapping):
        for key, value in raw.items():
            plain(value, (*path, key if isinstance(key, str) else str(key)), problem)
            if not isinstance(key, str):
                problem((*path, str(key)), f"the key {key!r} should be text")
    elif isinstance(raw, list):
        for place, value in enumerate(raw):
            plain(value, (*path, place), problem)
    elif not isinstance(raw, str | int | float | None) or (isinstance(raw, float) and not math.isfinite(raw)):
        problem(path, f"{raw!r} is not what JSON can say")
    return raw


def partial(raw: object, path: Path, problem: Problem) -> dict[str, Any] | None:
    """A piece of an object: a mapping that is not empty."""
    if isinstance(raw, Mapping) and raw:
        return dict(plain(raw, path, problem))
    problem(path, f"should be a part of an object, is {sort(raw) if raw else 'empty'}")
    return None
