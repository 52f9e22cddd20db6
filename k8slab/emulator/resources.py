"""The table of what is served: from a group, version and plural to everything that the verbs need to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from k8slab.emulator.data import read_data
from k8slab.emulator.schema import Type
from k8slab.emulator.status import qualified

VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
KINDS = Path(__file__).parent / "kinds"

# Objects with two faces are stored once; the second face is converted at the edge.
STORED_AS = {("events", "events.k8s.io"): "events"}


class Column(NamedTuple):
    """One column of a custom resource's table."""

    name: str
    kind: str
    form: str
    about: str
    priority: int
    path: str


@dataclass(frozen=True)
class Resource:
    """One resource in one version. `key` names it in the store and in `ports.Api`: "pods", "deployments.apps"."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = VERBS
    singular: str = ""
    list_kind: str = ""
    key: str = ""
    hashed_version: str = ""
    deprecated: str = ""  # the warning that every request of a client gets
    columns: tuple[Column, ...] = ()  # custom resources only, which always have some
    scale_paths: tuple[str, str, str] | None = None  # replicas wished, replicas there, selector
    selectable: tuple[str, ...] = ()  # custom resources: fields by which a list may be narrowed
    shape: Type | None = field(default=None, compare=False)  # of custom resources
    prefix: bytes = field(default=b"", compare=False)

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def custom(self) -> bool:
        return bool(self.columns)

    @property
    def qualified(self) -> str:
        return qualified(self.plural, self.group)


class ResourceTable:
    def __init__(self, resources: list[Resource]) -> None:
        self._by_path: dict[tuple[str, str, str], Resource] = {}
        self._by_key: dict[str, Resource] = {}
        self._by_kind: dict[tuple[str, str], Resource] = {}
        for resource in resources:
            self.add(resource)

    def add(self, resource: Resource) -> None:
        self._by_path[resource.group, resource.version, resource.plural] = resource
        self._by_key.setdefault(resource.key, resource)
        self._by_kind[resource.api_version, resource.kind] = resource

    def remove(self, resource: Resource) -> None:
        self._by_path.pop((resource.group, resource.version, resource.plural), None)
        self._by_kind.pop((resource.api_version, resource.kind), None)
        if self._by_key.get(resource.key) == resource:
            del self._by_key[resource.key]

    def at(self, group: str, version: str, plural: str) -> Resource | None:
        return self._by_path.get((group, version, plural))

    def __getitem__(self, key: str) -> Resource:
        """By key: the stored version."""
        return self._by_key[key]

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def of_kind(self, api_version: str, kind: str) -> Resource | None:
        return self._by_kind.get((api_version, kind))

    def __iter__(self) -> Iterator[Resource]:
        return iter(list(self._by_path.values()))

    def groups(self) -> dict[str, list[str]]:
        """Each group with its versions, preferred first, in discovery's order."""
        found: dict[str, list[str]] = {}
        for group, version, _ in self._by_path:
            versions = found.setdefault(group, [])
            if version not in versions:
                versions.append(version)
        return found

    def versions_of(self, key: str) -> list[Resource]:
        return [resource for resource in self._by_path.values() if resource.key == key]


def make_resource(group: str, version: str, kind: str, plural: str, namespaced: bool, **more: object) -> Resource:
    """A resource with what follows from its names filled in."""
    key = STORED_AS.get((plural, group), qualified(plural, group))
    api_version = f"{group}/{version}" if group else version
    prefix = f'{{"kind":"{kind}","apiVersion":"{api_version}",'.encode()
    values: dict[str, object] = {"singular": kind.lower(), "list_kind": f"{kind}List", **more}
    return Resource(group, version, kind, plural, namespaced, key=key, prefix=prefix, **values)  # type: ignore[arg-type]  # checked by load_resources' callers


def load_resources() -> ResourceTable:
    """The built-in resources, from kinds/resources.yaml."""
    return ResourceTable(_built_in())


@lru_cache(maxsize=1)
def _built_in() -> list[Resource]:
    sections = read_data(KINDS / "resources.yaml")
    return [
        _parse_line(section["group"], section["version"], line, section.get("deprecated", {}))
        for section in sections
        for line in section["resources"]
    ]


def _parse_line(group: str, version: str, line: str, deprecated: dict[str, str]) -> Resource:
    kind, plural, scope, *options = line.split()
    settings = {name: tuple(value.split(",")) for name, value in (option.split("=") for option in options)}
    verbs = settings.get("only", tuple(verb for verb in VERBS if verb not in settings.get("no", ())))
    return make_resource(
        group,
        version,
        kind,
        plural,
        scope == "ns",
        short_names=settings.get("short", ()),
        categories=settings.get("cat", ()),
        subresources=settings.get("sub", ()),
        verbs=verbs,
        deprecated=deprecated.get(plural, ""),
        hashed_version="".join(settings.get("hash", ())),
    )
