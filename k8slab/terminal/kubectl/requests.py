"""What the verbs ask of the API server: kubectl's own headers and parameters, its warnings to standard error."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import orjson
import urllib3

from k8slab.kube.client import TIMEOUT, Obj
from k8slab.kube.discovery import Resource
from k8slab.kube.errors import BadRequest, Forbidden, NotFound, Unavailable
from k8slab.kube.statuses import error_of

from .failures import worded
from .invocation import Invocation

TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
DEFINITIONS = "/apis/apiextensions.k8s.io/"
PAGE = 500  # objects of one answer of a list
MOST = 200 * PAGE  # objects after which a list is cut: nobody reads that many
PATCHES = {
    "strategic": "application/strategic-merge-patch+json",
    "merge": "application/merge-patch+json",
    "json": "application/json-patch+json",
    "apply": "application/apply-patch+yaml",
}
Query = Sequence[tuple[str, str]]
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')


def call(
    invocation: Invocation,
    method: str,
    path: str,
    *,
    query: Query = (),
    body: Any = None,
    content_type: str = "application/json",
    accept: str = "application/json",
    timeout: float = TIMEOUT,
) -> tuple[int, Obj]:
    """One request: (HTTP status, JSON). Raises a KubeError for anything but success."""
    invocation.streams.stop.check()
    asked = [(key, value) for key, value in query if value]
    response = invocation.client.connection.open(
        method, path, query=asked, body=body, content_type=content_type, accept=accept, timeout=timeout
    )
    try:
        data = response.data
    except (urllib3.exceptions.HTTPError, OSError) as error:
        response.close()
        raise Unavailable(f"the cluster broke off: {error}") from error
    show_warnings(invocation, response)
    if method != "GET" and path.startswith(DEFINITIONS):
        invocation.client.discovery.changed()
    if not 200 <= response.status < 300:
        raise error_of(response.status, data)
    return response.status, orjson.loads(data) if data else {}


def show_warnings(invocation: Invocation, response: urllib3.BaseHTTPResponse) -> None:
    """The server's warnings, each once in a command."""
    told = invocation.extra.setdefault("warnings", set())
    assert isinstance(told, set)
    for header in response.headers.getlist("warning"):
        for text in _WARNING.findall(header):
            text = re.sub(r"\\(.)", r"\1", text)
            if text not in told:
                told.add(text)
                invocation.warn(f"Warning: {text}")


def selectors(labels: str = "", fields: str = "") -> list[tuple[str, str]]:
    return [("labelSelector", labels), ("fieldSelector", fields)]


def get(
    invocation: Invocation,
    resource: Resource,
    namespace: str | None,
    name: str,
    subresource: str = "",
    *,
    query: Query = (),
    accept: str = "application/json",
) -> Obj:
    """One object. Raises NotFound, of the namespace where that is what is missing."""
    try:
        return call(invocation, "GET", resource.path(namespace, name, subresource or None), query=query, accept=accept)[
            1
        ]
    except NotFound:
        if namespace and namespace != "default":
            _find_namespace(invocation, namespace)
        raise


def _find_namespace(invocation: Invocation, name: str) -> None:
    """Raises NotFound; whoever may not look at it does not hear whether it is there."""
    try:
        call(invocation, "GET", f"/api/v1/namespaces/{quote(name, safe='')}")
    except Forbidden:
        return


def list_all(
    invocation: Invocation,
    resource: Resource,
    namespace: str | None,
    *,
    labels: str = "",
    fields: str = "",
    accept: str = "application/json",
    query: Query = (),
    page: int = PAGE,
) -> Obj:
    """A list, or a Table of it, whole: its pages put together."""
    path = resource.path(namespace)
    asked = [*selectors(labels, fields), *query, ("limit", str(page) if page else "")]
    try:
        listing = call(invocation, "GET", path, query=asked, accept=accept)[1]
        rows = "rows" if listing.get("kind") == "Table" else "items"
        while (token := (listing.get("metadata") or {}).get("continue")) and len(listing[rows]) < MOST:
            more = call(invocation, "GET", path, query=[*asked, ("continue", token)], accept=accept)[1]
            listing[rows] = [*(listing.get(rows) or ()), *(more.get(rows) or ())]
            listing["metadata"] = more["metadata"]
    except (BadRequest, NotFound) as error:
        shown = f"{resource.group}/{resource.version}, Resource={resource.plural}"
        selected = f' that match label selector "{labels}", field selector "{fields}"' if labels or fields else ""
        verb = "find" if selected else "list"
        raise worded(error, f'Unable to {verb} "{shown}"{selected}: {error.message}') from error
    if rows == "items":
        head = {"apiVersion": resource.api_version, "kind": resource.kind}
        listing["items"] = [{**head, **item} for item in listing.get("items") or ()]
    return listing


def writing(invocation: Invocation, *, manager: str = "", validate: bool = False) -> list[tuple[str, str]]:
    """The parameters of a request that writes, by the flags of the verb."""
    values = invocation.flags.values
    query = [("fieldManager", str(values.get("field-manager") or manager))]
    if values.get("dry-run") == "server":
        query.append(("dryRun", "All"))
    if validate:
        query.append(("fieldValidation", validation(invocation)))
    return query


def validation(invocation: Invocation) -> str:
    """`--validate` as the API server names it."""
    word = str(invocation.flags.values.get("validate", "strict"))
    return {"true": "Strict", "strict": "Strict", "warn": "Warn"}.get(word, "Ignore")


def create(invocation: Invocation, resource: Resource, namespace: str | None, obj: Obj, query: Query = ()) -> Obj:
    return call(invocation, "POST", resource.path(namespace), query=query, body=obj)[1]


def replace(
    invocation: Invocation, resource: Resource, namespace: str | None, name: str, obj: Obj, query: Query = ()
) -> Obj:
    return call(invocation, "PUT", resource.path(namespace, name), query=query, body=obj)[1]


def patch(
    invocation: Invocation,
    resource: Resource,
    namespace: str | None,
    name: str,
    body: Any,
    how: str,
    query: Query = (),
    subresource: str = "",
) -> Obj:
    path = resource.path(namespace, name, subresource or None)
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    return call(invocation, "PATCH", path, query=query, body=data, content_type=PATCHES[how])[1]


def delete(
    invocation: Invocation, resource: Resource, namespace: str | None, name: str, options: Obj, query: Query = ()
) -> Obj:
    return call(invocation, "DELETE", resource.path(namespace, name), query=query, body=options)[1]


def without(query: Iterable[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in query if key not in names]
