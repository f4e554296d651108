"""What is seen in a shop's pages."""

from pathlib import Path

from playwright.sync_api import Page


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
