from __future__ import annotations

import pytest

from k8slab.emulator.ports import Connection
from k8slab.emulator.status import ApiError
from tests.emulator.world import World


async def connect(world: World, pod: str, port: int) -> Connection:
    return await world.nodes.connect(world.get("pods", pod), port)


async def test_requests_on_one_connection_are_answered_in_turn(world: World) -> None:
    await world.pod("web", "nginx:1.25")
    stream = await connect(world, "web", 80)
    await stream.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
    await stream.write(b"\r\nHEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
    both = await stream.read()
    assert both.startswith(b"HTTP/1.1 200 OK\r\n")
    assert both.count(b"HTTP/1.1 200 OK") == 2
    assert both.count(b"Welcome to nginx!") == 2  # title and heading of one page
    await stream.write(b"GET /nope HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert (await stream.read()).startswith(b"HTTP/1.1 404 Not Found")
    assert await stream.read() == b""


@pytest.mark.parametrize(
    "body", [b"Content-Length: 3\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"]
)
async def test_a_body_may_come_in_pieces(world: World, body: bytes) -> None:
    await world.pod("web", "nginx:1.25")
    stream = await connect(world, "web", 80)
    for byte in b"POST / HTTP/1.1\r\n" + body:
        await stream.write(bytes([byte]))
    answer = await stream.read()
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.count(b"HTTP/1.1") == 1


async def test_other_protocols_pass_as_they_are(world: World) -> None:
    await world.pod("db", "redis:8")
    stream = await connect(world, "db", 6379)
    await stream.write(b"SET a 1\n")
    assert await stream.read() == b"OK\n"
    await world.delete("pods", "db", grace_seconds=0)
    await stream.write(b"GET a\n")
    assert await stream.read() == b""


async def test_a_port_where_nobody_listens_is_refused(world: World) -> None:
    await world.pod("web", "nginx:1.25")
    with pytest.raises(ApiError, match=r"dial tcp4 127.0.0.1:81: connect: connection refused"):
        await connect(world, "web", 81)
