"""The whole emulator in one process: start, loop, shutdown."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn

from k8slab.emulator.accounting import Accounting
from k8slab.emulator.api import open_cluster
from k8slab.emulator.auth.authenticate import Authenticator
from k8slab.emulator.auth.tokens import TokenSigner
from k8slab.emulator.bootstrap import bootstrap
from k8slab.emulator.clock import Clock, RealClock
from k8slab.emulator.cluster import NOT_SAID_SECONDS, Cluster
from k8slab.emulator.controllers.loadbalancer import LOAD_BALANCER
from k8slab.emulator.controllers.manager import controller_names, start_controllers
from k8slab.emulator.controllers.periods import Periods
from k8slab.emulator.journal import KUBECONFIG, Journal, NotStored
from k8slab.emulator.nodes.cluster import Nodes, start_nodes
from k8slab.emulator.nodes.process import PROGRAMS
from k8slab.emulator.nodes.timing import Timing
from k8slab.emulator.scheduler.loop import start_scheduler
from k8slab.emulator.upkeep.expiry import Expiry
from k8slab.emulator.upkeep.policystatus import PolicyStatus
from k8slab.emulator.upkeep.secrettokens import SecretTokens
from k8slab.emulator.web.build import build_app
from k8slab.emulator.web.control import CLOCK_FACT
from k8slab.emulator.web.streaming.upgrade import UpgradingProtocol, open_socket

log = logging.getLogger(__name__)
GRACE_SECONDS = 1
SETTLING_SECONDS = 0.05  # after a start, for those who waited for it
# Objects live and die without cycles here, so that looking for those is a tenth of the work, and finds next to nothing.
SELDOM = (20_000, 20, 20)


class StartError(Exception):
    """Why it cannot start, in one line, for the person who started it."""


@dataclass(frozen=True)
class Options:
    data: Path
    host: str = "127.0.0.1"
    port: int = 0
    token: str | None = None
    nodes: int = 3
    controllers: tuple[str, ...] | None = None  # None is all of them
    scheduler: bool = True
    repair: bool = False
    load_balancer: bool = True
    periods: Periods = field(default_factory=Periods)
    timing: Timing = field(default_factory=Timing)
    not_ready_seconds: int = NOT_SAID_SECONDS
    unreachable_seconds: int = NOT_SAID_SECONDS


@dataclass
class Running:
    """What `start` started and `shutdown` stops."""

    cluster: Cluster
    server: uvicorn.Server
    listener: socket.socket
    url: str
    stops: list[Callable[[], None]] = field(default_factory=list)


def start(options: Options, clock: Clock | None = None) -> Running:
    """Opens the data and the port and sets everything going. Needs a running loop."""
    listener = _listen(options.host, options.port)
    url = f"http://{options.host}:{listener.getsockname()[1]}"
    own_clock = clock is None
    clock = clock or RealClock()
    cluster = open_cluster(options.data, clock)
    cluster.not_ready_seconds, cluster.unreachable_seconds = options.not_ready_seconds, options.unreachable_seconds
    journal = cluster.journal
    if journal is None:
        raise StartError("the server needs a directory")
    if own_clock and isinstance(clock, RealClock):
        clock.skipped = float(journal.fact(CLOCK_FACT) or 0)
    token = _remembered(journal, "admin-token", options.token)
    signer = TokenSigner(_remembered(journal, "token-key", None))
    bootstrap(cluster, with_nodes=options.nodes > 0)
    stops: list[Callable[[], None]] = []
    stops.append(Accounting(cluster).stop)
    stops.append(Expiry(cluster).stop)
    if options.controllers is None:  # else somebody else's controllers may do this
        stops += [SecretTokens(cluster, signer).stop, PolicyStatus(cluster).stop]
    stops.append(_start_controllers(cluster, options))
    if options.scheduler:
        stops.append(start_scheduler(cluster.api, clock))
    nodes = _start_nodes(cluster, options, stops)
    authenticator = Authenticator(cluster, token, signer, cluster.authorizer)
    app = build_app(cluster, authenticator, signer, nodes, nodes)
    _write_kubeconfig(options.data / KUBECONFIG, url, token)
    _keep_first(journal)
    return Running(cluster, _uvicorn(app), listener, url, stops)


def _start_controllers(cluster: Cluster, options: Options) -> Callable[[], None]:
    names = options.controllers
    if names is None and not options.load_balancer:
        names = tuple(name for name in controller_names() if name != LOAD_BALANCER)
    try:
        return start_controllers(cluster.api, cluster.clock, names, options.periods)
    except ValueError as error:
        raise StartError(str(error)) from error


def _start_nodes(cluster: Cluster, options: Options, stops: list[Callable[[], None]]) -> Nodes | None:
    if not options.nodes:
        return None
    nodes = start_nodes(cluster.api, cluster.clock, options.nodes, options.data, options.timing)
    stops.append(nodes.stop)
    return nodes


async def loop(running: Running) -> None:
    """Serves until the process is told to stop."""
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, _stop, running)
    preparing = asyncio.ensure_future(_prepare(running.cluster.clock))
    try:
        await running.server._serve([running.listener])
    finally:
        preparing.cancel()


async def _prepare(clock: Clock) -> None:
    """Loads what the first pod needs, a little at a time, so that requests need not wait for it."""
    await clock.sleep(SETTLING_SECONDS)
    while PROGRAMS.load_one():
        await clock.sleep(0)


def _stop(running: Running) -> None:
    running.server.should_exit = True


def shutdown(running: Running) -> None:
    for stop in reversed(running.stops):
        stop()
    try:
        running.cluster.close()
    except NotStored as error:
        log.error("the last changes are lost: %s", error)


async def serve(options: Options) -> None:
    gc.disable()  # what is made at the start is there to stay: looking through it again and again costs a tenth of it
    running = start(options)
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()
    print(f"k8slab emulator ready on {running.url} (kubeconfig {options.data / KUBECONFIG})", flush=True)  # noqa: T201  # the one line that a starter waits for
    try:
        await loop(running)
    finally:
        shutdown(running)


def _uvicorn(app: Any) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=UpgradingProtocol,
        ws=open_socket,  # type: ignore[arg-type]  # a class there; what is called makes no difference
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who connects is asked of the kernel, not of a header
        date_header=True,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
    )
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise StartError(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return listener


def _keep_first(journal: Journal) -> None:
    try:
        journal.flush()
        journal.require()
    except NotStored as error:
        raise StartError(f"the database {journal.path} cannot be written: {error}") from error


def _remembered(journal: Journal, name: str, given: str | None) -> str:
    value = given or journal.fact(name) or secrets.token_urlsafe(32)
    journal.keep_fact(name, value)
    return value


def _write_kubeconfig(path: Path, url: str, token: str) -> None:
    name = "k8slab"
    text = "".join(
        [
            "apiVersion: v1\nkind: Config\n",
            f"clusters:\n- name: {name}\n  cluster:\n    server: {url}\n",
            f"users:\n- name: {name}\n  user:\n    token: {json.dumps(token)}\n",
            f"contexts:\n- name: {name}\n  context:\n    cluster: {name}\n    user: {name}\n",
            f"current-context: {name}\n",
        ]
    )
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)
