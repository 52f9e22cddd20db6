"""Keeps the status of every ResourceQuota: what is limited and how much of it is used. Admission relies on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from k8slab.emulator.cluster import Cluster
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.quota import resources_counted, shown, used_in

QUOTAS = "resourcequotas"


class Accounting:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._stale: set[str] = set()  # namespaces to count again
        self._counted: dict[str, Callable[[], None]] = {}
        self._stops = [cluster.api.subscribe(QUOTAS, self._quota_changed)]

    def _quota_changed(self, change: Change) -> None:
        if change.type != "DELETED":
            for resource in resources_counted((change.new.get("spec") or {}).get("hard") or {}):
                if resource not in self._counted and resource in self._cluster.resources:
                    listen = self._cluster.store.listen
                    self._counted[resource] = listen(resource, lambda logged: self._recount(logged.change))
        self._mark(change.new["metadata"]["namespace"])

    def _recount(self, change: Change) -> None:
        old, new = change.old or {}, change.new
        if change.type == "MODIFIED" and old.get("spec") == new.get("spec") and not _finished(old, new):
            return
        self._mark(new["metadata"].get("namespace", ""))

    def _mark(self, namespace: str) -> None:
        if not self._stale:
            asyncio.get_running_loop().call_soon(self._count)
        self._stale.add(namespace)

    def _count(self) -> None:
        stale, self._stale = self._stale, set()
        for namespace in stale:
            for quota in self._cluster.store.list(QUOTAS, namespace):
                self._update(quota)

    def _update(self, quota: Obj) -> None:
        hard = (quota.get("spec") or {}).get("hard") or {}
        used = {name: shown(name, amount) for name, amount in used_in(self._cluster.store, quota).items()}
        status = {"hard": dict(hard), "used": used}
        if quota.get("status") != status:
            self._cluster.api.update(QUOTAS, {**quota, "status": status}, "status")

    def stop(self) -> None:
        for stop in (*self._stops, *self._counted.values()):
            stop()


def _finished(old: Obj, new: Obj) -> bool:
    """A pod that has ended no longer counts."""
    return bool((old.get("status") or {}).get("phase") != (new.get("status") or {}).get("phase"))
