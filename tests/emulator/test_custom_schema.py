"""What a CustomResourceDefinition may say: versions, fields to select by, columns, rules, defaults."""

from __future__ import annotations

from typing import Any

import pytest

from k8slab.emulator.clock import settle
from tests.emulator.asgi import Client

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
SHIRTS = "/apis/lab.example.com/v1/namespaces/team/shirts"
OLD_SHIRTS = SHIRTS.replace("/v1/", "/v1beta1/")


def structure(*rules: dict[str, Any], **fields: Any) -> dict[str, Any]:
    spec = {"type": "object", "properties": fields, "x-kubernetes-validations": list(rules)}
    return {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec, "status": {"type": "object"}}}}


def version(name: str = "v1", *, storage: bool = True, **more: Any) -> dict[str, Any]:
    color = {"type": "string", "enum": ["red", "blue"]}
    size = {"type": "integer", "maximum": 5}
    return {"name": name, "served": True, "storage": storage, "schema": structure(color=color, size=size), **more}


def definition(*versions: dict[str, Any], scope: str = "Namespaced", **more: Any) -> dict[str, Any]:
    names = {"plural": "shirts", "kind": "Shirt"}
    spec = {"group": "lab.example.com", "scope": scope, "names": names, "versions": list(versions or (version(),))}
    return {"metadata": {"name": "shirts.lab.example.com"}, "spec": {**spec, **more}}


def shirt(name: str = "s", api: str = "v1", **spec: Any) -> dict[str, Any]:
    return {"apiVersion": f"lab.example.com/{api}", "kind": "Shirt", "metadata": {"name": name}, "spec": spec}


async def defined(client: Client, *versions: dict[str, Any], **more: Any) -> None:
    made = await client.post(DEFINITIONS, definition(*versions, **more))
    assert made.status == 201, made.json["message"]
    await settle()


async def redefined(client: Client, *versions: dict[str, Any]) -> None:
    changed = await client.patch(f"{DEFINITIONS}/shirts.lab.example.com", {"spec": {"versions": list(versions)}})
    assert changed.status == 200, changed.json["message"]
    await settle()


async def causes(client: Client, *versions: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    refused = await client.post(DEFINITIONS, definition(*versions, **more))
    assert refused.status == 422, refused.json
    return [(one["field"], one["message"]) for one in refused.json["details"]["causes"]]


# ── fields to select by ──


async def test_lists_and_watches_are_narrowed_by_selectable_fields(client: Client) -> None:
    await defined(client, version(selectableFields=[{"jsonPath": ".spec.color"}, {"jsonPath": ".spec.size"}]))
    for name, color, size in (("a", "red", 1), ("b", "blue", 2), ("c", "blue", 3)):
        await client.post(SHIRTS, shirt(name, color=color, size=size))

    async def names(selector: str) -> list[str]:
        return [
            one["metadata"]["name"] for one in (await client.get(f"{SHIRTS}?fieldSelector={selector}")).json["items"]
        ]

    assert await names("spec.color%3Dblue") == ["b", "c"]
    assert await names("spec.color%3Dblue,spec.size!%3D3") == ["b"]
    assert await names("metadata.name%3Da") == ["a"]
    refused = await client.get(f"{SHIRTS}?fieldSelector=spec.nope%3D1")
    assert (refused.status, refused.json["message"]) == (400, "field label not supported: spec.nope")
    events = await client.watch(f"{SHIRTS}?watch=1&fieldSelector=spec.color%3Dred", 1)
    assert [one["object"]["metadata"]["name"] for one in events] == ["a"]


async def test_selectable_fields_must_be_there_and_plain(client: Client) -> None:
    fields = [".spec.nope", ".spec", ".metadata.name", ".spec.color", ".spec.color", ""]
    found = await causes(client, version(selectableFields=[{"jsonPath": path} for path in fields]))
    assert [(field.removeprefix("spec.selectableFields"), message.partition(": ")[0]) for field, message in found] == [
        ("[0].jsonPath", "Invalid value"),
        ("[1].jsonPath", "Invalid value"),
        ("[2].jsonPath", "Invalid value"),
        ("[4].jsonPath", "Duplicate value"),
        ("[5].jsonPath", "Required value"),
    ]


# ── versions ──


async def test_another_version_shows_what_its_schema_knows(client: Client) -> None:
    old = version("v1beta1", storage=False, schema=structure(colour={"type": "string"}, size={"type": "integer"}))
    await defined(client, version(), old)
    await client.post(SHIRTS, shirt(color="red", size=1))
    seen = (await client.get(f"{OLD_SHIRTS}/s")).json
    assert (seen["apiVersion"], seen["spec"]) == ("lab.example.com/v1beta1", {"size": 1})
    listed = (await client.get(OLD_SHIRTS)).json["items"]
    assert [one["spec"] for one in listed] == [{"size": 1}]


async def test_each_version_judges_what_is_sent_in_it(client: Client) -> None:
    old = version("v1beta1", storage=False, schema=structure(size={"type": "integer", "maximum": 99}))
    await defined(client, version(), old)
    assert (await client.post(OLD_SHIRTS, shirt(api="v1beta1", size=50))).status == 201
    assert (await client.post(SHIRTS, shirt("t", size=50))).status == 422
    assert (await client.get(f"{SHIRTS}/s")).json["spec"] == {"size": 50}


async def test_conversion_webhooks_are_refused_in_so_many_words(client: Client) -> None:
    webhook = {"strategy": "Webhook", "webhook": {"conversionReviewVersions": ["v1"]}}
    assert await causes(client, conversion=webhook) == [
        (
            "spec.conversion.strategy",
            "Forbidden: this cluster calls no conversion webhooks: use None, which changes the apiVersion only",
        )
    ]
    assert (await causes(client, conversion={"strategy": "Magic"}))[0][1].startswith('Unsupported value: "Magic"')


# ── what was allowed once may stay ──


async def test_what_is_unchanged_need_not_be_valid_any_more(client: Client) -> None:
    await defined(client)
    await client.post(SHIRTS, shirt(color="red", size=5))
    await redefined(
        client, version(schema=structure(color={"type": "string", "enum": ["green"]}, size={"type": "integer"}))
    )
    labelled = await client.patch(f"{SHIRTS}/s", {"metadata": {"labels": {"a": "b"}}, "spec": {"size": 4}})
    assert labelled.status == 200, labelled.json
    refused = await client.patch(f"{SHIRTS}/s", {"spec": {"color": "blue"}})
    assert "spec.color: Unsupported value" in refused.json["message"]
    assert (await client.patch(f"{SHIRTS}/s", {"spec": {"color": "green"}})).status == 200


async def test_items_of_a_list_by_keys_may_stay_one_by_one(client: Client) -> None:
    def parts(most: int) -> dict[str, Any]:
        item = {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "count": {"type": "integer", "maximum": most}},
        }
        keys = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]}
        return version(schema=structure(parts={"type": "array", "items": item, **keys}))

    await defined(client, parts(100))
    await client.post(SHIRTS, shirt(parts=[{"name": "a", "count": 50}, {"name": "b", "count": 1}]))
    await redefined(client, parts(10))
    body = {"spec": {"parts": [{"name": "b", "count": 2}, {"name": "a", "count": 50}]}}
    assert (await client.patch(f"{SHIRTS}/s", body)).status == 200
    body["spec"]["parts"][0]["count"] = 51
    assert "parts[0].count" in (await client.patch(f"{SHIRTS}/s", body)).json["message"]


async def test_rules_about_changes_are_asked_also_where_nothing_changed(client: Client) -> None:
    never = {"rule": "self.size > oldSelf.size", "message": "only upwards"}
    await defined(client, version(schema=structure(never, size={"type": "integer"})))
    await client.post(SHIRTS, shirt(size=1))
    refused = await client.patch(f"{SHIRTS}/s", {"metadata": {"labels": {"a": "b"}}})
    assert "only upwards" in refused.json["message"]


# ── rules ──


async def test_rules_say_where_why_and_what(client: Client) -> None:
    rule = {
        "rule": "self.min <= self.max",
        "messageExpression": "'min %d is over max %d'.format([self.min, self.max])",
        "reason": "FieldValueForbidden",
        "fieldPath": ".min",
    }
    await defined(client, version(schema=structure(rule, min={"type": "integer"}, max={"type": "integer"})))
    refused = (await client.post(SHIRTS, shirt(min=3, max=2))).json["details"]["causes"]
    assert refused == [
        {
            "reason": "FieldValueForbidden",
            "message": 'Invalid value: "object": min 3 is over max 2',
            "field": "spec.min",
        }
    ]


async def test_an_optional_old_self_serves_for_creation_too(client: Client) -> None:
    rule = {
        "rule": "oldSelf.hasValue() ? self.size >= oldSelf.value().size : self.size == 1",
        "message": "starts at one and grows",
        "optionalOldSelf": True,
    }
    await defined(client, version(schema=structure(rule, size={"type": "integer"})))
    assert "starts at one" in (await client.post(SHIRTS, shirt(size=2))).json["message"]
    assert (await client.post(SHIRTS, shirt(size=1))).status == 201
    assert (await client.patch(f"{SHIRTS}/s", {"spec": {"size": 3}})).status == 200
    assert "starts at one" in (await client.patch(f"{SHIRTS}/s", {"spec": {"size": 2}})).json["message"]


async def test_names_that_cel_cannot_spell_are_escaped(client: Client) -> None:
    rule = {"rule": "self.max__dash__size < 9 && self.__namespace__ == 'n'", "message": "no"}
    fields = {"max-size": {"type": "integer"}, "namespace": {"type": "string"}}
    await defined(client, version(schema=structure(rule, **fields)))
    assert (await client.post(SHIRTS, shirt(**{"max-size": 8, "namespace": "n"}))).status == 201
    assert (await client.post(SHIRTS, shirt("t", **{"max-size": 9, "namespace": "n"}))).status == 422


async def test_rules_know_the_functions_of_kubernetes(client: Client) -> None:
    rule = {"rule": "quantity(self.memory).isLessThan(quantity('1Gi')) && [1, 2].isSorted()", "message": "too much"}
    await defined(client, version(schema=structure(rule, memory={"type": "string"})))
    assert (await client.post(SHIRTS, shirt(memory="512Mi"))).status == 201
    assert "too much" in (await client.post(SHIRTS, shirt("t", memory="2G"))).json["message"]


@pytest.mark.parametrize(
    ("rule", "field", "why"),
    [
        ({"rule": "self.nope > 1"}, "rule", "undefined field 'nope'"),
        ({"rule": "self.size >"}, "rule", "compilation failed: ERROR: <input>:1:"),
        ({"rule": "1 + 1"}, "rule", "must evaluate to a bool"),
        ({"rule": " "}, "rule", "rule is not specified"),
        ({"rule": "true", "reason": "Whim"}, "reason", 'Unsupported value: "Whim"'),
        ({"rule": "true", "fieldPath": ".nope"}, "fieldPath", "fieldPath must be a valid path"),
        ({"rule": "true", "message": "a\nb"}, "message", "message must not contain line breaks"),
        ({"rule": "true", "messageExpression": "1"}, "messageExpression", "must evaluate to a string"),
        ({"rule": "true", "optionalOldSelf": True}, "optionalOldSelf", "may not be set if oldSelf is not used in rule"),
    ],
)
async def test_rules_that_cannot_work_are_refused(client: Client, rule: dict[str, Any], field: str, why: str) -> None:
    ((where, message),) = await causes(client, version(schema=structure(rule, size={"type": "integer"})))
    place = "spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]"
    assert where == f"{place}.{field}"
    assert why in message


# ── schemas, defaults, columns, status ──


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ({"type": "integer", "default": "x"}, 'must be of type integer: "string"'),
        ({"type": "string", "pattern": "("}, "must be a valid regular expression"),
        ({"type": "array"}, "must be specified"),
        ({"type": "object", "x-kubernetes-embedded-resource": True}, "must not be empty if"),
        ({"type": "string", "x-kubernetes-list-type": "set"}, "must be array if"),
        ({"type": "string", "allOf": [{"type": "string"}]}, "must be empty to be structural"),
        ({"type": "object", "$ref": "#/x"}, "$ref is not supported"),
    ],
)
async def test_schemas_that_are_not_structural_are_refused(client: Client, field: dict[str, Any], why: str) -> None:
    found = await causes(client, version(schema=structure(field=field)))
    assert [why in message for _, message in found] == [True]


async def test_columns_and_paths_are_checked(client: Client) -> None:
    columns = [{"name": "A", "type": "text", "jsonPath": ".a"}, {"name": "", "type": "string", "jsonPath": "a"}]
    scale = {"scale": {"specReplicasPath": ".status.x", "statusReplicasPath": ""}}
    found = await causes(client, version(additionalPrinterColumns=columns, subresources=scale))
    assert [field for field, _ in found] == [
        "spec.subresources.scale.specReplicasPath",
        "spec.subresources.scale.statusReplicasPath",
        "spec.additionalPrinterColumns[0].type",
        "spec.additionalPrinterColumns[1].name",
        "spec.additionalPrinterColumns[1].JSONPath",
    ]


async def test_columns_show_their_values(client: Client) -> None:
    columns = [
        {"name": "Color", "type": "string", "jsonPath": ".spec.color"},
        {"name": "Since", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        {"name": "Size", "type": "integer", "jsonPath": ".spec.size", "priority": 1},
    ]
    await defined(client, version(additionalPrinterColumns=columns))
    await client.post(SHIRTS, shirt(color="red", size=2))
    table = (await client.get(SHIRTS, accept="application/json;as=Table;v=v1;g=meta.k8s.io")).json
    assert [(one["name"], one["priority"]) for one in table["columnDefinitions"]] == [
        ("Name", 0),
        ("Color", 0),
        ("Since", 0),
        ("Size", 1),
    ]
    assert table["rows"][0]["cells"] == ["s", "red", "0s", 2]


async def test_the_status_has_a_schema_and_a_door_of_its_own(client: Client) -> None:
    schema = structure(size={"type": "integer"})
    phase = {"type": "object", "properties": {"phase": {"type": "string", "enum": ["Ready"]}}}
    schema["openAPIV3Schema"]["properties"]["status"] = phase
    await defined(client, version(schema=schema, subresources={"status": {}}))
    made = await client.post(SHIRTS, {**shirt(size=1), "status": {"phase": "Ready"}})
    assert "status" not in made.json
    refused = await client.patch(f"{SHIRTS}/s/status", {"status": {"phase": "Odd"}})
    assert "status.phase: Unsupported value" in refused.json["message"]
    changed = await client.patch(f"{SHIRTS}/s/status", {"status": {"phase": "Ready"}, "spec": {"size": 9}})
    assert (changed.json["status"], changed.json["spec"]) == ({"phase": "Ready"}, {"size": 1})
    assert changed.json["metadata"]["generation"] == 1


async def test_without_that_door_a_new_status_is_a_new_generation(client: Client) -> None:
    await defined(client)
    await client.post(SHIRTS, shirt(size=1))
    changed = await client.patch(f"{SHIRTS}/s", {"status": {}})
    assert changed.json["metadata"]["generation"] == 2


async def test_scale_tells_the_selector(client: Client) -> None:
    paths = {
        "specReplicasPath": ".spec.size",
        "statusReplicasPath": ".status.size",
        "labelSelectorPath": ".status.selector",
    }
    schema = structure(size={"type": "integer"})
    schema["openAPIV3Schema"]["properties"]["status"] = {
        "type": "object",
        "properties": {"size": {"type": "integer"}, "selector": {"type": "string"}},
    }
    await defined(client, version(schema=schema, subresources={"status": {}, "scale": paths}))
    await client.post(SHIRTS, shirt(size=3))
    await client.patch(f"{SHIRTS}/s/status", {"status": {"size": 2, "selector": "app=s"}})
    scale = (await client.get(f"{SHIRTS}/s/scale")).json
    assert (scale["spec"], scale["status"]) == ({"replicas": 3}, {"replicas": 2, "selector": "app=s"})


async def test_defaults_and_unknown_fields_in_every_depth(client: Client) -> None:
    inner = {"type": "object", "properties": {"x": {"type": "integer", "default": 7}}}
    free = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    either = {"x-kubernetes-int-or-string": True}
    fields = {"map": {"type": "object", "additionalProperties": inner}, "free": free, "either": either}
    fields["list"] = {"type": "array", "items": inner}
    fields["deep"] = {**inner, "default": {}}
    await defined(client, version(schema=structure(**fields)))
    made = await client.post(
        SHIRTS, shirt(map={"k": {"y": 1}}, free={"any": {"thing": 1}}, either="50%", list=[{}, {"x": 1, "z": 2}])
    )
    assert made.json["spec"] == {
        "map": {"k": {"x": 7}},
        "free": {"any": {"thing": 1}},
        "either": "50%",
        "list": [{"x": 7}, {"x": 1}],
        "deep": {"x": 7},
    }


async def test_a_cluster_wide_kind_has_no_namespace_to_select_by(client: Client) -> None:
    await defined(client, scope="Cluster")
    refused = await client.get("/apis/lab.example.com/v1/shirts?fieldSelector=metadata.namespace%3Dx")
    assert refused.json["message"] == "field label not supported: metadata.namespace"


async def test_explain_has_something_to_say(client: Client) -> None:
    """`kubectl explain` reads this document, and stumbles over a field of which nothing at all is said."""
    size = {"type": "integer", "default": 1, "description": "How large."}
    either = {"x-kubernetes-int-or-string": True}
    await defined(client, version(schema=structure(size=size, either=either)))
    document = (await client.get("/openapi/v3/apis/lab.example.com/v1")).json["components"]["schemas"]
    kind = document["com.example.lab.v1.Shirt"]
    assert kind["properties"]["apiVersion"]["description"].startswith("APIVersion defines the versioned schema")
    fields = kind["properties"]["spec"]["properties"]
    assert fields["size"] == size
    assert fields["either"] == either
