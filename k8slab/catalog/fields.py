"""One value of a lesson file at a time: read strictly, report at its line, go on with a harmless default."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from k8slab.grading.spec import Text

from .positions import Path, Placed
from .problems import Tell
from .schema import LANGUAGES, TEXT, Shape

T = TypeVar("T")
LABEL = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Field:
    document: Placed
    value: Any
    tell: Tell
    path: Path = ()

    def problem(self, message: str) -> None:
        self.tell(self.document.line(self.path), message)

    def problem_below(self, path: Path, message: str) -> None:
        """For a reader that only knows its own part: `path` starts at this field."""
        self.tell(self.document.line(self.path + path), message)

    def mapping(self) -> dict[str, Field]:
        if not isinstance(self.value, dict):
            self._wrong("a mapping")
            return {}
        return {key: Field(self.document, value, self.tell, (*self.path, key)) for key, value in self.value.items()}

    def record(self, shape: Shape) -> dict[str, Field]:
        """The fields that are there; a missing or unknown one is a problem."""
        fields = self.mapping()
        if not isinstance(self.value, dict):
            return {}
        for key in fields.keys() - set(shape.keys):
            fields.pop(key).problem(f"unknown key {key!r}; here may stand: {', '.join(shape.keys)}")
        for key in shape.required:
            if key not in fields:
                self.problem(f"{key!r} is missing")
        return fields

    def items(self) -> list[Field]:
        if not isinstance(self.value, list):
            self._wrong("a list")
            return []
        return [Field(self.document, value, self.tell, (*self.path, i)) for i, value in enumerate(self.value)]

    def string(self) -> str:
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        self._wrong("text")
        return ""

    def label(self) -> str:
        """A DNS label: it becomes part of addresses, of column names and of object names."""
        value = self.string()
        if value and not LABEL.fullmatch(value):
            self.problem(f"{value!r} must be lower-case letters, digits and '-', at most 63 characters")
        return value

    def number(self, least: int, most: int) -> int:
        fits = isinstance(self.value, int) and not isinstance(self.value, bool) and least <= self.value <= most
        if not fits:
            self._wrong(f"a whole number from {least} to {most}")
            return least
        return int(self.value)

    def text(self) -> Text:
        """A sentence in every language of the course."""
        fields = self.record(TEXT)
        words = {language: fields[language].string() if language in fields else "" for language in LANGUAGES}
        return Text(**words)

    def each(self, read: Callable[[Field], T]) -> tuple[T, ...]:
        return tuple(read(item) for item in self.items())

    def _wrong(self, wanted: str) -> None:
        self.problem(f"must be {wanted}, not {_name(self.value)}")


def _name(value: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    if value is None or value == "":
        return "empty"
    return kinds.get(type(value), "text")
