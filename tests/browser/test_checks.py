"""The requirements: hints on request, what the instructor sees of it, and what comes after the last one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from k8slab.supervisor.stack import Stack

from .workbench import SLOW, begin, submit, verdict, write

pytestmark = pytest.mark.browser

SOLUTION = next(Path("lessons").glob("*/*/exercises/wrong-selector/solution.yaml"))


def log_in(page: Page, stack: Stack, name: str) -> None:
    page.goto("/account/login/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(stack.logins[name])
    page.get_by_role("button", name="Log in").last.click()
    page.wait_for_url("**/")


def test_a_hint_comes_when_it_is_asked_for_and_the_instructor_sees_it(visit: Callable[..., Page], stack: Stack) -> None:
    page = visit()
    log_in(page, stack, "student")
    page.goto("/learn/service/wrong-selector/")
    submit(page)
    verdict(page, "endpoints", "fail", 60_000)
    assert "What does the selector of the Service say" not in page.content()
    page.get_by_role("button", name="Show a hint").first.click()
    expect(page.get_by_role("note", name="Hint")).to_contain_text("letter by letter", timeout=SLOW)
    page.reload()
    expect(page.get_by_role("note", name="Hint")).to_contain_text("letter by letter")
    teacher = visit()
    log_in(teacher, stack, "teacher")
    teacher.get_by_role("link", name="Teach").click()
    teacher.get_by_role("link", name="student", exact=True).click()
    expect(teacher.get_by_text("Hint opened")).to_be_visible()


def test_verdicts_are_announced_and_the_end_shows_the_way_on(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, "/learn/service/wrong-selector/")
    write(page, SOLUTION.read_text(encoding="utf-8"))
    submit(page)
    verdict(page, "answers", "pass")
    expect(page.locator("check-panel [role=status]")).to_contain_text("Passed.")
    expect(page.get_by_text("A selector that fits nobody is not an error")).to_be_visible()
    page.get_by_role("link", name="Next exercise").click()
    expect(page).not_to_have_url("**/wrong-selector/**")
    page.goto("/")
    expect(page.get_by_role("progressbar", name="Progress in the whole course")).to_have_attribute("value", "1")
