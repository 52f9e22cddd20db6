"""One step of the set-up: shown with its elapsed seconds, logged in full, and in failure explained in one line."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from k8slab.supervisor.child import die_with_parent
from k8slab.supervisor.places import ROOT

REDRAW = 0.5
TITLE_WIDTH = 46

# What a log says → what its reader should do. The first that matches wins, so the exact ones come first.
ADVICE = (
    (r"No space left on device", "the disk is full: make room and start again"),
    (
        r"(?:command|program) '?(?:\S*/)?(?:gcc|cc|clang|g\+\+|c\+\+)'? .*(?:failed|not found)"
        r"|No such file or directory: '(?:gcc|cc|clang|g\+\+)'|unable to execute '(?:gcc|cc)'|Microsoft Visual C\+\+",
        "a package must be compiled here and the compiler is missing or failed: install one "
        "(apt-get install build-essential python3-dev; xcode-select --install) or use Python 3.11 or 3.12 on x86_64",
    ),
    (
        r"Temporary failure in name resolution|Name or service not known|NewConnectionError|ConnectTimeout|ReadTimeout"
        r"|Connection refused|Network is unreachable|ProxyError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET"
        r"|SSLError|CERTIFICATE_VERIFY_FAILED|UNABLE_TO_GET_ISSUER_CERT|IncompleteRead",
        "a download failed: check the network, the proxy (HTTPS_PROXY) and the package index, then start again",
    ),
    (
        r"No matching distribution found for (\S+)",
        "no build of {0} fits this Python and machine: use Python 3.11, 3.12 or 3.13 of 64 bits",
    ),
    (r"Hash of the package does not match|EINTEGRITY", "a download came broken: start again"),
    (r"Permission denied|EACCES", "files here belong to another user: give them to yourself or use your own checkout"),
)


class Failed(Exception):
    """Ends the command with one line that says what failed and what to do."""


def say(text: str, stream: TextIO | None = None) -> None:
    """One line to whoever typed the command, in order with what child processes write."""
    print(text, file=stream or sys.stdout, flush=True)


@contextmanager
def shown(title: str) -> Iterator[Progress]:
    """Draws a line for one step; ends it with a tick and the seconds that it took, or with a cross."""
    progress = Progress(title)
    progress.draw()
    try:
        yield progress
    except BaseException:
        progress.end("✗")
        raise
    progress.end("✓")


class Progress:
    def __init__(self, title: str) -> None:
        self._title = title
        self._began = time.monotonic()
        self._live = sys.stdout.isatty()

    def draw(self) -> None:
        if self._live:
            self._write(f"\r  … {self._title:<{TITLE_WIDTH}}{self._seconds():6.0f} s")

    def end(self, mark: str) -> None:
        start = "\r" if self._live else ""
        self._write(f"{start}  {mark} {self._title:<{TITLE_WIDTH}}{self._seconds():6.1f} s\n")

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    @staticmethod
    def _write(text: str) -> None:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:  # a terminal without UTF-8
            sys.stdout.write(text.encode("ascii", "replace").decode())
        sys.stdout.flush()


def run_step(
    title: str,
    command: Sequence[str | Path],
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> None:
    """Runs `command` as a step; raises Failed."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with shown(title) as progress, log.open("wb") as out:
        code = _run(command, out.fileno(), env, cwd, progress)
        if code:
            raise Failed(explain(title, log))


def _run(command: Sequence[str | Path], out: int, env: Mapping[str, str] | None, cwd: Path, progress: Progress) -> int:
    process = subprocess.Popen(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out, preexec_fn=die_with_parent()
    )
    try:
        while True:
            try:
                return process.wait(REDRAW)
            except subprocess.TimeoutExpired:
                progress.draw()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def explain(title: str, log: Path) -> str:
    written = log.read_text(encoding="utf-8", errors="replace")
    for pattern, advice in ADVICE:
        if found := re.search(pattern, written):
            return f"{title} failed: {advice.format(*found.groups())} (log: {log})"
    lines = [line.strip() for line in written.splitlines() if re.search(r"\w{3}", line)]
    telling = [line for line in lines if re.search(r"error|cannot|not found|failed", line, re.IGNORECASE)]
    last = (telling or lines or ["it said nothing"])[-1]
    return f"{title} failed: {last} (log: {log})"
