"""`./lab bench [NAME]`: measures and prints a Markdown table. NAME is a group (cluster, stack …) or a file of rows.

Figures are printed, never asserted: a test that fails on a busy machine teaches people to run it again.
"""

from __future__ import annotations

import compileall
import sys
import traceback
from datetime import UTC, datetime

from bench.measure import machine
from bench.registry import Row, rows
from bench.surroundings import Surroundings
from k8slab.supervisor.places import ROOT


def main(arguments: list[str]) -> int:
    chosen = arguments[0] if arguments else ""
    picked = rows(chosen)
    if not picked:
        groups = sorted({row.group for row in rows()})
        print(f"there is nothing to measure under {chosen!r}; there is: {', '.join(groups)}", file=sys.stderr)
        return 2
    print(f"{machine()}, {datetime.now(UTC):%Y-%m-%d}\n")
    print("| what | reach | measured |\n| --- | --- | --- |", flush=True)
    # What is measured is not the very first start: Python's byte code is there, also where it is told to write none.
    compileall.compile_dir(ROOT / "k8slab", quiet=1)
    with Surroundings() as surroundings:
        failed = [row.what for row in picked if not show(row, surroundings)]
    return 1 if failed else 0


def show(row: Row, surroundings: Surroundings) -> bool:
    """One row that breaks must not hide the others."""
    print(f"| {row.what} | {row.reach or '–'} | ", end="", flush=True)
    try:
        print(f"{row.measure(surroundings).text} |", flush=True)
    except Exception as error:  # noqa: BLE001 - the edge of the program: shown here, told by the exit code
        print("could not be measured |", flush=True)
        traceback.print_exception(error)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
