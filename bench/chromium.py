"""A real browser for rows that measure what a student sees: K8SLAB_CHROMIUM or one on the PATH."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
SIZE = {"width": 1440, "height": 900}


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def chromium_page(url: str) -> Iterator[Page]:
    """A fresh visitor's page at the site, with nothing cached."""
    found = os.environ.get("K8SLAB_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise NoBrowser("apt-get install chromium, or name one with K8SLAB_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            context = browser.new_context(viewport=SIZE, base_url=url)  # type: ignore[arg-type]  # a TypedDict of theirs
            yield context.new_page()
        finally:
            browser.close()
