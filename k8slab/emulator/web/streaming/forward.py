"""Port-forward: connections of a client to ports of a pod, over SPDY's streams or a websocket's channels."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence

from k8slab.emulator.ports import Connection
from k8slab.emulator.status import ApiError, bad_request
from k8slab.emulator.web.request import Gone, Request
from k8slab.emulator.web.streaming.carrier import Carrier
from k8slab.emulator.web.streaming.channels import V1, V1_TEXT, V4, V4_TEXT, Channels, unsupported
from k8slab.emulator.web.streaming.session import Session, Stream

PROTOCOL = "portforward.k8s.io"
TUNNEL = f"SPDY/3.1+{PROTOCOL}"
SOCKET_PROTOCOLS = (V4, V4_TEXT, V1, V1_TEXT)
Connect = Callable[[int], Awaitable[Connection]]


def make_forwarding(request: Request, connect: Connect) -> Callable[[], Awaitable[None]]:
    """What serves this client; raises what it is to be told before the connection is upgraded."""
    carrier = Carrier(request)
    if request.kind == "websocket" and TUNNEL not in carrier.offered():
        return _Channelled(Channels(carrier, SOCKET_PROTOCOLS), _ports(request), connect).serve
    protocol = TUNNEL if request.kind == "websocket" else PROTOCOL
    offered = carrier.offered()
    if offered and protocol not in offered:
        raise unsupported(offered, [protocol])
    return _Streamed(carrier, protocol, connect).serve


def _ports(request: Request) -> list[int]:
    """Each port, in order, from `ports=80&ports=81` or `ports=80,81`."""
    given = [part for value in request.all("ports") for part in value.split(",")]
    if not given:
        raise bad_request('query parameter "port" is required')
    found = []
    for text in given:
        if not text.isdigit() or int(text) > 65535:
            raise bad_request(
                f'unable to parse "{text}" as a port: strconv.ParseUint: parsing "{text}": invalid syntax'
            )
        if int(text) == 0:
            raise bad_request(f'port "{text}" must be > 0')
        found.append(int(text))
    return found


class _Streamed:
    """SPDY: a pair of streams for each connection, one for its bytes and one for what goes wrong."""

    def __init__(self, carrier: Carrier, protocol: str, connect: Connect) -> None:
        self._carrier, self._protocol, self._connect = carrier, protocol, connect
        self._session = Session(carrier)
        self._halves: dict[str, dict[str, Stream]] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        await self._carrier.accept(self._protocol)
        pumping = asyncio.ensure_future(self._session.pump())
        try:
            async for stream in self._session.opened():
                await self._sort(stream)
            await pumping  # no more streams; those that are open go on
        finally:
            tasks = [pumping, *self._running]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _sort(self, stream: Stream) -> None:
        """The two halves of a connection have the same number of request."""
        kind, port = stream.headers.get("streamtype", ""), stream.headers.get("port", "")
        pair = self._halves.setdefault(stream.headers.get("requestid", ""), {})
        if kind not in ("error", "data") or kind in pair or not port.isdigit() or not 0 < int(port) < 65536:
            await self._session.reset(stream)
            return
        pair[kind] = stream
        if len(pair) == 2:
            del self._halves[stream.headers.get("requestid", "")]
            task = asyncio.ensure_future(self._forward(int(port), pair["data"], pair["error"]))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _forward(self, port: int, data: Stream, error: Stream) -> None:
        with contextlib.suppress(Gone):
            try:
                connection = await self._connect(port)
            except ApiError as problem:
                await error.write(problem.message.encode())
            else:
                await carry(connection, data.read, data.write)
            await data.end()
            await error.end()


class _Channelled:
    """A websocket: two channels for each port, and all ends with the first connection that does."""

    def __init__(self, channels: Channels, ports: Sequence[int], connect: Connect) -> None:
        self._channels, self._ports, self._connect = channels, ports, connect
        self._came: list[asyncio.Queue[bytes]] = [asyncio.Queue(64) for _ in ports]

    async def serve(self) -> None:
        await self._channels.accept()
        for number, port in enumerate(self._ports):
            for channel in (2 * number, 2 * number + 1):
                await self._channels.send(channel, port.to_bytes(2, "little"))
        tasks = [asyncio.ensure_future(self._pump())]
        tasks += [asyncio.ensure_future(self._forward(number, port)) for number, port in enumerate(self._ports)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            await self._channels.close()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pump(self) -> None:
        while (message := await self._channels.receive()) is not None:
            channel, data = message
            number, is_error = divmod(channel, 2)
            if number < len(self._came) and not is_error and data:
                await self._came[number].put(data)

    async def _forward(self, number: int, port: int) -> None:
        with contextlib.suppress(Gone):
            try:
                connection = await self._connect(port)
            except ApiError as problem:
                await self._channels.send(2 * number + 1, problem.message.encode())
                return
            await carry(connection, self._came[number].get, lambda data: self._channels.send(2 * number, data))


async def carry(
    connection: Connection, read: Callable[[], Awaitable[bytes]], write: Callable[[bytes], Awaitable[None]]
) -> None:
    """Both ways, until the pod's side is over. When the client has said all, the pod's side ends with its answer."""

    async def upwards() -> None:
        with contextlib.suppress(BrokenPipeError):
            while data := await read():
                await connection.write(data)
        connection.close()

    sending = asyncio.ensure_future(upwards())
    try:
        while data := await connection.read():
            await write(data)
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        connection.close()
