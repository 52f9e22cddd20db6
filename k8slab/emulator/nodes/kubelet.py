"""One node's kubelet: runs the pods that are bound to it and reports on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk
from k8slab.emulator.controllers.events import Events
from k8slab.emulator.nodes.addresses import Addresses
from k8slab.emulator.nodes.environment import Environments
from k8slab.emulator.nodes.launch import Launcher
from k8slab.emulator.nodes.network import Host, Network
from k8slab.emulator.nodes.pod import PodRun
from k8slab.emulator.nodes.resume import resume
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.nodes.volumes import Disks, VolumeMaker
from k8slab.emulator.ports import Api, Change, Obj
from k8slab.emulator.status import ApiError


@dataclass
class Site:
    """What all nodes share."""

    api: Api
    desk: Desk
    network: Network
    disks: Disks
    timing: Timing


class KubeletEvents(Events):
    """Said by a kubelet that nobody hears, they are lost."""

    heard = True

    def _emit(self, about: Obj, kind: str, reason: str, message: str, field_path: str) -> None:
        if self.heard:
            super()._emit(about, kind, reason, message, field_path)


class Kubelet:
    def __init__(self, site: Site, name: str, number: int, ip: str) -> None:
        self._site, self.name, self.ip = site, name, ip
        self.clock: Clock = site.desk.clock
        self.timing = site.timing
        self.events = KubeletEvents(site.api, self.clock, "kubelet", name)
        self.queue = site.desk.queue(f"kubelet {name}", self._sync)
        self.volumes = VolumeMaker(site.desk.cache, site.disks, self.clock)
        self.launcher = Launcher(self.clock, self.events, Environments(site.desk.cache), site.timing)
        self.addresses = Addresses(number)
        self.host = Host(ip, site.network, name)
        self.up = True
        self.runs: dict[str, PodRun] = {}
        site.network.join(self.host)

    def pod_changed(self, change: Change) -> None:
        """A pod of this node. What happens while it is cut off it hears when it is back."""
        if not self.up:
            return
        key, pod = key_of(change.new), change.new
        run = self.runs.get(key)
        if run is not None and run.uid != pod["metadata"]["uid"]:
            self._drop(run)
            run = None
        if change.type == "DELETED":
            if run is not None:
                self._drop(run)
            return
        if run is None:
            if podlib.is_finished(pod) and not podlib.is_terminating(pod):
                return
            run = self.runs[key] = PodRun(pod, self)
            resume(run)
        elif run.pod is pod:
            return
        run.pod = pod
        self.queue.add(key)

    def cut_off(self) -> None:
        """Its processes run on, but nobody hears of them, and what ends is not begun anew."""
        self.up = self.events.heard = False
        self._site.network.cut(self.name)

    def come_back(self, pods: Sequence[Obj]) -> None:
        """With the pods that are bound to it now: those that are no more end, all others are looked at."""
        self.up = self.events.heard = True
        self._site.network.reconnect(self.name)
        bound = {key_of(pod) for pod in pods}
        for key, run in list(self.runs.items()):
            if key not in bound:
                self._drop(run)
        for pod in pods:
            self.pod_changed(Change("ADDED", "pods", None, pod))
        for key, run in self.runs.items():
            run.refresh_volumes()
            self.queue.add(key)

    def _drop(self, run: PodRun) -> None:
        run.discard()
        self.runs.pop(run.key, None)
        self.forget_history(run)

    def forget_history(self, run: PodRun) -> None:
        self.launcher.restarts.forget(run.uid)
        self.launcher.pulls.forget(run.uid)

    def _sync(self, key: str) -> None:
        run = self.runs.get(key)
        if run is not None and self.up:
            run.sync()

    # What pods ask of it

    def attach(self, pod: Obj) -> Host:
        """The pod's network: an address of its own, or the node's."""
        if pod["spec"].get("hostNetwork"):
            return self.host
        held = (pod.get("status") or {}).get("podIP", "")
        meta = pod["metadata"]
        host = Host(self.addresses.take(held), self._site.network, self.name, meta["namespace"], key_of(pod))
        self._site.network.join(host)
        return host

    def detach(self, host: Host, pod: Obj) -> None:
        if host is not self.host:
            self._site.network.leave(host)
            self.addresses.give_back(host.ip)

    def write(self, run: PodRun, pod: Obj) -> None:
        try:
            run.pod = self._site.api.update("pods", pod, "status")
        except ApiError as error:
            if error.code != 404:
                raise

    def delete(self, pod: Obj) -> None:
        meta = pod["metadata"]
        try:
            self._site.api.delete("pods", meta["name"], meta["namespace"], grace_seconds=0, uid=meta["uid"])
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    def forget(self, run: PodRun) -> None:
        self.runs.pop(run.key, None)
        self.forget_history(run)

    def stop(self) -> None:
        for run in list(self.runs.values()):
            run.discard()
        self.runs.clear()
        self._site.network.leave(self.host)
