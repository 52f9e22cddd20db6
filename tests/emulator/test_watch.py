from __future__ import annotations

import asyncio
from typing import Any

import pytest

from k8slab.emulator import store
from k8slab.emulator.clock import settle
from k8slab.emulator.web import watching as watch_page
from tests.emulator.asgi import TOKEN, Client

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


async def test_a_watcher_that_does_not_read_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_page, "LONGEST_QUEUE", 5)
    monkeypatch.setattr(watch_page, "SECONDS_TO_LEAVE", 0.01)
    stuck, never = asyncio.Event(), asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            stuck.set()
            await never.wait()

    async def receive() -> Any:
        await never.wait()

    headers = [(b"authorization", f"Bearer {TOKEN}".encode())]
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/configmaps",
        "query_string": b"watch=1",
        "headers": headers,
    }
    answering = asyncio.ensure_future(client.app(scope, receive, send))
    await asyncio.wait_for(stuck.wait(), 5)
    for number in range(7):
        client.cluster.api.create("configmaps", {"metadata": {"name": f"n{number}", "namespace": "team"}})
    await asyncio.wait_for(answering, 5)


def test_the_log_is_bounded_in_bytes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LOG_BYTES", 4000)
    for number in range(20):
        body = {"metadata": {"name": f"n{number}", "namespace": "team"}, "data": {"k": "x" * 500}}
        client.cluster.api.create("configmaps", body)
    known = client.cluster.store
    assert known.oldest("configmaps") > 0
    assert sum(len(one.raw) for one in known.since("configmaps", known.oldest("configmaps"))) <= 4000
