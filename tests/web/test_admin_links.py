"""Where pages lead to, and the words they have for what others wrote down."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from sidecar.policy.replying import Meaning
from sidecar.wiring import Recado

from .conftest import ShopCaller, hear
from .pages import text_of

_LINK = re.compile(r'href="(/admin/[^"#]*)')


@pytest.mark.parametrize("where", ["/admin/", "/admin/shops/{shop}/"])
def test_whatever_the_overview_leads_to_is_there(inside: FlaskClient, ana: ShopCaller, where: str) -> None:
    ana.message(text="Hello")
    page = inside.get(where.format(shop=ana.shop.id)).get_data(as_text=True)
    found = {unescape(link) for link in _LINK.findall(page) if "/static/" not in link}
    assert any("from=" in link for link in found), "the days lead to their messages"
    lost = [link for link in sorted(found) if inside.get(link, follow_redirects=True).status_code != 200]
    assert lost == []


@pytest.mark.parametrize(
    ("meaning", "told"),
    [
        (Meaning.OPT_OUT, "said no"),
        (Meaning.OPT_IN, "said yes again"),
        (Meaning.ORDER_CONFIRMED, "confirmed the order"),
        (Meaning.ORDER_CANCELLED, "cancelled the order"),
    ],
)
def test_a_conversation_says_what_an_answer_meant(
    inside: FlaskClient, ana: ShopCaller, recado: Recado, meaning: Meaning, told: str
) -> None:
    hear(recado, ana, meaning=meaning)
    talks = f"/admin/shops/{ana.shop.id}/conversations"
    [talk] = {link for link in _LINK.findall(inside.get(talks).get_data(as_text=True)) if f"{talks}/" in link}
    assert f"· {told}" in text_of(inside.get(talk))
