"""Server-side apply: merge what is applied, drop what its applier no longer says, refuse what others own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from k8slab.emulator.apply.fieldset import Path, child_type, shown
from k8slab.emulator.apply.managed import Owner, owned_fields, read_owners, write_owners
from k8slab.emulator.apply.merge import merge, remove
from k8slab.emulator.calls import Call
from k8slab.emulator.clock import timestamp
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.decode import DecodeError, Decoder
from k8slab.emulator.ports import Obj
from k8slab.emulator.schema import ANY, Type
from k8slab.emulator.status import ApiError, Cause, bad_request
from k8slab.emulator.web.bodies import ObjectReader, check_place
from k8slab.emulator.web.routes import Target
from k8slab.emulator.writes.create import create
from k8slab.emulator.writes.update import update


def apply_patch(
    cluster: Cluster, reader: ObjectReader, call: Call, target: Target, document: Any, force: bool
) -> tuple[Obj, bool]:
    """The stored object, and whether it was created."""
    kind = target.kind
    node = reader.type_of(kind)
    applied = _decode(reader, call, target, document)
    wanted = set(owned_fields(node, applied))
    me = Owner(call.manager, "Apply", kind.api_version, target.subresource, timestamp(cluster.clock.now()), wanted)
    if cluster.store.entry(kind.key, target.namespace, target.name) is None and not target.subresource:
        if applied["metadata"].get("uid"):
            raise ApiError(
                409,
                "Conflict",
                f"uid mismatch: the provided object specified uid {applied['metadata']['uid']}, and no existing "
                f"object was found",
            )
        write_owners(applied, [me])
        return create(cluster, call, kind.key, target.namespace, applied), True

    def changed(live: Obj) -> Obj:
        return _merged(node, live, applied, me, force)

    return update(cluster, call, kind.key, target.namespace, target.name, changed, target.subresource), False


def _decode(reader: ObjectReader, call: Call, target: Target, document: Any) -> Obj:
    kind = target.kind
    if not isinstance(document, dict):
        raise bad_request("error decoding YAML: the document is not an object")
    if document.get("apiVersion") != kind.api_version or document.get("kind") != kind.kind:
        given = f"{document.get('apiVersion', '')}, Kind={document.get('kind', '')}"
        raise bad_request(f"invalid object type: {given}" if document.get("kind") else "Object 'Kind' is missing")
    check_place(document, target.name, target.namespace, kind.namespaced)
    if document["metadata"].get("managedFields") is not None:
        raise bad_request("metadata.managedFields must be nil")
    decoder = Decoder()
    who = f"({document['metadata'].get('namespace', '')}/{target.name}; {kind.group}/{kind.version}, Kind={kind.kind})"
    try:
        applied: Obj = reader.decoded(decoder, kind, document)
    except DecodeError as error:
        raise ApiError(500, "", f"failed to create typed patch object {who}: {error}") from error
    if decoder.unknown:
        first = decoder.unknown[0].split('"')[1]
        raise ApiError(500, "", f"failed to create typed patch object {who}: .{first}: field not declared in schema")
    return applied


def _merged(node: Type, live: Obj, applied: Obj, me: Owner, force: bool) -> Obj:
    owners = read_owners(live)
    mine = next((owner for owner in owners if owner.is_same(me)), None)
    others = [owner for owner in owners if owner is not mine]
    merged: Obj = orjson.loads(orjson.dumps(merge(node, live, applied)))
    merged["kind"], merged["apiVersion"] = live["kind"], live["apiVersion"]
    merged["metadata"].pop("managedFields", None)
    dropped = (mine.paths if mine else set()) - me.paths
    for path in sorted(_with_named_parents(node, dropped), key=len):
        if not _is_kept(path, me.paths) and not any(_is_kept(path, owner.paths) for owner in others):
            remove(node, merged, path)
    before, after = owned_fields(node, live), owned_fields(node, merged)
    changed = {path for path in me.paths if path in after and before.get(path, ...) != after[path]}
    conflicts = [(owner, sorted(owner.paths & changed)) for owner in others]
    if any(paths for _, paths in conflicts):
        if not force:
            raise conflict_error([(owner, paths) for owner, paths in conflicts if paths])
        for owner, paths in conflicts:
            owner.paths -= set(paths)
    gone = before.keys() - after.keys()
    for owner in others:
        owner.paths -= gone
    if before == after:
        me.time = mine.time if mine else ""  # nothing changed but who owns it
    write_owners(merged, [me, *others])
    return merged


def _with_named_parents(node: Type, paths: Iterable[Path]) -> set[Path]:
    """A field of a struct goes with the last that was said below it: what was filled in there by default goes too."""
    found = set(paths)
    for path in paths:
        here = node
        for depth, step in enumerate(path, 1):
            if depth > 1 and here.shape == "struct":
                found.add(path[:depth])
            here = child_type(here, step[2:]) if step.startswith("f:") else here.element or ANY
    return found


def _is_kept(path: Path, paths: Iterable[Path]) -> bool:
    """Whether the path, or something below it, is in the set."""
    return any(one[: len(path)] == path for one in paths)


def conflict_error(conflicts: list[tuple[Owner, list[Path]]]) -> ApiError:
    causes, lines = [], []
    for owner, paths in conflicts:
        who = f'conflict with "{owner.manager}"'
        if owner.operation == "Update":
            who += (
                f" using {owner.api_version}"
                if not owner.subresource
                else f' with subresource "{owner.subresource}" using {owner.api_version}'
            )
        causes += [Cause("FieldManagerConflict", who, shown(path)) for path in paths]
        if len(paths) == 1 and len(conflicts) == 1:
            lines.append(f"{who}: {shown(paths[0])}")
        else:
            lines.append(f"{who}:\n" + "\n".join(f"- {shown(path)}" for path in paths))
    count = len(causes)
    plural = "conflict" if count == 1 else "conflicts"
    separator = "\n" if len(lines) > 1 else " "
    text = f"Apply failed with {count} {plural}: " + separator.join(lines)
    return ApiError(409, "Conflict", text, {}, tuple(causes))
