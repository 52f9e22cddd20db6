"""metadata.managedFields: who owns which field, kept up at every write of a client."""

from __future__ import annotations

from dataclasses import dataclass, field

from k8slab.emulator.apply.fieldset import Path, decode, encode, fields_of
from k8slab.emulator.calls import Call
from k8slab.emulator.clock import timestamp
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.schema import Type

NOBODYS = {
    ("f:metadata", f"f:{name}")
    for name in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp", "managedFields", "generation",
                 "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName")
}  # fmt: skip


@dataclass(slots=True)
class Owner:
    manager: str
    operation: str
    api_version: str
    subresource: str = ""
    time: str = ""
    paths: set[Path] = field(default_factory=set)

    def is_same(self, other: Owner) -> bool:
        return (self.manager, self.operation, self.subresource) == (
            other.manager,
            other.operation,
            other.subresource,
        ) and (self.operation == "Apply" or self.api_version == other.api_version)

    def as_entry(self) -> Obj:
        entry: Obj = {"manager": self.manager, "operation": self.operation, "apiVersion": self.api_version}
        if self.time:
            entry["time"] = self.time
        entry |= {"fieldsType": "FieldsV1", "fieldsV1": encode(self.paths)}
        if self.subresource:
            entry["subresource"] = self.subresource
        return entry


def owned_fields(node: Type, obj: Obj, *, parents: bool = False) -> dict[Path, object]:
    found = fields_of(
        node, {key: value for key, value in obj.items() if key not in ("kind", "apiVersion")}, parents=parents
    )
    return {path: value for path, value in found.items() if path[:2] not in NOBODYS and path != ("f:metadata",)}


def read_owners(obj: Obj | None) -> list[Owner]:
    return [
        Owner(
            entry.get("manager", ""),
            entry.get("operation", "Update"),
            entry.get("apiVersion", ""),
            entry.get("subresource", ""),
            entry.get("time", ""),
            decode(entry.get("fieldsV1") or {}),
        )
        for entry in ((obj or {}).get("metadata", {}).get("managedFields") or [])
    ]


def write_owners(obj: Obj, owners: list[Owner]) -> None:
    kept = sorted(
        (owner for owner in owners if owner.paths), key=lambda owner: (owner.operation, owner.time, owner.manager)
    )
    if kept:
        obj["metadata"]["managedFields"] = [owner.as_entry() for owner in kept]
    else:
        obj["metadata"].pop("managedFields", None)


def track(node: Type, call: Call, kind: Resource, new: Obj, old: Obj | None, subresource: str, now: float) -> None:
    """After an update: the caller owns what it changed, nobody else owns it any more."""
    metadata = new.setdefault("metadata", {})
    if old is not None and metadata.get("managedFields") == [{}]:
        del metadata["managedFields"]
        return
    before = owned_fields(node, old or {}, parents=True)
    after = owned_fields(node, new, parents=True)
    if subresource == "status":
        before = {path: value for path, value in before.items() if path[0] == "f:status"}
        after = {path: value for path, value in after.items() if path[0] == "f:status"}
    elif kind.subresources and "status" in kind.subresources:
        before = {path: value for path, value in before.items() if path[0] != "f:status"}
        after = {path: value for path, value in after.items() if path[0] != "f:status"}
    changed = {path for path, value in after.items() if path not in before or before[path] != value}
    removed = before.keys() - after.keys()
    owners = read_owners(old)
    if changed or removed:
        _hand_over(owners, Owner(call.manager, "Update", kind.api_version, subresource), changed, removed, now)
    write_owners(new, owners)


def _hand_over(owners: list[Owner], caller: Owner, changed: set[Path], removed: set[Path], now: float) -> None:
    mine = next((owner for owner in owners if owner.is_same(caller)), None)
    for owner in owners:
        owner.paths -= removed
        if owner is not mine:
            owner.paths -= changed
    if not changed:
        return
    if mine is None:
        mine = caller
        owners.append(mine)
    mine.paths |= changed
    mine.time = timestamp(now)
