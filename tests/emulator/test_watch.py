from __future__ import annotations

import asyncio

from k8slab.emulator.clock import settle
from tests.emulator.asgi import Client

MAPS = "/api/v1/namespaces/team/configmaps"


async def test_it_works(client: Client) -> None:
    await client.post(MAPS, {"metadata": {"name": "a"}})
    watching = asyncio.ensure_future(client.watch(f"{MAPS}?watch=1", 3))
    await settle()
    await client.patch(f"{MAPS}/a", {"data": {"k": "v"}})
    await client.call("DELETE", f"{MAPS}/a")
    assert [event["type"] for event in await watching] == ["ADDED", "MODIFIED", "DELETED"]


async def test_it_replays_from_a_revision(client: Client) -> None:
    revision = (await client.get(MAPS)).json["metadata"]["resourceVersion"]
    await client.post(MAPS, {"metadata": {"name": "a"}})
    await client.patch(f"{MAPS}/a", {"data": {"k": "v"}})
    events = await client.watch(f"{MAPS}?watch=1&resourceVersion={revision}", 2)
    assert [event["type"] for event in events] == ["ADDED", "MODIFIED"]


async def test_what_leaves_the_selection_is_told_as_deleted(client: Client) -> None:
    revision = (await client.get(MAPS)).json["metadata"]["resourceVersion"]
    await client.post(MAPS, {"metadata": {"name": "a", "labels": {"t": "x"}}})
    await client.patch(f"{MAPS}/a", {"metadata": {"labels": {"t": "y"}}})
    await client.patch(f"{MAPS}/a", {"metadata": {"labels": {"t": "x"}}})
    events = await client.watch(f"{MAPS}?watch=1&labelSelector=t%3Dx&resourceVersion={revision}", 3)
    assert [event["type"] for event in events] == ["ADDED", "DELETED", "ADDED"]
    assert events[1]["object"]["metadata"]["labels"] == {"t": "x"}


async def test_a_revision_that_is_too_old_is_gone(client: Client) -> None:
    (event,) = await client.watch(f"{MAPS}?watch=1&resourceVersion=1", 1)
    assert event["type"] == "ERROR"
    assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")


async def test_the_initial_set_ends_with_a_bookmark(client: Client) -> None:
    await client.post(MAPS, {"metadata": {"name": "a"}})
    query = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
    events = await client.watch(f"{MAPS}?{query}", 2)
    assert [event["type"] for event in events] == ["ADDED", "BOOKMARK"]
    assert events[1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


async def test_it_is_a_verb_of_its_own(client: Client) -> None:
    refused = await client.get(f"{MAPS}?watch=1", user="jane")
    assert 'cannot watch resource "configmaps"' in refused.json["message"]
