from __future__ import annotations

from typing import Any

from tests.emulator.asgi import Client

CLAIMS = "/api/v1/namespaces/team/persistentvolumeclaims"


def size(amount: str) -> Any:
    return {"spec": {"resources": {"requests": {"storage": amount}}}}


async def claim(client: Client, growing: bool) -> None:
    storage = "storageclasses.storage.k8s.io"
    client.cluster.api.create(
        storage, {"metadata": {"name": "s"}, "provisioner": "x/y", "allowVolumeExpansion": growing}
    )
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": "s", **size("1Gi")["spec"]}
    made = client.cluster.api.create("persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": spec}, "team")
    client.cluster.api.update("persistentvolumeclaims", {**made, "status": {"phase": "Bound"}}, "status")


async def test_it_works(client: Client) -> None:
    await claim(client, growing=True)
    assert (await client.patch(f"{CLAIMS}/c", size("2Gi"))).status == 200


async def test_a_class_that_does_not_let_it_grow(client: Client) -> None:
    await claim(client, growing=False)
    refused = await client.patch(f"{CLAIMS}/c", size("2Gi"))
    assert refused.status == 403
    assert refused.json["message"].startswith('persistentvolumeclaims "c" is forbidden: only dynamically provisioned')
