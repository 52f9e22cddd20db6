"""curl and wget, with their own words for what goes wrong."""

from __future__ import annotations

import asyncio
import json
import posixpath
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from k8slab.emulator.nodes.listen import PHRASES, render
from k8slab.emulator.nodes.network import Refused, Request, Response, TimedOut
from k8slab.emulator.nodes.process import Process, command
from k8slab.emulator.nodes.streams import read_all

CONNECT_SECONDS = 130.0  # what a connection waits for an answer when nobody says how long


class NoName(Exception):
    """The host name has no address."""


class NotHttp(Exception):
    """Something else answers there."""


@dataclass
class Asked:
    """One request and where it went."""

    url: str
    host: str
    port: int
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ip: str = ""


def parse_url(text: str) -> Asked:
    full = text if "://" in text else f"http://{text}"
    parts = urlsplit(full)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Asked(full, parts.hostname or "", port, path)


async def fetch(process: Process, asked: Asked, connect_seconds: float, total_seconds: float) -> Response:
    """Raises NoName, Refused, TimedOut (after the time has passed) or NotHttp."""
    host = process.box.host
    addresses = host.network.resolve(host, asked.host)
    if not addresses:
        raise NoName
    asked.ip = addresses[0]
    try:
        server = host.network.connect(host, asked.ip, asked.port)
    except TimedOut:
        await process.box.clock.sleep(min(connect_seconds, total_seconds))
        raise
    headers = {"Host": asked.host if asked.port in (80, 443) else f"{asked.host}:{asked.port}", **asked.headers}
    source = "127.0.0.1" if asked.ip.startswith("127.") else host.ip
    answering = asyncio.ensure_future(
        server.answer(Request(asked.method, asked.path, headers, asked.body, source, asked.port))
    )
    bell = asyncio.ensure_future(process.box.clock.sleep(total_seconds))
    try:
        await asyncio.wait({answering, bell}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise TimedOut
        response = answering.result()
    finally:
        answering.cancel()
        bell.cancel()
    if response is None:
        raise NotHttp
    return response


# curl


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
    connect_seconds: float = CONNECT_SECONDS
    total_seconds: float = 3600.0


FLAGS = {"s": "silent", "S": "show_error", "f": "fail", "i": "include", "I": "head", "v": "verbose", "L": "follow",
         "O": "remote_name", "silent": "silent", "show-error": "show_error", "fail": "fail", "include": "include",
         "head": "head", "verbose": "verbose", "location": "follow", "remote-name": "remote_name"}  # fmt: skip
VALUES = {"X": "X", "request": "X", "H": "H", "header": "H", "d": "d", "data": "d", "data-raw": "d", "json": "json",
          "o": "o", "output": "o", "w": "w", "write-out": "w", "m": "m", "max-time": "m", "connect-timeout": "c",
          "A": "A", "user-agent": "A", "retry": "-", "retry-delay": "-", "u": "-", "user": "-", "resolve": "-",
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


@command("wget")
async def wget(process: Process) -> int:
    options = _wget_options(process.args)
    if not options.urls:
        return await process.fail("missing URL")
    asked = parse_url(options.urls[0])
    asked.headers = {"User-Agent": "Wget"}
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


def _wget_options(args: list[str]) -> WgetOptions:
    options, rest = WgetOptions(), list(args)
    while rest:
        arg = rest.pop(0)
        if arg.startswith("--"):
            name, _, value = arg[2:].partition("=")
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
        case "spider":
            options.spider = True
        case "post-data":
            options.post = value
