"""How far a rolling update may go above and below the wanted number of pods."""

from __future__ import annotations

import math
from typing import Any

from k8slab.emulator.ports import Obj


def replicas_of(obj: Obj) -> int:
    replicas = obj["spec"].get("replicas")
    return 1 if replicas is None else int(replicas)


def is_rolling(deployment: Obj) -> bool:
    strategy: Obj = deployment["spec"].get("strategy") or {}
    return bool(strategy.get("type", "RollingUpdate") == "RollingUpdate")


def max_surge(deployment: Obj) -> int:
    return _fenceposts(deployment)[0] if is_rolling(deployment) else 0


def max_unavailable(deployment: Obj) -> int:
    if not is_rolling(deployment) or not replicas_of(deployment):
        return 0
    return min(_fenceposts(deployment)[1], replicas_of(deployment))


def scaled(value: Any, total: int, *, up: bool) -> int:
    """An int or a percentage of the total; surge rounds up, unavailability down."""
    if isinstance(value, str) and value.endswith("%"):
        share = int(value[:-1]) * total / 100
        return math.ceil(share) if up else math.floor(share)
    return int(value)


def _fenceposts(deployment: Obj) -> tuple[int, int]:
    rolling = (deployment["spec"].get("strategy") or {}).get("rollingUpdate") or {}
    total = replicas_of(deployment)
    surge = scaled(rolling.get("maxSurge", "25%"), total, up=True)
    unavailable = scaled(rolling.get("maxUnavailable", "25%"), total, up=False)
    # Both zero would never move: a percentage of few replicas can round to that.
    return (surge, unavailable) if surge or unavailable else (0, 1)
