"""What a student does on the workbench, by role and name."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def open_exercise(page: Page, lesson: str, exercise: str) -> None:
    """From the course's index through the lesson to the exercise."""
    page.goto("/")
    page.get_by_role("link", name=lesson).first.click()
    page.get_by_role("link", name=exercise).first.click()
    expect(page.locator("yaml-editor .cm-content")).to_be_visible()


def write(page: Page, text: str) -> None:
    """Replaces what the editor holds."""
    editor = page.locator("yaml-editor .cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def submit(page: Page, name: str = "Submit") -> None:
    page.get_by_role("button", name=name, exact=True).click()
