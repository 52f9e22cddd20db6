from __future__ import annotations

from typing import Any

from tests.emulator.asgi import Client

MAP = "/api/v1/namespaces/team/configmaps/c"
DEPLOYMENT = "/apis/apps/v1/namespaces/team/deployments/d"


def config_map(**data: str) -> Any:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data}


def deployment(**images: str) -> Any:
    containers = [{"name": name, "image": image} for name, image in images.items()]
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": containers}}
    spec = {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": spec}


async def test_it_works(client: Client) -> None:
    made = await client.apply(MAP, config_map(a="1", b="2"), "me")
    assert made.status == 201
    (entry,) = made.json["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("me", "Apply")
    assert entry["fieldsV1"] == {"f:data": {"f:a": {}, "f:b": {}}}
    assert (await client.apply(MAP, config_map(a="3"), "me")).json["data"] == {"a": "3"}


async def test_a_conflict_names_the_owner_and_force_takes_over(client: Client) -> None:
    await client.apply(MAP, config_map(a="1"), "one")
    refused = await client.apply(MAP, config_map(a="2"), "two")
    assert refused.status == 409
    assert refused.json["message"] == 'Apply failed with 1 conflict: conflict with "one": .data.a'
    assert refused.json["details"]["causes"][0]["reason"] == "FieldManagerConflict"
    taken = await client.apply(MAP, config_map(a="2"), "two", force=True)
    assert [entry["manager"] for entry in taken.json["metadata"]["managedFields"]] == ["two"]


async def test_what_two_say_stays_until_both_drop_it(client: Client) -> None:
    await client.apply(MAP, config_map(a="1"), "one")
    await client.apply(MAP, config_map(a="1"), "two")
    assert (await client.apply(MAP, config_map(), "one")).json["data"] == {"a": "1"}
    assert "data" not in (await client.apply(MAP, config_map(), "two")).json


async def test_an_update_takes_ownership(client: Client) -> None:
    await client.apply(MAP, config_map(a="1"), "one")
    await client.patch(MAP, {"data": {"a": "2"}}, user_agent="tool/1")
    refused = await client.apply(MAP, config_map(a="1"), "one")
    assert 'conflict with "tool" using v1' in refused.json["message"]


async def test_containers_merge_by_name(client: Client) -> None:
    await client.apply(DEPLOYMENT, deployment(a="a:1", b="b:1"), "one")
    await client.apply(DEPLOYMENT, deployment(c="c:1"), "two")
    result = await client.apply(DEPLOYMENT, deployment(a="a:2"), "one")
    containers = result.json["spec"]["template"]["spec"]["containers"]
    assert [(one["name"], one["image"]) for one in containers] == [("a", "a:2"), ("c", "c:1")]


async def test_applying_the_same_again_changes_nothing(client: Client) -> None:
    first = await client.apply(DEPLOYMENT, deployment(a="a:1"), "one")
    again = await client.apply(DEPLOYMENT, deployment(a="a:1"), "one")
    assert again.json["metadata"]["resourceVersion"] == first.json["metadata"]["resourceVersion"]


async def test_an_unknown_field(client: Client) -> None:
    refused = await client.apply(MAP, {**config_map(), "dta": {}}, "me")
    assert refused.status == 500
    assert refused.json["message"].endswith(".dta: field not declared in schema")
