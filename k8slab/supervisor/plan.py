"""What runs: five processes as plain data. To start one alone by hand, see docs/running.md."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from .places import ROOT, Places
from .ready import HttpAnswers, Prints, Ready, RedisAnswers, WorkerWaits
from .redis import find_redis, redis_config, redis_url

LOCAL = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only compared with what the caller asked for
# A lesson about a failed node need not wait as long as a real cluster does: it shows after two seconds, and pods leave
# five seconds later. All other periods are the real ones.
PERIODS = {
    "--node-status-update-frequency": "1s",
    "--node-lease-duration-seconds": "4",
    "--node-monitor-period": "500ms",
    "--node-monitor-grace-period": "2s",
    "--default-not-ready-toleration-seconds": "5",
    "--default-unreachable-toleration-seconds": "5",
}
NAMES = ("redis", "emulator", "web", "worker", "watcher")


@dataclass(frozen=True)
class Process:
    name: str
    command: tuple[str, ...]
    ready: Ready
    stage: int  # those of one stage start at once; the next stage when all of the one before are ready
    env: dict[str, str] = field(default_factory=dict)
    stdin: str = ""
    quiet: bool = False  # its words go to the log file only


@dataclass(frozen=True)
class Wish:
    """What the caller asked for."""

    places: Places
    host: str = LOCAL
    port: int = 8000
    emulator_port: int = 0
    nodes: int = 3
    reload: bool = False
    only: Collection[str] = NAMES


@dataclass(frozen=True)
class Plan:
    processes: tuple[Process, ...]
    environment: dict[str, str]  # what every process needs to find the others
    url: str
    kubeconfig: Path


def make_plan(wish: Wish) -> Plan:
    """Redis and the cluster are left out where the environment names others."""
    given_redis = os.environ.get("REDIS_URL_FILE") or os.environ.get("REDIS_URL")
    given_cluster = os.environ.get("K8SLAB_KUBECONFIG")
    environment = {
        "K8SLAB_VAR": str(wish.places.var),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    if given_redis:
        url = _given_redis_url()
    else:
        url = redis_url(wish.places)
        environment["REDIS_URL_FILE"] = str(wish.places.redis_url_file)
    processes = [
        None if given_redis else redis(wish.places, url),
        None if given_cluster else emulator(wish),
        web(wish),
        worker(url),
        watcher(),
    ]
    chosen = tuple(process for process in processes if process and process.name in wish.only)
    kubeconfig = Path(given_cluster) if given_cluster else wish.places.kubeconfig
    return Plan(chosen, environment, page_url(wish.host, wish.port), kubeconfig)


def _given_redis_url() -> str:
    if file := os.environ.get("REDIS_URL_FILE"):
        return Path(file).read_text(encoding="utf-8").strip()
    return os.environ["REDIS_URL"]


def page_url(host: str, port: int) -> str:
    shown = "localhost" if host in (LOCAL, *EVERYWHERE) else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/"


def redis(places: Places, url: str) -> Process:
    return Process(
        "redis",
        (str(find_redis()), "-"),
        ready=RedisAnswers(url),
        stage=0,
        stdin=redis_config(places),
        quiet=True,
    )


def emulator(wish: Wish) -> Process:
    port = str(wish.emulator_port)
    where = ("--data", str(wish.places.cluster), "--port", port, "--nodes", str(wish.nodes))
    return Process(
        "emulator",
        (sys.executable, "-m", "k8slab.emulator", *where, *(word for pair in PERIODS.items() for word in pair)),
        ready=HttpAnswers(LOCAL, wish.emulator_port, "/readyz", status=200),
        stage=0,
    )


def web(wish: Wish) -> Process:
    address = ("--host", wish.host, "--port", str(wish.port))
    options = ("--lifespan", "off", "--timeout-graceful-shutdown", "2", "--no-access-log", "--log-level", "warning")
    reload = ("--reload", "--reload-dir", str(ROOT / "k8slab")) if wish.reload else ()
    asked = LOCAL if wish.host in EVERYWHERE else wish.host
    return Process(
        "web",
        (sys.executable, "-m", "uvicorn", "k8slab.asgi:application", *address, *options, *reload),
        ready=HttpAnswers(asked, wish.port),
        stage=1,
    )


def worker(url: str) -> Process:
    pool = ("--pool", "threads", "--concurrency", "8", "--beat")
    # Mingling with other workers would cost a second at each start; none of it is used.
    options = ("--loglevel", "warning", "--without-mingle", "--without-gossip")
    return Process(
        "worker",
        (sys.executable, "-m", "celery", "--quiet", "--app", "k8slab.celery", "worker", *pool, *options),
        ready=WorkerWaits(url),
        stage=1,
    )


def watcher() -> Process:
    return Process(
        "watcher",
        (sys.executable, str(ROOT / "manage.py"), "watcher"),
        ready=Prints("watcher is ready"),
        stage=1,
    )
