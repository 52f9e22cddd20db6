"""Upgraded connections by hand: those that go wrong end, and nothing is left waiting."""

from __future__ import annotations

import base64
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websockets
import yaml
from websockets.sync.client import connect

from k8slab.emulator.web.streaming.spdy import Codec, Control, Data, data_frame
from tests.emulator.clients.process import Emulator, running_emulator
from tests.emulator.test_process import request

PODS = "/api/v1/namespaces/default/pods"
POD = {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    data = tmp_path_factory.mktemp("upgrades")
    with running_emulator(data, "--nodes=1") as started:
        make_pod(data)
        yield started


def make_pod(data: Path) -> None:
    while not request(data, "GET", "/api/v1/namespaces/default/serviceaccounts")["items"]:
        pass
    request(data, "POST", PODS, POD)
    while request(data, "GET", f"{PODS}/web")["status"].get("phase") != "Running":
        pass


def token_of(cluster: Emulator) -> str:
    return str(yaml.safe_load(cluster.kubeconfig.read_text())["users"][0]["user"]["token"])


@contextmanager
def upgraded(cluster: Emulator, path: str, *headers: str) -> Iterator[tuple[socket.socket, str]]:
    """A connection that asked for SPDY, and the head of the answer."""
    place = urlsplit(cluster.url)
    lines = [f"POST {path} HTTP/1.1", f"Host: {place.netloc}", f"Authorization: Bearer {token_of(cluster)}"]
    lines += ["Connection: Upgrade", "Upgrade: SPDY/3.1", "Content-Length: 0", *headers, "", ""]
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode())
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(1)
            assert part, head
            head += part
        yield connection, head.decode()


FORWARD = (f"{PODS}/web/portforward", "X-Stream-Protocol-Version: portforward.k8s.io")


def test_a_forwarded_connection_frame_by_frame(cluster: Emulator) -> None:
    with upgraded(cluster, *FORWARD) as (connection, head):
        assert head.startswith("HTTP/1.1 101 Switching Protocols\r\n")
        assert "X-Stream-Protocol-Version: portforward.k8s.io\r\n" in head
        ours = Codec()
        for number, kind in ((1, "error"), (3, "data")):
            connection.sendall(ours.syn_stream(number, {"streamtype": kind, "port": "80", "requestid": "0"}))
        connection.sendall(data_frame(3, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))
        page, ended = b"", set[int]()
        reader = Codec()
        while ended != {1, 3}:
            for frame in reader.feed(connection.recv(65536)):
                if isinstance(frame, Data):
                    page += frame.data
                    ended |= {frame.stream} if frame.fin else set()
        assert b"Welcome to nginx!" in page


@pytest.mark.parametrize(
    "rubbish", [b"GET / HTTP/1.1\r\n\r\n", b"\x80\x03\x00\x01\x00\xff\xff\xff", os.urandom(4096) + b"\xff" * 64]
)
def test_rubbish_ends_the_connection(cluster: Emulator, rubbish: bytes) -> None:
    with upgraded(cluster, *FORWARD) as (connection, _):
        connection.sendall(rubbish)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass


def test_streams_that_mean_nothing_are_reset(cluster: Emulator) -> None:
    with upgraded(cluster, *FORWARD) as (connection, _):
        ours, reader = Codec(), Codec()
        connection.sendall(ours.syn_stream(1, {"streamtype": "nonsense", "port": "80", "requestid": "0"}))
        connection.sendall(ours.syn_stream(3, {"streamtype": "data", "port": "0", "requestid": "1"}))
        reset = set[int]()
        while reset != {1, 3}:
            frames = list(reader.feed(connection.recv(65536)))
            reset |= {frame.stream for frame in frames if isinstance(frame, Control) and frame.kind == 3}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{PODS}/nope/exec?command=ls&stdout=1", 404, 'pods "nope" not found'),
        (f"{PODS}/web/exec?command=ls", 400, "you must specify at least 1 of stdin, stdout, stderr"),
        (f"{PODS}/web/log", 404, "the server could not find the requested resource"),
        ("/version", 404, "the server could not find the requested resource"),
    ],
)
def test_a_refused_upgrade_is_a_status(cluster: Emulator, path: str, status: int, words: str) -> None:
    with upgraded(cluster, path) as (connection, head):
        assert head.startswith(f"HTTP/1.1 {status} ")
        body = b""
        while part := connection.recv(65536):
            body += part
        assert json.loads(body)["message"] == words


async def test_text_protocols_carry_base64(cluster: Emulator) -> None:
    url = cluster.url.replace("http", "ws") + f"{PODS}/web/exec?command=sh&command=-c&command=cat&stdin=1&stdout=1"
    protocols = [websockets.Subprotocol("v4.base64.channel.k8s.io")]
    headers = {"Authorization": f"Bearer {token_of(cluster)}"}
    async with websockets.connect(url, subprotocols=protocols, additional_headers=headers) as talk:
        assert await talk.recv() == "1"  # it stands
        await talk.send("0" + base64.b64encode(b"hello").decode())
        said = await talk.recv()
        assert isinstance(said, str)
        assert (said[0], base64.b64decode(said[1:])) == ("1", b"hello")


async def test_an_unknown_protocol_is_refused(cluster: Emulator) -> None:
    url = cluster.url.replace("http", "ws") + f"{PODS}/web/exec?command=ls&stdout=1"
    headers = {"Authorization": f"Bearer {token_of(cluster)}"}
    with pytest.raises(websockets.InvalidStatus) as refused:
        await websockets.connect(url, subprotocols=[websockets.Subprotocol("v9.x")], additional_headers=headers)
    assert refused.value.response.status_code == 400


def test_it_stops_with_streams_open(tmp_path: Path) -> None:
    with running_emulator(tmp_path, "--nodes=1") as cluster:
        make_pod(tmp_path)
        url = cluster.url.replace("http", "ws") + f"{PODS}/web/exec?command=cat&stdin=1&stdout=1"
        headers = {"Authorization": f"Bearer {token_of(cluster)}"}
        with upgraded(cluster, *FORWARD) as (connection, _), connect(url, additional_headers=headers) as talk:
            cluster.process.terminate()
            while connection.recv(65536):
                pass
            assert talk.recv(10) == b"\x01"
            with pytest.raises(websockets.ConnectionClosed, match="1012"):
                talk.recv(10)
        assert cluster.process.wait(10) == 0
