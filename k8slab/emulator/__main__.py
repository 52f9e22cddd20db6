"""`python -m k8slab.emulator --data DIR --port P`: a Kubernetes cluster in one process."""

from __future__ import annotations

import gc

gc.disable()  # hardly anything made while starting is garbage, and looking for it costs a tenth; `serve` turns it on

import asyncio  # noqa: E402
import sys  # noqa: E402

from k8slab.emulator.flags import parse  # noqa: E402
from k8slab.emulator.journal import JournalError  # noqa: E402
from k8slab.emulator.repair import repair  # noqa: E402
from k8slab.emulator.server import StartError, serve  # noqa: E402


def main() -> int:
    try:
        options = parse()
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
