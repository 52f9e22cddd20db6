"""What Tab offers behind `kubectl`: verbs, flags and their values, kinds, names, containers, files."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from k8slab.kube.client import Client
from k8slab.kube.discovery import Resource
from k8slab.kube.errors import KubeError

from . import registry
from .flags import Flag
from .registry import Verb

FRESH = 1.0  # seconds that names are believed
ASKED = 2.0  # seconds that somebody who presses Tab waits
MOST = 300  # names
NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
_POD_TYPES = ("pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "services")


class Names:
    """Names of objects as the student may list them, kept for a moment: Tab is pressed twice. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[float, list[str]]] = {}
        self._lock = threading.Lock()

    def of(self, client: Client, resource: Resource, namespace: str) -> list[str]:
        key = (resource.qualified, namespace if resource.namespaced else "")
        with self._lock:
            kept = self._kept.get(key)
        if kept and time.monotonic() - kept[0] < FRESH:
            return kept[1]
        path = resource.path(namespace if resource.namespaced else None)
        query = [("limit", str(MOST))]
        listing = client.connection.json("GET", path, query=query, accept=NAMES_ONLY, timeout=ASKED)[1]
        names = [str(item["metadata"]["name"]) for item in listing.get("items") or ()]
        with self._lock:
            if len(self._kept) > 200:
                self._kept.clear()
            self._kept[key] = (time.monotonic(), names)
        return names


@dataclass(slots=True)
class Completer:
    """`namespace` is the one where nothing else is said."""

    client: Client
    namespace: str
    files: Sequence[str]
    names: Names

    def offer(self, words: Sequence[str], current: str) -> list[str]:
        """What `current` may become. Args: the whole words between `kubectl` and it. Never raises a KubeError."""
        try:
            return sorted({word for word in self._offer(list(words), current) if word.startswith(current)})
        except KubeError:
            return []

    def _offer(self, words: list[str], current: str) -> Iterable[str]:
        found = registry.find(words)
        if found is None:
            return _verbs(words)
        verb, count = found
        flags = {name: flag for flag in verb.all_flags for name in (f"--{flag.name}", f"-{flag.short}")}
        rest = words[count:]
        previous = flags.get(rest[-1]) if rest else None
        if "--" in rest:
            return ()
        if current.startswith("--") and "=" in current:
            name, _, _ = current.partition("=")
            return [f"{name}={value}" for value in self._values(flags.get(name), rest, flags)]
        if previous and previous.takes_value:
            return self._values(previous, rest, flags)
        if current.startswith("-"):
            return [f"--{flag.name}" for flag in verb.all_flags]
        return self._arguments(verb, _arguments(rest, flags), current, self._namespace(rest, flags))

    def _namespace(self, words: list[str], flags: dict[str, Flag]) -> str:
        for at, word in enumerate(words):
            if word in ("-n", "--namespace") and at + 1 < len(words):
                return words[at + 1]
            if word.startswith("--namespace="):
                return word.partition("=")[2]
        return self.namespace

    def _values(self, flag: Flag | None, words: list[str], flags: dict[str, Flag]) -> Iterable[str]:
        if flag is None:
            return ()
        if flag.values:
            return flag.values
        if flag.name == "namespace":
            return [self.namespace, *self._named("namespaces", self.namespace)]
        if flag.name in ("filename", "from-file", "patch-file"):
            return self.files
        if flag.name == "container":
            return self._containers(_arguments(words, flags), self._namespace(words, flags))
        return ()

    def _arguments(self, verb: Verb, before: list[str], current: str, namespace: str) -> Iterable[str]:
        group = _verbs(list(verb.path)) if not before else []
        if verb.completes == "file":
            return [*group, *self.files]
        if verb.completes == "node":
            return self._named("nodes", namespace)
        if verb.completes == "pod":
            return self._pods(before, current, namespace)
        if verb.completes in ("kind", "resource") and "/" in current and verb.completes == "resource":
            return self._slashed(current, namespace)
        if verb.completes in ("kind", "resource") and not before:
            return [*group, *self._kinds()]
        if verb.completes == "resource" and "/" not in before[0]:
            return [name for name in self._named(before[0].partition(",")[0], namespace) if name not in before[1:]]
        return group

    def _pods(self, before: list[str], current: str, namespace: str) -> Iterable[str]:
        if before:
            return self._containers(before, namespace)
        if "/" in current:
            return self._slashed(current, namespace)
        return [*self._named("pods", namespace), *(f"{word}/" for word in _POD_TYPES)]

    def _slashed(self, current: str, namespace: str) -> list[str]:
        kind = current.partition("/")[0]
        return [f"{kind}/{name}" for name in self._named(kind, namespace)]

    def _kinds(self) -> list[str]:
        """As they are typed: with the group only where the plain name means another kind."""
        discovery = self.client.discovery
        listed = [each for each in discovery.resources() if "list" in each.verbs]
        return [each.plural if discovery.named(each.plural) == each else each.qualified for each in listed]

    def _named(self, word: str, namespace: str) -> list[str]:
        resource = self.client.discovery.named(word)
        return self.names.of(self.client, resource, namespace) if resource and "list" in resource.verbs else []

    def _containers(self, arguments: list[str], namespace: str) -> list[str]:
        name = arguments[0].rpartition("/")[2] if arguments else ""
        pod = self.client.find("v1", "Pod", name, namespace) if name else None
        spec = pod.get("spec") or {} if pod else {}
        return [str(each["name"]) for part in ("containers", "initContainers") for each in spec.get(part) or ()]


def _verbs(words: list[str]) -> list[str]:
    """What may follow these words of a verb's name."""
    count = len(words)
    paths = registry.all_verbs()
    return [path[count] for path in paths if len(path) > count and list(path[:count]) == words]


def _arguments(words: list[str], flags: dict[str, Flag]) -> list[str]:
    """The words that are neither flags nor their values."""
    found: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-") and word != "-":
            flag = flags.get(word)
            skip = flag is not None and flag.takes_value
        else:
            found.append(word)
    return found
