"""Validation errors in the words of the real server's field.Error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from k8slab.emulator.status import Cause

ESCAPES = {"\\": "\\\\", '"': '\\"', "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r",
           "\t": "\\t", "\v": "\\v"}  # fmt: skip


class Raw(str):
    """A value that is already in the form in which messages show it."""

    __slots__ = ()


def shown(value: Any) -> str:
    """A value as the message prints it: quoted text, JSON for the rest."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict | list):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return str(value)


def quoted(text: str) -> str:
    """As Go quotes a text."""
    return '"' + "".join(_quoted(one) for one in text) + '"'


def _quoted(one: str) -> str:
    if one in ESCAPES:
        return ESCAPES[one]
    if one.isprintable():
        return one
    code = ord(one)
    return f"\\x{code:02x}" if code < 128 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


class FieldErrors(list[Cause]):
    """Collects; each method is one of the server's error types."""

    def required(self, path: str, why: str = "") -> None:
        self.append(Cause("FieldValueRequired", f"Required value: {why}" if why else "Required value", path))

    def invalid(self, path: str, value: Any, why: str) -> None:
        self.append(Cause("FieldValueInvalid", f"Invalid value: {shown(value)}: {why}", path))

    def invalid_in_order(self, path: str, value: Any, why: str) -> None:
        """As `invalid`, for a struct whose fields are shown in their own order."""
        text = orjson.dumps(value).decode()
        self.append(Cause("FieldValueInvalid", f"Invalid value: {text}: {why}", path))

    def unsupported(self, path: str, value: Any, allowed: Sequence[str]) -> None:
        listed = ", ".join(f'"{one}"' for one in allowed)
        self.append(
            Cause("FieldValueNotSupported", f"Unsupported value: {shown(value)}: supported values: {listed}", path)
        )

    def duplicate(self, path: str, value: Any, why: str = "") -> None:
        told = f": {why}" if why else ""
        self.append(Cause("FieldValueDuplicate", f"Duplicate value: {shown(value)}{told}", path))

    def forbidden(self, path: str, why: str) -> None:
        self.append(Cause("FieldValueForbidden", f"Forbidden: {why}", path))

    def not_found(self, path: str, value: Any, why: str = "") -> None:
        told = f": {why}" if why else ""
        self.append(Cause("FieldValueNotFound", f"Not found: {shown(value)}{told}", path))

    def too_long(self, path: str, limit: int) -> None:
        self.append(Cause("FieldValueTooLong", f"Too long: may not be more than {limit} bytes", path))

    def too_many(self, path: str, count: int, limit: int) -> None:
        self.append(Cause("FieldValueTooMany", f"Too many: {count}: must have at most {limit} items", path))
