"""DaemonSets: a pod on each node that fits."""

from __future__ import annotations

from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import controller_of, key_of, owner_keys
from k8slab.emulator.controllers.daemon import places, update
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.controllers.revisions import history
from k8slab.emulator.ports import Change, Obj
from k8slab.emulator.status import ApiError

SETS = "daemonsets.apps"
FIRST_WAIT, LONGEST_WAIT = 1.0, 900.0  # before a daemon that failed is taken away again


@controller("daemonset")
class DaemonSets:
    def __init__(self, desk: Desk) -> None:
        self._desk, self._api = desk, desk.api
        self._events = desk.events("daemonset-controller")
        self._sets, self._pods, self._nodes = desk.cache.of(SETS), desk.cache.of("pods"), desk.cache.of("nodes")
        self._history = history.History(desk.api, desk.cache.of(history.RESOURCE), history.POD_LABEL)
        self._failures: dict[tuple[str, str], tuple[int, float]] = {}
        self._queue = desk.queue("daemonset", self.reconcile)
        self._sets.on_change(self._set_changed)
        self._pods.on_change(self._pod_changed)
        self._nodes.on_change(self._node_changed)

    def _set_changed(self, change: Change) -> None:
        if change.type == "DELETED":
            uid = change.new["metadata"]["uid"]
            self._failures = {key: value for key, value in self._failures.items() if key[0] != uid}
        self._queue.add(key_of(change.new))

    def _pod_changed(self, change: Change) -> None:
        pod = change.new
        namespace = pod["metadata"]["namespace"]
        for key in owner_keys(change, "DaemonSet"):
            self._queue.add(key)
        if change.type != "DELETED" and controller_of(pod) is None:
            for candidate in self._sets.in_namespace(namespace):
                if matches(candidate["spec"]["selector"], labels_of(pod)):
                    self._queue.add(key_of(candidate))

    def _node_changed(self, change: Change) -> None:
        """A heartbeat changes nothing here; labels and taints do."""
        old, new = change.old, change.new
        if change.type == "MODIFIED" and old is not None and _fitness(old) == _fitness(new):
            return
        for owner in self._sets.all():
            self._queue.add(key_of(owner))

    def reconcile(self, key: str) -> None:
        owner = self._sets.get(key)
        if owner is None or podlib.is_terminating(owner):
            return
        self._claim(owner)
        annotations = owner["metadata"].get("annotations") or {}
        kept = {"annotations": dict(annotations)} if annotations else {}
        revision = self._history.newest(owner, **kept)
        value = self._history.hash_of(revision)
        try:
            self._place(owner, value)
            if update.is_rolling(owner):
                self._roll(owner, value)
        finally:
            self._write_status(owner, value)
        self._trim(owner, revision)

    def _claim(self, owner: Obj) -> None:
        selector = owner["spec"]["selector"]
        for pod in self._pods.owned_by(owner["metadata"]["uid"]):
            if not matches(selector, labels_of(pod)) and not podlib.is_terminating(pod):
                podlib.release(self._api, "pods", pod)
        for pod in self._pods.orphans(owner["metadata"]["namespace"]):
            if podlib.is_active(pod) and matches(selector, labels_of(pod)):
                podlib.adopt(self._api, "pods", pod, owner)

    def _by_node(self, owner: Obj) -> dict[str, list[Obj]]:
        """Own pods by node, the oldest first."""
        held: dict[str, list[Obj]] = {}
        for pod in self._pods.owned_by(owner["metadata"]["uid"]):
            node = places.node_of(pod)
            if node is not None:
                held.setdefault(node, []).append(pod)
        for pods in held.values():
            pods.sort(key=lambda pod: (pod["metadata"]["creationTimestamp"], pod["metadata"]["name"]))
        return held

    def _place(self, owner: Obj, value: str) -> None:
        """One pod on each node that is wanted, none on the others."""
        by_node = self._by_node(owner)
        for node in self._nodes.all():
            name = node["metadata"]["name"]
            wanted, may_stay = places.verdict(owner, node)
            pods = by_node.pop(name, [])
            if wanted and not pods:
                self._create(owner, name, value)
            elif may_stay:
                self._tidy(owner, name, pods, value)
            else:
                self._delete_all(owner, pods)
        for pods in by_node.values():  # the node is gone; what was bound there is the pod collector's
            self._delete_all(owner, [pod for pod in pods if not pod["spec"].get("nodeName")])

    def _tidy(self, owner: Obj, node: str, pods: list[Obj], value: str) -> None:
        living = []
        for pod in pods:
            if podlib.is_terminating(pod):
                continue
            if podlib.is_finished(pod):
                self._clear(owner, node, pod)
            else:
                living.append(pod)
        kinds = [living]
        if update.is_rolling(owner) and update.amounts(owner, 1)[0]:  # the old one may stay until the new one serves
            kinds = [[p for p in living if update.is_new(p, value) is new] for new in (True, False)]
        for same in kinds:
            self._delete_all(owner, same[1:])

    def _clear(self, owner: Obj, node: str, pod: Obj) -> None:
        """Takes a daemon that ended away, later and later, so that a new one is made."""
        key, now = (owner["metadata"]["uid"], node), self._desk.clock.now()
        title = f"daemon pod {pod['metadata']['namespace']}/{pod['metadata']['name']} on node {node}"
        if podlib.phase(pod) == "Succeeded":
            self._events.normal(owner, "SucceededDaemonPod", f"Found succeeded {title}, will try to delete it")
        else:
            count, last = self._failures.get(key, (0, 0.0))
            wait = last + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(count - 1, 10)) - now if count else 0.0
            if wait > 0:
                self._queue.add_after(key_of(owner), wait)
                return
            self._failures[key] = (count + 1, now)
            self._events.warning(owner, "FailedDaemonPod", f"Found failed {title}, will try to kill it")
        self._delete_all(owner, [pod])

    def _roll(self, owner: Obj, value: str) -> None:
        by_node = self._by_node(owner)
        wanted = {
            name: [p for p in by_node.get(name, ()) if not podlib.is_finished(p)]
            for name in (n["metadata"]["name"] for n in self._nodes.all() if places.verdict(owner, n)[0])
        }
        found = update.moves(owner, wanted, value, lambda pod: self._is_available(owner, pod))
        self._delete_all(owner, found.delete)
        for node in found.create:
            self._create(owner, node, value)

    def _create(self, owner: Obj, node: str, value: str) -> None:
        try:
            made = self._api.create("pods", places.pod_for(owner, node, value), owner["metadata"]["namespace"])
        except ApiError as error:
            if any(cause.reason == "NamespaceTerminating" for cause in error.causes):
                return
            self._events.warning(owner, "FailedCreate", f"Error creating: {error.message}")
            raise
        self._events.normal(owner, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")

    def _delete_all(self, owner: Obj, pods: list[Obj]) -> None:
        for pod in pods:
            meta = pod["metadata"]
            if podlib.is_terminating(pod):
                continue
            try:
                self._api.delete("pods", meta["name"], meta["namespace"], uid=meta["uid"])
            except ApiError as error:
                if error.code == 404:
                    continue
                self._events.warning(owner, "FailedDelete", f"Error deleting: {error.message}")
                raise
            self._events.normal(owner, "SuccessfulDelete", f"Deleted pod: {meta['name']}")

    def _is_available(self, owner: Obj, pod: Obj) -> bool:
        wait = podlib.available_in(pod, owner["spec"].get("minReadySeconds") or 0, self._desk.clock.now())
        if wait:
            self._queue.add_after(key_of(owner), wait)
        return wait == 0

    def _trim(self, owner: Obj, newest: Obj) -> None:
        used = {labels_of(pod).get(history.POD_LABEL) for pod in self._pods.owned_by(owner["metadata"]["uid"])}
        live = {r["metadata"]["name"] for r in self._history.of(owner) if self._history.hash_of(r) in used}
        self._history.trim(owner, {newest["metadata"]["name"], *live})

    def _write_status(self, before: Obj, value: str) -> None:
        owner = self._sets.get(key_of(before))
        if owner is None or owner["metadata"]["uid"] != before["metadata"]["uid"]:
            return
        status = self._status(owner, before["metadata"].get("generation", 1), value)
        if status != owner.get("status"):
            self._api.update(SETS, {**owner, "status": status}, "status")

    def _status(self, owner: Obj, generation: int, value: str) -> dict[str, Any]:
        by_node = self._by_node(owner)
        desired, misplaced = 0, 0
        heads: list[Obj] = []  # the one of each node that counts
        for node in self._nodes.all():
            pods = [p for p in by_node.get(node["metadata"]["name"], ()) if not podlib.is_finished(p)]
            wanted = places.verdict(owner, node)[0]
            desired += wanted
            misplaced += not wanted and bool(pods)
            if wanted and pods:
                heads.append(pods[0])
        available = sum(self._is_available(owner, pod) for pod in heads)
        counts = {
            "updatedNumberScheduled": sum(update.is_new(pod, value) for pod in heads),
            "numberAvailable": available,
            "numberUnavailable": desired - available,
        }
        return {
            "currentNumberScheduled": len(heads),
            "numberMisscheduled": misplaced,
            "desiredNumberScheduled": desired,
            "numberReady": sum(podlib.is_ready(pod) for pod in heads),
            "observedGeneration": generation,
            **{name: count for name, count in counts.items() if count},
        }


def _fitness(node: Obj) -> Any:
    return labels_of(node), node["spec"].get("taints")
