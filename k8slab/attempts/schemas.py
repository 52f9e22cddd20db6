"""The cluster's schemas as the editor fetches them: asked of the cluster once in a while, packed once, kept for all."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.cache import cache

from k8slab.kube.openapi import schema_of, writable
from k8slab.sandbox.cluster import app_client

FRESH = 600  # seconds; a custom resource that is defined meanwhile is known after that


@dataclass(frozen=True, slots=True)
class Packed:
    etag: str
    body: bytes  # gzip


def kinds() -> Packed | None:
    """Every kind that can be written down, by apiVersion. Raises KubeError."""
    return _kept("kinds", _kinds)


def group_version(api_version: str) -> Packed | None:
    """None where the cluster does not serve it. Raises KubeError."""
    return _kept(api_version, lambda: schema_of(app_client(), api_version))


def _kinds() -> dict[str, Any]:
    found = [{"apiVersion": r.api_version, "kind": r.kind, "namespaced": r.namespaced} for r in writable(app_client())]
    return {"kinds": found}


def _kept(name: str, make: Callable[[], dict[str, Any] | None]) -> Packed | None:
    key = f"schema.{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    kept: Packed | None = cache.get(key)
    if kept is None:
        made = make()
        if made is None:
            return None
        body = gzip.compress(orjson.dumps(made), mtime=0)
        kept = Packed(hashlib.sha256(body).hexdigest()[:32], body)
        cache.set(key, kept, FRESH)
    return kept
