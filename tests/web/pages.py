"""How tests read the operator's pages and sign in."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

PASSWORD = "correct horse battery staple"


def text_of(answer: TestResponse) -> str:
    """What a reader sees, in one line."""
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())
    return re.sub(r" (?=[.,:])", "", words)


def csrf_of(answer: TestResponse) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', answer.get_data(as_text=True))
    assert found
    return found[1]


def sign_in(client: FlaskClient, password: str = PASSWORD, email: str = "", **options: Any) -> TestResponse:
    form = {"csrf": csrf_of(client.get("/admin/login", **options)), "email": email, "password": password}
    return client.post("/admin/login", data=form, **options)


class _Fields(HTMLParser):
    """The fields of a page's forms with a browser's values, by the addresses the forms lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, MultiDict[str, str]] = {}
        self._form: MultiDict[str, str] = MultiDict()
        self._within = ""
        self._is_text = False
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.forms[given.get("action", "")] = MultiDict()
        elif tag in ("textarea", "select"):
            self._within, self._options, self._is_text = given.get("name", ""), [], tag == "textarea"
            if self._is_text:
                self._form.add(self._within, "")
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "input" and "name" in given and _is_sent(given):
            self._form.add(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            chosen = [value for value, selected in self._options if selected] or [v for v, _ in self._options[:1]]
            for value in chosen:
                self._form.add(self._within, value)
        if tag in ("textarea", "select"):
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within and self._is_text:
            self._form[self._within] += data


def _is_sent(given: dict[str, str]) -> bool:
    ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
    return ticked and "disabled" not in given


def fields_of(page: str, action: str = "") -> MultiDict[str, str]:
    """What a browser would send if the form that leads there was sent as it stands on the page."""
    parser = _Fields()
    parser.feed(page)
    return parser.forms[action]


def options_of(page: str, name: str) -> list[str]:
    """What the first choice of this name offers."""
    return re.findall(r'value="([^"]*)"', page.split(f'name="{name}"', 1)[1].split("</select>", maxsplit=1)[0])
