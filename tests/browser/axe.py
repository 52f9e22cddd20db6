"""What axe-core says about a page, in Chromium: WCAG 2.2 A and AA, and its best practices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent.parent.parent / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """One line for each violation and node; an empty list is what we want."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))  # past the content security policy, which forbids it to pages
    found: dict[str, Any] = page.evaluate(RUN, TAGS)
    return [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['html'][:160]} | {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
