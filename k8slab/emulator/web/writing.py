"""create, update, patch, delete and deletecollection over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from k8slab.emulator.apply.apply import apply_patch
from k8slab.emulator.apply.managed import track
from k8slab.emulator.calls import Call
from k8slab.emulator.cluster import Cluster
from k8slab.emulator.conversion import to_version
from k8slab.emulator.decode import JSON_NAMES, go_syntax_error
from k8slab.emulator.later import later
from k8slab.emulator.patches import json_patch, merge_patch
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource
from k8slab.emulator.status import ApiError, Cause, bad_request, invalid
from k8slab.emulator.strategic import strategic_merge
from k8slab.emulator.web.accept import wanted_form
from k8slab.emulator.web.bodies import ObjectReader, check_place, make_call, media_type, read_document
from k8slab.emulator.web.reading import selector_of
from k8slab.emulator.web.render import YAML, render_object
from k8slab.emulator.web.request import JSON, Request
from k8slab.emulator.web.routes import Target
from k8slab.emulator.writes.create import create
from k8slab.emulator.writes.delete import DeleteOptions, delete
from k8slab.emulator.writes.update import update

yamltext = later("k8slab.emulator.yamltext")
JSON_PATCH, MERGE_PATCH = "application/json-patch+json", "application/merge-patch+json"
STRATEGIC, APPLY = "application/strategic-merge-patch+json", "application/apply-patch+yaml"
CUSTOM_PATCHES = (
    "the body of the request was in an unknown format - accepted media types include: "
    f"{JSON_PATCH}, {MERGE_PATCH}, {APPLY}"
)
PROPAGATIONS = ("Background", "Foreground", "Orphan")


@dataclass(slots=True)
class Writing:
    cluster: Cluster
    reader: ObjectReader

    async def answer(self, request: Request, kind: Resource, obj: Obj, status: int = 200) -> None:
        """Answers a write once it is on disk."""
        form = wanted_form(request.headers.get("accept", ""))
        body = render_object(kind, obj, form, self.cluster)
        await self.cluster.store.flushed()
        await request.answer(body, status, YAML if form == "yaml" else JSON)

    async def create(self, request: Request, target: Target) -> None:
        call = make_call(request, "CreateOptions")
        kind = target.kind
        obj = await self.reader.read(request, call, kind)
        check_place(obj, "", target.namespace, kind.namespaced)
        stored_kind = self.cluster.resources[kind.key]
        self.cluster.fill_defaults(stored_kind, obj)
        track(self.reader.type_of(stored_kind), call, kind, obj, None, "", self.cluster.clock.now())
        stored = create(self.cluster, call, kind.key, target.namespace, obj)
        await self.answer(request, kind, stored, 201)

    async def update(self, request: Request, target: Target) -> None:
        call = make_call(request, "UpdateOptions")
        kind = target.kind
        obj = await self.reader.read(request, call, kind)
        check_place(obj, target.name, target.namespace, kind.namespaced)
        stored = self.change(call, target, lambda _: obj)
        await self.answer(request, kind, stored)

    def change(self, call: Call, target: Target, change: Callable[[Obj], Obj]) -> Obj:
        """Runs an update and notes who owns what it changed."""
        kind, now = target.kind, self.cluster.clock.now()

        def tracked(old: Obj) -> Obj:
            before = orjson.loads(orjson.dumps(old))
            new = change(old)
            metadata = new.setdefault("metadata", {})
            if "managedFields" not in metadata and "managedFields" in before["metadata"]:
                metadata["managedFields"] = before["metadata"]["managedFields"]
            track(
                self.reader.type_of(self.cluster.resources[kind.key]), call, kind, new, before, target.subresource, now
            )
            return new

        return update(self.cluster, call, kind.key, target.namespace, target.name, tracked, target.subresource)

    async def patch(self, request: Request, target: Target) -> None:
        media = media_type(request)
        if media not in (JSON_PATCH, MERGE_PATCH, STRATEGIC, APPLY):
            raise ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})
        if media == STRATEGIC and target.kind.custom:
            raise ApiError(415, "UnsupportedMediaType", CUSTOM_PATCHES)
        if media == APPLY:
            await self.apply(request, target)
            return
        call = make_call(request, "PatchOptions")
        if "force" in request.query:
            text = "Forbidden: may not be specified for non-apply patch"
            raise invalid("PatchOptions", "meta.k8s.io", "", [Cause("FieldValueForbidden", text, "force")])
        patch = self.parse_patch(await request.body(), media)
        stored = self.change(call, target, self.patcher(call, target.kind, media, patch))
        await self.answer(request, target.kind, stored)

    async def apply(self, request: Request, target: Target) -> None:
        call = make_call(request, "PatchOptions")
        if "fieldManager" not in request.query:
            raise invalid(
                "PatchOptions",
                "meta.k8s.io",
                "",
                [Cause("FieldValueRequired", "Required value: is required for apply patch", "fieldManager")],
            )
        document = yamltext.read_yaml(await request.body())
        force = request.flag("force")
        stored, created = apply_patch(self.cluster, self.reader, call, target, document, force)
        await self.answer(request, target.kind, stored, 201 if created else 200)

    def parse_patch(self, body: bytes, media: str) -> Any:
        try:
            patch = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise bad_request(_undecodable(media, go_syntax_error(body, error))) from error
        if media == JSON_PATCH and not isinstance(patch, list):
            raise bad_request(
                "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"
            )
        if media != JSON_PATCH and not isinstance(patch, dict):
            raise bad_request(
                f"error decoding patch: json: cannot unmarshal {JSON_NAMES.get(type(patch), 'null')} into Go value of "
                f"type map[string]interface {{}}"
            )
        return patch

    def patcher(self, call: Call, kind: Resource, media: str, patch: Any) -> Callable[[Obj], Obj]:
        def patched(old: Obj) -> Obj:
            shown = to_version(kind, old)
            if media == JSON_PATCH:
                new = json_patch(shown, patch)
            elif media == MERGE_PATCH:
                new = merge_patch(shown, patch)
            else:
                new = strategic_merge(self.reader.type_of(kind), shown, patch)
            _check_patched(kind, new, old)
            return self.decode_patched(call, kind, new, patch)

        return patched

    def decode_patched(self, call: Call, kind: Resource, new: Obj, patch: Any) -> Obj:
        """A patched object is decoded anew; what is wrong with it is the patch's fault."""
        try:
            return self.reader.decode(call, kind, new, [])
        except ApiError as error:
            prefix = f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}: '
            why = error.message.removeprefix(prefix)
            if error.code != 400 or why == error.message:
                raise
            text = f'Invalid value: "{go_map(patch)}": {why}'
            raise invalid("", "", "", [Cause("FieldValueInvalid", text, "patch")]) from error

    async def delete(self, request: Request, target: Target) -> None:
        call = make_call(request, "DeleteOptions")
        options = await self.delete_options(request, call)
        kind = target.kind
        obj, gone = delete(self.cluster, call, kind.key, target.namespace, target.name, options)
        rules = self.cluster.rules_of(kind.key)
        if gone and not rules.answers_object_on_delete:
            await self.cluster.store.flushed()
            await request.answer_json(_success(kind, obj))
        else:
            await self.answer(request, kind, obj)

    async def delete_collection(self, request: Request, target: Target) -> None:
        call = make_call(request, "DeleteOptions")
        options = await self.delete_options(request, call)
        kind, selector = target.kind, selector_of(request, target)
        chosen = [obj for obj in self.cluster.store.list(kind.key, target.namespace or None) if selector.matches(obj)]
        for obj in chosen:
            metadata = obj["metadata"]
            delete(self.cluster, call, kind.key, metadata.get("namespace", ""), metadata["name"], options)
        metadata = {"resourceVersion": str(self.cluster.store.revision)}
        await self.cluster.store.flushed()
        items = [{k: v for k, v in to_version(kind, obj).items() if k not in ("kind", "apiVersion")} for obj in chosen]
        await request.answer_json(
            {"kind": kind.list_kind, "apiVersion": kind.api_version, "metadata": metadata, "items": items}
        )

    async def delete_options(self, request: Request, call: Call) -> DeleteOptions:
        values: dict[str, Any] = {}
        if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
            values, _, _ = await read_document(request, "DeleteOptions")
        if values.get("dryRun"):
            call.dry_run = True
        grace = values.get("gracePeriodSeconds", request.query.get("gracePeriodSeconds"))
        propagation = values.get("propagationPolicy") or request.query.get("propagationPolicy")
        if propagation is not None and propagation not in PROPAGATIONS:
            allowed = ", ".join(f'"{one}"' for one in (*PROPAGATIONS, "nil"))
            text = f'Unsupported value: "{propagation}": supported values: {allowed}'
            raise invalid(
                "DeleteOptions", "meta.k8s.io", "", [Cause("FieldValueNotSupported", text, "propagationPolicy")]
            )
        before = values.get("preconditions") or {}
        try:
            seconds = None if grace is None else int(grace)
        except (TypeError, ValueError) as error:
            raise bad_request(f'strconv.ParseInt: parsing "{grace}": invalid syntax') from error
        return DeleteOptions(seconds, propagation, before.get("uid"), before.get("resourceVersion"))


def _check_patched(kind: Resource, new: Obj, old: Obj) -> None:
    """A patch may not make another object of it."""
    metadata, known = new.get("metadata"), old["metadata"]
    if not isinstance(metadata, dict):
        raise bad_request("the name of the object was undeterminable")
    check_place(new, known["name"], known.get("namespace", ""), kind.namespaced)
    uid = metadata.get("uid")
    if uid and uid != known["uid"]:
        text = f'Invalid value: "{uid}": field is immutable'
        raise invalid(kind.kind, kind.group, known["name"], [Cause("FieldValueInvalid", text, "metadata.uid")] * 2)


def _undecodable(media: str, why: str) -> str:
    return why if media == STRATEGIC else f"error decoding patch: {why}"


def _success(kind: Resource, obj: Obj) -> Obj:
    metadata = obj["metadata"]
    details = {"name": metadata["name"], "group": kind.group, "kind": kind.plural, "uid": metadata["uid"]}
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {key: value for key, value in details.items() if value},
    }


def go_map(value: Any) -> str:
    """As Go prints a decoded value: map[a:1 b:[x y]]."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{go_map(value[key])}" for key in sorted(value)) + "]"
    if isinstance(value, list):
        return "[" + " ".join(go_map(one) for one in value) + "]"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "<nil>"}[value]
    return str(value)
