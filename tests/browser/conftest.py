"""Real headless Chromium against all five processes. The machine's own browser: K8SLAB_CHROMIUM or one on the PATH."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from k8slab.supervisor.stack import Stack, running_stack

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), env={"K8SLAB_GUESTS_PER_IP": "10000/h"}) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = os.environ.get("K8SLAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("there is no Chromium here: apt-get install chromium, or name one with K8SLAB_CHROMIUM")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def quiet() -> Callable[[str], None]:
    """quiet("401"): an error of the console that says this is what the test is about."""
    return EXPECTED.append


EXPECTED: list[str] = []


@pytest.fixture
def visit(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens the site as a stranger: visit(), visit(phone=True), visit(language="ko"), visit(dark=True).

    What a page writes to its console as an error fails the test.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(phone: bool = False, language: str = "en", dark: bool = False) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            locale={"en": "en-US", "ko": "ko-KR"}[language],
            color_scheme="dark" if dark else "light",
            base_url=stack.url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(_told(message)) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto("/")
        return page

    yield open_page
    for context in contexts:
        context.close()
    unexpected = [error for error in errors if not any(words in error for words in EXPECTED)]
    EXPECTED.clear()
    assert unexpected == []


def _told(message: ConsoleMessage) -> str:
    return f"{message.text} ({message.location.get('url', '')})"


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of the page where K8SLAB_PICTURES names a folder (docs/images is made so)."""
    folder = os.environ.get("K8SLAB_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=str(Path(folder) / f"{re.sub(r'[^a-z0-9-]', '-', name)}.png"))

    return take
