"""A pod is bound once, by whoever means this pod and not one that had its name before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.asgi import Client

SPACE = "/api/v1/namespaces/team"
NODE = {"kind": "Node", "name": "n"}


async def make_pod(client: Client) -> Any:
    await client.post("/api/v1/nodes", {"metadata": {"name": "n"}})
    spec = {"containers": [{"name": "c", "image": "nginx"}]}
    return (await client.post(f"{SPACE}/pods", {"metadata": {"name": "p"}, "spec": spec})).json


@pytest.mark.parametrize("path", [f"{SPACE}/pods/p/binding", f"{SPACE}/bindings"])
async def test_both_ways_bind(client: Client, path: str) -> None:
    pod = await make_pod(client)
    wrong = await client.post(path, {"metadata": {"name": "p", "uid": "other"}, "target": NODE})
    assert wrong.status == 409
    assert wrong.json["message"].endswith(f"UID in precondition: other, UID in object meta: {pod['metadata']['uid']}")
    done = await client.post(path, {"metadata": {"name": "p", "uid": pod["metadata"]["uid"]}, "target": NODE})
    assert (done.status, done.json["status"]) == (201, "Success")
    again = await client.post(path, {"metadata": {"name": "p"}, "target": NODE})
    assert 'pod p is already assigned to node "n"' in again.json["message"]


async def test_what_a_binding_must_say(client: Client) -> None:
    await make_pod(client)
    url = f"{SPACE}/pods/p/binding"
    other = await client.post(url, {"metadata": {"name": "q"}, "target": NODE})
    assert other.json["message"] == "name in URL does not match name in Binding object"
    vague = await client.post(url, {"metadata": {"name": "p"}, "target": {"kind": "Pod"}})
    assert vague.json["message"] == (
        'Binding "p" is invalid: [target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", '
        "target.name: Required value]"
    )


async def test_an_eviction_may_mean_one_pod_only(client: Client) -> None:
    pod = await make_pod(client)
    url, options = f"{SPACE}/pods/p/eviction", {"preconditions": {"uid": "other"}}
    refused = await client.post(url, {"metadata": {"name": "p"}, "deleteOptions": options})
    assert refused.status == 409
    options["preconditions"]["uid"] = pod["metadata"]["uid"]
    assert (await client.post(url, {"metadata": {"name": "p"}, "deleteOptions": options})).status == 201
