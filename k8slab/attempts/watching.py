"""The watcher process: follows the cluster for the pages, and has a worker grade when something has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import DatabaseError

from k8slab.live import timeline
from k8slab.live.following import KINDS, following
from k8slab.live.hub import Hub
from k8slab.live.lease import SECONDS, Lease
from k8slab.live.timeline import Recorder
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.manifests import MANAGED_BY
from k8slab.sandbox.names import PREFIX

from . import tasks
from .debounce import Debounce, Kind
from .queue import enqueue

log = logging.getLogger(__name__)
RECORD_EVERY = 1.0  # seconds


async def watch(ready: Callable[[str], None]) -> None:
    """Until cancelled: waits for its turn, then follows the cluster for as long as it holds the lease."""
    lease = Lease()
    ready_once = False
    try:
        while True:
            if await sync_to_async(lease.take_or_renew)():
                await _follow(lease, ready)
            elif not ready_once:
                ready_once = True
                ready("another one works, this one stands by")
            await asyncio.sleep(SECONDS / 4)
    finally:
        await sync_to_async(lease.release)()


async def _follow(lease: Lease, ready: Callable[[str], None]) -> None:
    debounce, recorder = Debounce(_have_graded), Recorder()
    hub = Hub(get_channel_layer(), KINDS, _is_sandbox, debounce.changed, recorder.heard, _adopt)
    with following(app_client(), hub):
        serving = asyncio.create_task(hub.run())
        announcing = asyncio.create_task(_announce(hub, ready))
        recording = asyncio.create_task(_record(hub, recorder))
        try:
            while not serving.done() and await sync_to_async(lease.take_or_renew)():
                await asyncio.wait({serving}, timeout=SECONDS / 4)
        finally:
            others = {serving, announcing, recording}
            for task in others:
                task.cancel()
            await asyncio.wait(others)
    if not serving.cancelled() and (error := serving.exception()):
        raise error


async def _announce(hub: Hub, ready: Callable[[str], None]) -> None:
    await hub.ready()
    ready(f"follows {len(KINDS)} kinds")


async def _record(hub: Hub, recorder: Recorder) -> None:
    """Keeps what happens, a row per sandbox and second. A database in trouble costs the past, not the present."""
    await hub.ready()
    recorder.started = True
    await _kept(timeline.forget_aged)
    while True:
        await asyncio.sleep(RECORD_EVERY)
        if taken := recorder.take():
            await _kept(timeline.store, taken)


async def _kept(write: Callable[..., None], *args: Any) -> None:
    try:
        await sync_to_async(write)(*args)
    except DatabaseError as error:
        log.warning("what happened just now is not kept: %s", error)


def _is_sandbox(namespace: str) -> bool:
    return namespace.startswith(f"{PREFIX}-")


def _adopt(namespace: Mapping[str, Any]) -> None:
    """A namespace that a student has made beside the sandbox's own: a worker makes it one to work in."""
    metadata = namespace["metadata"]
    if _is_sandbox(metadata["name"]) and MANAGED_BY not in (metadata.get("labels") or {}):
        asyncio.get_running_loop().run_in_executor(None, enqueue, tasks.adopt, metadata["name"])


def _have_graded(namespace: str, kinds: frozenset[Kind]) -> None:
    # The queue may be slow to answer; the loop that feeds the pages must not wait for it.
    listed = [list(kind) for kind in sorted(kinds)]
    asyncio.get_running_loop().run_in_executor(None, enqueue, tasks.cluster_changed, namespace, listed)
