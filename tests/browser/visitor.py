"""Somebody at the pages, with a browser: what they see has to be whole, readable and quiet."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

from .site import PASSWORD, Site

AXE = (Path(__file__).parents[1] / "data" / "axe" / "axe.min.js").read_text(encoding="utf-8")
SCREENS = ((360, "light"), (1920, "dark"))
PATIENCE_MS = 20_000


class Visitor:
    def __init__(
        self,
        browser: Browser,
        site: Site,
        width: int = 1280,
        scheme: Any = "light",
        language: str = "en",
        scripts: bool = True,
    ) -> None:
        self._scripts = scripts
        self._context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            locale=language,
            base_url=site.url,
            reduced_motion="reduce",
            java_script_enabled=scripts,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, email: str = "", password: str = PASSWORD) -> "Visitor":
        self.page.goto("/admin/login")
        if email:
            self.page.fill("#email", email)
        self.page.fill("#password", password)
        self.page.click("main button")
        self.page.wait_for_url(lambda url: not url.endswith("/login"))
        return self

    def _listen(self, said: ConsoleMessage) -> None:
        """That an answer was no 200 is told as well, and is no fault of the page."""
        if said.type == "error" and "responded with a status of 4" not in said.text:
            self.complaints.append(said.text)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def set_screen(self, width: int, scheme: Any) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)

    def check(self) -> None:
        """This page, on a phone and on a large screen: nothing hangs over, nothing serious for screen readers, no
        script failed and nothing was against the content security policy. Without scripts axe cannot look."""
        for width, scheme in SCREENS:
            self.set_screen(width, scheme)
            over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert over <= 0, f"{self.page.url} is {over} pixels too wide at {width}: {self._widest(width)}"
            faults = self.faults() if self._scripts else []
            assert not faults, "\n".join([f"{self.page.url} at {width}, {scheme}", *faults])
        assert self.complaints == [], self.page.url

    def _widest(self, width: int) -> object:
        """Which parts hang over."""
        return self.page.evaluate(
            "width => [...document.querySelectorAll('main *')]"
            ".filter(part => part.getBoundingClientRect().right > width)"
            ".slice(0, 4).map(part => part.outerHTML.slice(0, 90))",
            width,
        )

    def faults(self) -> list[str]:
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE)
        result = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [found for found in result["violations"] if found["impact"] in ("serious", "critical")]
        return [f"{found['id']}: {found['nodes'][0]['html'][:160]} ({len(found['nodes'])})" for found in serious]

    def close(self) -> None:
        self._context.close()
