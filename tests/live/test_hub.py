"""The hub between a cluster's changes and pages, on the in-memory layer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from channels.layers import InMemoryChannelLayer

from k8slab.live import groups
from k8slab.live.hub import Hub

POD, EVENT = ("v1", "Pod"), ("v1", "Event")


def pod(name: str, namespace: str = "lab-a", phase: str = "Pending") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"uid": f"{namespace}/{name}", "name": name, "namespace": namespace, "resourceVersion": "1"},
        "spec": {"containers": [{"name": "c", "image": "nginx"}]},
        "status": {"phase": phase},
    }


@asynccontextmanager
async def running_hub(seen: list[Any] | None = None) -> AsyncIterator[tuple[Hub, InMemoryChannelLayer, str]]:
    """A hub, its layer, and a channel that listens as a page of lab-a."""
    layer = InMemoryChannelLayer()
    note = seen if seen is not None else []
    hub = Hub(layer, [POD, EVENT], lambda ns: ns.startswith("lab-"), lambda ns, kind: note.append((ns, kind)))
    page = await layer.new_channel()
    await layer.group_add(groups.of_sandbox("lab-a"), page)
    task = asyncio.create_task(hub.run())
    try:
        yield hub, layer, page
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def next_message(layer: InMemoryChannelLayer, channel: str) -> dict[str, Any]:
    return (await asyncio.wait_for(layer.receive(channel), 5))["message"]


async def test_a_change_reaches_the_pages_of_its_namespace() -> None:
    seen: list[Any] = []
    async with running_hub(seen) as (hub, layer, page):
        hub.changed(POD, "ADDED", pod("web"))
        message = await next_message(layer, page)
    assert message["type"] == "change"
    assert (message["version"], message["item"]["name"], message["item"]["state"]) == (1, "web", "pending")
    assert seen == [("lab-a", POD)]


async def test_a_neighbour_hears_nothing() -> None:
    async with running_hub() as (hub, layer, page):
        hub.changed(POD, "ADDED", pod("secret", "lab-b"))
        hub.changed(POD, "ADDED", pod("system", "kube-system"))
        hub.changed(POD, "ADDED", pod("mine"))
        assert (await next_message(layer, page))["item"]["name"] == "mine"


async def test_a_snapshot_is_asked_for_and_followed_by_the_next_version() -> None:
    async with running_hub() as (hub, layer, page):
        hub.listed(POD, [pod("web")])
        hub.listed(EVENT, [])
        await next_message(layer, page)
        await layer.send(groups.WATCHER, {"type": "snapshot", "namespace": "lab-a", "reply": page})
        snapshot = await next_message(layer, page)
        hub.changed(POD, "MODIFIED", pod("web", phase="Running"))
        change = await next_message(layer, page)
    assert [item["name"] for item in snapshot["items"]] == ["web"]
    assert (change["epoch"], change["version"]) == (snapshot["epoch"], snapshot["version"] + 1)


async def test_no_snapshot_before_every_kind_is_listed() -> None:
    async with running_hub() as (hub, layer, page):
        await layer.send(groups.WATCHER, {"type": "snapshot", "namespace": "lab-a", "reply": page})
        hub.listed(POD, [pod("web")])
        assert (await next_message(layer, page))["type"] == "change"
        hub.listed(EVENT, [])
        assert (await next_message(layer, page))["type"] == "snapshot"


async def test_what_a_later_list_misses_was_deleted() -> None:
    async with running_hub() as (hub, layer, page):
        hub.listed(POD, [pod("web"), pod("db")])
        hub.listed(POD, [pod("db")])
        told = [await next_message(layer, page) for _ in range(3)]
    assert [(m["change"], m["item"]["name"]) for m in told] == [("added", "web"), ("added", "db"), ("deleted", "web")]
