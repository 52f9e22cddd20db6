from __future__ import annotations

from typing import Any

from tests.emulator.asgi import Client

PODS = "/api/v1/namespaces/team/pods"
API = "/apis/admissionregistration.k8s.io/v1"


def pod(name: str = "p", **container: Any) -> Any:
    return {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "nginx", **container}]}}


async def test_quota(client: Client) -> None:
    quota = client.cluster.api.create(
        "resourcequotas", {"metadata": {"name": "q", "namespace": "team"}, "spec": {"hard": {"pods": "1"}}}
    )
    client.cluster.api.update(
        "resourcequotas", {**quota, "status": {"hard": {"pods": "1"}, "used": {"pods": "0"}}}, "status"
    )
    assert (await client.post(PODS, pod("a"))).status == 201
    refused = await client.post(PODS, pod("b"))
    assert refused.status == 403
    assert refused.json["message"] == (
        'pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1'
    )


async def test_limit_range(client: Client) -> None:
    limits = [{"type": "Container", "default": {"cpu": "500m"}, "max": {"cpu": "1"}}]
    client.cluster.api.create(
        "limitranges", {"metadata": {"name": "l", "namespace": "team"}, "spec": {"limits": limits}}
    )
    made = (await client.post(PODS, pod("a"))).json
    assert made["spec"]["containers"][0]["resources"] == {"limits": {"cpu": "500m"}, "requests": {"cpu": "500m"}}
    refused = await client.post(PODS, pod("b", resources={"limits": {"cpu": "2"}}))
    assert "maximum cpu usage per Container is 1, but limit is 2" in refused.json["message"]


async def test_pod_security(client: Client) -> None:
    client.cluster.api.patch(
        "namespaces", "team", None, {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "baseline"}}}
    )
    refused = await client.post(PODS, pod(securityContext={"privileged": True}))
    assert refused.json["message"] == (
        'pods "p" is forbidden: violates PodSecurity "baseline:latest": privileged '
        '(container "c" must not set securityContext.privileged=true)'
    )
    assert (await client.post(PODS, pod())).status == 201


async def test_a_missing_or_dying_namespace_takes_nothing_new(client: Client) -> None:
    missing = await client.post("/api/v1/namespaces/nope/configmaps", {"metadata": {"name": "c"}})
    assert (missing.status, missing.json["message"]) == (404, 'namespaces "nope" not found')
    await client.call("DELETE", "/api/v1/namespaces/team")
    dying = await client.post("/api/v1/namespaces/team/configmaps", {"metadata": {"name": "c"}})
    assert dying.json["details"]["causes"][0]["reason"] == "NamespaceTerminating"
    kept = await client.call("DELETE", "/api/v1/namespaces/default")
    assert kept.json["message"].endswith("this namespace may not be deleted")


async def test_namespace_annotations_bind_pods_to_nodes(client: Client) -> None:
    annotations = {"scheduler.alpha.kubernetes.io/node-selector": "sandbox=team"}
    client.cluster.api.patch("namespaces", "team", None, {"metadata": {"annotations": annotations}})
    assert (await client.post(PODS, pod())).json["spec"]["nodeSelector"] == {"sandbox": "team"}


async def test_a_policy_refuses_in_its_own_words(client: Client) -> None:
    rules = [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}]
    validations = [
        {"expression": "object.metadata.name.startsWith('ok-')", "messageExpression": "'not ' + object.metadata.name"}
    ]
    policy = {
        "metadata": {"name": "v"},
        "spec": {"matchConstraints": {"resourceRules": rules}, "validations": validations},
    }
    assert (await client.post(f"{API}/validatingadmissionpolicies", policy)).status == 201
    binding = {"metadata": {"name": "v"}, "spec": {"policyName": "v", "validationActions": ["Deny"]}}
    await client.post(f"{API}/validatingadmissionpolicybindings", binding)
    url = "/api/v1/namespaces/team/configmaps"
    refused = await client.post(url, {"metadata": {"name": "bad"}})
    assert refused.status == 422
    assert refused.json["message"].endswith("denied request: not bad")
    assert (await client.post(url, {"metadata": {"name": "ok-1"}})).status == 201


async def test_a_policy_that_does_not_compile(client: Client) -> None:
    spec = {"matchConstraints": {"resourceRules": [{}]}, "validations": [{"expression": "1 + 1"}]}
    refused = await client.post(f"{API}/validatingadmissionpolicies", {"metadata": {"name": "v"}, "spec": spec})
    assert "must evaluate to bool but got int" in refused.json["message"]
