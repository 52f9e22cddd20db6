"""From what a client sent to a well-formed object: JSON or YAML text, then types, as Go's decoder would take it.

Unknown and duplicate fields are only noted (the caller's fieldValidation decides); a wrong type is an error at once.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any, NoReturn

import orjson

from k8slab.emulator.data import read_data
from k8slab.emulator.quantity import QuantityError, canonical
from k8slab.emulator.resources import KINDS, Resource
from k8slab.emulator.schema import Type
from k8slab.emulator.status import ApiError, bad_request

_unsaid = read_data(KINDS / "unsaid.yaml")
KEEP_TEXT = frozenset(_unsaid["keep_text"])
KEEP_FALSE = frozenset(_unsaid["keep_false"])
DROP_ZERO = frozenset(_unsaid["drop_zero"])
RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$")
JSON_NAMES = {str: "string", bool: "bool", int: "number", float: "number", list: "array", dict: "object"}
DEEPEST = 200


class DecodeError(Exception):
    """The text after `X in version "v1" cannot be handled as a X: `."""


class Decoder:
    """Decodes one object; collects what strict decoding would complain about."""

    def __init__(self) -> None:
        self.unknown: list[str] = []

    def decode(self, node: Type, value: Any) -> Any:
        return self._value(node, value, "", "", node.go.rpartition(".")[2])

    def _value(self, node: Type, value: Any, path: str, place: str, owner: str) -> Any:
        """`path` has list indices, for unknown fields; `place` has not, as Go prints it."""
        shape = node.shape
        if shape == "struct":
            return self._struct(node, value, path, place, owner)
        if shape == "string":
            return value if isinstance(value, str) else _mismatch(node, value, place, owner)
        if shape == "map":
            return self._map(node, value, path, place, owner)
        if shape == "list":
            return self._list(node, value, path, place, owner)
        if shape == "any":
            return value
        return _scalar(node, value, place, owner)

    def _struct(self, node: Type, value: Any, path: str, place: str, owner: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            _mismatch(node, value, place, owner)
        result: dict[str, Any] = {}
        name_of_this = node.go.rpartition(".")[2]
        for name, child in value.items():
            known = node.fields.get(name)
            if known is None:
                if node.open:
                    result[name] = child
                else:
                    self.unknown.append(f'unknown field "{path}{name}"')
            elif child is not None:
                deeper = f"{place}.{name}" if place else name
                decoded = self._value(known, child, f"{path}{name}.", deeper, name_of_this)
                if not _is_unsaid(name, known, decoded, node.required):
                    result[name] = decoded
        return result

    def _map(self, node: Type, value: Any, path: str, place: str, owner: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            _mismatch(node, value, place, owner)
        element = node.element
        if element is None or element.shape == "any":
            return value
        zero: Any = "" if element.shape == "string" else {} if element.shape == "struct" else None
        return {
            key: zero if child is None else self._value(element, child, f"{path}{key}.", place, owner)
            for key, child in value.items()
        }

    def _list(self, node: Type, value: Any, path: str, place: str, owner: str) -> list[Any]:
        if not isinstance(value, list):
            _mismatch(node, value, place, owner)
        element = node.element
        if element is None:
            return value
        stem = path.removesuffix(".")
        zero: Any = {} if element.shape == "struct" else ""
        return [
            zero if child is None else self._value(element, child, f"{stem}[{index}].", place, owner)
            for index, child in enumerate(value)
        ]


def _is_unsaid(name: str, node: Type, value: Any, required: frozenset[str]) -> bool:
    """Whether Go would leave this zero out of its JSON."""
    if value or name in required or node.shape == "any":
        return False
    if value is False:
        return name not in KEEP_FALSE
    if value == 0:
        return name in DROP_ZERO
    if value == "":
        return name not in KEEP_TEXT
    return node.shape in ("list", "map")


def _mismatch(node: Type, value: Any, place: str, owner: str) -> NoReturn:
    what = JSON_NAMES.get(type(value), "value")
    if node.shape in ("integer",) and isinstance(value, int | float) and not isinstance(value, bool):
        what = f"number {value}"
    where = f"Go struct field {owner}.{place} of type {node.go}" if place else f"Go value of type {node.go}"
    raise DecodeError(f"json: cannot unmarshal {what} into {where}")


def _scalar(node: Type, value: Any, place: str, owner: str) -> Any:
    shape = node.shape
    if shape == "integer":
        fits = (
            isinstance(value, int)
            and not isinstance(value, bool)
            and abs(value) < (1 << (31 if node.go == "int32" else 63))
        )
        return value if fits else _mismatch(node, value, place, owner)
    if shape == "boolean":
        return value if isinstance(value, bool) else _mismatch(node, value, place, owner)
    if shape == "number":
        ok = isinstance(value, int | float) and not isinstance(value, bool)
        return value if ok else _mismatch(node, value, place, owner)
    if shape == "quantity":
        return _quantity(value)
    if shape == "intorstring":
        ok = isinstance(value, int | str) and not isinstance(value, bool)
        return value if ok else _mismatch(Type("intorstring", "intstr.IntOrString"), value, place, owner)
    if shape == "bytes":
        return _base64(node, value, place, owner)
    return _time(node, value, place, owner)


def _quantity(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise DecodeError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
    try:
        return canonical(str(value))
    except QuantityError as error:
        raise DecodeError(str(error)) from error


def _base64(node: Type, value: Any, place: str, owner: str) -> str:
    if not isinstance(value, str):
        _mismatch(node, value, place, owner)
    text: str = value.replace("\n", "").replace("\r", "")
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        bad = re.search(r"[^A-Za-z0-9+/=]", text)
        raise DecodeError(f"illegal base64 data at input byte {bad.start() if bad else len(text) // 4 * 4}") from error
    return text


def _time(node: Type, value: Any, place: str, owner: str) -> str:
    if not isinstance(value, str):
        _mismatch(Type(node.shape, "string"), value, place, owner)
    if not RFC3339.match(value):
        layout = "2006-01-02T15:04:05Z07:00" if node.shape == "time" else "2006-01-02T15:04:05.000000Z07:00"
        raise DecodeError(f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"')
    return value


# ── text ──


def read_json(body: bytes, kind: str) -> Any:
    """The parsed body; an error in the words of the server's recogniser."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise unrecognized(kind, body, go_syntax_error(body, error)) from error
    if not isinstance(parsed, dict):
        name = JSON_NAMES.get(type(parsed), "null")
        struct = r'struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }'
        raise unrecognized(kind, body, f"json: cannot unmarshal {name} into Go value of type {struct}", True)
    return parsed


def unrecognized(kind: str, body: bytes, why: str, as_hex: bool = False) -> ApiError:
    shown = "<empty>" if not body else body.hex() if as_hex else body[:1024].decode("utf-8", "replace")
    return bad_request(
        f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; "
        f"json parse error: {why} ({shown})"
    )


def go_syntax_error(body: bytes, error: orjson.JSONDecodeError) -> str:
    text = body.decode("utf-8", "replace")
    if not text.strip() or error.pos >= len(text.rstrip()):
        return "unexpected end of JSON input"
    return f"invalid character '{text[error.pos]}' looking for beginning of value"


def duplicate_fields(body: bytes, parsed: Any) -> list[str]:
    """Paths of keys that are there twice: the fast parser takes the last without a word.

    Written again, what was parsed then lacks a key, and so its quotes. The slow parser has to look only where some are
    missing, or where an escape may stand for one.
    """
    if b"\\u" not in body and body.count(b'"') == orjson.dumps(parsed).count(b'"'):
        return []
    found: list[str] = []
    marked = json.loads(body, object_pairs_hook=_Pairs)
    _find_duplicates(marked, "", found)
    return found


class _Pairs(list[tuple[str, Any]]):
    """An object as the list of its members."""


def _find_duplicates(value: Any, path: str, found: list[str]) -> None:
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for key, child in value:
            if key in seen:
                found.append(f'duplicate field "{path}{key}"')
            seen.add(key)
            _find_duplicates(child, f"{path}{key}.", found)
    elif isinstance(value, list):
        for index, child in enumerate(value):
            _find_duplicates(child, f"{path.removesuffix('.')}[{index}].", found)


def cannot_handle(kind: Resource, why: str) -> ApiError:
    return bad_request(f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: {why}')
