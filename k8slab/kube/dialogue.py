"""A conversation with a container: exec and attach with input, over one WebSocket (v5.channel.k8s.io, or v4)."""

from __future__ import annotations

import socket as sockets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
import websocket

from .connection import Connection
from .errors import KubeError, Unavailable
from .execution import connect
from .statuses import error_of_status

STDIN, STDOUT, STDERR, STATUS, RESIZE, CLOSE = 0, 1, 2, 3, 4, 255  # channels
CONNECTING = 10.0  # seconds
V5 = "v5.channel.k8s.io"


@dataclass(frozen=True, slots=True)
class Heard:
    stream: Literal["stdout", "stderr"]
    data: bytes


@dataclass(frozen=True, slots=True)
class Wish:
    """`command` is empty for attach."""

    container: str
    command: Sequence[str] = ()
    stdin: bool = False
    tty: bool = False

    def query(self) -> list[tuple[str, str]]:
        asked = [("container", self.container), *(("command", word) for word in self.command)]
        flags = {"stdin": self.stdin, "stdout": True, "stderr": not self.tty, "tty": self.tty}
        return asked + [(name, "true") for name, on in flags.items() if on]


class Dialogue:
    """One thread reads (`heard`), any other may speak; `close` ends both. `exit_code` is known when `heard` is over."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self._socket = socket
        self._speaking = threading.Lock()
        self._closed = False
        self.exit_code: int | None = None

    @classmethod
    def begin(cls, connection: Connection, path: str, wish: Wish) -> Dialogue:
        """Args: the path of a pod's exec or attach. Raises what the API server says."""
        socket = connect(connection, connection.url(path, wish.query()), CONNECTING)
        socket.settimeout(None)  # a shell may be silent for hours
        return cls(socket)

    def heard(self) -> Iterator[Heard]:
        """What the container says, to its end. Raises a KubeError where the session breaks or never began."""
        while True:
            try:
                opcode, data = self._socket.recv_data()
            except (websocket.WebSocketException, OSError) as error:
                if self._closed:
                    return
                raise Unavailable(f"the cluster broke off: {error}") from error
            if opcode == websocket.ABNF.OPCODE_CLOSE or not data:
                return
            if data[0] == STATUS:
                self.exit_code = _exit_code(orjson.loads(data[1:]))
                return
            if data[0] in (STDOUT, STDERR) and len(data) > 1:
                yield Heard("stdout" if data[0] == STDOUT else "stderr", data[1:])

    def say(self, data: bytes) -> None:
        """To the command's standard input. What is said after the end goes nowhere."""
        self._send(STDIN, data)

    def end_input(self) -> None:
        """Ctrl-D. Older servers know no such message; there the command sees no end."""
        if self._socket.getsubprotocol() == V5:
            self._send(CLOSE, bytes([STDIN]))

    def resize(self, columns: int, rows: int) -> None:
        self._send(RESIZE, orjson.dumps({"Width": columns, "Height": rows}))

    def close(self) -> None:
        """From any thread: wakes the one that reads."""
        self._closed = True
        connected = self._socket.sock
        if connected is not None:
            try:
                connected.shutdown(sockets.SHUT_RDWR)
            except OSError:
                return  # it has ended meanwhile

    def release(self) -> None:
        """After `heard` is over."""
        self._closed = True
        self._socket.shutdown()  # type: ignore[no-untyped-call]  # as above

    def _send(self, channel: int, data: bytes) -> None:
        if self._closed:
            return
        try:
            with self._speaking:
                self._socket.send_binary(bytes([channel]) + data)
        except (websocket.WebSocketException, OSError):
            self._closed = True  # whoever reads hears of it


def _exit_code(status: dict[str, Any]) -> int:
    """Raises a KubeError for a status that is no command's end."""
    if status.get("status") == "Success":
        return 0
    for cause in (status.get("details") or {}).get("causes") or ():
        text = str(cause.get("message"))
        if cause.get("reason") == "ExitCode" and text.lstrip("-").isdigit():
            return int(text)
    error: KubeError = error_of_status(status, 500)
    raise error
