"""From opening the page as a stranger to a green check, as a guest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .workbench import open_exercise, submit, write

pytestmark = pytest.mark.browser

SOLUTION = next(Path("lessons").glob("*/*/exercises/three-ready/solution.yaml"))


def test_a_guest_solves_an_exercise(visit: Callable[..., Page], picture: Callable[[Page, str], None]) -> None:
    page = visit()
    picture(page, "course")
    page.get_by_role("button", name="Start now").click()
    open_exercise(page, "Deployment", "Three ready replicas")
    write(page, SOLUTION.read_text(encoding="utf-8"))
    submit(page)
    checks = page.locator("check-panel [data-check]")
    expect(checks).to_have_count(2)
    for check in checks.all():
        expect(check).to_have_attribute("data-verdict", "pass", timeout=20_000)
    expect(page.get_by_text("Solved. Every requirement holds.")).to_be_visible()
    expect(page.locator("cluster-map").get_by_role("button", name="Deployment dp")).to_be_visible()
    picture(page, "solved")


def test_the_same_on_a_phone_in_korean(visit: Callable[..., Page], picture: Callable[[Page, str], None]) -> None:
    page = visit(phone=True, language="ko", dark=True)
    page.get_by_role("button", name="지금 시작").click()
    page.goto("/learn/deployment/three-ready/")
    page.get_by_role("button", name="편집기", exact=True).click()
    write(page, SOLUTION.read_text(encoding="utf-8"))
    picture(page, "phone-editor-ko")
    submit(page, "제출")
    for check in page.locator("check-panel [data-check]").all():
        expect(check).to_have_attribute("data-verdict", "pass", timeout=20_000)
    picture(page, "phone-solved-ko")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
