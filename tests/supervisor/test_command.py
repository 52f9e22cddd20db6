"""`python -m k8slab.supervisor` as programs and people call it; with Redis alone, since that needs nothing else."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from k8slab.supervisor.__main__ import steady_port
from k8slab.supervisor.places import ROOT, Places
from k8slab.supervisor.stack import clean_environment, running_stack

from .processes import is_running
from .test_redis import has_redis

needs_redis = pytest.mark.skipif(not has_redis(), reason="there is no redis-server on this machine")


def command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (sys.executable, "-m", "k8slab.supervisor", *arguments),
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@needs_redis
def test_it_works(tmp_path: Path) -> None:
    with running_stack(tmp_path, only=["redis"]) as stack:
        pid = stack.pid("redis")
        assert is_running(pid)
        assert stack.url.startswith("http://localhost:")
    assert not is_running(pid)


@needs_redis
def test_it_stops_when_its_caller_is_gone(tmp_path: Path) -> None:
    with command("--var", str(tmp_path), "--only", "redis") as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdin is not None
        pid = json.loads(supervisor.stdout.readline())["pids"]["redis"]
        supervisor.stdin.close()
        assert supervisor.wait(timeout=20) == 0
    assert not is_running(pid)


@needs_redis
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_stops_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with command("--var", str(tmp_path), "--only", "redis") as supervisor:
        assert supervisor.stdout is not None
        pid = json.loads(supervisor.stdout.readline())["pids"]["redis"]
        supervisor.send_signal(number)
        assert supervisor.wait(timeout=20) == 0
    assert not is_running(pid)


@needs_redis
def test_a_second_start_tells_the_address_of_the_first(tmp_path: Path) -> None:
    with (
        running_stack(tmp_path, only=["redis"]) as stack,
        command("--var", str(tmp_path), "--only", "redis") as second,
    ):
        _, said = second.communicate(timeout=20)
        assert said == f"k8slab already runs: {stack.url}\n"
        assert second.returncode == 1


def test_a_taken_port_names_the_option(tmp_path: Path, taken_port: int) -> None:
    with command("--var", str(tmp_path), "--port", str(taken_port)) as supervisor:
        _, said = supervisor.communicate(timeout=20)
    assert supervisor.returncode == 1
    assert f"port {taken_port} is taken: choose another with --port" in said
    assert "Traceback" not in said


def test_an_unknown_process_is_named(tmp_path: Path) -> None:
    with command("--var", str(tmp_path), "--only", "database") as supervisor:
        _, said = supervisor.communicate(timeout=20)
    assert "no such process: database" in said


def test_it_keeps_the_port_of_the_cluster(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    port = steady_port(places)
    assert steady_port(places) == port
