"""The kubeconfig that this terminal seems to have: one cluster, one user, one context, and nothing secret."""

from __future__ import annotations

from typing import Any

from .invocation import Invocation

CONTEXT, CLUSTER, USER = "k8slab", "k8slab", "student"
SERVER = "https://kubernetes.default.svc"


def kubeconfig(invocation: Invocation) -> dict[str, Any]:
    namespace = invocation.streams.kept.get("namespace") or invocation.home
    return {
        "apiVersion": "v1",
        "clusters": [{"cluster": {"certificate-authority-data": "DATA+OMITTED", "server": SERVER}, "name": CLUSTER}],
        "contexts": [{"context": {"cluster": CLUSTER, "namespace": namespace, "user": USER}, "name": CONTEXT}],
        "current-context": CONTEXT,
        "kind": "Config",
        "preferences": {},
        "users": [{"name": USER, "user": {"token": "REDACTED"}}],
    }
