"""Request bodies: the parsed document, then an object of the kind that the path names."""

from __future__ import annotations

from typing import Any

import orjson

from k8slab.emulator.calls import Call, Strictness
from k8slab.emulator.conversion import to_stored
from k8slab.emulator.custom.structural import META
from k8slab.emulator.custom.values import prune
from k8slab.emulator.decode import (
    DecodeError,
    Decoder,
    cannot_handle,
    duplicate_fields,
    read_json,
    unrecognized,
)
from k8slab.emulator.later import later
from k8slab.emulator.ports import Obj
from k8slab.emulator.resources import Resource, ResourceTable
from k8slab.emulator.schema import Schema, Type
from k8slab.emulator.status import ApiError, Cause, bad_request, invalid
from k8slab.emulator.web.request import Request
from k8slab.emulator.wire import MEDIA, read_protobuf

yamltext = later("k8slab.emulator.yamltext")
ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf"
STRICTNESSES: dict[str, Strictness] = {"": "Warn", "Ignore": "Ignore", "Warn": "Warn", "Strict": "Strict"}


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "application/json").partition(";")[0].strip()


def make_call(request: Request, options: str) -> Call:
    """The options that writes share; `options` names them in an error: CreateOptions, PatchOptions."""
    query, causes = request.query, []
    dry_run = request.all("dryRun")
    if any(value != "All" for value in dry_run):
        shown = orjson.dumps(dry_run).decode()
        causes.append(Cause("FieldValueNotSupported", f'Unsupported value: {shown}: supported values: "All"', "dryRun"))
    validation = query.get("fieldValidation", "")
    if validation not in STRICTNESSES:
        allowed = '"", "Ignore", "Strict", "Warn"'
        text = f'Unsupported value: "{validation}": supported values: {allowed}'
        causes.append(Cause("FieldValueNotSupported", text, "fieldValidation"))
    if causes:
        raise invalid(options, "meta.k8s.io", "", causes)
    manager = query.get("fieldManager") or request.headers.get("user-agent", "unknown").partition("/")[0] or "unknown"
    strictness = STRICTNESSES[validation]
    return Call(request.user, manager, bool(dry_run), strictness, warnings=request.warnings)


async def read_document(request: Request, kind: str) -> tuple[Any, bytes, bool]:
    """The parsed body, its text, and whether it was YAML."""
    media = media_type(request)
    body = await request.body()
    if media == "application/yaml":
        parsed = yamltext.read_yaml(body)
        if not isinstance(parsed, dict):
            raise unrecognized(kind, body, "json: cannot unmarshal into Go value of type struct")
        return parsed, body, True
    if media == MEDIA and request.schema is not None:
        return read_protobuf(body, request.schema), body, True
    if media not in ("application/json", "application/json-patch+json", ""):
        text = f"the body of the request was in an unknown format - accepted media types include: {ACCEPTED}"
        raise ApiError(415, "UnsupportedMediaType", text)
    return read_json(body, kind), body, False


class ObjectReader:
    """Turns documents into objects of a kind."""

    def __init__(self, schema: Schema, resources: ResourceTable) -> None:
        self._schema = schema
        self._resources = resources

    def type_of(self, kind: Resource) -> Type:
        return self._schema.type_of(kind.group, kind.version, kind.kind)

    async def read(self, request: Request, call: Call, kind: Resource) -> Obj:
        document, body, is_yaml = await read_document(request, kind.kind)
        self._check_kind(kind, document)
        duplicates = [] if is_yaml or call.strictness == "Ignore" else duplicate_fields(body, document)
        return self.decode(call, kind, document, duplicates)

    def decode(self, call: Call, kind: Resource, document: Obj, noted: list[str]) -> Obj:
        """In the stored version. `noted` are complaints from earlier steps."""
        decoder = Decoder()
        try:
            obj = self.decoded(decoder, kind, document)
        except DecodeError as error:
            raise cannot_handle(kind, str(error)) from error
        except RecursionError as error:
            raise bad_request("exceeded max depth") from error
        complaints = [*noted, *decoder.unknown]
        if complaints and call.strictness == "Strict":
            raise cannot_handle(kind, f"strict decoding error: {', '.join(complaints)}")
        if call.strictness == "Warn":
            for text in complaints:
                call.warn(text)
        obj["kind"], obj["apiVersion"] = kind.kind, kind.api_version
        call.version = kind.version
        return to_stored(kind, self._resources[kind.key], obj)

    def decoded(self, decoder: Decoder, kind: Resource, document: Obj) -> Obj:
        """Only metadata of a custom object has Go types: the rest loses unknown fields and is judged later."""
        node = self.type_of(kind)
        if not kind.custom:
            built_in: Obj = decoder.decode(node, document)
            return built_in
        obj: Obj = prune(node, document, "", decoder.unknown)
        if "metadata" in obj:
            obj["metadata"] = decoder.decode(self._schema.compiled(META), obj["metadata"] or {})
        return obj

    def _check_kind(self, kind: Resource, document: Obj) -> None:
        version, name = document.get("apiVersion") or kind.api_version, document.get("kind") or kind.kind
        if not isinstance(version, str) or not isinstance(name, str):
            raise bad_request(
                f"the object provided is unrecognized (must be of type {kind.kind}): couldn't get version/kind"
            )
        if version == kind.api_version and name == kind.kind:
            return
        if self._resources.of_kind(version, name) is None:
            why = (
                f'no kind "{name}" is registered for version "{version}" in scheme "pkg/api/legacyscheme/scheme.go:30"'
            )
            raise cannot_handle(kind, why)
        group, _, plain = version.rpartition("/")
        expected = f"{kind.group}/{kind.version}, Kind={kind.kind}"
        raise bad_request(
            f"the API version in the data ({version}) does not match the expected API version ({kind.api_version})"
            if version != kind.api_version
            else f"{group or ''}/{plain}, Kind={name} is not {expected}"
        )


def check_place(obj: Obj, name: str, namespace: str, namespaced: bool) -> None:
    """The name and namespace in the body agree with the path."""
    metadata = obj.setdefault("metadata", {})
    if name:
        if not metadata.get("name"):
            raise bad_request(f"the name of the object ({name} based on URL) was undeterminable: name must be provided")
        if metadata["name"] != name:
            raise bad_request(
                f"the name of the object ({metadata['name']}) does not match the name on the URL ({name})"
            )
    if namespaced and metadata.get("namespace", namespace) != namespace:
        raise bad_request("the namespace of the provided object does not match the namespace sent on the request")
