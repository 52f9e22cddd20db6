"""Changes of several watches, in the order in which they happened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from k8slab.live.ordering import Ordering

POD, REPLICA_SET = ("v1", "Pod"), ("apps/v1", "ReplicaSet")


class Heard:
    def __init__(self) -> None:
        self.names: asyncio.Queue[str] = asyncio.Queue()

    def listed(self, kind: Any, objects: Iterable[Any]) -> None:
        self.names.put_nowait(f"list of {kind[1]}")

    def changed(self, kind: Any, change: Any, obj: Any) -> None:
        self.names.put_nowait(obj["metadata"]["name"])


def obj(name: str, version: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "resourceVersion": version}}


async def passed_on(heard: Heard, count: int) -> list[str]:
    return [await asyncio.wait_for(heard.names.get(), 5) for _ in range(count)]


async def test_a_pod_comes_after_the_replica_set_that_made_it() -> None:
    heard = Heard()
    ordering = Ordering(heard)
    ordering.changed(POD, "ADDED", obj("pod", "101"))
    ordering.changed(REPLICA_SET, "ADDED", obj("set", "99"))
    assert await passed_on(heard, 2) == ["set", "pod"]


async def test_versions_that_are_no_numbers_leave_the_order_alone() -> None:
    heard = Heard()
    ordering = Ordering(heard)
    for name, version in (("b", "x2"), ("a", "1")):
        ordering.changed(POD, "ADDED", obj(name, version))
    assert await passed_on(heard, 2) == ["b", "a"]


async def test_a_list_comes_after_what_was_told_before_it() -> None:
    heard = Heard()
    ordering = Ordering(heard)
    ordering.changed(POD, "ADDED", obj("pod", "1"))
    ordering.listed(POD, [])
    ordering.changed(POD, "ADDED", obj("later", "2"))
    assert await passed_on(heard, 3) == ["pod", "list of Pod", "later"]
