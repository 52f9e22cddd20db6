"""The hub between a cluster's changes and pages, on the in-memory layer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from channels.layers import InMemoryChannelLayer

from k8slab.live import groups
from k8slab.live.hub import Hub
from k8slab.live.outside import NODE

from .test_outside import node

POD, EVENT = ("v1", "Pod"), ("v1", "Event")


def pod(name: str, namespace: str = "lab-a", phase: str = "Pending") -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"uid": f"{namespace}/{name}", "name": name, "namespace": namespace, "resourceVersion": "1"},
        "spec": {"containers": [{"name": "c", "image": "nginx"}]},
        "status": {"phase": phase},
    }


class Page:
    """Hears batches, hands out one message after the other."""

    def __init__(self, layer: InMemoryChannelLayer, channel: str) -> None:
        self.layer, self.channel = layer, channel
        self.heard: list[dict[str, Any]] = []

    async def next(self) -> dict[str, Any]:
        if not self.heard:
            self.heard += (await asyncio.wait_for(self.layer.receive(self.channel), 5))["messages"]
        return self.heard.pop(0)

    async def ask(self) -> None:
        ask = {"type": "snapshot", "namespace": "lab-a", "reply": self.channel}
        await self.layer.send(groups.WATCHER, ask)


@asynccontextmanager
async def running_hub(seen: list[Any] | None = None) -> AsyncIterator[tuple[Hub, Page]]:
    """A hub, and what listens as a page of lab-a."""
    layer = InMemoryChannelLayer()
    note = seen if seen is not None else []
    hub = Hub(layer, [POD, EVENT, NODE], lambda ns: ns.startswith("lab-"), lambda ns, kind: note.append((ns, kind)))
    page = await layer.new_channel()
    await layer.group_add(groups.of_sandbox("lab-a"), page)
    task = asyncio.create_task(hub.run())
    try:
        yield hub, Page(layer, page)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_change_reaches_the_pages_of_its_namespace() -> None:
    seen: list[Any] = []
    async with running_hub(seen) as (hub, page):
        hub.changed(POD, "ADDED", pod("web"))
        message = await page.next()
    assert message["type"] == "change"
    assert (message["version"], message["item"]["name"], message["item"]["state"]) == (1, "web", "pending")
    assert seen == [("lab-a", POD)]


async def test_a_neighbour_hears_nothing() -> None:
    async with running_hub() as (hub, page):
        hub.changed(POD, "ADDED", pod("secret", "lab-b"))
        hub.changed(POD, "ADDED", pod("system", "kube-system"))
        hub.changed(POD, "ADDED", pod("mine"))
        assert (await page.next())["item"]["name"] == "mine"


async def test_a_snapshot_is_asked_for_and_followed_by_the_next_version() -> None:
    async with running_hub() as (hub, page):
        hub.listed(POD, [pod("web")])
        hub.listed(EVENT, [])
        await page.next()
        await page.ask()
        snapshot = await page.next()
        hub.changed(POD, "MODIFIED", pod("web", phase="Running"))
        change = await page.next()
    assert [item["name"] for item in snapshot["items"]] == ["web"]
    assert (change["epoch"], change["version"]) == (snapshot["epoch"], snapshot["version"] + 1)


async def test_no_snapshot_before_every_kind_is_listed() -> None:
    async with running_hub() as (hub, page):
        await page.ask()
        hub.listed(POD, [pod("web")])
        assert (await page.next())["type"] == "change"
        hub.listed(EVENT, [])
        assert (await page.next())["type"] == "snapshot"


async def test_what_a_later_list_misses_was_deleted() -> None:
    async with running_hub() as (hub, page):
        hub.listed(POD, [pod("web"), pod("db")])
        hub.listed(POD, [pod("db")])
        told = [await page.next() for _ in range(3)]
    assert [(m["change"], m["item"]["name"]) for m in told] == [("added", "web"), ("added", "db"), ("deleted", "web")]


async def test_a_snapshot_and_the_changes_around_it_keep_their_order() -> None:
    async with running_hub() as (hub, page):
        hub.listed(POD, [])
        hub.listed(EVENT, [])
        hub.changed(POD, "ADDED", pod("before"))
        await page.ask()
        while (message := await page.next())["type"] != "snapshot":
            last = message
        hub.changed(POD, "ADDED", pod("after"))
        following = await page.next()
    assert last["version"] == message["version"] == 1
    assert following["version"] == 2


async def test_what_happens_at_once_is_one_message() -> None:
    async with running_hub() as (hub, page):
        for number in range(30):
            hub.changed(POD, "ADDED", pod(f"web-{number}"))
        await page.next()
        assert len(page.heard) == 29


async def test_nodes_are_in_every_snapshot_and_their_changes_reach_the_pages() -> None:
    async with running_hub() as (hub, page):
        hub.listed(POD, [])
        hub.listed(EVENT, [])
        hub.listed(NODE, [node("node-1")])
        await page.ask()
        assert [item["name"] for item in (await snapshot(page))["items"]] == ["node-1"]
        hub.changed(NODE, "MODIFIED", node("node-1", ready="Unknown"))
        change = await page.next()
        assert (change["item"]["kind"], change["item"]["state"]) == ("Node", "failing")


async def snapshot(page: Page) -> dict[str, Any]:
    while (message := await page.next())["type"] != "snapshot":
        pass
    return message
