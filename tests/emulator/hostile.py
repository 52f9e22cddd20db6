"""Requests that nobody honest sends: objects that follow their kind's type nearly everywhere, and bodies, paths,
queries and headers that follow nothing. Everything is drawn from a seed: a request that was found can be made again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import orjson

from k8slab.emulator.resources import Resource, ResourceTable
from k8slab.emulator.schema import Schema, Type
from tests.emulator.hostile_values import (
    ACCEPTS,
    BYTES,
    CONTENT_TYPES,
    DEEPEST,
    METHODS,
    NAMES,
    ODD_NAMES,
    PLACES,
    QUANTITIES,
    QUERIES,
    RAW,
    SCALARS,
    SHARES_OF_HOSTILE,
    STRINGS,
    TIMES,
)


@dataclass
class Hostile:
    """One request, as `asgi.Client.call` takes it."""

    method: str
    url: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        shown = self.body if len(self.body) < 1_500 else self.body[:1_500] + b"..."
        return f"{self.method} {self.url[:600]!r} {self.headers} {shown!r}"


class Writer:
    """Draws requests about what a cluster serves."""

    def __init__(self, seed: int, schema: Schema, table: ResourceTable) -> None:
        self._random = random.Random(seed)
        self._schema = schema
        self._table = table
        self._hostility = self._random.choice(SHARES_OF_HOSTILE)

    def request(self) -> Hostile:
        method = self._random.choice(METHODS)
        if self._chance(0.07):
            return Hostile(method, self._random.choice(PLACES) + self._query(), self._raw(), self._headers(method))
        kind = self._random.choice([one for one in self._table if can(one, method)])
        url = self._path(kind, method) + self._query()
        return Hostile(method, url, self._body(kind, method), self._headers(method))

    def value(self, kind: Type, depth: int = 0) -> Any:
        """Something that the type takes, or that it ought to refuse."""
        if depth and self._chance(self._hostility):
            return self._random.choice(SCALARS)
        if depth > DEEPEST:
            return None
        return self._makers[kind.shape](self, kind, depth)

    def _struct(self, kind: Type, depth: int) -> Any:
        share = self._random.choice((0.0, 0.1, 0.4)) / (1 + depth / 3)
        chosen = [name for name in kind.fields if name in kind.required or self._chance(share)]
        made = {name: self.value(kind.fields[name], depth + 1) for name in chosen}
        if self._hostility and self._chance(0.02):
            made[self._random.choice(("x", "", "\x00", "$patch", "$setElementOrder/containers", "f:a"))] = "y"
        return made

    def _list(self, kind: Type, depth: int) -> Any:
        element = kind.element or kind
        return [self.value(element, depth + 1) for _ in range(self._random.choice((0, 1, 1, 1, 2, 3)))]

    def _map(self, kind: Type, depth: int) -> Any:
        element = kind.element or kind
        return {self._string(kind, depth): self.value(element, depth + 1) for _ in range(self._random.randint(0, 2))}

    def _string(self, kind: Type, depth: int) -> str:
        return self._random.choice(STRINGS)

    def _integer(self, kind: Type, depth: int) -> int:
        return self._random.choice((0, 1, 2, 3, 30, 80, 443, 8080, 65535, 65536, -1, 2**31 - 1, 2**31, 2**63 - 1))

    def _boolean(self, kind: Type, depth: int) -> bool:
        return self._chance(0.5)

    def _number(self, kind: Type, depth: int) -> float:
        return self._random.choice((0, 0.5, -1.0, 1e300))

    def _quantity(self, kind: Type, depth: int) -> Any:
        return self._random.choice((*QUANTITIES, 1, 0.1, -5))

    def _int_or_string(self, kind: Type, depth: int) -> Any:
        return self._random.choice((0, 1, 80, "25%", "http", "-1%", "%", "1e9%", "9" * 30 + "%", -1, 2**40))

    def _time(self, kind: Type, depth: int) -> str:
        return self._random.choice(TIMES)

    def _bytes(self, kind: Type, depth: int) -> str:
        return self._random.choice(BYTES)

    def _any(self, kind: Type, depth: int) -> Any:
        return self._random.choice((*SCALARS, {"type": "object", "properties": {"a": {"type": "x"}}}))

    _makers: dict[str, Callable[[Writer, Type, int], Any]] = {
        "struct": _struct, "map": _map, "list": _list, "string": _string, "integer": _integer, "number": _number,
        "boolean": _boolean, "quantity": _quantity, "intorstring": _int_or_string, "time": _time, "microtime": _time,
        "bytes": _bytes, "any": _any,
    }  # fmt: skip

    def _path(self, kind: Resource, method: str) -> str:
        base = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
        if kind.namespaced and not self._chance(0.05):
            base += f"/namespaces/{self._name('team')}"
        base += f"/{kind.plural}"
        if (method != "POST" and self._chance(0.8)) or self._chance(0.1):
            base += f"/{self._name()}"
            if kind.subresources and self._chance(0.25):
                base += f"/{self._random.choice(kind.subresources)}"
            elif self._chance(0.02):
                base += "/status/x"
        return base

    def _name(self, usual: str = "") -> str:
        if usual and self._chance(0.9):
            return usual
        return self._random.choice(ODD_NAMES if self._chance(0.05) else NAMES)

    def _query(self) -> str:
        names = self._random.sample(list(QUERIES), self._random.choice((0, 0, 0, 1, 1, 2, 4)))
        return "?" + urlencode([(name, self._random.choice(QUERIES[name])) for name in names]) if names else ""

    def _headers(self, method: str) -> dict[str, str]:
        usual = {"PATCH": self._random.choice(CONTENT_TYPES[2:6])}.get(method, "application/json")
        headers = {"content-type": self._random.choice(CONTENT_TYPES) if self._chance(0.08) else usual}
        if self._chance(0.3):
            headers["accept"] = self._random.choice(ACCEPTS)
        if self._chance(0.03):
            headers["user"] = self._random.choice(
                ("", "a", "system:serviceaccount:team:default", "ä", ":", "a" * 5_000)
            )
        return headers

    def _raw(self) -> bytes:
        return self._random.choice(RAW)

    def _body(self, kind: Resource, method: str) -> bytes:
        if (method in ("GET", "HEAD") and self._chance(0.95)) or self._chance(0.07):
            return b""
        if self._chance(0.08):
            return self._raw()
        type_ = self._schema.type_of(kind.group, kind.version, kind.kind)
        made = self._one_path(type_) if method == "PATCH" and self._chance(0.6) else self.value(type_)
        if isinstance(made, dict):
            if method != "PATCH" or self._chance(0.3):
                self._place(made, kind)
            if method == "PATCH" and self._chance(0.15):
                made = [{"op": "add", "path": f"/{name}", "value": value} for name, value in made.items()]
        return orjson.dumps(made, option=orjson.OPT_NON_STR_KEYS) if fits(made) else self._raw()

    def _one_path(self, kind: Type, depth: int = 0) -> Any:
        """A change of one place, which meets what validates changes."""
        if depth > DEEPEST or self._chance(self._hostility) or (depth > 1 and self._chance(0.1)):
            return self._random.choice((None, self.value(kind, depth)))
        if kind.shape == "struct" and kind.fields:
            fields = (
                ("spec", "spec", "status", "metadata") if depth == 0 and "spec" in kind.fields else tuple(kind.fields)
            )
            name = self._random.choice([one for one in fields if one in kind.fields])
            return {name: self._one_path(kind.fields[name], depth + 1)}
        if kind.shape == "list" and kind.element:
            made = self._one_path(kind.element, depth + 1)
            if isinstance(made, dict) and kind.merge_key and self._chance(0.9):
                made = {kind.merge_key: self._random.choice(("a", 80, "team")), **made}
            return [made]
        return self.value(kind, depth)

    def _place(self, made: dict[str, Any], kind: Resource) -> None:
        """Mostly right in what is checked first, so that the rest is looked at."""
        if self._chance(0.95):
            made["apiVersion"], made["kind"] = kind.api_version, kind.kind
        metadata = made.get("metadata") if isinstance(made.get("metadata"), dict) else None
        if metadata is None or self._chance(0.8):
            made["metadata"] = metadata = {key: value for key, value in (metadata or {}).items() if self._chance(0.2)}
        if self._chance(0.95):
            metadata["name"] = self._name()
            metadata.pop("namespace", None)
            metadata.pop("resourceVersion", None)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share


def can(kind: Resource, method: str) -> bool:
    verbs = {"POST": "create", "PATCH": "patch", "PUT": "update", "DELETE": "delete"}
    return verbs.get(method, "get") in kind.verbs or method in ("GET", "HEAD", "YELL")


def fits(value: Any) -> bool:
    """Whether orjson writes it: whole numbers beyond 64 bits it does not."""
    if isinstance(value, dict):
        return all(fits(one) for one in value.values())
    if isinstance(value, list):
        return all(fits(one) for one in value)
    return not isinstance(value, int) or -(2**63) <= value < 2**64
