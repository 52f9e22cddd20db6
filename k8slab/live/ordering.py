"""Puts the changes of a moment into the order in which they happened.

Each kind has a watch of its own, and their threads do not run in step: a pod may be heard of before the ReplicaSet that
made it, and a page would show it as nobody's. A cluster counts its changes across kinds, so the count tells the order.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Literal, Protocol

from .hub import Hub, Kind, Obj

MOMENT = 0.015  # seconds that a change waits for one that happened before it

Type = Literal["ADDED", "MODIFIED", "DELETED"]


class Hears(Protocol):
    """The part of a hub that watches talk to."""

    def listed(self, kind: Kind, objects: Iterable[Obj]) -> None: ...
    def changed(self, kind: Kind, change: Type, obj: Obj) -> None: ...


class Ordering:
    """Lives in the hub's loop, in front of it."""

    def __init__(self, hub: Hub | Hears) -> None:
        self._hub = hub
        self._waiting: list[tuple[Kind, Type, Obj]] = []

    def listed(self, kind: Kind, objects: Iterable[Obj]) -> None:
        self._pass_on()
        self._hub.listed(kind, objects)

    def changed(self, kind: Kind, change: Type, obj: Obj) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(MOMENT, self._pass_on)
        self._waiting.append((kind, change, obj))

    def _pass_on(self) -> None:
        waiting, self._waiting = self._waiting, []
        for kind, change, obj in in_order(waiting):
            self._hub.changed(kind, change, obj)


def in_order(changes: list[tuple[Kind, Type, Obj]]) -> list[tuple[Kind, Type, Obj]]:
    """By resourceVersion; as they came where one of them is no number."""
    versions = [obj["metadata"].get("resourceVersion", "") for _, _, obj in changes]
    if not all(version.isdecimal() for version in versions):
        return changes
    return sorted(changes, key=lambda one: int(one[2]["metadata"]["resourceVersion"]))
