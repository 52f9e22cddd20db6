"""nslookup, dig, host and getent: names, looked at from inside a pod."""

from __future__ import annotations

from k8slab.emulator.nodes.dns import Answer, Srv
from k8slab.emulator.nodes.network import Host
from k8slab.emulator.nodes.process import Process, command

TYPES = ("A", "AAAA", "SRV", "ANY")


def _asked(args: list[str]) -> tuple[list[str], str]:
    """Names, and the type of record: `-type=srv`, `-q srv`, `-t SRV` or a bare SRV."""
    names, wanted, before = [], "A", ""
    for arg in args:
        if arg.startswith(("-type=", "-querytype=", "-q=")):
            wanted = arg.partition("=")[2].upper()
        elif before in ("-t", "-q") or arg in TYPES:
            wanted = arg.upper()
        elif arg[:1] not in "-+@":
            names.append(arg)
        before = arg
    return names, wanted


@command("nslookup")
async def nslookup(process: Process) -> int:
    """busybox' form: a name that the server does not know is NXDOMAIN for each record that is asked."""
    names, wanted = _asked(process.args)
    if not names:
        return await process.fail("usage: nslookup HOST [DNS_SERVER]")
    host = process.box.host
    server = host.resolver.servers[0] if host.resolver.servers else "127.0.0.1"
    if not host.network.has_dns(host):
        await process.box.clock.sleep(10)
        await process.out(";; connection timed out; no servers could be reached\n\n")
        return 1
    await process.out(f"Server:\t\t{server}\nAddress:\t{server}:53\n\n")
    # busybox asks the search domains only for names without a dot.
    name = names[0]
    candidates = host.resolver.candidates(name) if "." not in name.rstrip(".") else [name.rstrip(".")]
    for candidate in candidates:
        found = _found(host, candidate, wanted)
        if found:
            await process.out(found + "\n")
            return 0
    for candidate in candidates:
        text = f"** server can't find {candidate}: NXDOMAIN\n\n"
        await process.out(text * (2 if len(candidates) == 1 and wanted == "A" else 1))
    return 1


def _found(host: Host, name: str, wanted: str) -> str:
    if wanted == "SRV":
        records = host.network.look_up_srv(host, name)
        return "".join(f"{name}\tservice = 0 {_weight(records)} {srv.port} {srv.target}\n" for srv in records)
    answer = host.network.look_up(host, name)
    if answer is None:
        return ""
    alias = f"{answer.name}\tcanonical name = {answer.canonical}\n" if answer.canonical else ""
    return alias + "".join(f"Name:\t{answer.name}\nAddress: {address}\n" for address in answer.addresses)


def _weight(records: list[Srv]) -> int:
    """A hundred, shared by all."""
    return 100 // len(records)


@command("dig")
async def dig(process: Process) -> int:
    names, wanted = _asked(process.args)
    name = names[-1] if names else "."
    host = process.box.host
    if not host.network.has_dns(host):
        await process.box.clock.sleep(15)
        await process.out(";; no servers could be reached\n")
        return 9
    candidates = host.resolver.candidates(name) if "+search" in process.args else [name.rstrip(".")]
    full, found = next(
        ((candidate, rows) for candidate in candidates if (rows := _rows(host, candidate, wanted))),
        (candidates[-1], []),
    )
    if "+short" in process.args:
        await process.out("".join(f"{data}\n" for _, _, data in found))
        return 0
    exists = found or host.network.look_up(host, full) is not None
    status = "NOERROR" if exists else "NXDOMAIN"
    await process.out(
        f";; ->>HEADER<<- opcode: QUERY, status: {status}\n;; QUESTION SECTION:\n;{full}.\tIN\t{wanted}\n"
    )
    if found:
        lines = "".join(f"{owner}.\t30\tIN\t{kind}\t{data}\n" for owner, kind, data in found)
        await process.out("\n;; ANSWER SECTION:\n" + lines)
    return 0


def _rows(host: Host, name: str, wanted: str) -> list[tuple[str, str, str]]:
    """Owner, type and data of each record."""
    if wanted == "SRV":
        records = host.network.look_up_srv(host, name)
        return [(name, "SRV", f"0 {_weight(records)} {srv.port} {srv.target}.") for srv in records]
    answer = host.network.look_up(host, name)
    return _addresses(answer) if answer is not None and wanted in ("A", "ANY") else []


def _addresses(answer: Answer) -> list[tuple[str, str, str]]:
    alias = [(answer.name, "CNAME", f"{answer.canonical}.")] if answer.canonical else []
    owner = answer.canonical or answer.name
    return [*alias, *((owner, "A", address) for address in answer.addresses)]


@command("host")
async def host_name(process: Process) -> int:
    names, wanted = _asked(process.args)
    host, name = process.box.host, names[0] if names else ""
    if not host.network.has_dns(host):
        await process.box.clock.sleep(10)
        await process.out(";; connection timed out; no servers could be reached\n")
        return 1
    for candidate in host.resolver.candidates(name):
        rows = _rows(host, candidate, wanted)
        words = {"A": "has address", "CNAME": "is an alias for", "SRV": "has SRV record"}
        await process.out("".join(f"{owner} {words[kind]} {data}\n" for owner, kind, data in rows))
        if rows:
            return 0
    await process.out(f"Host {name} not found: 3(NXDOMAIN)\n")
    return 1


@command("getent")
async def getent(process: Process) -> int:
    names = [arg for arg in process.args if arg not in ("hosts", "ahosts", "ahostsv4")]
    name = names[-1] if names else ""
    addresses = process.box.host.network.resolve(process.box.host, name)
    await process.out("".join(f"{address:<15} {name}\n" for address in addresses))
    return 0 if addresses else 2
