"""One object that is described: what the describers ask of it and of the cluster around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from k8slab.kube.client import Obj
from k8slab.kube.discovery import Resource
from k8slab.kube.errors import KubeError

from ..invocation import Invocation
from ..requests import list_all

Map = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    invocation: Invocation
    resource: Resource
    obj: Obj

    @property
    def metadata(self) -> Map:
        found: Map = self.obj.get("metadata") or {}
        return found

    @property
    def spec(self) -> Map:
        found: Map = self.obj.get("spec") or {}
        return found

    @property
    def status(self) -> Map:
        found: Map = self.obj.get("status") or {}
        return found

    @property
    def name(self) -> str:
        return str(self.metadata.get("name", ""))

    @property
    def namespace(self) -> str:
        return str(self.metadata.get("namespace", ""))

    @property
    def page(self) -> int:
        return max(0, self.invocation.flags.number("chunk-size")) if "chunk-size" in self.invocation.flags.values else 0

    def objects(
        self, api_version: str, kind: str, namespace: str | None, *, labels: str = "", fields: str = ""
    ) -> list[Obj]:
        """Other objects. Raises a KubeError."""
        resource = self.invocation.client.resource(api_version, kind)
        listing = list_all(self.invocation, resource, namespace, labels=labels, fields=fields, page=self.page)
        found: list[Obj] = listing["items"]
        return found

    def events(self, *, uid: str | None = None, kind: str | None = None) -> list[Obj] | None:
        """Those that tell of the object; none where they may not be read. None: nobody wants to see them.

        Args: `uid` and `kind` instead of the object's own, "" for any.
        """
        if self.invocation.flags.values.get("show-events") is False:
            return None
        uid = str(self.metadata.get("uid", "")) if uid is None else uid
        wanted = {"name": self.name, "namespace": self.namespace}
        wanted |= {"kind": self.resource.kind if kind is None else kind, "uid": uid}
        fields = ",".join(
            f"involvedObject.{key}={value}" for key, value in wanted.items() if value or key == "namespace"
        )
        try:
            return self.objects("v1", "Event", self.namespace or None, fields=fields)
        except KubeError:
            return []

    def owned(self, api_version: str, kind: str, selector: str) -> Iterator[Obj]:
        """Objects whose controller this one is. Raises a KubeError."""
        for obj in self.objects(api_version, kind, self.namespace, labels=selector):
            if (controller(obj) or {}).get("uid") == self.metadata.get("uid"):
                yield obj


def controller(obj: Obj) -> Map | None:
    references = (obj.get("metadata") or {}).get("ownerReferences") or ()
    return next((reference for reference in references if reference.get("controller")), None)


def moment(timestamp: str | None) -> str:
    """`Mon, 02 Jan 2006 15:04:05 +0000`: Go's RFC1123Z."""
    if not timestamp:
        return "Mon, 01 Jan 0001 00:00:00 +0000"
    try:
        return datetime.fromisoformat(timestamp).astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    except ValueError:
        return timestamp


def either(value: object) -> str:
    """`True`, `False`, and `<unset>` for nothing."""
    return "<unset>" if value is None else "True" if value else "False"


def count(value: object) -> str:
    """An integer that the server leaves out where it is 0."""
    return str(value or 0)
