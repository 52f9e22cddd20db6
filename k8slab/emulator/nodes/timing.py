"""The periods of a simulated kubelet: real values, but for the start of a container, which is at once."""

from __future__ import annotations

from typing import NamedTuple


class Timing(NamedTuple):
    start_seconds: float = 0.0  # from bound to the first container's start
    pull_bytes_per_second: float = 100e6  # what a pull's duration is reckoned from
    pull_scale: float = 0.0  # how much of that duration really passes
    resync_seconds: float = 6.5  # how often a container in back-off is looked at, which repeats its event
    image_resync_seconds: float = 10.0
    back_off_first: float = 10.0
    back_off_last: float = 300.0
    image_back_off_first: float = 10.0
    image_back_off_last: float = 300.0
    mount_retry_first: float = 0.5
    mount_retry_last: float = 122.0
    heartbeat_seconds: float = 10.0
    status_seconds: float = 300.0
    lease_seconds: int = 40
