"""The API as a client sees it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.asgi import Client

MAPS = "/api/v1/namespaces/team/configmaps"
PODS = "/api/v1/namespaces/team/pods"
DEPLOYMENTS = "/apis/apps/v1/namespaces/team/deployments"


def pod(name: str = "p", **container: Any) -> Any:
    return {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "nginx", **container}]}}


def deployment(name: str = "web") -> Any:
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    return {"metadata": {"name": name}, "spec": {"selector": {"matchLabels": {"app": name}}, "template": template}}


async def test_it_works(client: Client) -> None:
    made = await client.post(MAPS, {"metadata": {"name": "a"}, "data": {"k": "v"}})
    assert made.status == 201
    read = await client.get(f"{MAPS}/a")
    assert read.json == made.json
    assert read.json["kind"] == "ConfigMap"
    gone = await client.call("DELETE", f"{MAPS}/a")
    assert gone.json["details"]["uid"] == made.json["metadata"]["uid"]
    assert (await client.get(f"{MAPS}/a")).json["message"] == 'configmaps "a" not found'


async def test_nobody_is_anonymous_and_may_read_only_health(client: Client) -> None:
    refused = await client.get(PODS, token=None)
    assert refused.status == 403
    assert refused.json["message"] == (
        'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "team"'
    )
    assert (await client.get("/readyz", token=None)).body == b"ok"
    assert (await client.get(PODS, token="wrong")).status == 401


async def test_unknown_places(client: Client) -> None:
    assert (await client.get("/nope")).body == b"404 page not found\n"
    assert (await client.get("/apis/extensions/v1beta1/namespaces/team/deployments")).body == b"404 page not found\n"
    assert (await client.get("/apis/apps/v9/deployments")).json["details"] == {}


async def test_unknown_fields_are_told(client: Client) -> None:
    made = await client.post(MAPS, {"metadata": {"name": "a"}, "dta": {}})
    assert (made.status, made.warnings) == (201, ['unknown field "dta"'])
    refused = await client.post(f"{MAPS}?fieldValidation=Strict", {"metadata": {"name": "b"}, "dta": {}})
    assert refused.status == 400
    assert 'strict decoding error: unknown field "dta"' in refused.json["message"]


async def test_wrong_types_are_told_as_go_does(client: Client) -> None:
    body = pod()
    body["spec"]["containers"] = {"name": "c"}
    refused = await client.post(PODS, body)
    expected = "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container"
    assert refused.json["message"] == f'Pod in version "v1" cannot be handled as a Pod: {expected}'


async def test_yaml_is_taken(client: Client) -> None:
    body = b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: y1\ndata:\n  when: '2026-01-01'\n"
    assert (await client.post(MAPS, body, content_type="application/yaml")).status == 201


async def test_a_pod_is_defaulted_and_admitted(client: Client) -> None:
    spec = (await client.post(PODS, pod())).json["spec"]
    assert spec["restartPolicy"] == "Always"
    assert spec["serviceAccountName"] == "default"
    assert spec["containers"][0]["imagePullPolicy"] == "Always"
    assert spec["containers"][0]["volumeMounts"][0]["mountPath"].endswith("/serviceaccount")
    assert [one["tolerationSeconds"] for one in spec["tolerations"]] == [300, 300]


async def test_validation_names_the_field(client: Client) -> None:
    refused = await client.post(PODS, pod("Bad", ports=[{"containerPort": 0}]))
    fields = [cause["field"] for cause in refused.json["details"]["causes"]]
    assert refused.status == 422
    assert fields == ["metadata.name", "spec.containers[0].ports[0].containerPort"]


async def test_a_selector_that_does_not_match_its_template(client: Client) -> None:
    body = deployment()
    body["spec"]["selector"] = {"matchLabels": {"app": "other"}}
    refused = await client.post(DEPLOYMENTS, body)
    assert "`selector` does not match template `labels`" in refused.json["message"]


async def test_dry_run_stores_nothing(client: Client) -> None:
    assert (await client.post(f"{MAPS}?dryRun=All", {"metadata": {"name": "a"}})).status == 201
    assert (await client.get(f"{MAPS}/a")).status == 404


async def test_generate_name(client: Client) -> None:
    made = await client.post(MAPS, {"metadata": {"generateName": "x-"}})
    assert made.json["metadata"]["name"].startswith("x-")
    assert len(made.json["metadata"]["name"]) == 7


async def test_lists_page_consistently(client: Client) -> None:
    for name in "abcde":
        await client.post(MAPS, {"metadata": {"name": name}})
    first = (await client.get(f"{MAPS}?limit=2")).json
    assert first["metadata"]["remainingItemCount"] == 3
    await client.post(MAPS, {"metadata": {"name": "bb"}})
    rest = (await client.get(f"{MAPS}?limit=9&continue={first['metadata']['continue']}")).json
    assert [item["metadata"]["name"] for item in rest["items"]] == ["c", "d", "e"]


async def test_generation_counts_wishes_only(client: Client) -> None:
    await client.post(DEPLOYMENTS, deployment())
    url = f"{DEPLOYMENTS}/web"
    labelled = await client.patch(url, {"metadata": {"labels": {"x": "y"}}})
    assert labelled.json["metadata"]["generation"] == 1
    status = await client.patch(f"{url}/status", {"status": {"replicas": 1}})
    assert status.json["metadata"]["generation"] == 1
    scaled = await client.patch(url, {"spec": {"replicas": 2}})
    assert scaled.json["metadata"]["generation"] == 2
    assert scaled.json["status"] == {"replicas": 1}


async def test_scale(client: Client) -> None:
    await client.post(DEPLOYMENTS, deployment())
    scale = await client.patch(f"{DEPLOYMENTS}/web/scale", {"spec": {"replicas": 4}})
    assert scale.json["spec"] == {"replicas": 4}
    assert scale.json["status"]["selector"] == "app=web"
    assert (await client.get(f"{DEPLOYMENTS}/web")).json["spec"]["replicas"] == 4


async def test_a_scheduled_pod_is_deleted_gracefully(client: Client) -> None:
    await client.post(PODS, pod())
    binding = {"target": {"kind": "Node", "name": "n1"}}
    assert (await client.post(f"{PODS}/p/binding", binding)).status == 201
    assert (await client.post(f"{PODS}/p/binding", binding)).status == 409
    going = (await client.call("DELETE", f"{PODS}/p")).json
    assert going["metadata"]["deletionGracePeriodSeconds"] == 30
    await client.call("DELETE", f"{PODS}/p", {"gracePeriodSeconds": 0})
    assert (await client.get(f"{PODS}/p")).status == 404


async def test_finalizers_hold_an_object(client: Client) -> None:
    await client.post(MAPS, {"metadata": {"name": "a", "finalizers": ["x.y/z"]}})
    held = (await client.call("DELETE", f"{MAPS}/a")).json
    assert "deletionTimestamp" in held["metadata"]
    await client.patch(f"{MAPS}/a", {"metadata": {"finalizers": None}})
    assert (await client.get(f"{MAPS}/a")).status == 404


async def test_tables_and_metadata_only(client: Client) -> None:
    await client.post(MAPS, {"metadata": {"name": "a"}, "data": {"x": "1", "y": "2"}})
    table = (await client.get(f"{MAPS}/a", accept="application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).json
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Data", "Age"]
    assert table["rows"][0]["cells"] == ["a", 2, "0s"]
    partial = await client.get(f"{MAPS}/a", accept="application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io")
    assert set(partial.json) == {"kind", "apiVersion", "metadata"}
    assert (await client.get(MAPS, accept="text/html")).status == 406


async def test_discovery(client: Client) -> None:
    groups = [group["name"] for group in (await client.get("/apis")).json["groups"]]
    assert groups[:2] == ["apiregistration.k8s.io", "apps"]
    names = [one["name"] for one in (await client.get("/apis/apps/v1")).json["resources"]]
    assert "deployments/scale" in names
    v3 = (await client.get("/openapi/v3/apis/apps/v1")).json
    assert "io.k8s.api.apps.v1.Deployment" in v3["components"]["schemas"]


async def test_a_service_gets_addresses_of_its_own(client: Client) -> None:
    url = "/api/v1/namespaces/team/services"
    made = (
        await client.post(url, {"metadata": {"name": "s"}, "spec": {"type": "NodePort", "ports": [{"port": 80}]}})
    ).json
    assert made["spec"]["clusterIP"].startswith("10.")
    assert 30000 <= made["spec"]["ports"][0]["nodePort"] <= 32767
    kept = await client.patch(f"{url}/s", {"spec": {"clusterIP": None}})
    assert kept.json["spec"]["clusterIP"] == made["spec"]["clusterIP"]
    refused = await client.patch(f"{url}/s", {"spec": {"clusterIP": "10.96.255.254"}})
    assert "may not change once set" in refused.json["message"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"metadata": []}', b"\xff\xfe", b'{"metadata": {"name": 5}}', b"null"]
)
async def test_hostile_bodies_are_the_clients_fault(client: Client, body: bytes) -> None:
    assert 400 <= (await client.post(MAPS, body)).status < 500
    assert 400 <= (await client.call("PUT", f"{MAPS}/a", body)).status < 500
    for kind in ("merge-patch+json", "json-patch+json", "strategic-merge-patch+json", "apply-patch+yaml"):
        assert 400 <= (await client.patch(f"{MAPS}/a?fieldManager=m", body, kind)).status < 500


async def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    refused = await client.post(MAPS, b" " * (3 * 1024 * 1024 + 1))
    assert refused.status == 413
    assert refused.json["reason"] == "RequestEntityTooLarge"
    assert refused.json["message"] == "Request entity too large: limit is 3145728"


async def test_a_body_that_is_nested_too_deeply_is_refused(client: Client) -> None:
    assert (await client.post(MAPS, b'{"data":' * 100_000)).status == 400
    deep = b'{"metadata":{"name":"a"},"data":' + b"[" * 5000 + b"]" * 5000 + b"}"
    assert (await client.post(MAPS, deep)).status == 400
