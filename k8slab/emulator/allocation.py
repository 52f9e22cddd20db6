"""Cluster IPs and node ports: which are free is read from the services themselves."""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterable

from k8slab.emulator.ports import Obj

RANGE = ipaddress.ip_network("10.96.0.0/12")
NODE_PORTS = range(30000, 32768)
FIRST_FREE = 10  # the lowest addresses are for the cluster's own services


def used_ips(services: Iterable[Obj]) -> set[str]:
    return {ip for service in services for ip in service["spec"].get("clusterIPs") or [] if ip != "None"}


def used_ports(services: Iterable[Obj]) -> set[int]:
    found = {
        port["nodePort"] for service in services for port in service["spec"].get("ports") or [] if port.get("nodePort")
    }
    return found | {
        service["spec"]["healthCheckNodePort"] for service in services if service["spec"].get("healthCheckNodePort")
    }


def free_ip(taken: set[str]) -> str:
    while True:
        text = str(RANGE[random.randrange(FIRST_FREE, RANGE.num_addresses - 1)])  # noqa: S311  # spread, not secrecy
        if text not in taken:
            return text


def free_port(taken: set[int]) -> int:
    free = [port for port in NODE_PORTS if port not in taken]
    return random.choice(free)  # noqa: S311  # spread, not secrecy
