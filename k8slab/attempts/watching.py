"""The watcher process: follows the cluster for the pages, and has a worker grade when something has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from k8slab.live.following import KINDS, following
from k8slab.live.hub import Hub
from k8slab.live.lease import SECONDS, Lease
from k8slab.sandbox.cluster import app_client
from k8slab.sandbox.names import PREFIX

from . import tasks
from .debounce import Debounce, Kind
from .queue import enqueue

log = logging.getLogger(__name__)


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
    debounce = Debounce(_have_graded)
    hub = Hub(get_channel_layer(), KINDS, _is_sandbox, debounce.changed)
    with following(app_client(), hub):
        serving = asyncio.create_task(hub.run())
        announcing = asyncio.create_task(_announce(hub, ready))
        try:
            while not serving.done() and await sync_to_async(lease.take_or_renew)():
                await asyncio.wait({serving}, timeout=SECONDS / 4)
        finally:
            announcing.cancel()
            serving.cancel()
            await asyncio.wait({serving, announcing})
    if not serving.cancelled() and (error := serving.exception()):
        raise error


async def _announce(hub: Hub, ready: Callable[[str], None]) -> None:
    await hub.ready()
    ready(f"follows {len(KINDS)} kinds")


def _is_sandbox(namespace: str) -> bool:
    return namespace.startswith(f"{PREFIX}-")


def _have_graded(namespace: str, kinds: frozenset[Kind]) -> None:
    # The queue may be slow to answer; the loop that feeds the pages must not wait for it.
    listed = [list(kind) for kind in sorted(kinds)]
    asyncio.get_running_loop().run_in_executor(None, enqueue, tasks.cluster_changed, namespace, listed)
