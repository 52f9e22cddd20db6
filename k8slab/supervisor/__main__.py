"""`python -m k8slab.supervisor`: all processes at once. For programs it prints one line of JSON when all are ready and
stops when its standard input closes; for people (`--friendly`, as `./lab up` calls it) it says where to go.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import stat
import sys
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from .lock import AlreadyRuns, free_port, port_is_free, take_lock
from .output import Output
from .places import Places, UnsafePlace, var_dir
from .plan import NAMES, Plan, Wish, make_plan
from .prepare import CannotPrepare, demo_logins, is_prepared, prepare
from .redis import NoRedis
from .run import CannotStart, Supervisor, stop_on_signals
from .secrets import read, write_private


class BadWish(Exception):
    """Something that the caller can change; the message says what."""


def main(arguments: list[str] | None = None) -> int:
    began = time.monotonic()
    options = parse(arguments)
    places = Places((options.var or var_dir()).resolve())
    try:
        places.make()
        if options.prepare:
            return asyncio.run(only_prepare(places))
        wish = as_wish(options, places)
        with take_lock(places, f"http://localhost:{wish.port}/"):
            return asyncio.run(serve(wish, options, began))
    except AlreadyRuns as running:
        tell(sys.stderr, str(running))
        return 0 if options.friendly else 1
    except (BadWish, NoRedis, UnsafePlace, CannotStart, CannotPrepare, OSError) as problem:
        tell(sys.stderr, f"k8slab: {problem}")
        return 1


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m k8slab.supervisor", description="Starts all processes of k8slab.")
    parser.add_argument("--var", type=Path, help="directory for all run-time state (default: K8SLAB_VAR, else var/)")
    parser.add_argument("--host", default="127.0.0.1", help="address of the web server (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port of the web server (default: a free one)")
    parser.add_argument("--nodes", type=int, default=3, help="nodes of the embedded cluster (default: 3)")
    parser.add_argument("--only", default=",".join(NAMES), help="which processes, separated by commas")
    parser.add_argument("--reload", action="store_true", help="restart the web server when a Python file changes")
    parser.add_argument("--prepare", action="store_true", help="database, demo people, translations; start nothing")
    parser.add_argument("--friendly", action="store_true", help="speak to people instead of programs")
    parser.add_argument("--open", action="store_true", help="open the page in a browser when it is ready")
    return parser.parse_args(arguments)


def as_wish(options: argparse.Namespace, places: Places) -> Wish:
    only = set(options.only.split(","))
    if strangers := only - set(NAMES):
        raise BadWish(f"no such process: {', '.join(sorted(strangers))} (there are {', '.join(NAMES)})")
    if not 0 <= options.port < 65536:
        raise BadWish(f"there is no port {options.port}: choose one from 1 to 65535 with --port")
    if options.port and "web" in only and not port_is_free(options.host, options.port):
        raise BadWish(f"port {options.port} is taken: choose another with --port, for example --port {free_port()}")
    return Wish(
        places=places,
        host=options.host,
        port=options.port or free_port(options.host),
        emulator_port=steady_port(places),
        nodes=options.nodes,
        reload=options.reload,
        only=only,
    )


def steady_port(places: Places) -> int:
    """The cluster's port of last time where it is free, so that a kubeconfig that somebody copied stays good."""
    file = places.run / "emulator-port"
    last = read(file)
    port = int(last) if last.isdecimal() and port_is_free("127.0.0.1", int(last)) else free_port()
    write_private(file, str(port))
    return port


async def serve(wish: Wish, options: argparse.Namespace, began: float) -> int:
    """Start, loop, shutdown; whatever happens in between, no process is left."""
    out = Output(wish.places.log, sys.stderr)
    plan = make_plan(wish)
    supervisor = Supervisor(plan, wish.places, out)
    stop_on_signals(supervisor)
    if not options.friendly:
        stop_with_the_caller(supervisor)
    try:
        if await supervisor.start(needs_preparing="web" in wish.only and not is_prepared(wish.places)):
            out.echo = options.friendly
            announce(plan, wish, supervisor, options, time.monotonic() - began)
            await supervisor.loop()
            if options.friendly:
                out.echo = False
                out.say("stopping …")
    finally:
        await supervisor.shutdown()
        out.close()
    return 0


async def only_prepare(places: Places) -> int:
    if not is_prepared(places):
        await prepare(places, {"K8SLAB_VAR": str(places.var)}, Output(places.log, sys.stderr))
    return 0


def announce(plan: Plan, wish: Wish, supervisor: Supervisor, options: argparse.Namespace, seconds: float) -> None:
    logins = demo_logins(wish.places)
    if options.friendly:
        tell(sys.stdout, welcome(plan, wish, logins, seconds))
    else:
        facts = {
            "url": plan.url,
            "pids": supervisor.pids(),
            "kubeconfig": str(plan.kubeconfig),
            "var": str(wish.places.var),
            "logins": logins,
            "seconds": round(seconds, 3),
        }
        tell(sys.stdout, json.dumps(facts))
    if options.open:
        webbrowser.open(plan.url)


def welcome(plan: Plan, wish: Wish, logins: dict[str, str], seconds: float) -> str:
    people = [f"      {name:<8} {password}" for name, password in logins.items()]
    return "\n".join(
        [
            "",
            f"  k8slab is ready ({seconds:.1f} s):  {plan.url}",
            "",
            "  Start there as a guest, or log in with a demo account:",
            *people,
            "",
            f"  kubectl --kubeconfig {plan.kubeconfig} get pods -A     logs: {wish.places.log}",
            "  Ctrl-C stops everything.",
            "",
        ]
    )


def tell(stream: TextIO, text: str) -> None:
    print(text, file=stream, flush=True)


def stop_with_the_caller(supervisor: Supervisor) -> None:
    """A program that started us holds our standard input open; when it ends, however it ends, so do we."""
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
        return
    loop = asyncio.get_running_loop()

    def read_on() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin.fileno())
            supervisor.ask_to_stop()

    loop.add_reader(sys.stdin.fileno(), read_on)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main())
