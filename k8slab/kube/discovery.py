"""Which kinds a cluster serves, where, and what may be done to them. Asked once, kept for all clients of a cluster."""

from __future__ import annotations

import difflib
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypedDict
from urllib.parse import quote

from .errors import UnknownKind

FRESH = 600.0  # seconds that an answer is believed
RESTLESS = 30.0  # seconds after a change of the kinds themselves
PATIENCE = 5.0  # seconds after which an unknown kind makes us ask again
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"

Fetch = Callable[[str, str], dict[str, Any]]  # path, accept → JSON


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind as the API serves it."""

    group: str
    version: str
    kind: str
    plural: str
    namespaced: bool
    verbs: frozenset[str] = frozenset()
    subresources: frozenset[str] = frozenset()
    singular: str = ""
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def api_version(self) -> str:
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def qualified(self) -> str:
        """`deployments.apps`, or `pods` in the core group."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str | None = None, name: str | None = None, subresource: str | None = None) -> str:
        parts = ["/apis", self.group, self.version] if self.group else ["/api", self.version]
        if self.namespaced and namespace:
            parts += ["namespaces", quote(namespace, safe="")]
        parts.append(self.plural)
        if name is not None:
            parts.append(quote(name, safe="") or "%20")  # an empty name must not become the collection
        return "/".join([*parts, subresource] if subresource else parts)


class _Names(TypedDict):
    singular: str
    short_names: tuple[str, ...]
    categories: tuple[str, ...]


class Discovery:
    """Thread-safe. Args: `fetch` gets a path from the API server."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._by_kind: dict[tuple[str, str], Resource] = {}
        self._asked = float("-inf")
        self._restless = float("-inf")  # until then, every unknown kind makes us ask

    def resource(self, api_version: str, kind: str) -> Resource:
        """Raises UnknownKind, which tells the apiVersions that do serve the kind, and kinds of similar name."""
        known = self._load(FRESH)
        found = known.get((api_version, kind))
        if found is None:
            known = self._load(PATIENCE)
            found = known.get((api_version, kind))
        if found is None:
            elsewhere = [resource.api_version for resource in known.values() if resource.kind == kind]
            raise UnknownKind(api_version, kind, elsewhere=elsewhere, similar=_similar(kind, known))
        return found

    def resources(self) -> list[Resource]:
        """Everything that is served, the preferred version of a group first."""
        return list(self._load(FRESH).values())

    def named(self, word: str) -> Resource | None:
        """What somebody means by `deploy`, `Deployment`, `deployments.apps` or `deployments.v1.apps`."""
        if not word.partition(".")[0]:
            return None
        for age in (FRESH, PATIENCE):
            known = self._load(age).values()
            found = next((r for fits in _readings(word.lower()) for r in known if fits(r)), None)
            if found:
                return found
        return None

    def changed(self) -> None:
        """Somebody made or deleted a kind: it will be served, or gone, in a moment."""
        with self._lock:
            self._asked = float("-inf")
            self._restless = time.monotonic() + RESTLESS

    def category(self, name: str) -> list[Resource]:
        """The resources that `all` and the like stand for, each in its preferred version."""
        first = {(r.group, r.plural): r for r in reversed(self.resources()) if name in r.categories}
        return list(reversed(first.values()))

    def _load(self, age: float) -> dict[tuple[str, str], Resource]:
        with self._lock:
            now = time.monotonic()
            if now - self._asked > age or (age == PATIENCE and now < self._restless):
                self._by_kind = {(r.api_version, r.kind): r for r in reversed(list(self._everything()))}
                self._by_kind = dict(reversed(self._by_kind.items()))
                self._asked = time.monotonic()
            return self._by_kind

    def _everything(self) -> Iterator[Resource]:
        for path in ("/api", "/apis"):
            answer = self._fetch(path, AGGREGATED)
            if answer.get("kind") == "APIGroupDiscoveryList":
                yield from _aggregated(answer)
            else:
                yield from self._one_by_one(path, answer)

    def _one_by_one(self, path: str, answer: dict[str, Any]) -> Iterator[Resource]:
        """Servers that know no aggregated discovery list each version on its own."""
        for group, version in _versions(answer):
            address = f"/apis/{group}/{version}" if group else f"{path}/{version}"
            yield from _listed(group, version, self._fetch(address, "application/json").get("resources") or ())


def _readings(word: str) -> Iterator[Callable[[Resource], bool]]:
    """The ways to read a resource's name, the likeliest first."""
    name, _, rest = word.partition(".")
    version, _, group = rest.partition(".")
    if group:
        yield lambda r: name in (r.plural, r.singular) and (r.version, r.group) == (version, group)
    yield lambda r: name in (r.plural, r.singular) and r.group == rest if rest else name in (r.plural, r.singular)
    if not rest:
        yield lambda r: name in r.short_names or name == r.kind.lower()
        return
    yield lambda r: name in (r.plural, r.singular) and r.group.startswith(rest)
    yield lambda r: (name in r.short_names or name == r.kind.lower()) and r.group.startswith(rest)


def _similar(kind: str, known: Iterable[tuple[str, str]]) -> list[str]:
    names = {name.lower(): name for _, name in known}
    return [names[match] for match in difflib.get_close_matches(kind.lower(), names, n=3, cutoff=0.7)]


def _versions(answer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for version in answer.get("versions") or ():
        yield "", version
    for group in answer.get("groups") or ():
        preferred = (group.get("preferredVersion") or {}).get("version")
        names = [entry["version"] for entry in group.get("versions") or ()]
        for version in sorted(names, key=lambda name: name != preferred):
            yield group["name"], version


def _aggregated(answer: dict[str, Any]) -> Iterator[Resource]:
    for item in answer.get("items") or ():
        group = (item.get("metadata") or {}).get("name", "")
        for version in item.get("versions") or ():
            for entry in version.get("resources") or ():
                kind = (entry.get("responseKind") or {}).get("kind")
                if kind:
                    subresources = frozenset(sub["subresource"] for sub in entry.get("subresources") or ())
                    scope, verbs = entry.get("scope") == "Namespaced", frozenset(entry.get("verbs") or ())
                    yield Resource(
                        group, version["version"], kind, entry["resource"], scope, verbs, subresources, **_names(entry)
                    )


def _listed(group: str, version: str, entries: Iterable[dict[str, Any]]) -> Iterator[Resource]:
    entries = list(entries)
    for entry in entries:
        name = entry["name"]
        if "/" not in name:
            subresources = frozenset(e["name"].split("/", 1)[1] for e in entries if e["name"].startswith(f"{name}/"))
            verbs = frozenset(entry.get("verbs") or ())
            scope = bool(entry.get("namespaced"))
            yield Resource(group, version, entry["kind"], name, scope, verbs, subresources, **_names(entry))


def _names(entry: dict[str, Any]) -> _Names:
    singular = entry.get("singularResource") or entry.get("singularName") or ""
    return {
        "singular": singular,
        "short_names": tuple(entry.get("shortNames") or ()),
        "categories": tuple(entry.get("categories") or ()),
    }
