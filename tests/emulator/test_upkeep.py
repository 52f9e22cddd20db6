"""What the API server does by itself."""

from __future__ import annotations

from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.clock import FakeClock, settle
from k8slab.emulator.resources import Resource
from k8slab.emulator.typecheck import undefined_fields
from k8slab.emulator.upkeep.expiry import Expiry
from k8slab.emulator.upkeep.secrettokens import SecretTokens
from tests.emulator.asgi import Client


def event(name: str) -> dict[str, object]:
    about = {"kind": "Pod", "namespace": "team", "name": "p"}
    return {"metadata": {"name": name, "namespace": "team"}, "involvedObject": about, "reason": "R", "message": "m"}


async def test_events_go_an_hour_after_their_last_change(client: Client) -> None:
    cluster = client.cluster
    clock = cluster.clock
    assert isinstance(clock, FakeClock)
    cluster.api.create("events", event("old"))
    expiry = Expiry(cluster)
    cluster.api.create("events", event("fresh"))
    await clock.advance(3000)
    cluster.api.patch("events", "fresh", "team", {"count": 2})
    await clock.advance(700)
    assert [one["metadata"]["name"] for one in cluster.api.list("events")] == ["fresh"]
    await clock.advance(3600)
    assert not cluster.api.list("events")
    expiry.stop()


async def test_a_token_secret_is_filled_and_goes_with_its_account(client: Client) -> None:
    cluster, signer = client.cluster, TokenSigner()
    tokens = SecretTokens(cluster, signer)
    note = {"kubernetes.io/service-account.name": "default"}
    secret = {
        "metadata": {"name": "t", "annotations": note, "namespace": "team"},
        "type": "kubernetes.io/service-account-token",
    }
    cluster.api.create("secrets", secret)
    await settle()
    filled = cluster.api.get("secrets", "t", "team")
    assert set(filled["data"]) == {"token", "namespace"}
    account = cluster.api.get("serviceaccounts", "default", "team")
    assert filled["metadata"]["annotations"]["kubernetes.io/service-account.uid"] == account["metadata"]["uid"]
    cluster.api.delete("serviceaccounts", "default", "team")
    await settle()
    assert cluster.api.find("secrets", "t", "team") is None
    tokens.stop()


def kind_of(client: Client, key: str) -> Resource:
    return client.cluster.resources[key]


def test_expressions_are_checked_against_a_kind(client: Client) -> None:
    schema, deployment = client.cluster.schema, kind_of(client, "deployments.apps")
    told = undefined_fields(schema, deployment, "object.spec.nope == 1")
    assert told == ["ERROR: <input>:1:12: undefined field 'nope'\n | object.spec.nope == 1\n | ...........^\n"]
    fine = (
        "object.metadata.labels.anything == 'object.spec.nope'",
        "object.spec.template.spec.containers.all(c, c.image.startsWith('x'))",
        "variables.object.nope == 1 && size(object.metadata.name) > 1",
    )
    assert [one for text in fine for one in undefined_fields(schema, deployment, text)] == []
