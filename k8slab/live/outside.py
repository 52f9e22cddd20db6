"""What stands outside the namespaces and yet concerns them: nodes, volumes, storage classes.

Students share a cluster, so each namespace is shown its own part only, and never anything that carries the name of
another sandbox: nodes that it may use, volumes that its claims have or could have, the classes that these name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from k8slab.grading.quantity import quantity
from k8slab.sandbox.names import PREFIX, homes_of

from .items import same_item, to_item
from .messages import Item

Obj = Mapping[str, Any]
Kind = tuple[str, str]

NODE, VOLUME = ("v1", "Node"), ("v1", "PersistentVolume")
CLASS, NAMESPACE = ("storage.k8s.io/v1", "StorageClass"), ("v1", "Namespace")
KINDS: tuple[Kind, ...] = (NODE, VOLUME, CLASS, NAMESPACE)
CLAIM = ("v1", "PersistentVolumeClaim")
SELECTOR = "scheduler.alpha.kubernetes.io/node-selector"  # as the PodNodeSelector admission reads it


class Outside:
    """Pure state. `take` says which namespaces may look different now, None: any."""

    def __init__(self) -> None:
        self._objects: dict[Kind, dict[str, tuple[Obj, Item]]] = {kind: {} for kind in (NODE, VOLUME, CLASS)}
        self._volumes_of: dict[str, set[str]] = defaultdict(set)  # namespace → uids; "": nobody's yet
        self._selectors: dict[str, Mapping[str, str]] = {}
        self._claims: dict[str, dict[str, Obj]] = defaultdict(dict)

    def take(self, kind: Kind, obj: Obj, deleted: bool) -> Iterable[str] | None:
        if kind == NAMESPACE:
            return self._take_namespace(obj, deleted)
        uid, known = obj["metadata"]["uid"], self._objects[kind]
        before = known.pop(uid, None)
        versions = [before[0]] if before else []
        if not deleted:
            now = (_kept(obj), to_item(obj))
            known[uid] = now
            if before and _same(before, now):
                return ()
            versions.append(now[0])
        if kind != VOLUME:
            return None
        for volume in versions[: len(versions) if deleted else -1]:
            self._volumes_of[_claimed_in(volume)].discard(uid)
        if not deleted:
            self._volumes_of[_claimed_in(versions[-1])].add(uid)
        return _concerned(versions)

    def take_claim(self, namespace: str, obj: Obj, deleted: bool) -> None:
        uid = obj["metadata"]["uid"]
        if deleted:
            self._claims[namespace].pop(uid, None)
        else:
            self._claims[namespace][uid] = {"spec": obj["spec"]}

    def items(self, namespace: str) -> dict[str, Item]:
        """Everything of it that the namespace is shown, by uid."""
        claims = self._claims[namespace].values() if namespace in self._claims else ()
        volumes = self._volumes(namespace, claims)
        specs = [obj["spec"] for obj in (*claims, *(self._objects[VOLUME][uid][0] for uid in volumes))]
        wanted = {spec.get("storageClassName", "") for spec in specs}
        return {**self._nodes(namespace), **volumes, **self._classes(namespace, wanted)}

    # --- one kind each ------------------------------------------------------------------------------------------
    def _take_namespace(self, obj: Obj, deleted: bool) -> Iterable[str]:
        name = obj["metadata"]["name"]
        text = "" if deleted else (obj["metadata"].get("annotations") or {}).get(SELECTOR, "")
        before = self._selectors.pop(name, {})
        terms = dict(term.strip().partition("=")[::2] for term in text.split(",") if term.strip())
        if terms:
            self._selectors[name] = terms
        return () if before == terms else (name,)

    def _nodes(self, namespace: str) -> dict[str, Item]:
        wanted = self._selectors.get(namespace, {})

        def usable(obj: Obj, item: Item) -> bool:
            return wanted.items() <= item["labels"].items() and not any(
                foreign(name, namespace) for name in _names_on(obj, item)
            )

        return self._chosen(NODE, usable)

    def _classes(self, namespace: str, wanted: set[str]) -> dict[str, Item]:
        return self._chosen(CLASS, lambda _, item: item["name"] in wanted or item["name"].startswith(f"{namespace}-"))

    def _chosen(self, kind: Kind, fits: Callable[[Obj, Item], bool]) -> dict[str, Item]:
        return {uid: item for uid, (obj, item) in self._objects[kind].items() if fits(obj, item)}

    def _volumes(self, namespace: str, claims: Collection[Obj]) -> dict[str, Item]:
        known = self._objects[VOLUME]
        own = self._volumes_of.get(namespace, set())
        free = {uid for uid in self._volumes_of.get("", ()) if _fits(known[uid][0], namespace, claims)}
        return {uid: known[uid][1] for uid in sorted(own | free)}


def foreign(name: str, namespace: str) -> bool:
    """Whether a name tells of another sandbox."""
    return name.startswith(f"{PREFIX}-") and name != namespace and not name.startswith(f"{namespace}-")


def _claimed_in(volume: Obj) -> str:
    """ "" while it is nobody's."""
    return str((volume["spec"].get("claimRef") or {}).get("namespace", ""))


def _concerned(volumes: Iterable[Obj]) -> Iterable[str] | None:
    """Where a volume may be shown: with its claim, else by the sandbox whose name it carries, else anywhere."""
    names: set[str] = set()
    for volume in volumes:
        name = volume["metadata"]["name"]
        if home := _claimed_in(volume):
            names.add(home)
        elif name.startswith(f"{PREFIX}-"):
            names.update(homes_of(name))
        else:
            return None
    return names


def _fits(volume: Obj, namespace: str, claims: Iterable[Obj]) -> bool:
    """A volume that nobody has: the sandbox's own, or one that a claim could have."""
    name = volume["metadata"]["name"]
    if name.startswith(f"{namespace}-"):
        return True
    return not foreign(name, namespace) and any(_could_have(claim["spec"], volume) for claim in claims)


def _could_have(claim: Obj, volume: Obj) -> bool:
    spec = volume["spec"]
    if claim.get("volumeName"):
        return bool(claim["volumeName"] == volume["metadata"]["name"])
    asked = (claim.get("resources") or {}).get("requests", {}).get("storage", "0")
    return (
        claim.get("storageClassName", "") == spec.get("storageClassName", "")
        and set(claim.get("accessModes") or ()) <= set(spec.get("accessModes") or ())
        and (quantity(asked) or 0) <= (quantity((spec.get("capacity") or {}).get("storage", "0")) or 0)
    )


def _names_on(obj: Obj, item: Item) -> Iterable[str]:
    taints = (taint.get("value", "") for taint in obj["spec"].get("taints") or ())
    return (item["name"], *taints, *item["labels"].values())


def _kept(obj: Obj) -> Obj:
    """The parts that decide who sees it: a node's status is long, and there are many nodes."""
    return {"metadata": {"name": obj["metadata"]["name"]}, "spec": obj.get("spec") or {}}


def _same(before: tuple[Obj, Item], now: tuple[Obj, Item]) -> bool:
    return before[0] == now[0] and same_item(before[1], now[1])
