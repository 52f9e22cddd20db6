"""The program itself: started, asked, killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml


@contextmanager
def emulator(data: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "k8slab.emulator", "--data", str(data), "--nodes", "0", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, line
    finally:
        process.kill()
        process.communicate()


def request(data: Path, method: str, path: str, body: Any = None) -> Any:
    config = yaml.safe_load((data / "kubeconfig").read_text())
    headers = {"Authorization": f"Bearer {config['users'][0]['user']['token']}", "Content-Type": "application/json"}
    url = config["clusters"][0]["cluster"]["server"] + path
    asked = urllib.request.Request(url, json.dumps(body).encode() if body else None, headers, method=method)
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return json.load(answer)


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with emulator(tmp_path) as (process, line):
        assert "ready on http://127.0.0.1:" in line
        assert (tmp_path / "kubeconfig").stat().st_mode & 0o777 == 0o600
        for number in range(20):
            request(tmp_path, "POST", "/api/v1/namespaces/default/configmaps", {"metadata": {"name": f"c{number}"}})
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
    with emulator(tmp_path):
        names = {
            item["metadata"]["name"]
            for item in request(tmp_path, "GET", "/api/v1/namespaces/default/configmaps")["items"]
        }
    assert {f"c{number}" for number in range(20)} <= names


def test_it_stops_when_asked_even_with_an_open_watch(tmp_path: Path) -> None:
    with emulator(tmp_path) as (process, _):
        config = yaml.safe_load((tmp_path / "kubeconfig").read_text())
        token, server = config["users"][0]["user"]["token"], config["clusters"][0]["cluster"]["server"]
        asked = urllib.request.Request(f"{server}/api/v1/pods?watch=1", headers={"Authorization": f"Bearer {token}"})
        with urllib.request.urlopen(asked, timeout=10):
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


def test_a_taken_port_ends_with_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with emulator(tmp_path, "--port", port) as (process, _):
            assert process.wait(10) == 1
            assert process.stderr is not None
            error = process.stderr.read()
    assert error.startswith(f"k8slab emulator: cannot listen on 127.0.0.1:{port}")
    assert error.count("\n") == 1


def test_a_directory_in_use_ends_with_one_line(tmp_path: Path) -> None:
    with emulator(tmp_path), emulator(tmp_path) as (second, _):
        assert second.wait(10) == 1
        assert second.stderr is not None
        assert "in use by another emulator" in second.stderr.read()
