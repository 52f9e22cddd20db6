"""Endpoints: the addresses behind each Service, in the old form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import split_key
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.serving import PodsOfServices, hostname_of, is_serving, resolve_port, target_of
from k8slab.emulator.ports import Obj

MANAGED_BY = "endpoints.kubernetes.io/managed-by"
HEADLESS = "service.kubernetes.io/headless"


@controller("endpoint")
class Endpoints:
    def __init__(self, desk: Desk) -> None:
        self._api = desk.api
        self._services = desk.cache.of("services")
        self._queue = desk.queue("endpoint", self.reconcile)
        self._backends = PodsOfServices(desk, self._queue)

    def reconcile(self, key: str) -> None:
        namespace, name = split_key(key)
        service = self._services.get(key)
        if service is None:
            self._forget(name, namespace)
            return
        if service["spec"].get("type") == "ExternalName" or not service["spec"].get("selector"):
            return
        labels = {**(service["metadata"].get("labels") or {}), MANAGED_BY: "endpoint-controller"}
        if service["spec"].get("clusterIP") == "None":
            labels[HEADLESS] = ""
        self._write(name, namespace, labels, self._subsets(service))

    def _forget(self, name: str, namespace: str | None) -> None:
        old = self._api.find("endpoints", name, namespace)
        if old is not None and MANAGED_BY in (old["metadata"].get("labels") or {}):
            self._api.delete("endpoints", name, namespace)

    def _write(self, name: str, namespace: str | None, labels: Mapping[str, str], subsets: list[Any]) -> None:
        old = self._api.find("endpoints", name, namespace)
        if old is None:
            body: Obj = {"metadata": {"name": name, "labels": labels}}
            self._api.create("endpoints", {**body, **({"subsets": subsets} if subsets else {})}, namespace)
            return
        if (old.get("subsets") or []) == subsets and (old["metadata"].get("labels") or {}) == labels:
            return
        kept = {key: value for key, value in old.items() if key != "subsets"}
        changed = {**kept, "metadata": {**old["metadata"], "labels": labels}}
        self._api.update("endpoints", {**changed, **({"subsets": subsets} if subsets else {})})

    def _subsets(self, service: Obj) -> list[Any]:
        """Addresses that share their ports stand in one subset."""
        groups: dict[Any, dict[str, Any]] = {}
        for pod in self._backends.of(service):
            if podlib.is_terminating(pod) and not service["spec"].get("publishNotReadyAddresses"):
                continue
            ports = _ports(service, pod)
            if ports is None:
                continue
            ready = is_serving(pod) or bool(service["spec"].get("publishNotReadyAddresses"))
            group = groups.setdefault(str(ports), {"ports": ports, "ready": [], "waiting": []})
            group["ready" if ready else "waiting"].append(_address(service, pod))
        return [_subset(group) for _, group in sorted(groups.items())]


def _ports(service: Obj, pod: Obj) -> list[dict[str, Any]] | None:
    """None where the Service has ports and the pod none of them."""
    wanted = service["spec"].get("ports") or []
    found = []
    for port in wanted:
        number = resolve_port(port, pod)
        if number is not None:
            name = {"name": port["name"]} if port.get("name") else {}
            app = {"appProtocol": port["appProtocol"]} if port.get("appProtocol") else {}
            found.append({**name, "port": number, "protocol": port.get("protocol", "TCP"), **app})
    return None if wanted and not found else found


def _address(service: Obj, pod: Obj) -> dict[str, Any]:
    host = hostname_of(service, pod)
    address = {"ip": pod["status"]["podIP"], **({"hostname": host} if host else {})}
    return {**address, "nodeName": pod["spec"]["nodeName"], "targetRef": target_of(pod)}


def _subset(group: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, key in (("addresses", "ready"), ("notReadyAddresses", "waiting")):
        if group[key]:
            made[name] = sorted(group[key], key=lambda address: address["ip"])
    return {**made, **({"ports": group["ports"]} if group["ports"] else {})}
