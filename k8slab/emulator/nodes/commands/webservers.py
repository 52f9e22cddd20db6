"""Small web servers of well-known images: each answers in its own way."""

from __future__ import annotations

import json
import posixpath
from urllib.parse import parse_qs, urlsplit

from k8slab.emulator.nodes.listen import http_date, log_date, serve
from k8slab.emulator.nodes.network import Request, Response
from k8slab.emulator.nodes.process import Process, command, find_command, forever, run_command

TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def text(body: str, status: int = 200) -> Response:
    return Response(status, body.encode(), {**TEXT, "Content-Length": str(len(body.encode()))})


def option(args: list[str], name: str, default: str) -> str:
    """`-name value`, `--name=value` and their mixtures."""
    for place, arg in enumerate(args):
        bare, equals, value = arg.lstrip("-").partition("=")
        if arg.startswith("-") and bare == name:
            return value if equals else args[place + 1] if place + 1 < len(args) else ""
    return default


@command("nginx-hostname", "hpa-example", on_term=0)
async def hostname_page(process: Process) -> int:
    async def answer(request: Request) -> Response:
        box = process.box
        body = "OK!" if process.name == "hpa-example" else f"{box.hostname}\n"
        when = log_date(box.clock.now())
        await process.out(f'{request.client} - - [{when}] "{request.method} {request.path} HTTP/1.1" 200 {len(body)}\n')
        return text(body)

    return await serve(process, 80, answer, "bind() to 0.0.0.0:80 failed (98: Address already in use)")


@command("httpd-foreground", on_term=0)
async def httpd(process: Process) -> int:
    root = "/usr/local/apache2/htdocs"
    await process.err(
        "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using "
        f"{process.box.host.ip}. Set the 'ServerName' directive globally to suppress this message\n"
    )

    async def answer(request: Request) -> Response:
        response = _static(process, root, request)
        when = log_date(process.box.clock.now())
        await process.out(
            f'{request.client} - - [{when}] "{request.method} {request.path} HTTP/1.1" {response.status} '
            f"{len(response.body)}\n"
        )
        return response

    taken = "(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80"
    return await serve(process, 80, answer, taken)


def _static(process: Process, root: str, request: Request) -> Response:
    files = process.box.files
    name = posixpath.normpath(root + "/" + urlsplit(request.path).path.lstrip("/"))
    if files.is_dir(name) and files.exists(posixpath.join(name, "index.html")):
        name = posixpath.join(name, "index.html")
    headers = {"Date": http_date(process.box.clock.now()), "Server": "Apache/2.4.65 (Unix)"}
    if files.is_dir(name):
        listing = "".join(f"<li>{entry}</li>\n" for entry in files.entries(name))
        return Response(200, f"<ul>\n{listing}</ul>\n".encode(), {**headers, "Content-Type": "text/html"})
    if not files.exists(name):
        return Response(404, b"<html><head><title>404 Not Found</title></head></html>\n", headers)
    return Response(200, files.read(name), {**headers, "Content-Type": "text/html"})


@command("httpd")
async def busybox_httpd(process: Process) -> int:
    """busybox httpd -f -p PORT -h ROOT"""
    port = int(option(process.args, "p", "80").rpartition(":")[2] or 80)
    root = process.path(option(process.args, "h", "."))

    async def answer(request: Request) -> Response:
        return _static(process, root, request)

    return await serve(process, port, answer, "httpd: bind: Address already in use")


@command("/http-echo", on_term=0)
async def http_echo(process: Process) -> int:
    said = option(process.args, "text", process.env.get("ECHO_TEXT", ""))
    if not said:
        await process.err("Missing -text option!\n")
        return 127
    port = int(option(process.args, "listen", ":5678").rpartition(":")[2])
    status = int(option(process.args, "status-code", "200"))
    await process.err(f"[INFO] server is listening on :{port}\n")

    async def answer(request: Request) -> Response:
        await process.out(f"{request.client} {request.method} {request.path} {status}\n")
        return text(f"{said}\n", status)

    return await serve(process, port, answer, f"listen tcp :{port}: bind: address already in use")


@command("/whoami", on_term=0)
async def whoami(process: Process) -> int:
    box = process.box

    async def answer(request: Request) -> Response:
        lines = [f"Hostname: {box.hostname}", "IP: 127.0.0.1", f"IP: {box.host.ip}", f"RemoteAddr: {request.client}"]
        lines += [f"{request.method} {request.path} HTTP/1.1"]
        return text("\n".join([*lines, *(f"{k}: {v}" for k, v in request.headers.items())]) + "\n")

    port = int(option(process.args, "port", box.env.get("WHOAMI_PORT_NUMBER", "80")))
    return await serve(process, port, answer, f"listen tcp :{port}: bind: address already in use")


@command("/agnhost", on_term=0)
async def agnhost(process: Process) -> int:
    verb, *args = process.args or ["pause"]
    process.args = args
    if verb == "netexec":
        return await _netexec(process, int(option(args, "http-port", "8080")))
    if verb == "serve-hostname":

        async def answer(request: Request) -> Response:
            return text(process.box.hostname)

        return await serve(process, int(option(args, "port", "9376")), answer, "bind: address already in use")
    if verb == "pause":
        await process.out("Paused\n")
        return await forever()
    await process.err(f'Error: unknown command "{verb}" for "app"\n')
    return 1


async def _netexec(process: Process, port: int) -> int:
    box = process.box

    async def answer(request: Request) -> Response:
        parts = urlsplit(request.path)
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/hostname" | "/hostName":
                return text(box.hostname)
            case "/echo":
                return text(query.get("msg", ""), int(query.get("code", "200")))
            case "/clientip":
                return text(f"{request.client}:0")
            case "/healthz":
                return text("")
            case "/header":
                return text(request.headers.get(query.get("key", ""), ""))
            case "/shell":
                return await _shell(process, query.get("cmd", query.get("shellCommand", "")))
            case "/exit":
                return text("")
        return text(f"NOW: {http_date(box.clock.now())}")

    await process.err(f"Started HTTP server on port {port}\n")
    return await serve(process, port, answer, f"listen tcp :{port}: bind: address already in use")


async def _shell(process: Process, line: str) -> Response:
    from_care = process.child("sh", ["-c", line])
    found = find_command(process.box, "sh")
    code = await run_command(from_care, found) if found else 127
    return text(json.dumps({"output": "", "exitcode": code}))


@command("/pause", "pause", on_term=0)
async def pause(process: Process) -> int:
    return await forever()


@command("/hello")
async def hello(process: Process) -> int:
    await process.out("\nHello from Docker!\nThis container was started by a simulated node.\n\n")
    return 0


@command("python", "python3")
async def python(process: Process) -> int:
    """`-m http.server PORT` serves; without arguments it reads stdin, which a container without -i ends at once."""
    args = process.args
    if "-m" in args and "http.server" in args:
        rest = args[args.index("http.server") + 1 :]
        port = int(next((arg for arg in rest if arg.isdigit()), "8000"))
        root = process.path(option(rest, "directory", option(rest, "d", ".")))
        await process.out(f"Serving HTTP on 0.0.0.0 port {port} (http://0.0.0.0:{port}/) ...\n")

        async def answer(request: Request) -> Response:
            response = _static(process, root, request)
            when = log_date(process.box.clock.now()).rpartition(" ")[0].replace(":", " ", 1)
            line = f'"{request.method} {request.path} HTTP/1.1" {response.status} -'
            await process.err(f"{request.client} - - [{when}] {line}\n")
            return response

        return await serve(process, port, answer, "OSError: [Errno 98] Address already in use")
    if "--version" in args or "-V" in args:
        await process.out("Python 3.14.0\n")
        return 0
    if not args:
        return 0
    return await _no_interpreter(process)


@command("node")
async def node(process: Process) -> int:
    if "--version" in process.args or "-v" in process.args:
        await process.out("v24.11.0\n")
        return 0
    if not process.args:
        return 0
    return await _no_interpreter(process)


async def _no_interpreter(process: Process) -> int:
    await process.err(f"{process.name}: programs of this language do not run on a simulated node\n")
    return 1
