"""get and list over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.selectors import Selector, parse_selector
from k8slab.emulator.status import ApiError, Cause, bad_request, invalid
from k8slab.emulator.store import Entry
from k8slab.emulator.web.accept import wanted_form
from k8slab.emulator.web.render import YAML, converted, render_list, render_object
from k8slab.emulator.web.request import JSON, Request
from k8slab.emulator.web.routes import Target

TOO_OLD = "The provided continue parameter is too old to display a consistent list result."


async def get(cluster: Cluster, request: Request, target: Target) -> None:
    kind = target.kind
    form = wanted_form(request.headers.get("accept", ""))
    entry = cluster.entry(kind.key, target.namespace, target.name)
    if form == "json":
        body = converted(kind, entry)
    else:
        body = render_object(kind, entry.obj, form, cluster, request.query.get("includeObject", ""))
    await request.answer(body, 200, YAML if form == "yaml" else JSON)


@dataclass(slots=True)
class Page:
    entries: Sequence[Entry]
    revision: int
    following: str = ""
    remaining: int | None = None

    @property
    def metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = {"resourceVersion": str(self.revision)}
        if self.following:
            metadata["continue"] = self.following
            if self.remaining is not None:
                metadata["remainingItemCount"] = self.remaining
        return metadata


async def list_objects(cluster: Cluster, request: Request, target: Target) -> None:
    form = wanted_form(request.headers.get("accept", ""))
    selector = selector_of(request, target)
    limit = int_option(request, "limit")
    check_options(request, watching=False)
    await _wait_for_future(cluster, request)
    page = _page(cluster, request, target, selector, max(0, limit))
    body = render_list(target.kind, page.entries, form, page.metadata, cluster, request.query.get("includeObject", ""))
    await request.answer(body, 200, YAML if form == "yaml" else JSON)


def selector_of(request: Request, target: Target) -> Selector:
    labels, fields = request.query.get("labelSelector", ""), request.query.get("fieldSelector", "")
    selector = parse_selector(target.kind, labels, fields)
    if target.name:
        selector.fields.append(("metadata.name", True, target.name))
    return selector


def int_option(request: Request, name: str) -> int:
    text = request.query.get(name, "")
    try:
        return int(text) if text else 0
    except ValueError as error:
        raise bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax') from error


def check_options(request: Request, *, watching: bool) -> None:
    """ListOptions that do not go together."""
    match, version = request.query.get("resourceVersionMatch", ""), request.query.get("resourceVersion", "")
    initial = "sendInitialEvents" in request.query
    why = ""
    if watching and initial and match != "NotOlderThan":
        why = "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
    elif watching and match and not initial:
        why = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
    elif not watching and initial:
        cause = Cause("FieldValueForbidden", "Forbidden: sendInitialEvents is forbidden for list", "sendInitialEvents")
        raise invalid("ListOptions", "meta.k8s.io", "", [cause])
    elif match and not version and not initial:
        why = "resourceVersionMatch is forbidden unless resourceVersion is provided"
    elif match not in ("", "Exact", "NotOlderThan"):
        text = f'Unsupported value: "{match}": supported values: "Exact", "NotOlderThan", ""'
        raise invalid("ListOptions", "meta.k8s.io", "", [Cause("FieldValueNotSupported", text, "resourceVersionMatch")])
    if why:
        raise invalid(
            "ListOptions",
            "meta.k8s.io",
            "",
            [Cause("FieldValueForbidden", f"Forbidden: {why}", "resourceVersionMatch")],
        )
    if version and not version.isdigit():
        text = f'Invalid value: "{version}": strconv.ParseUint: parsing "{version}": invalid syntax'
        raise invalid("ListOptions", "meta.k8s.io", "", [Cause("FieldValueInvalid", text, "resourceVersion")])


async def _wait_for_future(cluster: Cluster, request: Request) -> None:
    """A revision that is yet to come is waited for, a little."""
    wanted = int(request.query.get("resourceVersion") or 0)
    waited = 0.0
    while wanted > cluster.store.revision and waited < 3.0:
        await cluster.clock.sleep(0.1)
        waited += 0.1
    if wanted > cluster.store.revision:
        text = f"Too large resource version: {wanted}, current: {cluster.store.revision}"
        cause = Cause("ResourceVersionTooLarge", "Too large resource version", "")
        raise ApiError(504, "Timeout", f"Timeout: {text}", {"retryAfterSeconds": 1}, (cause,))


def _page(cluster: Cluster, request: Request, target: Target, selector: Selector, limit: int) -> Page:
    store, resource = cluster.store, target.kind.key
    namespace = target.namespace if target.namespace else None
    after, revision = "", store.revision
    if request.query.get("continue"):
        revision, after = read_token(request.query["continue"])
    elif request.query.get("resourceVersionMatch") == "Exact":
        revision = int(request.query["resourceVersion"])
    if revision < store.oldest(resource) and revision != store.revision:
        raise ApiError(410, "Expired", TOO_OLD)
    entries = (
        store.entries(resource, namespace) if revision >= store.revision else store.at(resource, namespace, revision)
    )
    if selector:
        entries = [entry for entry in entries if selector.matches(entry.obj)]
    if after:
        entries = [entry for entry in entries if _place(entry) > after]
    if not limit or len(entries) <= limit:
        return Page(entries, revision)
    token = write_token(revision, _place(entries[limit - 1]))
    return Page(entries[:limit], revision, token, None if selector else len(entries) - limit)


def _place(entry: Entry) -> str:
    metadata = entry.obj["metadata"]
    return f"{metadata.get('namespace', '')}/{metadata['name']}"


def write_token(revision: int, place: str) -> str:
    raw = orjson.dumps({"v": "meta.k8s.io/v1", "rv": revision, "start": place})
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_token(token: str) -> tuple[int, str]:
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError as error:
        raise bad_request(f"continue key is not valid: {error}") from error
    try:
        value = orjson.loads(raw)
        return int(value["rv"]), str(value["start"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        first = raw[:1].decode("latin-1")
        shown = first if first.isprintable() else f"\\u{ord(first or chr(0)):04x}"
        text = (
            f"invalid continue token: continue key is not valid: invalid character '{shown}' looking "
            f"for beginning of value"
        )
        raise bad_request(text) from error
