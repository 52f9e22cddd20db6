"""NetworkPolicies: which connections between pods are let through."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from k8slab.emulator.controllers.cache import Cache
from k8slab.emulator.controllers.labels import labels_of, matches
from k8slab.emulator.nodes.dns import SERVER
from k8slab.emulator.nodes.podnet import INGRESS_ADDRESS
from k8slab.emulator.ports import Obj

POLICIES = "networkpolicies.networking.k8s.io"
NAMESPACE_NAME = "kubernetes.io/metadata.name"
# The DNS server is no pod here; to policies it looks like the one that every cluster has.
DNS_POD: Obj = {
    "metadata": {"namespace": "kube-system", "name": "coredns", "labels": {"k8s-app": "kube-dns"}},
    "spec": {"containers": [{"ports": [{"name": "dns", "containerPort": 53, "protocol": "UDP"}]}]},
}
# Nor is the ingress controller; policies let it through as they do where it is installed the usual way.
INGRESS_POD: Obj = {
    "metadata": {
        "namespace": "ingress-nginx",
        "name": "ingress-nginx-controller",
        "labels": {"app.kubernetes.io/name": "ingress-nginx", "app.kubernetes.io/component": "controller"},
    },
    "spec": {"containers": []},
}


class Policies:
    def __init__(self, cache: Cache) -> None:
        self._policies = cache.of(POLICIES)
        self._pods = cache.of("pods")
        self._namespaces = cache.of("namespaces")

    def allow(self, source: str, source_ip: str, target: str, target_ip: str, port: int) -> bool:
        """Keys of the pods, empty for what is no pod: the source may send and the target may receive."""
        if not len(self._policies):
            return True
        sender, receiver = self._pod(source, source_ip), self._pod(target, target_ip)
        out = sender is None or self._passes(sender, "Egress", receiver, target_ip, port, receiver)
        return out and (receiver is None or self._passes(receiver, "Ingress", sender, source_ip, port, receiver))

    def _pod(self, key: str, ip: str) -> Obj | None:
        return INGRESS_POD if ip == INGRESS_ADDRESS else self._pods.get(key)

    def allow_dns(self, source: str) -> bool:
        """Whether a pod may ask the cluster's DNS server, by UDP."""
        sender = self._pods.get(source) if len(self._policies) else None
        return sender is None or self._passes(sender, "Egress", DNS_POD, SERVER, 53, DNS_POD, "UDP")

    def _passes(
        self,
        pod: Obj,
        way: str,
        peer: Obj | None,
        peer_ip: str,
        port: int,
        server: Obj | None,
        protocol: str = "TCP",
    ) -> bool:
        """Without a policy for this pod and direction everything passes; with some, what one of them allows."""
        mine = [p for p in self._policies.in_namespace(pod["metadata"]["namespace"]) if _is_about(p, pod, way)]
        if not mine:
            return True
        field, peers = ("ingress", "from") if way == "Ingress" else ("egress", "to")
        return any(
            _port_allowed(rule.get("ports"), port, server, protocol)
            and self._peer_allowed(rule.get(peers), policy, peer, peer_ip)
            for policy in mine
            for rule in policy["spec"].get(field) or ()
        )

    def _peer_allowed(self, peers: Sequence[Any] | None, policy: Obj, peer: Obj | None, ip: str) -> bool:
        if not peers:
            return True
        return any(self._is_peer(entry, policy, peer, ip) for entry in peers)

    def _is_peer(self, entry: Mapping[str, Any], policy: Obj, peer: Obj | None, ip: str) -> bool:
        if entry.get("ipBlock"):
            return _in_block(entry["ipBlock"], ip)
        if peer is None:
            return False
        namespace = peer["metadata"]["namespace"]
        if entry.get("namespaceSelector") is None:
            inside = namespace == policy["metadata"]["namespace"]
        else:
            found = self._namespaces.get(namespace)
            labels = labels_of(found) if found is not None else {NAMESPACE_NAME: namespace}
            inside = matches(entry["namespaceSelector"], labels)
        selector = entry.get("podSelector")
        return inside and (selector is None or matches(selector, labels_of(peer)))


def _is_about(policy: Obj, pod: Obj, way: str) -> bool:
    spec = policy["spec"]
    ways = spec.get("policyTypes") or ["Ingress", *(["Egress"] if spec.get("egress") else [])]
    return way in ways and matches(spec.get("podSelector") or {}, labels_of(pod))


def _in_block(block: Mapping[str, Any], ip: str) -> bool:
    try:
        address = ipaddress.ip_address(ip)
        return address in ipaddress.ip_network(block["cidr"], strict=False) and not any(
            address in ipaddress.ip_network(hole, strict=False) for hole in block.get("except") or ()
        )
    except ValueError:
        return False


def _port_allowed(ports: Sequence[Any] | None, port: int, server: Obj | None, protocol: str) -> bool:
    if not ports:
        return True
    return any(_is_port(entry, port, server, protocol) for entry in ports)


def _is_port(entry: Mapping[str, Any], port: int, server: Obj | None, protocol: str) -> bool:
    if entry.get("protocol", "TCP") != protocol:
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, int):
        return wanted <= port <= int(entry.get("endPort") or wanted)
    spec = (server or {"spec": {}})["spec"]
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    named = [p for c in containers for p in c.get("ports") or () if p.get("name") == wanted]
    return any(p["containerPort"] == port for p in named)
