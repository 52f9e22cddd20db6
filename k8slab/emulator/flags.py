"""The command line. Periods have the names and the defaults of the real components' flags (or, where those have none,
of the fields of their configuration)."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from k8slab.emulator.controllers.periods import Periods
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.server import Options, StartError

UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:h|ms|m|s))+")
PART = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s)")


def duration(text: str) -> float:
    """Seconds of what Go reads as a duration: `40s`, `1m30s`, `500ms`."""
    if not DURATION.fullmatch(text):
        raise argparse.ArgumentTypeError(f'invalid duration "{text}": write it as 40s, 1m30s or 500ms')
    seconds = sum(float(number) * UNITS[unit] for number, unit in PART.findall(text))
    if seconds <= 0:
        raise argparse.ArgumentTypeError(f'invalid duration "{text}": it must be longer than nothing')
    return seconds


def at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f'invalid number "{text}": it must be {least} or more')
        return int(text)

    return number


def parse(arguments: list[str] | None = None) -> Options:
    """Raises StartError for periods that contradict each other."""
    given = _parser().parse_args(arguments)
    options = Options(
        data=given.data,
        host=given.host,
        port=given.port,
        token=given.token,
        nodes=given.nodes,
        controllers=None if given.controllers is None else tuple(one for one in given.controllers.split(",") if one),
        scheduler=given.scheduler == "on",
        repair=given.repair,
        load_balancer=given.nodes > 0 if given.load_balancer is None else given.load_balancer == "on",
        periods=_periods(given),
        timing=_timing(given),
        not_ready_seconds=given.default_not_ready_toleration_seconds,
        unreachable_seconds=given.default_unreachable_toleration_seconds,
    )
    _check(options)
    return options


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m k8slab.emulator", description="A Kubernetes cluster in one process"
    )
    parser.add_argument("--data", type=Path, required=True, help="directory of the databases and the kubeconfig")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", help="the administrator's bearer token; made and kept in the directory if not given")
    parser.add_argument("--nodes", type=int, default=3, help="simulated nodes")
    parser.add_argument("--controllers", help="comma-separated names; empty for none; all by default")
    parser.add_argument("--scheduler", choices=("on", "off"), default="on")
    parser.add_argument(
        "--load-balancer", choices=("on", "off"), help="addresses for Services; on where there are simulated nodes"
    )
    parser.add_argument("--repair", action="store_true", help="first save what can be read of damaged databases")
    _add_periods(parser)
    return parser


def _add_periods(parser: argparse.ArgumentParser) -> None:
    periods, timing = Periods(), Timing()
    api_server = parser.add_argument_group("kube-apiserver")
    for name in ("not-ready", "unreachable"):
        api_server.add_argument(
            f"--default-{name}-toleration-seconds",
            type=at_least(0),
            default=300,
            metavar="N",
            help="what a pod that says nothing tolerates",
        )
    controllers = parser.add_argument_group("kube-controller-manager")
    for flag, default, text in (
        ("--node-monitor-period", periods.node_look_seconds, "how often nodes are looked at"),
        ("--node-monitor-grace-period", periods.node_grace_seconds, "silence after which a node is not ready"),
        ("--horizontal-pod-autoscaler-sync-period", periods.autoscaler_seconds, "how often autoscalers decide"),
    ):
        controllers.add_argument(flag, type=duration, default=default, metavar="DURATION", help=text)
    controllers.add_argument(
        "--terminated-pod-gc-threshold", type=at_least(0), default=periods.finished_pods_kept, metavar="N"
    )
    kubelet = parser.add_argument_group("kubelet")
    for flag, default, text in (
        ("--node-status-update-frequency", timing.heartbeat_seconds, "how often a node renews its lease"),
        ("--node-status-report-frequency", timing.status_seconds, "how often it reports an unchanged status"),
        ("--container-back-off-period", timing.back_off_first, "wait before the first restart; doubled each time"),
        ("--max-container-back-off", timing.back_off_last, "the longest wait before a restart"),
        ("--image-back-off-period", timing.image_back_off_first, "wait before an image is asked for again"),
        ("--max-image-back-off", timing.image_back_off_last, "the longest wait for an image"),
    ):
        kubelet.add_argument(flag, type=duration, default=default, metavar="DURATION", help=text)
    kubelet.add_argument("--node-lease-duration-seconds", type=at_least(1), default=timing.lease_seconds, metavar="N")


def _periods(given: argparse.Namespace) -> Periods:
    return Periods(
        node_grace_seconds=given.node_monitor_grace_period,
        node_look_seconds=given.node_monitor_period,
        autoscaler_seconds=given.horizontal_pod_autoscaler_sync_period,
        finished_pods_kept=given.terminated_pod_gc_threshold,
    )


def _timing(given: argparse.Namespace) -> Timing:
    return Timing(
        heartbeat_seconds=given.node_status_update_frequency,
        status_seconds=given.node_status_report_frequency,
        lease_seconds=given.node_lease_duration_seconds,
        back_off_first=given.container_back_off_period,
        back_off_last=given.max_container_back_off,
        image_back_off_first=given.image_back_off_period,
        image_back_off_last=given.max_image_back_off,
    )


def _check(options: Options) -> None:
    periods, timing = options.periods, options.timing
    for short, long, about in (
        (
            ("--node-status-update-frequency", timing.heartbeat_seconds),
            ("--node-monitor-grace-period", periods.node_grace_seconds),
            "healthy nodes would not be ready",
        ),
        (
            ("--node-monitor-period", periods.node_look_seconds),
            ("--node-monitor-grace-period", periods.node_grace_seconds),
            "silence would be noticed late",
        ),
        (
            ("--node-status-update-frequency", timing.heartbeat_seconds),
            ("--node-lease-duration-seconds", float(timing.lease_seconds)),
            "leases would run out between two renewals",
        ),
    ):
        if short[1] >= long[1]:
            raise StartError(f"{short[0]} ({short[1]:g}s) must be shorter than {long[0]} ({long[1]:g}s): {about}")
    for first, last, what in (
        (timing.back_off_first, timing.back_off_last, "container"),
        (timing.image_back_off_first, timing.image_back_off_last, "image"),
    ):
        if first > last:
            raise StartError(
                f"--{what}-back-off-period ({first:g}s) must not be longer than --max-{what}-back-off ({last:g}s)"
            )
