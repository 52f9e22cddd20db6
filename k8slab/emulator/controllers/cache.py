"""What the API holds, as controllers look at it: one subscription per resource, with indexes, shared by all of them.

Listeners run synchronously inside the write, so the cache is never behind and needs no expectations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from k8slab.emulator.ports import Api, Change, Obj

IndexBy = Callable[[Obj], Iterable[str]]


def key_of(obj: Obj) -> str:
    meta = obj["metadata"]
    namespace = meta.get("namespace")
    return f"{namespace}/{meta['name']}" if namespace else str(meta["name"])


def split_key(key: str) -> tuple[str | None, str]:
    namespace, _, name = key.rpartition("/")
    return (namespace or None), name


def controller_of(obj: Obj) -> Obj | None:
    for owner in obj["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            found: Obj = owner
            return found
    return None


def owner_keys(change: Change, kind: str) -> Iterator[str]:
    """namespace/name of the controllers of a kind that had the object before a change, or have it after."""
    namespace = change.new["metadata"]["namespace"]
    for seen in (change.old, change.new) if change.old is not None else (change.new,):
        owner = controller_of(seen)
        if owner is not None and owner["kind"] == kind:
            yield f"{namespace}/{owner['name']}"


def _by_namespace(obj: Obj) -> Iterable[str]:
    return (obj["metadata"].get("namespace") or "",)


def _by_controller(obj: Obj) -> Iterable[str]:
    owner = controller_of(obj)
    return (owner["uid"],) if owner else ()


def _orphans(obj: Obj) -> Iterable[str]:
    return () if controller_of(obj) else (obj["metadata"].get("namespace") or "",)


class Informer:
    """One resource. Indexes hold objects by key, in the order in which they came."""

    def __init__(self, api: Api, resource: str) -> None:
        self.resource = resource
        self._objects: dict[str, Obj] = {}
        self._indexes: dict[str, tuple[IndexBy, dict[str, dict[str, Obj]]]] = {}
        self._handlers: list[Callable[[Change], None]] = []
        self._cancel = api.subscribe(resource, self._changed)

    def get(self, key: str) -> Obj | None:
        return self._objects.get(key)

    def all(self) -> Sequence[Obj]:
        return list(self._objects.values())

    def __len__(self) -> int:
        return len(self._objects)

    def index(self, name: str, by: IndexBy) -> None:
        if name in self._indexes:
            return
        held: dict[str, dict[str, Obj]] = {}
        self._indexes[name] = (by, held)
        for key, obj in self._objects.items():
            for value in by(obj):
                held.setdefault(value, {})[key] = obj

    def by(self, index: str, value: str) -> list[Obj]:
        return list(self._indexes[index][1].get(value, {}).values())

    def in_namespace(self, namespace: str | None) -> list[Obj]:
        self.index("namespace", _by_namespace)
        return self.by("namespace", namespace or "")

    def owned_by(self, uid: str) -> list[Obj]:
        self.index("controller", _by_controller)
        return self.by("controller", uid)

    def orphans(self, namespace: str | None) -> list[Obj]:
        """Those without a controller."""
        self.index("orphan", _orphans)
        return self.by("orphan", namespace or "")

    def on_change(self, handler: Callable[[Change], None]) -> None:
        """Calls the handler for what exists, then at every change."""
        for obj in list(self._objects.values()):
            handler(Change("ADDED", self.resource, None, obj))
        self._handlers.append(handler)

    def stop(self) -> None:
        self._cancel()
        self._handlers.clear()

    def _changed(self, change: Change) -> None:
        key = key_of(change.new)
        old = self._objects.get(key)
        if change.type == "DELETED":
            self._objects.pop(key, None)
        else:
            self._objects[key] = change.new
        for by, held in self._indexes.values():
            self._move(by, held, key, old, None if change.type == "DELETED" else change.new)
        for handler in self._handlers:
            handler(change)

    @staticmethod
    def _move(by: IndexBy, held: dict[str, dict[str, Obj]], key: str, old: Obj | None, new: Obj | None) -> None:
        after = tuple(by(new)) if new is not None else ()
        if old is not None:
            for value in by(old):
                if value not in after:
                    bucket = held.get(value)
                    if bucket is not None:
                        bucket.pop(key, None)
                        if not bucket:
                            del held[value]
        if new is not None:
            for value in after:
                held.setdefault(value, {})[key] = new


class Cache:
    """Informers by resource, made at first use."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._informers: dict[str, Informer] = {}

    def of(self, resource: str) -> Informer:
        found = self._informers.get(resource)
        if found is None:
            found = self._informers[resource] = Informer(self._api, resource)
        return found

    def stop(self) -> None:
        for informer in self._informers.values():
            informer.stop()
