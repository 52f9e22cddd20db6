"""A disk that takes no more: nothing is said to be done that is not, nobody waits for ever, and it goes on later."""

from __future__ import annotations

import asyncio
import json
import resource
import urllib.error
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from k8slab.emulator.clock import settle
from k8slab.emulator.journal import Journal, NotStored
from tests.emulator.asgi import Client, make_client
from tests.emulator.test_process import emulator, request

MAPS = "/api/v1/namespaces/team/configmaps"
FULL = "Internal error occurred: the change could not be stored: database or disk is full"


def config(name: str, size: int = 0) -> Any:
    return {"metadata": {"name": name}, "data": {"k": "x" * size}}


def limit(client: Client, pages: int) -> None:
    """The database may not grow beyond this, as on a disk that is full."""
    journal = client.cluster.journal
    assert journal is not None
    journal._db.execute(f"PRAGMA max_page_count = {pages}")


@pytest.fixture
async def full(tmp_path: Path) -> AsyncIterator[Client]:
    client = make_client(tmp_path)
    await client.cluster.store.flushed()
    limit(client, 1)
    yield client
    limit(client, 10**6)
    client.cluster.close()


async def test_it_works(full: Client) -> None:
    refused = await full.post(MAPS, config("a", 9000))
    assert (refused.status, refused.json["kind"], refused.json["reason"]) == (500, "Status", "InternalError")
    assert refused.json["message"] == FULL
    again = await full.post(MAPS, config("b"))
    assert (again.status, again.json["message"]) == (500, FULL)
    assert (await full.get(f"{MAPS}/b")).status == 404  # refused before anything was changed
    assert (await full.get("/readyz")).status == 500
    assert b"[-]etcd failed" in (await full.get("/readyz?verbose")).body


async def test_it_goes_on_when_there_is_room_again(full: Client, tmp_path: Path) -> None:
    await full.post(MAPS, config("a", 9000))
    limit(full, 10**6)
    assert (await full.post(MAPS, config("b"))).status == 201
    assert (await full.get("/readyz")).status == 200
    journal = full.cluster.journal
    assert journal is not None
    assert {"a", "b"} <= {name for _, _, name, _ in journal.load()}


async def test_all_who_wait_are_told(full: Client) -> None:
    asked = [full.post(MAPS, config(f"c{number}", 9000)) for number in range(5)]
    answers = await asyncio.wait_for(asyncio.gather(*asked), 5)
    assert {answer.status for answer in answers} == {500}


async def test_a_watch_shows_what_is_stored_and_waits_for_the_rest(full: Client) -> None:
    version = (await full.get(MAPS)).json["metadata"]["resourceVersion"]
    watching = asyncio.ensure_future(full.watch(f"{MAPS}?watch=1&resourceVersion={version}", 1))
    await settle()
    await full.post(MAPS, config("a", 9000))
    await settle()
    assert not watching.done()
    limit(full, 10**6)
    await full.post(MAPS, config("b"))
    assert [event["object"]["metadata"]["name"] for event in await watching][:1] == ["a"]


async def test_the_end_says_what_is_lost(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal._db.execute("PRAGMA max_page_count = 1")
    journal.write(("configmaps", "t", "a"), b"x" * 20_000, 1)
    with pytest.raises(NotStored, match="full"):
        journal.close()


def test_the_process_lives_on_and_keeps_what_it_answered(tmp_path: Path) -> None:
    data = tmp_path
    maps = "/api/v1/namespaces/default/configmaps"
    kept, refused = [], set()
    with emulator(data) as (process, _):
        log = (data / "cluster.db-wal").stat().st_size
        unlimited = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (log + 200_000, unlimited[1]))
        for number in range(30):
            try:
                request(data, "POST", maps, config(f"c{number}", 30_000))
                kept.append(f"c{number}")
            except urllib.error.HTTPError as error:
                refused.add((error.code, json.load(error)["reason"]))
        assert kept
        assert refused == {(500, "InternalError")}
        assert request(data, "GET", maps)["items"]  # reading goes on
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)
        request(data, "POST", maps, config("later"))
        process.kill()
        process.wait(10)
    with emulator(data):
        names = {item["metadata"]["name"] for item in request(data, "GET", maps)["items"]}
    assert {*kept, "later"} <= names
