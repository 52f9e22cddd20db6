"""The kinds that come to rest in a way of their own; each module of this folder adds its own."""

from __future__ import annotations

from collections.abc import Callable

from ..finding import Finding
from ..spec import Obj
from ..view import View

Settle = Callable[[View, Obj, float], Finding]
BY_KIND: dict[str, Settle] = {}


def settles(kind: str) -> Callable[[Settle], Settle]:
    def register(function: Settle) -> Settle:
        BY_KIND[kind] = function
        return function

    return register
