"""A cluster's API in plain JSON. Thread-safe; every call ends within its time-out; every failure is a KubeError."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .connection import Connection
from .discovery import Discovery, Resource
from .errors import NotFound
from .execution import ExecResult, run
from .fields import Fields
from .impersonation import check_may_act_as

Obj = dict[str, Any]
Propagation = Literal["Background", "Foreground", "Orphan"]
TIMEOUT = 10.0  # seconds for an answer
FIELD_MANAGER = "k8slab"
_PATCHES: Mapping[str, str] = {
    "merge": "application/merge-patch+json",
    "strategic": "application/strategic-merge-patch+json",
    "json": "application/json-patch+json",
}


@dataclass(frozen=True, slots=True)
class Applied:
    """The object after server-side apply."""

    obj: Obj
    created: bool


class Client:
    """Made by `from_kubeconfig`; `as_user` gives one that acts as somebody else over the same connections."""

    def __init__(self, connection: Connection, discovery: Discovery, fields: Fields, user: str = "") -> None:
        self.connection = connection
        self.user = user  # whom it acts as, "" for itself
        self.discovery = discovery
        self.fields = fields

    @classmethod
    def from_kubeconfig(cls, path: str | Path) -> Client:
        connection = Connection.from_kubeconfig(path)

        def fetch(path: str, accept: str = "application/json") -> Obj:
            return connection.json("GET", path, accept=accept, timeout=TIMEOUT)[1]

        return cls(connection, Discovery(fetch), Fields(fetch))

    def as_user(self, user: str, groups: Sequence[str] = ()) -> Client:
        """Acts as `user`: the API server decides what that one may do. Who acts as somebody already needs the right
        to it: raises Forbidden."""
        if self.user:
            check_may_act_as(self.connection, self.user, user, groups)
        headers = [("Impersonate-User", user), *(("Impersonate-Group", group) for group in groups)]
        return Client(self.connection.with_headers(headers), self.discovery, self.fields, user)

    def resource(self, api_version: str, kind: str) -> Resource:
        """Raises UnknownKind."""
        return self.discovery.resource(api_version, kind)

    # --- reading ------------------------------------------------------------------------------------------------
    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Obj:
        path = self.resource(api_version, kind).path(namespace, name)
        return self.connection.json("GET", path, timeout=TIMEOUT)[1]

    def find(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Obj | None:
        """As `get`, None where it does not exist."""
        try:
            return self.get(api_version, kind, name, namespace)
        except NotFound:
            self.resource(api_version, kind)  # an unknown kind is an error still
            return None

    def list(
        self, api_version: str, kind: str, namespace: str | None = None, *, labels: str = "", fields: str = ""
    ) -> Obj:
        """The list as the server says it; its items carry their apiVersion and kind."""
        path = self.resource(api_version, kind).path(namespace)
        listing = self.connection.json("GET", path, query=_selectors(labels, fields), timeout=TIMEOUT)[1]
        head = {"apiVersion": api_version, "kind": kind}
        listing["items"] = [{**head, **item} for item in listing.get("items") or ()]
        return listing

    def logs(
        self,
        namespace: str,
        pod: str,
        container: str | None = None,
        *,
        tail: int | None = None,
        previous: bool = False,
        limit: int | None = None,
    ) -> str:
        """`tail` bounds the lines, `limit` the bytes."""
        query = [("container", container or ""), ("tailLines", "" if tail is None else str(tail))]
        query.append(("previous", "true" if previous else ""))
        query.append(("limitBytes", "" if limit is None else str(limit)))
        path = self.resource("v1", "Pod").path(namespace, pod, "log")
        asked = [(name, value) for name, value in query if value]
        return self.connection.call("GET", path, query=asked, accept="*/*", timeout=TIMEOUT)[1].decode(
            "utf-8", "replace"
        )

    def answers(self, path: str) -> bool:
        """Whether a path that is no resource (`/readyz`) answers with success."""
        try:
            self.connection.call("GET", path, accept="*/*", timeout=TIMEOUT)
        except NotFound:
            return False
        return True

    # --- writing ------------------------------------------------------------------------------------------------
    def create(self, obj: Mapping[str, Any], namespace: str | None = None, *, dry_run: bool = False) -> Obj:
        path = self.resource(obj["apiVersion"], obj["kind"]).path(namespace)
        return self.connection.json("POST", path, body=dict(obj), query=_dry(dry_run), timeout=TIMEOUT)[1]

    def apply(
        self,
        obj: Mapping[str, Any],
        namespace: str | None = None,
        *,
        field_manager: str = FIELD_MANAGER,
        force: bool = False,
        dry_run: bool = False,
    ) -> Applied:
        """Server-side apply with strict field validation."""
        path = self.resource(obj["apiVersion"], obj["kind"]).path(namespace, obj["metadata"]["name"])
        query = [("fieldManager", field_manager), ("fieldValidation", "Strict"), *_dry(dry_run)]
        query.append(("force", "true" if force else "false"))
        code, result = self.connection.json(
            "PATCH",
            path,
            query=query,
            body=dict(obj),
            content_type="application/apply-patch+yaml",
            timeout=TIMEOUT,
        )
        return Applied(result, code == 201)

    def patch(
        self,
        api_version: str,
        kind: str,
        name: str,
        namespace: str | None,
        patch: Any,
        *,
        how: Literal["merge", "strategic", "json"] = "merge",
        subresource: str | None = None,
    ) -> Obj:
        path = self.resource(api_version, kind).path(namespace, name, subresource)
        return self.connection.json("PATCH", path, body=patch, content_type=_PATCHES[how], timeout=TIMEOUT)[1]

    def delete(
        self,
        api_version: str,
        kind: str,
        name: str,
        namespace: str | None = None,
        *,
        grace: int | None = None,
        propagation: Propagation = "Background",
    ) -> None:
        """What is not there already is no error."""
        path = self.resource(api_version, kind).path(namespace, name)
        try:
            self.connection.call("DELETE", path, body=_delete_options(grace, propagation), timeout=TIMEOUT)
        except NotFound:
            return

    def delete_collection(
        self,
        api_version: str,
        kind: str,
        namespace: str,
        *,
        labels: str = "",
        fields: str = "",
        grace: int | None = None,
        propagation: Propagation = "Background",
    ) -> None:
        """Deletes all objects of a kind in a namespace that the selectors choose."""
        path = self.resource(api_version, kind).path(namespace)
        body = _delete_options(grace, propagation)
        self.connection.call("DELETE", path, query=_selectors(labels, fields), body=body, timeout=TIMEOUT)

    # --- containers ---------------------------------------------------------------------------------------------
    def exec(
        self, namespace: str, pod: str, command: Sequence[str], container: str | None = None, timeout: float = TIMEOUT
    ) -> ExecResult:
        """Runs a command to its end. Raises TimedOut where it does not come to one."""
        path = self.resource("v1", "Pod").path(namespace, pod, "exec")
        return run(self.connection, path, command, container, timeout)


def _selectors(labels: str, fields: str) -> list[tuple[str, str]]:
    return [(k, v) for k, v in (("labelSelector", labels), ("fieldSelector", fields)) if v]


def _dry(dry_run: bool) -> list[tuple[str, str]]:
    return [("dryRun", "All")] if dry_run else []


def _delete_options(grace: int | None, propagation: Propagation) -> dict[str, Any]:
    options: dict[str, Any] = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation}
    return options if grace is None else {**options, "gracePeriodSeconds": grace}
