"""Roles, bindings, impersonation, tokens."""

from __future__ import annotations

from typing import Any

from tests.emulator.asgi import Client

API = "/apis/rbac.authorization.k8s.io/v1/namespaces/team"
PODS = "/api/v1/namespaces/team/pods"


def binding(role: str, user: str, kind: str = "ClusterRole") -> Any:
    return {
        "metadata": {"name": f"{role}-{user}"},
        "roleRef": {"kind": kind, "name": role},
        "subjects": [{"kind": "User", "name": user}],
    }


async def test_it_works(client: Client) -> None:
    assert (await client.get(PODS, user="jane")).status == 403
    await client.post(f"{API}/rolebindings", binding("view", "jane"))
    assert (await client.get(PODS, user="jane")).status == 200
    refused = await client.get("/api/v1/namespaces/team/secrets", user="jane")
    assert refused.json["message"] == (
        'secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "team"'
    )


async def test_a_binding_that_goes_takes_the_right_with_it(client: Client) -> None:
    await client.post(f"{API}/rolebindings", binding("view", "jane"))
    await client.call("DELETE", f"{API}/rolebindings/view-jane")
    assert (await client.get(PODS, user="jane")).status == 403


async def test_nobody_gives_what_he_does_not_have(client: Client) -> None:
    await client.post(f"{API}/rolebindings", binding("admin", "boss"))
    role = {"metadata": {"name": "r"}, "rules": [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]}]}
    refused = await client.post(f"{API}/roles", role, user="boss")
    assert refused.status == 403
    assert (
        'is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"]'
        in refused.json["message"]
    )
    assert (await client.post(f"{API}/rolebindings", binding("cluster-admin", "x"), user="boss")).status == 403
    assert (await client.post(f"{API}/rolebindings", binding("edit", "x"), user="boss")).status == 201


async def test_impersonation_needs_a_right(client: Client) -> None:
    url = "/api/v1/namespaces/team/serviceaccounts/default/token"
    token = (await client.post(url, {"spec": {}})).json["status"]["token"]
    assert (await client.get(PODS, user="jane", token=token)).status == 403
    who = await client.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, token=token)
    assert who.json["status"]["userInfo"]["username"] == "system:serviceaccount:team:default"


async def test_a_token_ends_with_its_account(client: Client) -> None:
    url = "/api/v1/namespaces/team/serviceaccounts/default"
    token = (await client.post(f"{url}/token", {"spec": {}})).json["status"]["token"]
    await client.call("DELETE", url)
    assert (await client.get(PODS, token=token)).status == 401
    assert (await client.get(PODS, token=token + "x")).status == 401


async def test_access_reviews(client: Client) -> None:
    url = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    asked = {"spec": {"resourceAttributes": {"namespace": "team", "verb": "create", "resource": "pods"}}}
    assert (await client.post(url, asked)).json["status"] == {"allowed": True}
    assert (await client.post(url, asked, user="nobody")).json["status"] == {"allowed": False}
