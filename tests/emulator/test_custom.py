"""CustomResourceDefinitions: served at once, validated, and gone with their objects."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.emulator.clock import settle
from tests.emulator.asgi import Client

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
TABS = "/apis/stable.example.com/v1/namespaces/team/crontabs"


def definition(**more: Any) -> Any:
    spec = {
        "type": "object",
        "required": ["cron"],
        "properties": {
            "cron": {"type": "string", "pattern": r"^\S+$"},
            "replicas": {"type": "integer", "minimum": 1, "maximum": 10, "default": 1},
            "mode": {"type": "string", "enum": ["Fast", "Slow"]},
            "ports": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "items": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": {"type": "string"}, "number": {"type": "integer"}},
                },
            },
        },
        "x-kubernetes-validations": [
            {"rule": "self.replicas < 9", "message": "that is too many"},
            {"rule": "self.replicas >= oldSelf.replicas", "message": "it only grows"},
        ],
    }
    schema = {"type": "object", "properties": {"spec": spec, "status": {"type": "object"}}}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": schema},
        "subresources": {"status": {}},
        "additionalPrinterColumns": [{"name": "Spec", "type": "string", "jsonPath": ".spec.cron"}],
        **more,
    }
    names = {"plural": "crontabs", "kind": "CronTab", "shortNames": ["ct"]}
    return {
        "metadata": {"name": "crontabs.stable.example.com"},
        "spec": {"group": "stable.example.com", "scope": "Namespaced", "names": names, "versions": [version]},
    }


def tab(name: str = "t", **spec: Any) -> Any:
    spec = {"cron": "*", **spec}
    return {"apiVersion": "stable.example.com/v1", "kind": "CronTab", "metadata": {"name": name}, "spec": spec}


@pytest.fixture
async def tabs(client: Client) -> Client:
    made = await client.post(DEFINITIONS, definition())
    assert made.status == 201, made.json
    await settle()
    return client


async def test_it_works(tabs: Client) -> None:
    conditions = (await tabs.get(f"{DEFINITIONS}/crontabs.stable.example.com")).json["status"]["conditions"]
    assert [(one["type"], one["status"]) for one in conditions] == [("NamesAccepted", "True"), ("Established", "True")]
    made = await tabs.post(TABS, tab(nope=1))
    assert (made.status, made.warnings) == (201, ['unknown field "spec.nope"'])
    assert made.json["spec"] == {"cron": "*", "replicas": 1}
    assert made.json["metadata"]["generation"] == 1
    listed = (await tabs.get("/apis/stable.example.com/v1")).json
    assert [one["name"] for one in listed["resources"]] == ["crontabs", "crontabs/status"]
    table = (await tabs.get(TABS, accept="application/json;as=Table;v=v1;g=meta.k8s.io")).json
    assert [one["name"] for one in table["columnDefinitions"]] == ["Name", "Spec"]
    assert table["rows"][0]["cells"] == ["t", "*"]
    assert b'"CronTab"' in (await tabs.get("/openapi/v3/apis/stable.example.com/v1")).body


async def test_wrong_values_are_refused_with_their_causes(tabs: Client) -> None:
    refused = await tabs.post(TABS, tab(replicas="x", mode="Odd"))
    assert refused.status == 422
    assert [one["message"] for one in refused.json["details"]["causes"]] == [
        'Invalid value: "string": spec.replicas in body must be of type integer: "string"',
        'Unsupported value: "Odd": supported values: "Fast", "Slow"',
    ]
    low = await tabs.post(TABS, tab(replicas=0))
    assert "spec.replicas in body should be greater than or equal to 1" in low.json["message"]
    none = await tabs.post(TABS, {**tab(), "spec": {}})
    assert "spec.cron: Required value" in none.json["message"]
    twice = await tabs.post(TABS, tab(ports=[{"name": "a"}, {"name": "a"}]))
    assert 'spec.ports[1]: Duplicate value: {"name":"a"}' in twice.json["message"]


async def test_rules_judge_new_and_changed_objects(tabs: Client) -> None:
    refused = await tabs.post(TABS, tab(replicas=9))
    assert refused.json["details"]["causes"][0]["message"] == 'Invalid value: "object": that is too many'
    await tabs.post(TABS, tab(replicas=3))
    smaller = await tabs.patch(f"{TABS}/t", {"spec": {"replicas": 2}})
    assert 'spec: Invalid value: "object": it only grows' in smaller.json["message"]
    assert (await tabs.patch(f"{TABS}/t", {"spec": {"replicas": 4}})).json["metadata"]["generation"] == 2


async def test_patches_and_status(tabs: Client) -> None:
    await tabs.apply(f"{TABS}/t", tab(ports=[{"name": "a", "number": 1}]), "one")
    applied = await tabs.apply(f"{TABS}/t", tab(ports=[{"name": "b", "number": 2}]), "two")
    assert [one["name"] for one in applied.json["spec"]["ports"]] == ["a", "b"]
    assert (await tabs.patch(f"{TABS}/t", {}, "strategic-merge-patch+json")).status == 415


async def test_a_definition_goes_with_its_objects(tabs: Client) -> None:
    await tabs.post(TABS, {**tab(), "metadata": {"name": "t", "finalizers": ["example.com/wait"]}})
    gone = await tabs.call("DELETE", f"{DEFINITIONS}/crontabs.stable.example.com")
    assert gone.json["metadata"]["finalizers"] == ["customresourcecleanup.apiextensions.k8s.io"]
    await settle()
    assert (await tabs.get(f"{TABS}/t")).json["metadata"]["deletionTimestamp"]
    await tabs.patch(f"{TABS}/t", {"metadata": {"finalizers": None}})
    await settle()
    assert (await tabs.get(f"{DEFINITIONS}/crontabs.stable.example.com")).status == 404
    assert (await tabs.get(TABS)).body == b"404 page not found\n"


async def test_a_definition_must_be_structural(client: Client) -> None:
    bare = await client.post(DEFINITIONS, definition(schema={"openAPIV3Schema": {"properties": {"spec": {}}}}))
    assert bare.status == 422
    fields = [one["field"] for one in bare.json["details"]["causes"]]
    assert fields == ["spec.validation.openAPIV3Schema.type", "spec.validation.openAPIV3Schema.properties[spec].type"]
    misnamed = {**definition(), "metadata": {"name": "tabs.example.com"}}
    assert 'must be spec.names.plural+"."+spec.group' in (await client.post(DEFINITIONS, misnamed)).json["message"]


async def test_names_of_others_are_not_taken(tabs: Client) -> None:
    other = definition()
    other["metadata"]["name"] = "others.stable.example.com"
    other["spec"]["names"] = {"plural": "others", "kind": "CronTab"}
    await tabs.post(DEFINITIONS, other)
    await settle()
    conditions = (await tabs.get(f"{DEFINITIONS}/others.stable.example.com")).json["status"]["conditions"]
    assert [(one["type"], one["status"], one["reason"]) for one in conditions] == [
        ("NamesAccepted", "False", "ListKindConflict"),
        ("Established", "False", "NotAccepted"),
    ]


async def test_scale_follows_its_paths(client: Client) -> None:
    paths = {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}
    made = await client.post(DEFINITIONS, definition(subresources={"scale": paths}))
    assert made.status == 201
    await client.post(TABS, tab(replicas=2))
    assert (await client.get(f"{TABS}/t/scale")).json["spec"] == {"replicas": 2}
    scaled = await client.patch(f"{TABS}/t/scale", {"spec": {"replicas": 5}})
    assert (scaled.json["spec"], scaled.json["status"]) == ({"replicas": 5}, {"replicas": 0})
    assert (await client.get(f"{TABS}/t")).json["spec"]["replicas"] == 5


async def test_falsy_defaults_are_kept(client: Client) -> None:
    fields = {"a": {"type": "boolean", "default": False}, "b": {"type": "string", "default": ""}}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": fields}}}
    await client.post(DEFINITIONS, definition(schema={"openAPIV3Schema": schema}))
    made = await client.post(TABS, {**tab(), "spec": {}})
    assert made.json["spec"] == {"a": False, "b": ""}


async def test_a_pattern_takes_no_time_without_end(client: Client) -> None:
    cron = {"type": "string", "pattern": "^(a+)+$"}
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"cron": cron}}}}
    await client.post(DEFINITIONS, definition(schema={"openAPIV3Schema": schema}))
    refused = await client.post(TABS, tab(cron="a" * 2000 + "b"))
    assert "in body should match '^(a+)+$'" in refused.json["message"]
