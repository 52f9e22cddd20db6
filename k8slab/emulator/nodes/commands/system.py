"""Commands about the process, the container and time."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime

from k8slab.emulator.nodes.process import Process, command, find_command, forever, run_command
from k8slab.emulator.nodes.shell.arithmetic import ArithmeticFailure, evaluate

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


@command("true", "sync")
async def true(process: Process) -> int:
    return 0


@command("false")
async def false(process: Process) -> int:
    return 1


@command("sleep")
async def sleep(process: Process) -> int:
    if not process.args:
        return await process.fail("missing operand")
    total = 0.0
    for arg in process.args:
        if arg in ("infinity", "inf"):
            return await forever()
        match = re.fullmatch(r"(\d+\.?\d*|\.\d+)([smhd]?)", arg)
        if not match:
            return await process.fail(f"invalid number '{arg}'")
        total += float(match[1]) * UNITS[match[2]]
    await process.box.clock.sleep(total)
    return 0


@command("env", "printenv")
async def env(process: Process) -> int:
    args = list(process.args)
    if process.name == "printenv" and args:
        missing = [name for name in args if name not in process.env]
        await process.out("".join(f"{process.env[name]}\n" for name in args if name in process.env))
        return 1 if missing else 0
    changed = dict(process.env)
    while args and ("=" in args[0] or args[0] == "-i"):
        name, equals, value = args.pop(0).partition("=")
        if equals:
            changed[name] = value
        else:
            changed = {}
    if args:
        return await _run(process, args, env=changed)
    await process.out("".join(f"{name}={value}\n" for name, value in changed.items()))
    return 0


async def _run(process: Process, words: list[str], **changed: object) -> int:
    found = find_command(process.box, words[0])
    if found is None:
        return await process.fail(f"can't execute '{words[0]}': No such file or directory", 127)
    return await run_command(process.child(words[0], words[1:], **changed), found)


@command("nohup")
async def nohup(process: Process) -> int:
    return await _run(process, process.args) if process.args else 127


@command("timeout")
async def timeout(process: Process) -> int:
    args = [arg for arg in process.args if not arg.startswith("-")]
    if len(args) < 2:
        return await process.fail("usage: timeout SECONDS PROG ARGS")
    seconds = float(args[0].rstrip("s"))
    running = asyncio.ensure_future(_run(process, args[1:]))
    bell = asyncio.ensure_future(process.box.clock.sleep(seconds))
    try:
        await asyncio.wait({running, bell}, return_when=asyncio.FIRST_COMPLETED)
        return running.result() if running.done() else 143
    finally:
        running.cancel()
        bell.cancel()


@command("hostname")
async def hostname(process: Process) -> int:
    box = process.box
    if "-i" in process.args or "-I" in process.args:
        await process.out(f"{box.host.ip}\n")
    elif "-f" in process.args:
        await process.out(f"{box.hostname}.{box.domain}\n" if box.domain else f"{box.hostname}\n")
    else:
        await process.out(f"{box.hostname}\n")
    return 0


@command("ps", "top", "pidof")
async def ps(process: Process) -> int:
    if process.name == "pidof":
        found = [str(pid) for pid, p in process.box.processes.items() if p.name in process.args]
        await process.out(f"{' '.join(found)}\n" if found else "")
        return 0 if found else 1
    user = "root" if process.box.uid == 0 else str(process.box.uid)
    lines = ["PID   USER     COMMAND"]
    for pid, running in sorted(process.box.processes.items()):
        lines.append(f"{pid:>5} {user:<8} {' '.join([running.name, *running.args])}")
    await process.out("\n".join(lines) + "\n")
    return 0


@command("kill", "killall")
async def kill(process: Process) -> int:
    """Signals to process 1 end the container, if that process minds them."""
    args = list(process.args)
    signal = args.pop(0).lstrip("-").removeprefix("SIG") if args and args[0].startswith("-") else "TERM"
    signal = {"9": "KILL", "15": "TERM", "1": "HUP", "2": "INT", "0": "NONE"}.get(signal, signal)
    for arg in args:
        target = next((p for pid, p in process.box.processes.items() if str(pid) == arg or p.name == arg), None)
        if target is None:
            return await process.fail(f"can't kill pid {arg}: No such process")
        if signal == "NONE":
            continue
        handler = target.on_signal.get(signal)
        if handler is not None:
            handler()
        elif target.pid == 1:
            process.box.signal_first(signal)
    return 0


@command("id", "whoami")
async def who(process: Process) -> int:
    box = process.box
    name = "root" if box.uid == 0 else ""
    group = "root" if box.gid == 0 else ""
    if process.name == "whoami":
        if not name:
            return await process.fail(f"unknown uid {box.uid}")
        await process.out("root\n")
    elif "-u" in process.args or "-g" in process.args:
        await process.out(f"{box.uid if '-u' in process.args else box.gid}\n")
    else:
        user = f"{box.uid}({name})" if name else str(box.uid)
        owner = f"{box.gid}({group})" if group else str(box.gid)
        await process.out(f"uid={user} gid={owner} groups={owner}\n")
    return 0


@command("date")
async def date(process: Process) -> int:
    now = datetime.fromtimestamp(process.box.clock.now(), UTC)
    template = next((arg[1:] for arg in process.args if arg.startswith("+")), "%a %b %e %H:%M:%S UTC %Y")
    template = template.replace("%s", str(int(now.timestamp()))).replace("%N", f"{now.microsecond * 1000:09d}")
    if "-Iseconds" in process.args:
        template = "%Y-%m-%dT%H:%M:%S+00:00"
    await process.out(now.strftime(template) + "\n")
    return 0


@command("uname", "nproc", "uptime", "free", "clear", "pwd", "vi", "ldd", "ip", "ifconfig", "netstat")
async def about(process: Process) -> int:
    box = process.box
    listening = "".join(f"tcp        0      0 0.0.0.0:{port}            0.0.0.0:*               LISTEN\n"
                        for port in sorted(box.host.ports))  # fmt: skip
    address = f"eth0      inet addr:{box.host.ip}  Mask:255.255.255.0\nlo        inet addr:127.0.0.1  Mask:255.0.0.0\n"
    texts = {
        "uname": f"Linux {box.hostname} 6.12.0 #1 SMP x86_64 GNU/Linux\n" if "-a" in process.args else "Linux\n",
        "nproc": "4\n",
        "uptime": " up 1 day, load average: 0.00, 0.00, 0.00\n",
        "free": "              total        used        free\nMem:        8388608     2097152     6291456\n",
        "clear": "\x1b[H\x1b[J",
        "pwd": f"{process.cwd}\n",
        "netstat": f"Proto Recv-Q Send-Q Local Address           Foreign Address         State\n{listening}",
        "ifconfig": address,
        "ip": f"    inet {box.host.ip}/24 scope global eth0\n" if "addr" in process.args or "a" in process.args else "",
    }
    if process.name in ("vi", "ldd"):
        return await process.fail("not available on a simulated node")
    await process.out(texts[process.name])
    return 0


@command("which")
async def which(process: Process) -> int:
    code = 0
    for name in process.args:
        if process.box.image.has(name):
            await process.out(f"{name}\n" if name.startswith("/") else f"/bin/{name}\n")
        else:
            code = 1
    return code


@command("expr")
async def expr(process: Process) -> int:
    try:
        value = evaluate(" ".join(process.args), {})
    except ArithmeticFailure:
        return await process.fail("syntax error", 2)
    await process.out(f"{value}\n")
    return 0 if value else 1


@command("test", "[")
async def test(process: Process) -> int:
    args = list(process.args)
    if process.name == "[" and (not args or args.pop() != "]"):
        return await process.fail("missing ]", 2)
    return 0 if _test(process, args) else 1


def _test(process: Process, args: list[str]) -> bool:
    for operator, joined in (("-o", any), ("-a", all)):
        if operator in args[1:-1]:
            place = args.index(operator, 1)
            return joined([_test(process, args[:place]), _test(process, args[place + 1 :])])
    if args[:1] == ["!"]:
        return not _test(process, args[1:])
    if len(args) == 1:
        return bool(args[0])
    if len(args) == 2:
        return _unary(process, *args)
    return len(args) == 3 and _binary(*args)


def _unary(process: Process, operator: str, value: str) -> bool:
    if operator == "-z":
        return not value
    if operator == "-n":
        return bool(value)
    if operator == "-t":
        return process.tty
    files, path = process.box.files, process.path(value)
    exists, is_dir = files.exists(path), files.is_dir(path)
    match operator:
        case "-e" | "-r" | "-w" | "-x":
            return exists
        case "-f":
            return exists and not is_dir
        case "-d":
            return is_dir
        case "-s":
            return exists and (is_dir or bool(files.read(path)))
    return False


def _binary(left: str, operator: str, right: str) -> bool:
    if operator in ("=", "=="):
        return left == right
    if operator == "!=":
        return left != right
    try:
        a, b = int(left), int(right)
    except ValueError:
        return False
    outcomes = {"-eq": a == b, "-ne": a != b, "-lt": a < b, "-le": a <= b, "-gt": a > b, "-ge": a >= b}
    return outcomes.get(operator, False)
