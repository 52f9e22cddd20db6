"""Questions that a pod asks with the programs of its image, and what their output says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from k8slab.kube.execution import ExecResult

Answer = Mapping[str, Any]

_STATUS_LINE = re.compile(r"HTTP/[\d.]+ (\d{3})")
_ADDRESS = re.compile(r"^Address(?: \d+)?:\s*([0-9a-fA-F:.]+)")
_CURL_FAILURES = {
    6: "bad address",
    7: "connection refused",
    28: "timed out",
    52: "empty answer",
    56: "connection reset",
}
_WGET_FAILURES = (
    ("bad address", "bad address"),
    ("timed out", "timed out"),
    ("connection refused", "connection refused"),
    ("no route to host", "no route to host"),
    ("network is unreachable", "network is unreachable"),
    ("connection reset", "connection reset"),
)


@dataclass(frozen=True, slots=True)
class Question:
    command: tuple[str, ...]
    read: Callable[[ExecResult], Answer]


def curl(url: str, timeout: float) -> Question:
    command = ("curl", "-s", "-S", "-i", "-m", f"{_seconds(timeout)}", url)
    return Question(command, _read_curl)


def wget(url: str, timeout: float) -> Question:
    """As busybox has it, which every image of the course for asking does: headers go to stderr."""
    command = ("wget", "-q", "-S", "-O", "-", "-T", f"{_seconds(timeout)}", url)
    return Question(command, _read_wget)


def nslookup(name: str) -> Question:
    return Question(("nslookup", name), _read_nslookup)


def _seconds(timeout: float) -> int:
    return max(1, round(timeout))


def _read_curl(result: ExecResult) -> Answer:
    if result.exit_code:
        words = result.stderr.strip() or f"curl ended with {result.exit_code}"
        return {"error": _CURL_FAILURES.get(result.exit_code, words)}
    head, _, body = result.stdout.replace("\r\n", "\n").partition("\n\n")
    status = _STATUS_LINE.match(head)
    while status and status[1].startswith("1"):  # an interim answer (100 Continue) comes before the real one
        head, _, body = body.partition("\n\n")
        status = _STATUS_LINE.match(head)
    return _answered(status, body, "no answer that is HTTP")


def _read_wget(result: ExecResult) -> Answer:
    statuses = list(_STATUS_LINE.finditer(result.stderr))
    if statuses:
        return _answered(statuses[-1], result.stdout, "")
    if result.exit_code == 0:
        return {"status": 200, "body": result.stdout}
    words = result.stderr.strip().lower()
    return {"error": next((ours for theirs, ours in _WGET_FAILURES if theirs in words), words or "no answer")}


def _answered(status: re.Match[str] | None, body: str, otherwise: str) -> Answer:
    return {"status": int(status[1]), "body": body} if status else {"error": otherwise}


def _read_nslookup(result: ExecResult) -> Answer:
    """The first address is the server's own; those that follow a `Name:` are the answer."""
    addresses: list[str] = []
    named = False
    for line in result.stdout.splitlines():
        named = named or line.startswith("Name:")
        match = _ADDRESS.match(line) if named else None
        if match:
            addresses.append(match[1])
    if addresses:
        return {"addresses": addresses}
    words = f"{result.stdout}\n{result.stderr}"
    for known in ("NXDOMAIN", "SERVFAIL", "timed out"):
        if known in words:
            return {"error": known}
    return {"error": "NXDOMAIN" if "can't resolve" in words or "can't find" in words else words.strip() or "no answer"}
