"""`./lab test`: the whole suite in parts, each in a process of its own.

Browser tests must not share one with the others: Playwright's synchronous driver leaves a running event loop behind.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from k8slab.supervisor.places import ROOT

from .browser import HOW_TO_GET_IT, ensure_chromium
from .environment import PYTHON, compile_translations, ensure_environment
from .frontend import FRONTEND, ensure_frontend, ensure_packages, node_environment
from .steps import say

NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Part:
    name: str
    title: str
    arguments: tuple[str, ...]


UNIT = Part("unit", "Unit tests", ("-m", "not e2e and not browser", "-n", "2"))
E2E = Part("e2e", "End to end: all the real processes", ("-m", "e2e and not browser"))
BROWSER = Part("browser", "In a real browser", ("-m", "browser"))
CHOSEN = Part("chosen", "Chosen tests", ())


@dataclass(frozen=True)
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def run_suite(arguments: Sequence[str], logs: Path, strict: bool) -> int:
    """Everything that the tests need, then the tests. `strict`: a browser story that cannot run is a failure."""
    ensure_environment(logs, dev=True)
    ensure_frontend(logs)
    compile_translations(logs)
    chromium = ensure_chromium(logs)
    env = {**os.environ, **({"K8SLAB_CHROMIUM": chromium} if chromium else {})}
    if "-m" in arguments:
        return _close(run_part(CHOSEN, arguments, env, logs), [])
    total, complaints = Tally(), []
    for part in (UNIT, E2E, BROWSER):
        if part is BROWSER and not chromium:
            complaints.append(f"browser tests did not run: {HOW_TO_GET_IT}")
            continue
        tally = run_part(part, arguments, env, logs)
        if part is BROWSER and strict and not arguments and (tally.skipped or not tally.passed):
            complaints.append("browser tests were skipped")
        total += tally
    if not arguments:
        total += run_frontend_tests(logs)
    return _close(total, complaints, strict)


def run_part(part: Part, arguments: Sequence[str], env: Mapping[str, str], logs: Path) -> Tally:
    heading(part.title)
    results = logs / f"{part.name}.xml"
    results.unlink(missing_ok=True)
    command = (str(PYTHON), "-m", "pytest", *part.arguments, f"--junitxml={results}", *arguments)
    code = subprocess.run(command, cwd=ROOT, env=dict(env)).returncode
    return count(results, code)


def run_frontend_tests(logs: Path) -> Tally:
    env = node_environment(logs)
    ensure_packages(logs, env)
    heading("Front end")
    results = logs / "frontend.xml"
    results.unlink(missing_ok=True)
    reporters = ("--reporter=default", "--reporter=junit", f"--outputFile.junit={results}")
    npm = ("npm", "test", "--", *reporters)
    return count(results, subprocess.run(npm, cwd=FRONTEND, env=env).returncode)


def count(results: Path, code: int) -> Tally:
    """What a JUnit file says. A run that ended badly without a failed test (a crash, say) counts as one failure."""
    tests = failed = skipped = 0
    for suite in _suites(results):
        tests += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    passed = max(tests - failed - skipped, 0)
    if code not in (0, NOTHING_COLLECTED) and not failed:
        failed = 1
    return Tally(passed, failed, skipped)


def _suites(results: Path) -> list[ElementTree.Element]:
    try:
        root = ElementTree.parse(results).getroot()  # noqa: S314 - our own pytest wrote it a moment ago
    except (FileNotFoundError, ElementTree.ParseError):
        return []
    return [root] if root.tag == "testsuite" else root.findall("testsuite")


def heading(title: str) -> None:
    say(f"\n=== {title} ===")


def _close(total: Tally, complaints: Sequence[str], strict: bool = False) -> int:
    for complaint in complaints:
        say(f"\n{'FAILED' if strict else 'note'}: {complaint}")
    say(f"\n=== {total} ===")
    return 1 if total.failed or (strict and complaints) else 0
