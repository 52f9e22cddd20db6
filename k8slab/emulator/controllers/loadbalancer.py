"""The cloud's service controller, with a cloud that only gives addresses: nodes then forward what is sent to them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from k8slab.emulator.controllers import pods as podlib
from k8slab.emulator.controllers.cache import key_of, split_key
from k8slab.emulator.controllers.desk import Desk, controller
from k8slab.emulator.ports import Change, Obj

LOAD_BALANCER = "service-lb-controller"
CLEANUP = "service.kubernetes.io/load-balancer-cleanup"
EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
ADDRESSES = ipaddress.ip_network("172.18.200.0/21")
FIRST_RETRY, LAST_RETRY = 5.0, 300.0
QUIETLY = ("ports", "sessionAffinity", "sessionAffinityConfig")  # looked at again, without a word of what changed


class NoAddress(Exception):
    """Why the cloud gives none."""


@controller(LOAD_BALANCER)
class LoadBalancer:
    def __init__(self, desk: Desk) -> None:
        self._api = desk.api
        self._events = desk.events("service-controller")
        self._services, self._nodes = desk.cache.of("services"), desk.cache.of("nodes")
        self._seen: dict[str, Obj] = {}  # as they were when their address was last seen to
        self._failures: dict[str, int] = {}
        self._queue = desk.queue(LOAD_BALANCER, self.reconcile)
        self._services.on_change(self._changed)

    def _changed(self, change: Change) -> None:
        key = key_of(change.new)
        if change.type == "DELETED":
            self._seen.pop(key, None)
            self._retry_all()
        elif _is_wanted(change.new) or _is_held(change.new) or key in self._seen:
            self._queue.add(key)

    def reconcile(self, key: str) -> None:
        service = self._services.get(key)
        if service is None:
            return
        seen = self._seen.get(key)
        if seen is not None:
            changes = list(_changes(seen, service))
            for reason, text in changes:
                if reason:
                    self._events.normal(service, reason, text)
            if not changes and not podlib.is_terminating(service):
                return
        if not _is_wanted(service) or podlib.is_terminating(service):
            self._take_away(key, service)
        elif seen is None and _is_held(service) and _addresses(service):
            self._seen[key] = service  # from before a restart
        else:
            self._provide(key, service)

    def _provide(self, key: str, service: Obj) -> None:
        self._events.normal(service, "EnsuringLoadBalancer", "Ensuring load balancer")
        if not _is_held(service):
            finalizers = [*(service["metadata"].get("finalizers") or ()), CLEANUP]
            service = self._api.update(
                "services", {**service, "metadata": {**service["metadata"], "finalizers": finalizers}}
            )
        if not any(_is_available(node) for node in self._nodes.all()):
            text = "There are no available nodes for LoadBalancer"
            self._events.warning(service, "UnAvailableLoadBalancer", text)
        try:
            address = self._address(service)
        except NoAddress as error:
            text = f"Error syncing load balancer: failed to ensure load balancer: {error}"
            self._events.warning(service, "SyncLoadBalancerFailed", text)
            self._retry(key)
            return
        self._events.normal(service, "EnsuredLoadBalancer", "Ensured load balancer")
        self._failures.pop(key, None)
        self._seen[key] = service
        if _addresses(service) != [address]:
            self._write_status(key, {"ingress": [{"ip": address, "ipMode": "VIP"}]})

    def _address(self, service: Obj) -> str:
        """The one it has, the one it asks for, or the first that is free."""
        taken = {ip for other in self._services.all() if key_of(other) != key_of(service) for ip in _addresses(other)}
        wanted, held = service["spec"].get("loadBalancerIP"), _addresses(service)
        if wanted:
            if ipaddress.ip_address(wanted) not in ADDRESSES:
                raise NoAddress(f"{wanted} is not one of the load balancer's addresses {ADDRESSES}")
            if wanted in taken:
                raise NoAddress(f"{wanted} is in use by another service")
            return str(wanted)
        if held and held[0] not in taken:
            return held[0]
        free = next((text for text in map(str, ADDRESSES.hosts()) if text not in taken), None)
        if free is None:
            raise NoAddress(f"all addresses of {ADDRESSES} are in use")
        return free

    def _retry(self, key: str) -> None:
        count = self._failures[key] = self._failures.get(key, 0) + 1
        self._seen.pop(key, None)
        self._queue.add_after(key, min(LAST_RETRY, FIRST_RETRY * 2 ** (count - 1)))

    def _retry_all(self) -> None:
        """An address was given back."""
        for key in self._failures:
            self._queue.add(key)

    def _take_away(self, key: str, service: Obj) -> None:
        if not _is_held(service):
            self._seen.pop(key, None)
            return
        if _addresses(service):
            self._events.normal(service, "DeletingLoadBalancer", "Deleting load balancer")
            self._write_status(key, {})
            service = self._services.get(key) or service
        self._seen.pop(key, None)
        self._failures.pop(key, None)
        rest = [one for one in service["metadata"]["finalizers"] if one != CLEANUP]
        metadata = {name: value for name, value in service["metadata"].items() if name != "finalizers"}
        self._events.normal(service, "DeletedLoadBalancer", "Deleted load balancer")
        self._api.update("services", {**service, "metadata": {**metadata, **({"finalizers": rest} if rest else {})}})
        self._retry_all()

    def _write_status(self, key: str, status: Obj) -> None:
        namespace, name = split_key(key)
        patch = [{"op": "replace", "path": "/status/loadBalancer", "value": status}]
        self._api.patch("services", name, namespace, patch, kind="json", subresource="status")


def _is_wanted(service: Obj) -> bool:
    """Another class of balancer is somebody else's."""
    spec = service["spec"]
    return bool(spec.get("type") == "LoadBalancer" and not spec.get("loadBalancerClass"))


def _is_held(service: Obj) -> bool:
    return CLEANUP in (service["metadata"].get("finalizers") or ())


def _addresses(service: Obj) -> list[str]:
    given = ((service.get("status") or {}).get("loadBalancer") or {}).get("ingress") or ()
    return [entry["ip"] for entry in given if entry.get("ip")]


def _is_available(node: Obj) -> bool:
    ready = podlib.condition(node, "Ready")
    return ready is not None and ready["status"] == "True" and EXCLUDED not in (node["metadata"].get("labels") or {})


def _changes(old: Obj, new: Obj) -> Iterator[tuple[str, str]]:
    """What the balancer must know of: an event's reason and text, or nothing to say."""
    before, after = old["spec"], new["spec"]
    if _is_wanted(old) != _is_wanted(new):
        yield "Type", f"{before.get('type')} -> {after.get('type')}"
        return
    ranges = before.get("loadBalancerSourceRanges") or [], after.get("loadBalancerSourceRanges") or []
    if ranges[0] != ranges[1]:
        yield "LoadBalancerSourceRanges", f"{_listed(ranges[0])} -> {_listed(ranges[1])}"
    if any(before.get(field) != after.get(field) for field in QUIETLY):
        yield "", ""
    for field, reason in (
        ("loadBalancerIP", "LoadbalancerIP"),
        ("externalTrafficPolicy", "ExternalTrafficPolicy"),
        ("healthCheckNodePort", "HealthCheckNodePort"),
    ):
        if before.get(field) != after.get(field):
            nothing = 0 if field == "healthCheckNodePort" else ""
            yield reason, f"{before.get(field, nothing)} -> {after.get(field, nothing)}"
    if len(before.get("externalIPs") or ()) != len(after.get("externalIPs") or ()):
        yield "ExternalIP", f"Count: {len(before.get('externalIPs') or ())} -> {len(after.get('externalIPs') or ())}"
    if (old["metadata"].get("annotations") or {}) != (new["metadata"].get("annotations") or {}):
        yield "", ""


def _listed(values: Sequence[str]) -> str:
    """As Go prints a slice."""
    return f"[{' '.join(values)}]"
