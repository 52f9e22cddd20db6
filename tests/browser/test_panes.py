"""The parts of the workbench: sizes, one at a time, and by keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .workbench import begin, pane, ready

pytestmark = pytest.mark.browser

EXERCISE = "/learn/deployment/three-ready/"


def width(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["width"]


def test_a_divider_is_moved_by_keys_and_by_the_mouse_and_remembered(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    divider = page.get_by_role("separator", name="Width of the lesson")
    lesson = pane(page, "lesson")
    before = width(lesson)
    divider.focus()
    page.keyboard.press("Shift+ArrowRight")
    assert width(lesson) > before + 100
    expect(divider).to_have_attribute("aria-valuenow", "37")
    box = divider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 3, 400)
    page.mouse.down()
    page.mouse.move(400, 400)
    page.mouse.up()
    assert abs(width(lesson) - 400) < 12
    page.reload()
    ready(page)
    assert abs(width(lesson) - 400) < 12
    divider.dblclick()
    assert abs(width(lesson) - before) < 2


def test_a_part_is_enlarged_and_brought_back(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    page.get_by_role("button", name="Enlarge: Your YAML").click()
    expect(pane(page, "lesson")).to_be_hidden()
    assert width(pane(page, "editor")) > 1400
    page.get_by_role("button", name="Enlarge: Your YAML").click()
    expect(pane(page, "lesson")).to_be_visible()


def test_every_part_is_reached_by_keys(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    for key, name in (("l", "lesson"), ("r", "checks"), ("c", "cluster"), ("e", "editor")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(pane(page, name).locator("*:focus")).to_have_count(1)
    page.keyboard.type("g")  # in the editor a letter is a letter
    expect(page.locator("yaml-editor")).to_contain_text("gapiVersion")
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    expect(pane(page, "checks").locator("*:focus")).to_have_count(1)


def test_the_list_of_shortcuts_and_switching_letters_off(visit: Callable[..., Page]) -> None:
    page = visit()
    begin(page, EXERCISE)
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    page.keyboard.press("?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_on_a_phone_nothing_is_lost(visit: Callable[..., Page]) -> None:
    page = visit(phone=True, language="ko")
    begin(page, EXERCISE, "지금 시작")
    tabs = page.get_by_role("navigation", name="이 페이지의 구성").get_by_role("button")
    expect(tabs).to_have_count(5)
    for tab, name in zip(tabs.all(), ("lesson", "editor", "terminal", "checks", "cluster"), strict=True):
        tab.click()
        expect(tab).to_have_attribute("aria-pressed", "true")
        expect(pane(page, name)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
