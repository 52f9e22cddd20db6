"""`python -m k8slab.emulator --data DIR --port P`: a Kubernetes cluster in one process."""

from __future__ import annotations

import gc

gc.disable()  # hardly anything made while starting is garbage, and looking for it costs a tenth; `serve` turns it on

import argparse  # noqa: E402
import asyncio  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

from k8slab.emulator.journal import JournalError  # noqa: E402
from k8slab.emulator.repair import repair  # noqa: E402
from k8slab.emulator.server import Options, StartError, serve  # noqa: E402


def parse(arguments: list[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m k8slab.emulator", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the database and the kubeconfig")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", help="the administrator's bearer token; made and kept in the directory if not given")
    parser.add_argument("--nodes", type=int, default=3, help="simulated nodes")
    parser.add_argument("--controllers", help="comma-separated names; empty for none; all by default")
    parser.add_argument("--scheduler", choices=("on", "off"), default="on")
    parser.add_argument("--repair", action="store_true", help="first save what can be read of a damaged database")
    given = parser.parse_args(arguments)
    controllers = None if given.controllers is None else tuple(one for one in given.controllers.split(",") if one)
    return Options(
        given.data, given.host, given.port, given.token, given.nodes, controllers, given.scheduler == "on", given.repair
    )


def main() -> int:
    options = parse()
    try:
        if options.repair:
            print(f"k8slab emulator: {repair(options.data)}", file=sys.stderr)  # noqa: T201  # for the terminal
        with _runner() as runner:
            runner.run(serve(options))
    except (StartError, JournalError) as error:
        print(f"k8slab emulator: {error}", file=sys.stderr)  # noqa: T201  # the reason, for the terminal
        return 1
    return 0


def _runner() -> asyncio.Runner:
    """uvloop where there is one: it is faster, and nothing depends on it."""
    try:
        import uvloop  # noqa: PLC0415  # not on every platform
    except ImportError:
        return asyncio.Runner()
    return asyncio.Runner(loop_factory=uvloop.new_event_loop)


if __name__ == "__main__":
    sys.exit(main())
