"""The machine's own kubectl, run as people run it: plainly, in the background, or at a terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path
from types import TracebackType

SECONDS = 20.0
# Which way its streams go: websockets are the first that it tries, SPDY is what it falls back to.
WEBSOCKETS = {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "true", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "true"}
SPDY = {"KUBECTL_REMOTE_COMMAND_WEBSOCKETS": "false", "KUBECTL_PORT_FORWARD_WEBSOCKETS": "false"}


class Kubectl:
    def __init__(self, kubeconfig: Path, namespace: str, home: Path) -> None:
        self.namespace = namespace
        keep = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        self._env = {**keep, "KUBECONFIG": str(kubeconfig), "HOME": str(home), "TERM": "xterm"}
        self._started: list[subprocess.Popen[bytes]] = []

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return ["kubectl", "--namespace", self.namespace, *arguments]

    def run(self, *arguments: str, typed: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """Whatever comes of it."""
        return subprocess.run(
            self._command(arguments),
            input=typed,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**self._env, **env},
            check=False,
        )

    def __call__(self, *arguments: str, typed: str = "", **env: str) -> str:
        """What it says when it succeeds."""
        done = self.run(*arguments, typed=typed, **env)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *arguments: str, **env: str) -> Talk:
        """In the background; its output can be waited for."""
        process = subprocess.Popen(
            self._command(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**self._env, **env},
        )
        self._started.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        return Talk(process, process.stdout.fileno(), process.stdin.fileno())

    def at_terminal(self, *arguments: str, **env: str) -> Talk:
        """With a terminal of its own."""
        ours, theirs = pty.openpty()
        resize(ours, 100, 30)
        process = subprocess.Popen(
            self._command(arguments), stdin=theirs, stdout=theirs, stderr=theirs, env={**self._env, **env}
        )
        os.close(theirs)
        self._started.append(process)
        return Talk(process, ours, ours)

    def end_all(self) -> None:
        for process in self._started:
            process.kill()
            process.wait(SECONDS)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()


def resize(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Talk:
    """One kubectl that runs: what it says, waited for, and what is typed."""

    def __init__(self, process: subprocess.Popen[bytes], output: int, typing: int) -> None:
        self.process, self._output, self._typing = process, output, typing
        self._unread = b""
        self.all = ""

    def __enter__(self) -> Talk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait(SECONDS)
        if self._output == self._typing:
            os.close(self._output)

    def says(self, text: str) -> Talk:
        """Waits until it has said this; what comes later is what is waited for next."""
        wanted, end = text.encode(), time.monotonic() + SECONDS
        while wanted not in self._unread:
            assert self._hear(end), f"{text!r} was not said: {self.all!r}"
        self._unread = self._unread.partition(wanted)[2]
        return self

    def _hear(self, end: float) -> bool:
        """False when nothing comes any more."""
        ready, _, _ = select.select([self._output], [], [], max(0.0, end - time.monotonic()))
        try:
            data = os.read(self._output, 65536) if ready else b""
        except OSError:  # a terminal's end
            data = b""
        self._unread += data
        self.all += data.decode(errors="replace")
        return bool(data)

    def types(self, text: str) -> Talk:
        os.write(self._typing, text.encode())
        return self

    def resizes(self, columns: int, rows: int) -> Talk:
        resize(self._typing, columns, rows)
        self.process.send_signal(signal.SIGWINCH)
        return self

    def ends(self) -> int:
        """Reads on until it has ended; its exit code."""
        end = time.monotonic() + SECONDS
        while self._hear(end):
            pass
        return self.process.wait(SECONDS)
