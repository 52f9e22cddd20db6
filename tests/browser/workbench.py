"""What a student does on the workbench, by role and name."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

SLOW = 30_000  # milliseconds that a busy machine may take


def begin(page: Page, address: str = "", name: str = "Start now") -> None:
    """As a guest, straight to an exercise's address; the editor is there when this returns."""
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/learn/**")
    if address:
        page.goto(address)
    ready(page)


def ready(page: Page) -> None:
    expect(page.locator("yaml-editor .cm-content")).to_be_attached(timeout=SLOW)


def open_exercise(page: Page, lesson: str, exercise: str) -> None:
    """From the course's index through the lesson to the exercise."""
    page.goto("/")
    page.get_by_role("link", name=lesson).first.click()
    page.get_by_role("link", name=exercise).first.click()
    expect(page.locator("yaml-editor .cm-content")).to_be_visible()


def editor(page: Page) -> Locator:
    return page.locator("yaml-editor .cm-content")


def write(page: Page, text: str) -> None:
    """Replaces what the editor holds."""
    editor(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def text_of(page: Page) -> str:
    """What the editor shows, line by line; short texts only, since CodeMirror draws what is in view."""
    return "\n".join(page.locator("yaml-editor .cm-line").all_inner_texts())


def choose(page: Page, action: str) -> None:
    """From the editor's menu."""
    page.locator(".pane--editor .menu > summary").click()
    page.locator(".pane--editor .menu").get_by_role("button", name=action).click()


def submit(page: Page, name: str = "Submit") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def verdict(page: Page, check: str, wanted: str, timeout: float = SLOW) -> None:
    expect(page.locator(f'check-panel [data-check="{check}"]')).to_have_attribute(
        "data-verdict", wanted, timeout=timeout
    )


def pane(page: Page, name: str) -> Locator:
    """One of lesson, editor, terminal, checks, cluster."""
    return page.locator(f"#pane-{name}")
