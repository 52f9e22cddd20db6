"""From a wrong solution to its explanation, and on to the right one without reloading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .workbench import open_exercise, submit, write

pytestmark = pytest.mark.browser

EXERCISE = next(Path("lessons").glob("*/*/exercises/wrong-selector"))


def test_a_wrong_selector_explains_itself(visit: Callable[..., Page], picture: Callable[[Page, str], None]) -> None:
    page = visit()
    page.get_by_role("button", name="Start now").click()
    open_exercise(page, "Service", "A Service with nobody behind it")
    submit(page)  # the start text as it is: its selector fits no pod
    failed = page.locator('check-panel [data-check="endpoints"]')
    expect(failed).to_have_attribute("data-verdict", "fail", timeout=60_000)
    expect(failed).to_contain_text("app=")
    picture(page, "wrong-selector")
    write(page, (EXERCISE / "solution.yaml").read_text(encoding="utf-8"))
    submit(page)
    expect(failed).to_have_attribute("data-verdict", "pass", timeout=20_000)
    expect(page.get_by_text("Solved. Every requirement holds.")).to_be_visible(timeout=20_000)


def test_a_mistake_in_the_yaml_is_shown_at_its_line(
    visit: Callable[..., Page], picture: Callable[[Page, str], None]
) -> None:
    page = visit()
    page.get_by_role("button", name="Start now").click()
    open_exercise(page, "Deployment", "Three ready replicas")
    write(page, "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata:\n  name: dp\n")
    submit(page)
    expect(page.get_by_text("Use apiVersion: apps/v1").first).to_be_visible(timeout=20_000)
    picture(page, "old-api-version")


def test_the_text_survives_a_reload(visit: Callable[..., Page]) -> None:
    page = visit()
    page.get_by_role("button", name="Start now").click()
    open_exercise(page, "Deployment", "Three ready replicas")
    with page.expect_response(lambda response: response.url.endswith("/draft") and response.ok):
        write(page, "# half a thought\n")
    page.reload()
    expect(page.locator("yaml-editor")).to_contain_text("half a thought")
