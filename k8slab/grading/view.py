"""One evaluation's look at the world: every kind is read once, so that all checks judge the same state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from .objects import controller_of, name_of, text, uid_of
from .spec import Obj
from .world import World, WorldError

T = TypeVar("T")


class View:
    def __init__(self, world: World) -> None:
        self.world = world
        self._kept: dict[Hashable, Any] = {}

    def keep(self, key: Hashable, read: Callable[[], T]) -> T:
        """Reads once. A failure is kept too: the next check would only wait for the same time-out."""
        if key not in self._kept:
            try:
                self._kept[key] = read()
            except WorldError as problem:
                self._kept[key] = problem
        kept = self._kept[key]
        if isinstance(kept, WorldError):
            raise kept
        found: T = kept
        return found

    def list(self, api_version: str, kind: str) -> Sequence[Obj]:
        return self.keep(("list", api_version, kind), lambda: self._read(api_version, kind))

    def _read(self, api_version: str, kind: str) -> Sequence[Obj]:
        # the items of a list answer carry neither kind nor apiVersion
        typed = {"apiVersion": api_version, "kind": kind}
        return [
            obj if "kind" in obj and isinstance(obj, dict) else {**typed, **obj}
            for obj in self._each(api_version, kind)
        ]

    def _each(self, api_version: str, kind: str) -> Sequence[Obj]:
        return [obj for obj in self.world.list(api_version, kind) if isinstance(obj, Mapping)]

    def events(self) -> Sequence[Obj]:
        return self.keep("events", lambda: [e for e in self.world.events() if isinstance(e, Mapping)])

    def namespace(self) -> Obj:
        return self.keep("namespace", self.world.namespace)

    def find(self, api_version: str, kind: str, name: str) -> Obj | None:
        return next((obj for obj in self.list(api_version, kind) if name_of(obj) == name), None)

    def pods(self) -> Sequence[Obj]:
        return self.list("v1", "Pod")

    def owned(self, owner: Obj, api_version: str, kind: str) -> Sequence[Obj]:
        """The objects of a kind that `owner` keeps as their controller."""
        by_owner = self.keep(("owned", api_version, kind), lambda: self._by_owner(api_version, kind))
        return by_owner.get(uid_of(owner), ())

    def _by_owner(self, api_version: str, kind: str) -> Mapping[str, Sequence[Obj]]:
        by_owner: dict[str, list[Obj]] = defaultdict(list)
        for obj in self.list(api_version, kind):
            by_owner[text(controller_of(obj) or {}, "uid")].append(obj)
        by_owner.pop("", None)
        return by_owner
