"""curl, with its own words for what goes wrong."""

from __future__ import annotations

import json
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
from k8slab.emulator.nodes.listen import PHRASES, render
from k8slab.emulator.nodes.network import Refused, Response, TimedOut
from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.streams import read_all


@dataclass
class CurlOptions:
    urls: list[str] = field(default_factory=list)
    method: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    data: str | None = None
    output: str = ""
    write_out: str = ""
    silent: bool = False
    show_error: bool = False
    fail: bool = False
    include: bool = False
    head: bool = False
    verbose: bool = False
    follow: bool = False
    remote_name: bool = False
    resolved: dict[tuple[str, int], str] = field(default_factory=dict)  # by --resolve HOST:PORT:ADDRESS
    connect_seconds: float = CONNECT_SECONDS
    total_seconds: float = 3600.0


FLAGS = {"s": "silent", "S": "show_error", "f": "fail", "i": "include", "I": "head", "v": "verbose", "L": "follow",
         "O": "remote_name", "silent": "silent", "show-error": "show_error", "fail": "fail", "include": "include",
         "head": "head", "verbose": "verbose", "location": "follow", "remote-name": "remote_name"}  # fmt: skip
VALUES = {"X": "X", "request": "X", "H": "H", "header": "H", "d": "d", "data": "d", "data-raw": "d", "json": "json",
          "o": "o", "output": "o", "w": "w", "write-out": "w", "m": "m", "max-time": "m", "connect-timeout": "c",
          "A": "A", "user-agent": "A", "retry": "-", "retry-delay": "-", "u": "-", "user": "-", "resolve": "R",
          "cacert": "-", "url": "url"}  # fmt: skip
IGNORED = {"k", "g", "N", "4", "6", "insecure", "no-progress-meter", "compressed", "no-buffer", "ipv4",
           "retry-connrefused", "#", "progress-bar", "http1.1", "fail-with-body"}  # fmt: skip


class BadOption(Exception):
    pass


def _parse(args: list[str]) -> CurlOptions:
    options, rest = CurlOptions(), list(args)
    while rest:
        arg = rest.pop(0)
        if arg.startswith("--"):
            name, equals, value = arg[2:].partition("=")
            _take(options, name, ([value] if equals else []) + rest, rest, bool(equals), arg)
        elif arg.startswith("-") and len(arg) > 1:
            letters = arg[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                if letter in VALUES:
                    _take(options, letter, ([letters] if letters else []) + rest, rest, bool(letters), arg)
                    break
                _take(options, letter, rest, rest, True, arg)
        else:
            options.urls.append(arg)
    return options


def _take(options: CurlOptions, name: str, values: list[str], rest: list[str], inline: bool, arg: str) -> None:
    if name in FLAGS:
        setattr(options, FLAGS[name], True)
    elif name in VALUES:
        if not values:
            raise BadOption(f"curl: option {arg}: requires parameter")
        if not inline:
            rest.pop(0)
        _set(options, VALUES[name], values[0])
    elif name not in IGNORED:
        raise BadOption(f"curl: option {arg}: is unknown")


def _set(options: CurlOptions, name: str, value: str) -> None:
    match name:
        case "X":
            options.method = value
        case "H":
            key, _, text = value.partition(":")
            options.headers[key.strip()] = text.strip()
        case "A":
            options.headers["User-Agent"] = value
        case "d" | "json":
            options.data = value if options.data is None else f"{options.data}&{value}"
            kind = "application/json" if name == "json" else "application/x-www-form-urlencoded"
            options.headers.setdefault("Content-Type", kind)
        case "o":
            options.output = value
        case "w":
            options.write_out = value
        case "m":
            options.total_seconds = float(value)
        case "c":
            options.connect_seconds = float(value)
        case "R":
            host, _, rest = value.partition(":")
            port, _, address = rest.partition(":")
            options.resolved[host, int(port) if port.isdigit() else 0] = address
        case "url":
            options.urls.append(value)


@command("curl")
async def curl(process: Process) -> int:
    try:
        options = _parse(process.args)
    except BadOption as error:
        await process.err(f"{error}\ncurl: try 'curl --help' for more information\n")
        return 2
    if not options.urls:
        await process.err("curl: (2) no URL specified\n")
        return 2
    code = 0
    for url in options.urls:
        code = await _curl_one(process, options, url)
    return code


async def _curl_one(process: Process, options: CurlOptions, url: str) -> int:
    asked = parse_url(url)
    asked.method = options.method or ("HEAD" if options.head else "POST" if options.data is not None else "GET")
    asked.headers = {"User-Agent": "curl/8.17.0", "Accept": "*/*", **options.headers}
    asked.body = await _data(process, options.data)
    asked.ip = options.resolved.get((asked.host, asked.port), "")
    started = process.box.clock.now()
    try:
        response = await _followed(process, asked, options)
    except (NoName, Refused, TimedOut, NotHttp) as error:
        waited = process.box.clock.now() - started
        code, text = _curl_failure(error, asked, options, waited)
        if options.write_out:
            await process.out(_written(options.write_out, None, asked, waited))
        if not options.silent or options.show_error:
            await process.err(f"curl: ({code}) {text}\n")
        return code
    return await _curl_show(process, options, asked, response, process.box.clock.now() - started)


async def _data(process: Process, data: str | None) -> bytes:
    if data == "@-":
        return await read_all(process.stdin)
    if data and data.startswith("@"):
        return process.box.files.read(process.path(data[1:]))
    return (data or "").encode()


async def _followed(process: Process, asked: Asked, options: CurlOptions) -> Response:
    response = await fetch(process, asked, options.connect_seconds, options.total_seconds)
    for _ in range(10):
        target = response.headers.get("Location")
        if not options.follow or not target or response.status not in (301, 302, 307, 308):
            break
        moved = parse_url(target if "://" in target else f"http://{asked.host}:{asked.port}{target}")
        asked.url, asked.host, asked.port, asked.path = moved.url, moved.host, moved.port, moved.path
        response = await fetch(process, asked, options.connect_seconds, options.total_seconds)
    return response


def _curl_failure(error: Exception, asked: Asked, options: CurlOptions, waited: float) -> tuple[int, str]:
    millis = int(waited * 1000)
    if isinstance(error, NoName):
        return 6, f"Could not resolve host: {asked.host}"
    if isinstance(error, Refused):
        return 7, f"Failed to connect to {asked.host} port {asked.port} after {millis} ms: Could not connect to server"
    if isinstance(error, NotHttp):
        return 1, "Received HTTP/0.9 when not allowed"
    if min(options.connect_seconds, options.total_seconds) >= CONNECT_SECONDS:
        return 28, f"Failed to connect to {asked.host} port {asked.port} after {millis} ms: Could not connect to server"
    return 28, f"Connection timed out after {millis} milliseconds"


async def _curl_show(process: Process, options: CurlOptions, asked: Asked, response: Response, waited: float) -> int:
    if options.verbose:
        await process.err(_talk(asked, response))
    failed = options.fail and response.status >= 400
    body = b"" if failed or options.head else response.body
    if options.include or options.head:
        body = render(Response(response.status, body, response.headers))
    name = posixpath.basename(asked.path) if options.remote_name else options.output
    if name and name != "-":
        if process.path(name) != "/dev/null":
            process.box.files.write(process.path(name), body, now=process.box.clock.now())
    else:
        await process.out(body)
    if options.write_out:
        await process.out(_written(options.write_out, response, asked, waited))
    if failed:
        if not options.silent or options.show_error:
            await process.err(f"curl: (22) The requested URL returned error: {response.status}\n")
        return 22
    return 0


def _talk(asked: Asked, response: Response) -> str:
    sent = [
        f"{asked.method} {asked.path} HTTP/1.1",
        f"Host: {asked.host}",
        *(f"{k}: {v}" for k, v in asked.headers.items()),
    ]
    got = [
        f"HTTP/1.1 {response.status} {PHRASES.get(response.status, '')}",
        *(f"{k}: {v}" for k, v in response.headers.items()),
    ]
    lines = [f"* Connected to {asked.host} ({asked.ip}) port {asked.port}"]
    return "\n".join([*lines, *(f"> {s}" for s in sent), ">", *(f"< {g}" for g in got), "<", ""])


def _written(template: str, response: Response | None, asked: Asked, waited: float) -> str:
    values = {
        "http_code": f"{response.status:03d}" if response else "000",
        "response_code": f"{response.status:03d}" if response else "000",
        "size_download": str(len(response.body) if response else 0),
        "time_total": f"{waited:.6f}",
        "remote_ip": asked.ip,
        "url_effective": asked.url,
        "content_type": response.headers.get("Content-Type", "") if response else "",
    }
    for key, value in values.items():
        template = template.replace("%{" + key + "}", value)
    return json.loads(f'"{template}"', strict=False) if "\\" in template and '"' not in template else template


# wget (busybox)
