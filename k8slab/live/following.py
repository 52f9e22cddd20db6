"""Follows the cluster: one shared watch per kind, each in a thread of its own, all handing over to one hub."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from k8slab.kube.client import Client
from k8slab.kube.watch import Changed, Listed, Stop, Watch

from .hub import Hub, Kind
from .ordering import Ordering
from .outside import KINDS as OUTSIDE

KINDS: Sequence[Kind] = (
    ("v1", "Event"),
    ("v1", "Pod"),
    ("v1", "Service"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "ReplicationController"),
    ("discovery.k8s.io/v1", "EndpointSlice"),
    ("apps/v1", "ReplicaSet"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("networking.k8s.io/v1", "Ingress"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    *OUTSIDE,
)


@contextmanager
def following(client: Client, hub: Hub, kinds: Sequence[Kind] = KINDS) -> Iterator[None]:
    """Runs the watches for as long as the block; to be entered inside the hub's event loop."""
    loop, stop, to = asyncio.get_running_loop(), Stop(), Ordering(hub)
    threads = [
        threading.Thread(target=_follow, args=(Watch(client, *kind), kind, to, loop, stop), name=kind[1], daemon=True)
        for kind in kinds
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()


def _follow(watch: Watch, kind: Kind, to: Ordering, loop: asyncio.AbstractEventLoop, stop: Stop) -> None:
    for change in watch.forever(stop):
        try:
            loop.call_soon_threadsafe(_hand_over, to, kind, change)
        except RuntimeError:  # the loop has ended: so has the watcher
            return


def _hand_over(to: Ordering, kind: Kind, change: Listed | Changed) -> None:
    if isinstance(change, Listed):
        to.listed(kind, change.objects)
    else:
        to.changed(kind, change.type, change.obj)
