"""--tcp of `kubectl create service`."""

from __future__ import annotations

import re
from typing import Any

from ..flags import Flag
from ..invocation import Failed, Invocation
from .objects import number_or_text, typed

TCP = Flag("tcp", kind="list", help="Port pairs can be specified as '<port>:<targetPort>'.")
_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


def read_ports(invocation: Invocation) -> list[dict[str, Any]]:
    """`80`, `80:8080`, `80:http`. Raises Failed."""
    return [_port(word) for word in invocation.flags.many("tcp")]


def _port(word: str) -> dict[str, Any]:
    front, colon, back = word.partition(":")
    if not re.fullmatch(r"[0-9]+", front):
        raise Failed(
            f'error: strconv.ParseUint: parsing "{front}": invalid syntax' if front else "error: invalid port format"
        )
    if int(front) > 65535:
        raise Failed(f'error: strconv.ParseUint: parsing "{front}": value out of range')
    if not int(front):
        raise Failed("error: must be between 1 and 65535, inclusive")
    target = number_or_text(back) if colon else int(front)
    if isinstance(target, int) and not 1 <= target <= 65535:
        raise Failed("error: must be between 1 and 65535, inclusive")
    return {"name": word.replace(":", "-"), "protocol": "TCP", "port": int(front), "targetPort": target}


def service(name: str, kind: str, ports: list[dict[str, Any]]) -> dict[str, Any]:
    spec: dict[str, Any] = {"ports": ports} if ports else {}
    spec |= {"selector": {"app": name}, "type": kind}
    return {**typed("v1", "Service", name, {"app": name}), "spec": spec, "status": {"loadBalancer": {}}}
