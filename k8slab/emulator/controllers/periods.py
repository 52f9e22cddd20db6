"""The periods of the controllers that wait: Kubernetes' defaults, which the command line may shorten."""

from __future__ import annotations

from typing import NamedTuple


class Periods(NamedTuple):
    node_grace_seconds: float = 50.0  # a node that is silent for so long is Unknown
    node_look_seconds: float = 5.0
    pod_gc_seconds: float = 20.0
    node_gone_seconds: float = 40.0  # pods of a node that is no more
    autoscaler_seconds: float = 15.0
    finished_pods_kept: int = 12500
