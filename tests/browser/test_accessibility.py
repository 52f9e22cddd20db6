"""WCAG 2.2 AA on every sort of page, in both themes; an exercise by the keyboard alone; a focus that is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from k8slab.supervisor.stack import Stack

from .axe import AXE, violations
from .test_checks import log_in
from .workbench import SLOW, begin, choose, editor, pane, ready, submit, verdict, write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci in frontend/"),
]

EXERCISE = "/learn/service/wrong-selector/"
SOLUTION = next(Path("lessons").glob("*/*/exercises/wrong-selector/solution.yaml")).read_text(encoding="utf-8")
THEMES = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


@THEMES
@pytest.mark.parametrize(
    "address", ["/", "/learn/service/", "/account/login/", "/account/join/", "/nowhere/"], ids=lambda address: address
)
def test_open_pages(visit: Callable[..., Page], quiet: Callable[[str], None], dark: bool, address: str) -> None:
    quiet("404")
    page = visit(dark=dark)
    page.goto(address)
    expect(page.get_by_role("main")).to_be_visible()
    assert violations(page) == []


@THEMES
def test_pages_of_the_instructor(visit: Callable[..., Page], stack: Stack, dark: bool) -> None:
    learner = visit()
    log_in(learner, stack, "student")
    learner.goto(EXERCISE)
    ready(learner)
    submit(learner)
    verdict(learner, "endpoints", "fail", 60_000)
    page = visit(dark=dark)
    log_in(page, stack, "teacher")
    page.get_by_role("link", name="Teach").click()
    assert violations(page) == []
    page.get_by_role("link", name="student", exact=True).click()
    assert violations(page) == []
    page.locator("ol.list a").first.click()
    expect(page.get_by_role("heading", name="What was handed in")).to_be_visible()
    assert violations(page) == []
    page.goto("/teach/lessons/")
    assert violations(page) == []


@THEMES
def test_the_workbench_in_each_state(visit: Callable[..., Page], dark: bool) -> None:
    page = visit(dark=dark)
    begin(page, EXERCISE)
    expect(page.locator("[data-map-place] > *")).to_be_visible()
    assert violations(page) == []
    submit(page)
    verdict(page, "endpoints", "fail", 60_000)
    page.get_by_role("button", name="Show a hint").first.click()
    expect(page.get_by_role("note", name="Hint")).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Terminal", exact=True).click()
    assert violations(page) == []
    write(page, SOLUTION.replace("app: web", "app: web\n  sessionAffinity: Nothing"))
    expect(page.locator(".cm-lintRange-error")).to_have_count(1, timeout=SLOW)
    choose(page, "Compare with the start")
    editor(page).click()
    page.keyboard.press("ControlOrMeta+f")
    assert violations(page) == []
    page.keyboard.press("Escape")
    write(page, SOLUTION)
    submit(page)
    verdict(page, "answers", "pass", 60_000)
    assert violations(page) == []
    page.locator("h1").focus()
    page.get_by_role("button", name="Reset the sandbox").click()
    assert violations(page) == []


@THEMES
def test_each_tab_of_a_phone(visit: Callable[..., Page], dark: bool) -> None:
    page = visit(phone=True, language="ko", dark=dark)
    begin(page, EXERCISE, "지금 시작")
    for tab in page.locator(".panes").get_by_role("button").all():
        tab.click()
        assert violations(page) == []


def test_an_exercise_by_the_keyboard_alone(visit: Callable[..., Page]) -> None:
    page = visit()
    press = page.keyboard.press

    def tab_to(name: str, role: str = "link") -> None:
        """By Tab only; what is reached on the way must show that it has the focus."""
        wanted = page.get_by_role(role, name=name).first  # type: ignore[arg-type]  # one of Playwright's many names
        for _ in range(120):
            press("Tab")
            assert seen(page)
            if wanted.evaluate("element => element === document.activeElement"):
                return
        pytest.fail(f"Tab never came to {name}")

    tab_to("Start now", "button")
    press("Enter")
    page.wait_for_url("**/learn/**")
    page.goto(EXERCISE)
    ready(page)
    press("g")
    press("e")
    expect(editor(page)).to_be_focused()
    press("ControlOrMeta+a")
    press("Delete")
    page.keyboard.insert_text(SOLUTION)
    press("ControlOrMeta+Enter")
    verdict(page, "answers", "pass", 60_000)
    press("Escape")  # from a list of completions, if there is one
    press("Escape")
    press("Tab")  # out of the editor
    expect(page.get_by_role("button", name="Submit")).to_be_focused()
    press("g")
    press("r")
    expect(pane(page, "checks").locator(".pane__body")).to_be_focused()
    tab_to("Next exercise")
    press("Enter")
    expect(page).not_to_have_url("**/wrong-selector/**")


def seen(page: Page) -> bool:
    """Whether what has the focus shows it: a ring of its own or around it."""
    return bool(
        page.evaluate(
            """() => {
                const rings = (element) => {
                    const { boxShadow, outlineStyle, outlineWidth } = getComputedStyle(element);
                    return boxShadow !== "none" || (outlineStyle !== "none" && outlineWidth !== "0px");
                };
                const at = document.activeElement;
                return at === document.body || rings(at) || at.closest(".cm-focused") !== null
                    || getComputedStyle(at, "::before").backgroundColor !== "rgba(0, 0, 0, 0)";
            }"""
        )
    )
