"""One command in a container, over a WebSocket of our own: the official client's knows neither a deadline nor
impersonation, and runs its own reading of the exit code."""

from __future__ import annotations

import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import websocket

from .connection import CONNECT, USER_AGENT, Connection
from .errors import KubeError, TimedOut, Unavailable
from .statuses import error_of, error_of_status

PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"]
OUT, ERR, STATUS = 1, 2, 3  # channels
MAX_OUTPUT = 1024 * 1024  # bytes of each stream that are kept
NO_SUCH_PROGRAM = 127  # as a shell says it
_NO_PROGRAM = ("executable file not found", "no such file or directory")


@dataclass(frozen=True, slots=True)
class ExecResult:
    stdout: str
    stderr: str
    exit_code: int


def run(connection: Connection, path: str, command: Sequence[str], container: str | None, timeout: float) -> ExecResult:
    """Runs `command` in the pod whose exec path is given. Raises TimedOut, or what the API server says."""
    query = [("command", word) for word in command] + [("stdout", "true"), ("stderr", "true")]
    if container:
        query.append(("container", container))
    deadline = time.monotonic() + timeout
    socket = connect(connection, connection.url(path, query), timeout)
    try:
        return _read(socket, deadline)
    except websocket.WebSocketTimeoutException as error:
        raise TimedOut(f"the command went on for more than {timeout:g} seconds", reason="Timeout") from error
    except (websocket.WebSocketException, OSError) as error:
        raise Unavailable(f"the cluster broke off: {error}") from error
    finally:
        # close() would leave the file open once the server has said goodbye
        socket.shutdown()  # type: ignore[no-untyped-call]  # websocket-client is typed in part


def connect(connection: Connection, url: str, timeout: float) -> websocket.WebSocket:
    try:
        return websocket.create_connection(
            url.replace("http", "ws", 1),
            timeout=min(timeout, CONNECT),
            header=[f"{name}: {value}" for name, value in connection.headers() if value != USER_AGENT],
            subprotocols=PROTOCOLS,
            suppress_origin=True,
            sslopt=_ssl_options(connection),
            **_proxy(connection),
        )
    except websocket.WebSocketBadStatusException as error:
        body = error.resp_body or b""
        raise error_of(error.status_code, body if isinstance(body, bytes) else body.encode()) from error
    except (websocket.WebSocketException, OSError) as error:
        raise Unavailable(f"the cluster does not answer: {error}") from error


def _ssl_options(connection: Connection) -> dict[str, Any]:
    config = connection.configuration
    options = {
        "cert_reqs": ssl.CERT_REQUIRED if config.verify_ssl else ssl.CERT_NONE,
        "ca_certs": config.ssl_ca_cert,
        "certfile": config.cert_file,
        "keyfile": config.key_file,
        "server_hostname": config.tls_server_name,
        "check_hostname": None if config.verify_ssl else False,
    }
    return {name: value for name, value in options.items() if value is not None}


def _proxy(connection: Connection) -> dict[str, Any]:
    proxy = connection.configuration.proxy
    if not proxy:
        return {"http_no_proxy": ["*"]}  # what the environment says was weighed when the kubeconfig was read
    host, _, port = proxy.rpartition("://")[2].rstrip("/").rpartition(":")
    return {"http_proxy_host": host, "http_proxy_port": int(port), "proxy_type": "http"}


def _read(socket: websocket.WebSocket, deadline: float) -> ExecResult:
    streams = {OUT: bytearray(), ERR: bytearray(), STATUS: bytearray()}
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise websocket.WebSocketTimeoutException("deadline")
        socket.settimeout(left)
        opcode, data = socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            break
        stream = streams.get(data[0]) if data else None
        if stream is not None and len(stream) < MAX_OUTPUT:
            stream += data[1 : MAX_OUTPUT + 1]
        if data and data[0] == STATUS:
            break
    out, err = (bytes(streams[channel][:MAX_OUTPUT]).decode("utf-8", "replace") for channel in (OUT, ERR))
    return _finished(out, err, bytes(streams[STATUS]))


def _finished(out: str, err: str, status: bytes) -> ExecResult:
    """The last message is a Status that carries the exit code; its absence means that the session broke."""
    if not status:
        raise Unavailable("the session ended without an exit code")
    verdict = orjson.loads(status)
    if verdict.get("status") == "Success":
        return ExecResult(out, err, 0)
    for cause in (verdict.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode" and str(cause.get("message")).lstrip("-").isdigit():
            return ExecResult(out, err, int(cause["message"]))
    error: KubeError = error_of_status(verdict, 500)
    if any(words in error.message for words in _NO_PROGRAM):
        return ExecResult(out, err or error.message, NO_SUCH_PROGRAM)
    raise error
