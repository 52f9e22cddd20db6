"""Protobuf bodies. kubectl sends some of its objects so; here they become what the same object is in JSON.

The types come from the OpenAPI definitions, only the field numbers from kinds/wire.txt. Answers are JSON always, which
every client that sends protobuf also takes.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from k8slab.emulator.clock import micro_timestamp, timestamp
from k8slab.emulator.resources import KINDS
from k8slab.emulator.schema import ANY, Schema, Type
from k8slab.emulator.status import bad_request

MAGIC = b"k8s\x00"
MEDIA = "application/vnd.kubernetes.protobuf"
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
DEEPEST = 60
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
POINTER_TEXTS = ("storageClassName", "volumeAttributesClassName", "ingressClassName")
Field = tuple[int, int, Any]


class WireError(Exception):
    """Not what a client that knows the kind would send."""


@lru_cache(maxsize=1)
def _numbers() -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for line in (KINDS / "wire.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            name, *fields = line.split()
            pairs = (field.partition(":") for field in fields)
            found[name] = {int(number): target for number, _, target in pairs}
    return found


def read_protobuf(body: bytes, schema: Schema) -> dict[str, Any]:
    """The object in its envelope, with kind and apiVersion."""
    if not body.startswith(MAGIC):
        raise bad_request("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]")
    try:
        envelope = {number: value for number, _, value in _fields(body[len(MAGIC) :])}
        named = {number: value.decode() for number, _, value in _fields(envelope.get(1, b""))}
        version, kind = named.get(1, ""), named.get(2, "")
        group, _, plain = version.rpartition("/")
        definition = schema.definition_of(group, plain, kind) or f"{META}{kind}"
        if definition not in schema.definitions:
            raise WireError(f'no kind "{kind}" is registered for version "{version}"')
        decoded = _message(schema.compiled(definition), _short(definition), envelope.get(2, b""), 0)
    except (WireError, IndexError, struct.error, UnicodeDecodeError, AttributeError, TypeError) as error:
        raise bad_request(f"the object provided is unrecognized: proto: {error}") from error
    return {**decoded, "kind": kind, "apiVersion": version}


def _short(definition: str) -> str:
    return definition.removeprefix("io.k8s.").removeprefix("api.")


def _fields(data: bytes) -> Iterator[Field]:
    """Number, wire type and raw value of each field, in order."""
    place = 0
    while place < len(data):
        tag, place = _varint(data, place)
        number, kind = tag >> 3, tag & 7
        if kind == VARINT:
            value, place = _varint(data, place)
            yield number, kind, value
            continue
        if kind == BYTES:
            size, place = _varint(data, place)
        else:
            size = {FIXED64: 8, FIXED32: 4}.get(kind, -1)
        if size < 0 or place + size > len(data):
            raise WireError("unexpected EOF")
        yield number, kind, data[place : place + size]
        place += size


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
        if shift > 63:
            raise WireError("integer overflow")


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _message(node: Type, name: str, data: bytes, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        raise WireError("exceeded max depth")
    numbers = _numbers().get(name, {})
    result: dict[str, Any] = {}
    for number, kind, raw in _fields(data):
        target = numbers.get(number)
        if target is None:
            continue
        if target.startswith("@"):
            result.update(_message(node, target[1:], raw, depth + 1))
            continue
        child = node.fields.get(target, ANY)
        _add(result, target, child, kind, raw, depth)
    return result


def _add(result: dict[str, Any], name: str, child: Type, kind: int, raw: Any, depth: int) -> None:
    if child.shape == "list":
        result.setdefault(name, []).append(_value(child.element or ANY, kind, raw, depth))
    elif child.shape == "map":
        entry = {number: (how, value) for number, how, value in _fields(raw)}
        key = entry.get(1, (BYTES, b""))[1].decode()
        result.setdefault(name, {})[key] = _value(child.element or ANY, *entry.get(2, (BYTES, b"")), depth)
    else:
        value = _value(child, kind, raw, depth)
        # Text that is not a pointer in Go is always sent, also when there is none.
        if value is not None and (value != "" or name in POINTER_TEXTS):
            result[name] = value


def _value(node: Type, kind: int, raw: Any, depth: int) -> Any:
    shape = node.shape
    if shape == "struct":
        return _message(node, _short(node.definition), raw, depth + 1)
    if shape == "integer":
        return _signed(raw)
    if shape == "boolean":
        return bool(raw)
    if shape == "number":
        return struct.unpack("<d", raw)[0] if kind == FIXED64 else raw
    if shape == "bytes":
        return base64.b64encode(raw).decode()
    if shape == "quantity":
        return next((value.decode() for _, _, value in _fields(raw)), "0")
    if shape == "intorstring":
        parts = {number: value for number, _, value in _fields(raw)}
        return parts.get(3, b"").decode() if parts.get(1) else _signed(parts.get(2, 0))
    if shape in ("time", "microtime"):
        return _time(shape, raw)
    return raw.decode() if shape == "string" else None


def _time(shape: str, raw: bytes) -> str | None:
    parts = {number: _signed(value) for number, _, value in _fields(raw)}
    if not parts.get(1):
        return None
    return micro_timestamp(parts[1] + parts.get(2, 0) / 1e9) if shape == "microtime" else timestamp(parts[1])
