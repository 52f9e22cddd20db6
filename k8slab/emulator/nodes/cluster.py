"""All simulated nodes: made and removed, and asked by the API server for logs, commands and connections."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from k8slab.emulator.clock import Clock
from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.desk import open_desk
from k8slab.emulator.nodes import answers
from k8slab.emulator.nodes.addresses import Addresses
from k8slab.emulator.nodes.forward import Forwarded, forward
from k8slab.emulator.nodes.ingress import IngressController
from k8slab.emulator.nodes.kubelet import Kubelet, Site
from k8slab.emulator.nodes.machine import Machine, simulated
from k8slab.emulator.nodes.network import Network
from k8slab.emulator.nodes.pod import PodRun
from k8slab.emulator.nodes.saved import DiskStore
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.nodes.volumes import Disks
from k8slab.emulator.ports import ALL_OF_THE_LOG, Api, Change, ExecIO, LogRequest, Obj
from k8slab.emulator.status import ApiError, already_exists, bad_request, not_found


def start_nodes(api: Api, clock: Clock, count: int, data: Path | None, timing: Timing | None = None) -> Nodes:
    nodes = Nodes(api, clock, data, timing or Timing())
    nodes.resume(count)
    nodes.open_ingress()
    return nodes


class Nodes:
    """Implements `ports.StreamingNodes` and `ports.NodeControl`."""

    def __init__(self, api: Api, clock: Clock, data: Path | None, timing: Timing) -> None:
        self._api = api
        self._desk = open_desk(api, clock)
        cache = self._desk.cache
        self._store = DiskStore(data, clock) if data else None
        self._disks = self._store.disks if self._store else Disks()
        self._site = Site(api, self._desk, Network(cache, clock), self._disks, timing)
        self._kubelets: dict[str, Kubelet] = {}
        self._machines: dict[str, Machine] = {}
        self._ingress: IngressController | None = None
        self._pods = cache.of("pods")
        self._pods.index("node", lambda pod: [pod["spec"].get("nodeName") or ""])
        self._pods.on_change(self._pod_changed)
        for resource, field in (("configmaps", "configMap"), ("secrets", "secret")):
            cache.of(resource).on_change(self._refresher(field))
        cache.of("persistentvolumes").on_change(self._volume_changed)

    # ports.NodeControl

    def names(self) -> list[str]:
        return list(self._kubelets)

    def open_ingress(self) -> None:
        """An ingress controller, as most clusters have one."""
        self._ingress = IngressController(self._desk, self._site.network)

    def resume(self, count: int) -> None:
        """The machines that were here before a restart, and as many as were asked for."""
        found = simulated(self._api.list("nodes"))
        for name in sorted(found, key=lambda name: found[name]):
            self._set_up(name, found[name], {}, ())
        for name in (f"node-{number}" for number in range(1, count + 1)):
            if name not in self._kubelets:
                self._set_up(name, self._free_number(), {}, ())

    def add(
        self, name: str, *, labels: Mapping[str, str] | None = None, taints: Sequence[Mapping[str, str]] = ()
    ) -> None:
        if name in self._kubelets or self._api.find("nodes", name) is not None:
            raise already_exists("nodes", "", name)
        self._set_up(name, self._free_number(), labels or {}, taints)

    def _free_number(self) -> int:
        taken = {machine.number for machine in self._machines.values()}
        return next(number for number in itertools.count(1) if number not in taken)

    def _set_up(self, name: str, number: int, labels: Mapping[str, str], taints: Sequence[Mapping[str, str]]) -> None:
        machine = Machine(self._api, self._desk, self._site.timing, name, number)
        machine.register(Addresses(number).block, labels, taints)
        kubelet = Kubelet(self._site, name, number, machine.ip)
        self._machines[name], self._kubelets[name] = machine, kubelet
        if name in self._disks.cut:
            kubelet.cut_off()
            return
        machine.start()
        kubelet.come_back(self._pods.by("node", name))

    def remove(self, name: str) -> None:
        kubelet = self._kubelet(name)
        self._machines.pop(name).leave()
        kubelet.stop()
        del self._kubelets[name]
        self._disks.drop_node(name)
        for pod in self._pods.by("node", name):
            if podlib.is_terminating(pod):
                kubelet.delete(pod)  # nobody is left who could tell that it has ended

    def fail(self, name: str) -> None:
        self._kubelet(name).cut_off()
        self._machines[name].stop()
        self._disks.cut.add(name)
        self._disks.touched()

    def heal(self, name: str) -> None:
        kubelet = self._kubelet(name)
        if kubelet.up:
            return
        self._disks.cut.discard(name)
        self._disks.touched()
        self._machines[name].start()
        kubelet.come_back(self._pods.by("node", name))

    def _kubelet(self, name: str) -> Kubelet:
        if name not in self._kubelets:
            raise not_found("nodes", "", name)
        return self._kubelets[name]

    def stop(self) -> None:
        """Ends every process; what volumes hold is kept where there is a place for it."""
        for machine in self._machines.values():
            machine.stop()
        for kubelet in self._kubelets.values():
            kubelet.stop()
        self._desk.stop()
        if self._store:
            self._store.close()

    def _pod_changed(self, change: Change) -> None:
        kubelet = self._kubelets.get(change.new["spec"].get("nodeName") or "")
        if kubelet is not None:
            kubelet.pod_changed(change)

    def _refresher(self, field: str) -> Callable[[Change], None]:
        """Shows a changed ConfigMap or Secret to the pods that mount it."""

        def refresh(change: Change) -> None:
            if change.old is None and change.type == "ADDED" and not self._kubelets:
                return
            prefix = f"{change.new['metadata']['namespace']}/"
            for kubelet in (k for k in self._kubelets.values() if k.up):
                for key, run in kubelet.runs.items():
                    if key.startswith(prefix) and _mounts(run.pod, field, change.new["metadata"]["name"]):
                        run.refresh_volumes()

        return refresh

    def _volume_changed(self, change: Change) -> None:
        if change.type == "DELETED":
            self._disks.drop_volume(change.new["metadata"]["uid"])

    # ports.Kubelets

    def _run(self, pod: Obj, asked: str = "") -> PodRun:
        """`asked` is how the complaint about a failed dial begins."""
        kubelet = self._kubelets.get(pod["spec"].get("nodeName") or "")
        meta = pod["metadata"]
        if kubelet is not None and not kubelet.up:
            raise ApiError(500, "", f"{asked}dial tcp {kubelet.ip}:10250: i/o timeout")
        run = kubelet.runs.get(f"{meta['namespace']}/{meta['name']}") if kubelet else None
        if run is None:
            raise not_found("pods", "", meta["name"])
        return run

    def logs(self, pod: Obj, container: str, asked: LogRequest = ALL_OF_THE_LOG) -> AsyncIterator[bytes]:
        meta = pod["metadata"]
        node = (pod.get("status") or {}).get("hostIP", "")
        call = f'Get "https://{node}:10250/containerLogs/{meta["namespace"]}/{meta["name"]}/{container}": '
        return answers.read_log(answers.log_of(self._run(pod, call), container, previous=asked.previous), asked)

    async def exec(self, pod: Obj, container: str, command: Sequence[str], io: ExecIO, *, tty: bool = False) -> int:
        return await answers.execute(self._run(pod, "error dialing backend: "), container, list(command), io, tty=tty)

    def refusal(self, pod: Obj, container: str) -> str:
        return answers.refusal(self._run(pod, "error dialing backend: "), container)

    async def attach(self, pod: Obj, container: str, io: ExecIO) -> int:
        return await answers.attach_to(self._run(pod, "error dialing backend: "), container, io)

    async def http(
        self, pod: Obj, port: int, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        run = self._run(pod)
        return await answers.request(run, run.kubelet.host, port, method, path, headers, body)

    # ports.PortForwarder

    async def connect(self, pod: Obj, port: int) -> Forwarded:
        run = self._run(pod, "error dialing backend: ")
        if run.host is None:
            phase = (pod.get("status") or {}).get("phase", "Pending")
            raise bad_request(f"unable to forward port because pod is not running. Current status={phase}")
        return await forward(run.host, port, run.uid)


def _mounts(pod: Obj, field: str, name: str) -> bool:
    for volume in pod["spec"].get("volumes") or ():
        parts = [volume, *((volume.get("projected") or {}).get("sources") or ())]
        for part in parts:
            source = part.get(field) or {}
            if name in (source.get("name"), source.get("secretName")):
                return True
    return False
