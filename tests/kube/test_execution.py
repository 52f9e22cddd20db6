"""Commands in containers: streams, exit codes, deadlines and refusals, as API servers tell them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from k8slab.kube.connection import Connection
from k8slab.kube.errors import BadRequest, NotFound, TimedOut, Unavailable
from k8slab.kube.execution import ExecResult, run

from .canned import kubeconfig

Session = Callable[[ServerConnection], None]
SUCCESS = {"status": "Success"}


def status(code: int) -> dict[str, Any]:
    cause = {"reason": "ExitCode", "message": str(code)}
    return {"status": "Failure", "reason": "NonZeroExitCode", "details": {"causes": [cause]}, "message": "failed"}


def ending(verdict: dict[str, Any], *frames: bytes) -> Session:
    def session(socket: ServerConnection) -> None:
        for frame in (*frames, b"\x03" + json.dumps(verdict).encode()):
            socket.send(frame)

    return session


@contextmanager
def pods(folder: Path, session: Session, refusal: Response | None = None) -> Iterator[Connection]:
    """A server whose only pod runs `session`, or which refuses to open one."""

    def process(socket: ServerConnection, request: Request) -> Response | None:
        asked.append(request)
        return refusal

    asked: list[Request] = []
    server = serve(session, "127.0.0.1", 0, subprotocols=["v5.channel.k8s.io"], process_request=process)  # type: ignore[list-item]  # a NewType of str
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        connection = Connection.from_kubeconfig(
            kubeconfig(folder, f"http://127.0.0.1:{server.socket.getsockname()[1]}")
        )
        connection.asked = asked  # type: ignore[attr-defined]  # for the test to look at
        yield connection
    finally:
        server.shutdown()
        thread.join()


def test_it_works(tmp_path: Path) -> None:
    with pods(tmp_path, ending(SUCCESS, b"\x01hel", b"\x01lo \xea\xb0\x80\n", b"\x02oops\n")) as connection:
        user = connection.with_headers([("Impersonate-User", "mina")])
        result = run(user, "/api/v1/namespaces/lab/pods/p/exec", ["echo", "a b"], "c", 5)
        request = connection.asked[0]  # type: ignore[attr-defined]  # see above
    assert result == ExecResult("hello 가\n", "oops\n", 0)
    assert request.path.startswith("/api/v1/namespaces/lab/pods/p/exec?command=echo&command=a+b&")
    assert (request.headers["Authorization"], request.headers["Impersonate-User"]) == ("Bearer t", "mina")


def test_an_exit_code_is_told(tmp_path: Path) -> None:
    with pods(tmp_path, ending(status(3), b"\x02no\n")) as connection:
        assert run(connection, "/exec", ["x"], None, 5) == ExecResult("", "no\n", 3)


def test_a_program_that_the_image_has_not_ends_with_127(tmp_path: Path) -> None:
    words = 'exec failed: unable to start container process: exec: "curl": executable file not found in $PATH'
    verdict = {"status": "Failure", "code": 500, "message": words, "reason": "InternalError"}
    with pods(tmp_path, ending(verdict)) as connection:
        assert run(connection, "/exec", ["curl"], None, 5) == ExecResult("", words, 127)


def test_a_command_without_end_is_given_up(tmp_path: Path) -> None:
    over = threading.Event()

    def session(socket: ServerConnection) -> None:
        while not over.wait(0.01):
            socket.send(b"\x01still here\n")

    with pods(tmp_path, session) as connection:
        with pytest.raises(TimedOut):
            run(connection, "/exec", ["tail", "-f"], None, 0.2)
        over.set()


def test_a_session_that_breaks_off_may_be_tried_again(tmp_path: Path) -> None:
    with pods(tmp_path, lambda socket: socket.send(b"\x01half")) as connection, pytest.raises(Unavailable):
        run(connection, "/exec", ["x"], None, 5)


@pytest.mark.parametrize(("code", "error"), [(404, NotFound), (400, BadRequest), (503, Unavailable)])
def test_a_refusal_is_told_in_the_server_s_words(tmp_path: Path, code: int, error: type[Exception]) -> None:
    body = json.dumps({"kind": "Status", "code": code, "message": 'pods "p" not found'}).encode()
    refusal = Response(code, HTTPStatus(code).phrase, Headers({"Content-Length": str(len(body))}), body)
    with pods(tmp_path, ending(SUCCESS), refusal) as connection, pytest.raises(error, match="pods"):
        run(connection, "/exec", ["x"], None, 5)


def test_nobody_at_home_is_told_at_once(tmp_path: Path) -> None:
    with pods(tmp_path, ending(SUCCESS)) as connection:
        pass
    with pytest.raises(Unavailable):
        run(connection, "/exec", ["x"], None, 5)


def test_output_without_end_is_cut(tmp_path: Path) -> None:
    frames = [b"\x01" + b"x" * 400_000] * 4
    with pods(tmp_path, ending(SUCCESS, *frames)) as connection:
        assert len(run(connection, "/exec", ["x"], None, 5).stdout) == 1024 * 1024
