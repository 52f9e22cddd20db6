"""nc and ping: connections, looked at from inside a pod."""

from __future__ import annotations

from k8slab.emulator.nodes.network import Refused, TimedOut
from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.streams import read_all


@command("nc", "telnet")
async def nc(process: Process) -> int:
    """A connection: -z only tries it; otherwise what is typed is sent and the answer printed. -l waits for ever."""
    args, seconds, verbose, only_try = _options(process.args)
    if len(args) < 2:
        return await process.fail("usage: nc [OPTIONS] HOST PORT")
    name, port = args[0], int(args[1]) if args[1].isdigit() else 0
    host = process.box.host
    addresses = host.network.resolve(host, name)
    if not addresses:
        return await process.fail(f"bad address '{name}'")
    try:
        server = host.network.connect(host, addresses[0], port)
    except Refused:
        if verbose or not only_try:
            await process.err(f"nc: {name} ({addresses[0]}:{port}): Connection refused\n")
        return 1
    except TimedOut:
        await process.box.clock.sleep(seconds or 127)
        if verbose or not only_try:
            await process.err(f"nc: {name} ({addresses[0]}:{port}): Connection timed out\n")
        return 1
    if verbose:
        await process.err(f"{name} ({addresses[0]}:{port}) open\n")
    if only_try:
        return 0
    await process.out(server.greeting)
    data = await read_all(process.stdin)
    if data:
        await process.out(await server.talk(data))
    return 0


def _options(args: list[str]) -> tuple[list[str], float, bool, bool]:
    rest, seconds, flags = [], 0.0, ""
    waiting = False
    for arg in args:
        if waiting:
            seconds, waiting = float(arg) if arg.replace(".", "").isdigit() else 0.0, False
        elif arg.startswith("-") and len(arg) > 1:
            flags += arg[1:]
            waiting = arg[-1] == "w"
        else:
            rest.append(arg)
    return rest, seconds, "v" in flags, "z" in flags


@command("ping")
async def ping(process: Process) -> int:
    """ICMP reaches pods and nodes; a Service's address does not answer it."""
    names = [arg for arg in process.args if not arg.startswith("-") and not arg.isdigit()]
    host = process.box.host
    name = names[-1] if names else ""
    addresses = host.network.resolve(host, name)
    if not addresses:
        return await process.fail(f"bad address '{name}'")
    count = next((int(b) for a, b in zip(process.args, process.args[1:], strict=False) if a == "-c"), 4)
    there = host.network.answers_ping(host, addresses[0])
    await process.out(f"PING {name} ({addresses[0]}): 56 data bytes\n")
    for number in range(count):
        if there:
            await process.out(f"64 bytes from {addresses[0]}: seq={number} ttl=64 time=0.061 ms\n")
        await process.box.clock.sleep(1)
    received = count if there else 0
    await process.out(
        f"\n--- {name} ping statistics ---\n{count} packets transmitted, {received} packets received, "
        f"{0 if there else 100}% packet loss\n"
    )
    return 0 if there else 1
