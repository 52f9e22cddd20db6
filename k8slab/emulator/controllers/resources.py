"""Which resources there are: the built-in ones, and those that CustomResourceDefinitions add."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from k8slab.emulator.ports import Api, Obj
from k8slab.emulator.resources import load_resources
from k8slab.emulator.status import qualified

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"


class Known(NamedTuple):
    key: str
    api_version: str
    kind: str
    namespaced: bool


@lru_cache(maxsize=1)
def _built_in() -> tuple[Known, ...]:
    return tuple(Known(r.key, r.api_version, r.kind, r.namespaced) for r in load_resources() if "delete" in r.verbs)


def _custom(definition: Obj) -> Iterator[Known]:
    spec = definition["spec"]
    key = qualified(spec["names"]["plural"], spec["group"])
    for version in spec["versions"]:
        yield Known(key, f"{spec['group']}/{version['name']}", spec["names"]["kind"], spec.get("scope") == "Namespaced")


def known_resources(api: Api) -> list[Known]:
    """Every resource that can be deleted, in every version."""
    return [*_built_in(), *(known for definition in api.list(DEFINITIONS) for known in _custom(definition))]


def namespaced_resources(api: Api) -> list[str]:
    return list(dict.fromkeys(known.key for known in known_resources(api) if known.namespaced))


def of_kind(api: Api, api_version: str, kind: str) -> Known | None:
    group = api_version.rpartition("/")[0]
    for known in known_resources(api):
        if known.kind == kind and known.api_version.rpartition("/")[0] == group:
            return known
    return None
