"""Watch: a list and what follows it are the whole story, in order, without a gap."""

from __future__ import annotations

import json
from typing import Any

from tests.parity.manifests import config_map
from tests.parity.space import Space


def follow(space: Space, version: str, count: int, labels: str = "") -> list[dict[str, Any]]:
    """The next events after a revision."""
    path = f"/api/v1/namespaces/{space.name}/configmaps"
    query = [("watch", "1"), ("resourceVersion", version), ("timeoutSeconds", "20"), ("labelSelector", labels)]
    answer = space.client.connection.open("GET", path, query=query, timeout=30)
    events: list[dict[str, Any]] = []
    try:
        rest = b""
        for part in answer.stream():
            *lines, rest = (rest + part).split(b"\n")
            events += [json.loads(line) for line in lines if line]
            if len(events) >= count:
                break
    finally:
        answer.close()
    return events


def told(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(event["type"], event["object"]["metadata"]["name"]) for event in events]


def now(space: Space) -> str:
    return str(space.client.list("v1", "ConfigMap", space.name)["metadata"]["resourceVersion"])


def test_what_happened_since_a_list_is_replayed_in_order(space: Space) -> None:
    space.create(config_map("before"))
    version = now(space)
    space.create(config_map("a"))
    space.patch("ConfigMap", "a", {"data": {"k": "v"}})
    space.delete("ConfigMap", "before")
    space.create(config_map("b"))
    own = [event for event in follow(space, version, 4) if event["object"]["metadata"]["name"] != "kube-root-ca.crt"]
    expected = [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "before"), ("ADDED", "b")]
    assert told(own) == expected[: len(own)]
    versions = [int(event["object"]["metadata"]["resourceVersion"]) for event in own]
    assert versions == sorted(set(versions))


def test_an_object_enters_and_leaves_a_selection(space: Space) -> None:
    version = now(space)
    made = config_map("a")
    space.create(made)
    space.patch("ConfigMap", "a", {"metadata": {"labels": {"seen": "yes"}}})
    space.patch("ConfigMap", "a", {"data": {"k": "v"}})
    space.patch("ConfigMap", "a", {"metadata": {"labels": None}})
    events = follow(space, version, 3, labels="seen=yes")
    assert told(events) == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]


def test_a_revision_long_gone_has_expired(space: Space) -> None:
    (event,) = follow(space, "1", 1)
    if event["type"] == "ERROR":  # a cluster so young that it remembers everything tells the story instead
        assert (event["object"]["code"], event["object"]["reason"]) == (410, "Expired")
