"""nginx: serves the files below its root at the port of its configuration or passes requests on, and logs each."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from k8slab.emulator.nodes.files import FileSystem
from k8slab.emulator.nodes.http_request import Asked, NoName, NotHttp, fetch, parse_url
from k8slab.emulator.nodes.listen import PHRASES, http_date, log_date, serve
from k8slab.emulator.nodes.network import Refused, Request, Response, TimedOut
from k8slab.emulator.nodes.process import Process, command

CONFIG, INCLUDED = "/etc/nginx/nginx.conf", "/etc/nginx/conf.d"
TYPES = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".json": "application/json",
         ".css": "text/css", ".js": "application/javascript", ".svg": "image/svg+xml"}  # fmt: skip
RETURN = re.compile(r"return\s+(\d+)\s*(?:\"([^\"]*)\"|'([^']*)'|([^;]*))?;")
PASSED_ON = re.compile(r"\bproxy_pass\s+(http://[^;\s]+);")
UPSTREAM_SECONDS = 60.0  # nginx' default for connecting and for reading
BRACES = re.compile(r"[{}]")


@dataclass
class Site:
    port: int = 80
    root: str = "/usr/share/nginx/html"
    index: tuple[str, ...] = ("index.html", "index.htm")
    fixed: dict[str, tuple[int, str]] | None = None  # location -> what it returns
    passed: dict[str, str] | None = None  # location -> URL of the upstream


class BadConfig(Exception):
    pass


def read_config(files: FileSystem) -> Site:
    """The directives that lessons use: listen, root, index, return, proxy_pass. Braces must match."""
    names = [CONFIG]
    if files.is_dir(INCLUDED):
        names += [posixpath.join(INCLUDED, name) for name in files.entries(INCLUDED) if name.endswith(".conf")]
    site = Site()
    for name in names:
        if not files.exists(name):
            if name == CONFIG:
                raise BadConfig(f'open() "{name}" failed (2: No such file or directory)')
            continue
        _apply(site, name, files.read(name).decode(errors="replace"))
    return site


def _apply(site: Site, name: str, text: str) -> None:
    text = re.sub(r"#[^\n]*", "", text)
    depth = 0
    for match in BRACES.finditer(text):
        depth += 1 if match[0] == "{" else -1
        if depth < 0:
            raise BadConfig(f'unexpected "}}" in {name}:{text[: match.start()].count(chr(10)) + 1}')
    if depth:
        raise BadConfig(f'unexpected end of file, expecting "}}" in {name}:{text.count(chr(10)) + 1}')
    if found := re.search(r"\blisten\s+(?:[\d.\[\]:]*:)?(\d+)", text):
        site.port = int(found[1])
    if found := re.search(r"\broot\s+([^;\s]+)", text):
        site.root = found[1]
    if found := re.search(r"\bindex\s+([^;]+);", text):
        site.index = tuple(found[1].split())
    for block in re.finditer(r"location\s+(?:=\s*)?(/[^\s{]*)\s*{([^{}]*)}", text):
        if returned := RETURN.search(block[2]):
            body = next((part for part in returned.groups()[1:] if part), "")
            site.fixed = {**(site.fixed or {}), block[1]: (int(returned[1]), body.strip().replace("\\n", "\n"))}
        elif passed := PASSED_ON.search(block[2]):
            site.passed = {**(site.passed or {}), block[1]: passed[1]}


@command("nginx", "nginx-debug", on_term=0)
async def nginx(process: Process) -> int:
    box = process.box
    try:
        site = read_config(box.files)
        _check_upstreams(process, site)
    except BadConfig as error:
        await process.err(f"nginx: [emerg] {error}\n")
        return 1
    if "-t" in process.args:
        await process.err(
            f"nginx: the configuration file {CONFIG} syntax is ok\n"
            f"nginx: configuration file {CONFIG} test is successful\n"
        )
        return 0
    if "-s" in process.args or "-v" in process.args:
        version = process.env.get("NGINX_VERSION", "1.29.3")
        await process.err(f"nginx version: nginx/{version}\n" if "-v" in process.args else "")
        return 0
    if site.port < 1024 and box.uid != 0 and "unprivileged" not in box.image.repository:
        await process.err(f"nginx: [emerg] bind() to 0.0.0.0:{site.port} failed (13: Permission denied)\n")
        return 1

    async def answer(request: Request) -> Response:
        upstream = _upstream(site, request)
        response = await _pass_on(process, upstream) if upstream else _respond(process, site, request)
        agent = request.headers.get("User-Agent", "-")
        when = log_date(box.clock.now())
        await process.out(
            f'{request.client or "127.0.0.1"} - - [{when}] "{request.method} {request.path} HTTP/1.1" '
            f'{response.status} {len(response.body)} "-" "{agent}" "-"\n'
        )
        if response.status == 404:
            await process.err(f'open() "{site.root}{request.path}" failed (2: No such file or directory)\n')
        return response

    taken = f"nginx: [emerg] bind() to 0.0.0.0:{site.port} failed (98: Address already in use)"
    return await serve(process, site.port, answer, taken)


def _check_upstreams(process: Process, site: Site) -> None:
    """nginx looks names up once, when it starts, and does not start without them."""
    host = process.box.host
    for url in (site.passed or {}).values():
        name = parse_url(url).host
        if not host.network.resolve(host, name):
            raise BadConfig(f'host not found in upstream "{name}" in {INCLUDED}/default.conf')


def _upstream(site: Site, request: Request) -> Asked | None:
    """The request as it goes on, by the longest location that fits."""
    for location, url in sorted((site.passed or {}).items(), key=lambda item: -len(item[0])):
        if request.path.startswith(location):
            asked = parse_url(url)
            if asked.url.count("/") > 2:  # an upstream with a path stands for the location
                asked.path = asked.path.rstrip("/") + "/" + request.path[len(location) :].lstrip("/")
            else:
                asked.path = request.path
            asked.method, asked.body = request.method, request.body
            return asked
    return None


async def _pass_on(process: Process, asked: Asked) -> Response:
    try:
        return await fetch(process, asked, UPSTREAM_SECONDS, UPSTREAM_SECONDS)
    except (NoName, Refused, NotHttp):
        await process.err(f'connect() failed (111: Connection refused) while connecting to upstream: "{asked.url}"\n')
        return _error(process, 502)
    except TimedOut:
        return _error(process, 504)


def _respond(process: Process, site: Site, request: Request) -> Response:
    path = request.path.partition("?")[0]
    for location, (status, body) in sorted((site.fixed or {}).items(), key=lambda item: -len(item[0])):
        if path == location or path.startswith(location.rstrip("/") + "/"):
            return _page(process, status, body.encode(), "text/plain")
    if request.method not in ("GET", "HEAD"):
        return _error(process, 405)
    return _file(process, site, path)


def _file(process: Process, site: Site, path: str) -> Response:
    files = process.box.files
    name = posixpath.normpath(site.root + "/" + path.lstrip("/"))
    if files.is_dir(name):
        found = next((posixpath.join(name, i) for i in site.index if files.exists(posixpath.join(name, i))), None)
        if found is None:
            return _error(process, 403)
        name = found
    if not files.exists(name):
        return _error(process, 404)
    kind = TYPES.get(posixpath.splitext(name)[1], "application/octet-stream")
    return _page(process, 200, files.read(name), kind)


def _page(process: Process, status: int, body: bytes, kind: str) -> Response:
    headers = {
        "Server": f"nginx/{process.env.get('NGINX_VERSION', '1.29.3')}",
        "Date": http_date(process.box.clock.now()),
        "Content-Type": kind,
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
    }
    return Response(status, body, headers)


def _error(process: Process, status: int) -> Response:
    title = f"{status} {PHRASES[status]}"
    version = process.env.get("NGINX_VERSION", "1.29.3")
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n"
        f"<hr><center>nginx/{version}</center>\r\n</body>\r\n</html>\r\n"
    )
    return _page(process, status, body.encode(), "text/html")
