"""Whose address counts when the sidecar stands behind proxies."""

import pytest
from flask import Flask, request

from sidecar.app import believe_proxies


@pytest.mark.parametrize(
    ("proxies", "told", "believed"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_so_many_addresses_are_believed_as_there_are_proxies(proxies: int, told: str, believed: str) -> None:
    app = Flask(__name__)
    believe_proxies(app, proxies)
    app.add_url_rule("/", view_func=lambda: request.remote_addr or "")
    answer = app.test_client().get("/", headers={"X-Forwarded-For": told})
    assert answer.text == believed
