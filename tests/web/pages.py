"""How tests read the operator's pages and sign in."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
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


def sign_in(client: FlaskClient, password: str = PASSWORD, **options: Any) -> TestResponse:
    form = {"csrf": csrf_of(client.get("/admin/login", **options)), "password": password}
    return client.post("/admin/login", data=form, **options)
