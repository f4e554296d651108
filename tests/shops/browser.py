"""Headless Chromium: the machine's own, or the one that Playwright brought."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A machine on which other tests run takes its time.
PATIENCE_MS = 90_000


def _program() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def chromium_missing() -> str:
    """Why there is no browser for the tests, or nothing."""
    return "" if _program() else "there is no Chromium: install Debian's, or name one in CHROMIUM"


@contextmanager
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Screens:
    """Screenshots in a folder, in the order in which they were taken."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        self._folder = folder
        self._taken = 0

    def take(self, page: Page, name: str, selector: str = "") -> None:
        """The whole page, or one part of it."""
        self._taken += 1
        path = self._folder / f"{self._taken:02}-{name}.png"
        if selector:
            page.locator(selector).first.screenshot(path=path)
        else:
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=path, full_page=True)


def new_page(browser: Browser, width: int = 1280, height: int = 900) -> Page:
    """A visitor with a cookie jar of their own."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MS)
    context.set_default_navigation_timeout(PATIENCE_MS)
    return context.new_page()
