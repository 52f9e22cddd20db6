"""wget as busybox has it, with its own words for what goes wrong."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from k8slab.emulator.nodes.http_request import (
    CONNECT_SECONDS,
    Asked,
    NoName,
    NotHttp,
    fetch,
    parse_url,
)
from k8slab.emulator.nodes.listen import PHRASES
from k8slab.emulator.nodes.network import Refused, Response, TimedOut
from k8slab.emulator.nodes.process import Process, command


@command("wget")
async def wget(process: Process) -> int:
    options = _wget_options(process.args)
    if not options.urls:
        return await process.fail("missing URL")
    asked = parse_url(options.urls[0])
    asked.headers = {"User-Agent": "Wget", **options.headers}
    if options.post is not None:
        asked.method, asked.body = "POST", options.post.encode()
    if not options.quiet:
        await _say_whereto(process, asked)
    seconds = options.seconds
    try:
        response = await fetch(process, asked, seconds or CONNECT_SECONDS, seconds or 900.0)
    except (NoName, Refused, TimedOut, NotHttp) as error:
        return await process.fail(_wget_failure(error, asked, seconds))
    if response.status >= 400:
        status = f"{response.status} {PHRASES.get(response.status, '')}"
        return await process.fail(f"server returned error: HTTP/1.1 {status}")
    return 0 if options.spider else await _save(process, asked, response, options.output, options.quiet)


async def _say_whereto(process: Process, asked: Asked) -> None:
    addresses = process.box.host.network.resolve(process.box.host, asked.host)
    if addresses:
        await process.err(f"Connecting to {asked.host}:{asked.port} ({addresses[0]}:{asked.port})\n")


def _wget_failure(error: Exception, asked: Asked, seconds: float) -> str:
    if isinstance(error, NoName):
        return f"bad address '{asked.host if asked.port == 80 else f'{asked.host}:{asked.port}'}'"
    if isinstance(error, Refused):
        return f"can't connect to remote host ({asked.ip}): Connection refused"
    if isinstance(error, TimedOut):
        return "download timed out" if seconds else f"can't connect to remote host ({asked.ip}): Operation timed out"
    return "error getting response: Invalid argument"


async def _save(process: Process, asked: Asked, response: Response, output: str, quiet: bool) -> int:
    name = output or posixpath.basename(asked.path.partition("?")[0]) or "index.html"
    if name == "-":
        if not quiet:
            await process.err("writing to stdout\n")
        await process.out(response.body)
        return 0
    path = process.path(name)
    if path != "/dev/null":
        if not output and process.box.files.exists(path):
            return await process.fail(f"can't open '{name}': File exists")
        process.box.files.write(path, response.body, now=process.box.clock.now())
    if not quiet:
        await process.err(f"saving to '{name}'\n'{name}' saved\n")
    return 0


@dataclass
class WgetOptions:
    urls: list[str] = field(default_factory=list)
    output: str = ""
    seconds: float = 0.0
    quiet: bool = False
    spider: bool = False
    post: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


def _wget_options(args: list[str]) -> WgetOptions:
    options, rest = WgetOptions(), list(args)
    while rest:
        arg = rest.pop(0)
        if arg.startswith("--"):
            name, equals, value = arg[2:].partition("=")
            if name == "header" and not equals and rest:
                value = rest.pop(0)
            _set_wget(options, name, value)
        elif arg.startswith("-") and len(arg) > 1:
            letters = arg[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                if letter in "OTtYUP":
                    _set_wget(options, letter, letters or (rest.pop(0) if rest else ""))
                    break
                _set_wget(options, letter, "")
        else:
            options.urls.append(arg)
    return options


def _set_wget(options: WgetOptions, name: str, value: str) -> None:
    match name:
        case "O" | "output-document":
            options.output = value
        case "T" | "timeout":
            options.seconds = float(value) if value.replace(".", "", 1).isdigit() else 0.0
        case "q" | "quiet":
            options.quiet = True
        case "header":
            key, _, text = value.partition(":")
            options.headers[key.strip()] = text.strip()
        case "spider":
            options.spider = True
        case "post-data":
            options.post = value
