"""What is wrong with an object is said as the real server says it: `refused.yaml` lists objects and their causes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.emulator.asgi import Client, make_client

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "refused.yaml").read_text(encoding="utf-8"))
CONTAINER = {"name": "c", "image": "nginx"}
CLUSTER_WIDE = ("nodes", "persistentvolumes", "ingressclasses")
GROUPS = {
    "apps": ("deployments", "statefulsets", "daemonsets"),
    "batch": ("jobs", "cronjobs"),
    "networking.k8s.io": ("ingresses", "ingressclasses"),
    "discovery.k8s.io": ("endpointslices",),
}


def place_of(plural: str) -> str:
    group = next((name for name, plurals in GROUPS.items() if plural in plurals), "")
    space = "" if plural in CLUSTER_WIDE else "/namespaces/default"
    return f"{f'/apis/{group}' if group else '/api'}/v1{space}/{plural}"


def object_of(case: dict[str, Any]) -> dict[str, Any]:
    """`container` is a pod's only one; `pod` the rest of its spec."""
    body = {"metadata": {"name": "x"}, **case.get("object", {})}
    if case["kind"] == "pods":
        containers = [{**CONTAINER, **case.get("container", {})}]
        return {**body, "spec": {"containers": containers, **case.get("pod", {})}}
    return {**body, "spec": case["spec"]} if "spec" in case else body


@pytest.fixture(scope="module")
def refusing() -> Client:
    """One for all cases: nothing of what they send is kept. With the account that pods run as."""
    client = make_client()
    client.cluster.api.create("serviceaccounts", {"metadata": {"name": "default"}}, "default")
    return client


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_it_is_refused_so(refusing: Client, case: dict[str, Any]) -> None:
    answer = await refusing.post(place_of(case["kind"]), object_of(case))
    assert answer.status == 422, answer.json
    causes = [f"{cause['field']}: {cause['message']}" for cause in answer.json["details"]["causes"]]
    assert causes == case["causes"]
