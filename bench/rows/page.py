"""The workbench as a browser has it: bytes before it can be used, when it can be, and how long it is busy."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from bench.chromium import chromium_page
from bench.measure import Measured, durations, percentile
from bench.registry import row
from bench.surroundings import Surroundings
from k8slab.supervisor.places import ROOT

EXERCISE = "/learn/deployment/three-ready/"
VISITS = 7
BUILT = ROOT / "static" / "dist"
FIRST = ("src/main.ts", "src/lab-workbench/define.ts")
OBSERVE = """
    window.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((entry) => entry.duration)))
        .observe({ type: "longtask", buffered: true });
"""
FACTS = """() => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const [page] = performance.getEntriesByType("navigation");
    return {
        paint: paint ? paint.startTime : 0, server: page.responseStart - page.requestStart, now: performance.now(),
        tasks: window.longTasks, files: performance.getEntriesByType("resource").map((entry) => entry.name),
    };
}"""


def _guest(page: Page) -> None:
    page.goto("/")
    page.locator("form[action*=guest] button").click()
    page.wait_for_url("**/learn/**")


def _visit(page: Page) -> dict[str, Any]:
    """Opens the workbench until its editor is there; what the browser measured on the way."""
    page.goto(EXERCISE)
    page.locator("yaml-editor .cm-content").wait_for()
    facts: dict[str, Any] = page.evaluate(FACTS)
    page.wait_for_timeout(1_500)  # what else it does once everything has come
    facts["tasks"] = page.evaluate("longTasks")
    return facts


def _visits(surroundings: Surroundings) -> list[dict[str, Any]]:
    with chromium_page(surroundings.stack().url) as page:
        _guest(page)
        page.add_init_script(OBSERVE)
        return [_visit(page) for _ in range(VISITS)]


def _seconds(surroundings: Surroundings, pick: Callable[[dict[str, Any]], float]) -> Measured:
    return durations([pick(facts) / 1000 for facts in _visits(surroundings)])


@row("page", "workbench: server time until the first byte", "p95 ≤ 50 ms")
def first_byte(surroundings: Surroundings) -> Measured:
    return _seconds(surroundings, lambda facts: facts["server"])


@row("page", "workbench: first paint, text and textarea usable")
def first_paint(surroundings: Surroundings) -> Measured:
    return _seconds(surroundings, lambda facts: facts["paint"])


@row("page", "workbench: editor ready")
def editor_ready(surroundings: Surroundings) -> Measured:
    return _seconds(surroundings, lambda facts: facts["now"])


@row("page", "workbench: long tasks of a visit (over 50 ms)")
def long_tasks(surroundings: Surroundings) -> Measured:
    visits = [facts["tasks"] for facts in _visits(surroundings)]
    longest = [max(tasks, default=0.0) for tasks in visits]
    count = percentile([len(tasks) for tasks in visits], 0.5)
    return Measured(
        f"{count} a visit, the longest {percentile(longest, 0.95):.0f} ms ({VISITS} visits)", tuple(longest)
    )


@row("page", "workbench: JavaScript before the first use, gzip", "≤ 60 KB")
def javascript(surroundings: Surroundings) -> Measured:
    manifest: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    first = sum(map(_packed, set().union(*(_with_imports(manifest, entry) for entry in FIRST))))
    whole = sum(_packed(chunk["file"]) for chunk in manifest.values() if chunk["file"].endswith(".js"))
    return Measured(f"{first / 1000:.1f} KB (all that the site has: {whole / 1000:.0f} KB)", (float(first),))


def _with_imports(manifest: dict[str, Any], entry: str) -> set[str]:
    """The file of a chunk and of all that it imports at once; what it loads later does not count."""
    chunk = manifest[entry]
    return {chunk["file"]}.union(*(_with_imports(manifest, name) for name in chunk.get("imports", ())))


def _packed(file: str) -> int:
    return len(gzip.compress((BUILT / file).read_bytes(), mtime=0))
