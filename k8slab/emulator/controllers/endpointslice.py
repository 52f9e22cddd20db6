"""EndpointSlices of Services, and mirrors of Endpoints that somebody made by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.controllers.endpoint import HEADLESS
from k8slab.emulator.controllers.endpoint import MANAGED_BY as ENDPOINTS_MANAGED_BY
from k8slab.emulator.controllers.pods import owner_reference
from k8slab.emulator.controllers.serving import PodsOfServices, hostname_of, is_serving, resolve_port, target_of
from k8slab.emulator.ports import Change, Obj

SLICES = "endpointslices.discovery.k8s.io"
MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
SERVICE_NAME = "kubernetes.io/service-name"
OURS = "endpointslice-controller.k8s.io"
MIRROR = "endpointslicemirroring-controller.k8s.io"
PER_SLICE = 100


class _Writer:
    """Makes a Service's slices of one manager be as wanted, with as few writes as that takes."""

    def __init__(self, desk: Desk, manager: str) -> None:
        self._api, self._manager = desk.api, manager
        self._slices = desk.cache.of(SLICES)

    def write(self, owner: Obj, labels: Mapping[str, str], wanted: list[tuple[list[Any], list[Any]]]) -> None:
        labels = {**labels, MANAGED_BY: self._manager, SERVICE_NAME: owner["metadata"]["name"]}
        have = self._of(owner)
        rest = list(wanted)
        spare = []
        for old in have:
            same = next((w for w in rest if (old.get("ports") or []) == w[1]), None)
            if same is None:
                spare.append(old)
                continue
            rest.remove(same)
            self._update(old, labels, *same)
        for endpoints, ports in rest:
            if spare:
                self._update(spare.pop(), labels, endpoints, ports)
            else:
                self._create(owner, labels, endpoints, ports)
        for old in spare:
            self._api.delete(SLICES, old["metadata"]["name"], old["metadata"]["namespace"])

    def _of(self, owner: Obj) -> list[Obj]:
        """By the owner, so that the slices of a Service of the same name before are not taken for ours."""
        held = self._slices.owned_by(owner["metadata"]["uid"])
        return [s for s in held if (s["metadata"].get("labels") or {}).get(MANAGED_BY) == self._manager]

    def _update(self, old: Obj, labels: Mapping[str, str], endpoints: list[Any], ports: list[Any]) -> None:
        meta = old["metadata"]
        same = (old.get("endpoints") or []) == endpoints and (old.get("ports") or []) == ports
        if same and (meta.get("labels") or {}) == labels:
            return
        changed = {
            **old,
            "metadata": {**meta, "labels": labels},
            "endpoints": endpoints or None,
            "ports": ports or None,
        }
        self._api.update(SLICES, changed)

    def _create(self, owner: Obj, labels: Mapping[str, str], endpoints: list[Any], ports: list[Any]) -> None:
        name, namespace = owner["metadata"]["name"], owner["metadata"]["namespace"]
        meta = {"generateName": f"{name}-", "labels": labels, "ownerReferences": [owner_reference(owner)]}
        body = {"metadata": meta, "addressType": "IPv4", "endpoints": endpoints or None, "ports": ports or None}
        self._api.create(SLICES, body, namespace)


@controller("endpointslice")
class EndpointSlices:
    def __init__(self, desk: Desk) -> None:
        self._writer = _Writer(desk, OURS)
        self._services = desk.cache.of("services")
        self._queue = desk.queue("endpointslice", self.reconcile)
        self._backends = PodsOfServices(desk, self._queue)

    def reconcile(self, key: str) -> None:
        service = self._services.get(key)
        if service is None or podlib.is_terminating(service):
            return  # the garbage collector takes the slices
        if service["spec"].get("type") == "ExternalName" or not service["spec"].get("selector"):
            return
        labels = dict(service["metadata"].get("labels") or {})
        if service["spec"].get("clusterIP") == "None":
            labels[HEADLESS] = ""
        self._writer.write(service, labels, self._groups(service))

    def _groups(self, service: Obj) -> list[tuple[list[Any], list[Any]]]:
        """Endpoints by their ports, in slices of at most a hundred; one empty slice where there are none."""
        groups: dict[str, tuple[list[Any], list[Any]]] = {}
        for pod in self._backends.of(service):
            ports = _ports(service, pod)
            groups.setdefault(json.dumps(ports), ([], ports))[0].append(_endpoint(service, pod))
        slices = []
        for _, (endpoints, ports) in sorted(groups.items()):
            endpoints.sort(key=lambda endpoint: endpoint["addresses"])
            slices += [(endpoints[i : i + PER_SLICE], ports) for i in range(0, len(endpoints), PER_SLICE)]
        return slices or [([], [])]


def _ports(service: Obj, pod: Obj) -> list[dict[str, Any]]:
    found = []
    for port in service["spec"].get("ports") or ():
        number = resolve_port(port, pod)
        if number is not None:
            app = {"appProtocol": port["appProtocol"]} if port.get("appProtocol") else {}
            found.append({"name": port.get("name", ""), "protocol": port.get("protocol", "TCP"), "port": number, **app})
    return found


def _endpoint(service: Obj, pod: Obj) -> dict[str, Any]:
    serving, terminating = is_serving(pod), podlib.is_terminating(pod)
    published = bool(service["spec"].get("publishNotReadyAddresses"))
    conditions = {
        "ready": published or (serving and not terminating),
        "serving": serving,
        "terminating": terminating,
    }
    host = hostname_of(service, pod)
    return {
        "addresses": [pod["status"]["podIP"]],
        "conditions": conditions,
        **({"hostname": host} if host else {}),
        "targetRef": target_of(pod),
        "nodeName": pod["spec"]["nodeName"],
    }


@controller("endpointslicemirroring")
class Mirrors:
    """Endpoints without a controller, of a Service without a selector, are shown as slices too."""

    def __init__(self, desk: Desk) -> None:
        self._writer = _Writer(desk, MIRROR)
        self._services = desk.cache.of("services")
        self._endpoints = desk.cache.of("endpoints")
        self._queue = desk.queue("endpointslicemirroring", self.reconcile)
        self._endpoints.on_change(self._changed)
        self._services.on_change(lambda change: self._queue.add(key_of(change.new)))

    def _changed(self, change: Change) -> None:
        self._queue.add(key_of(change.new))

    def reconcile(self, key: str) -> None:
        endpoints, service = self._endpoints.get(key), self._services.get(key)
        if endpoints is None or service is None or service["spec"].get("selector"):
            return
        labels = dict(endpoints["metadata"].get("labels") or {})
        if ENDPOINTS_MANAGED_BY in labels or labels.get("endpointslice.kubernetes.io/skip-mirror") == "true":
            return
        self._writer.write(endpoints, labels, [_mirrored(subset) for subset in endpoints.get("subsets") or ()])


def _mirrored(subset: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    addresses = [(a, True) for a in subset.get("addresses") or ()]
    addresses += [(a, False) for a in subset.get("notReadyAddresses") or ()]
    endpoints = []
    for address, ready in addresses:
        endpoint: dict[str, Any] = {"addresses": [address["ip"]], "conditions": {"ready": ready}}
        endpoint.update({k: address[k] for k in ("hostname", "nodeName", "targetRef") if address.get(k)})
        endpoints.append(endpoint)
    ports = [
        {"name": port.get("name", ""), "protocol": port.get("protocol", "TCP"), "port": port["port"]}
        for port in subset.get("ports") or ()
    ]
    return endpoints, ports
