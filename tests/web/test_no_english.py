"""Pages in Chinese about a shop whose people and texts are Chinese: what is left in Latin letters is not translated."""

import re
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from sidecar.storage.tables import accounts, feeds, polls, shops
from sidecar.wiring import Recado, utc_now

from .conftest import AddFailed, AddShop, ShopCaller, hear
from .pages import csrf_of

CHINESE = {"Accept-Language": "zh-TW"}
NAMES = (
    *("Recado", "WooCommerce", "WordPress", "Magento", "Webhook", "REST", "API", "SMS", "CSV", "GSM", "UCS", "UTC"),
    *("STOP", "START", "Consumer key", "Consumer secret", "whatsapp", "sms", "simulator"),
    *("aliyun", "http", "infobip", "octopush", "ovh", "plivo", "twilio", "vonage", "whatsapp_cloud", "zenvia"),
    *("English", "Português (Brasil)", "Español", "Français", "Loja da Ana", "America/Sao_Paulo", "paid-by-hand"),
    *("order.updated", "admin", "offers", "yingye shijian"),
)
"""What is called so everywhere, and examples."""
FOREIGN = re.compile(
    r"https?://\S+|@\S+|\{\w+\}|\b(msg|txt|acc|in)_\w+|" + "|".join(map(re.escape, sorted(NAMES, reverse=True)))
)
TECHNICAL = ("/admin/people/log",)
"""Names of deeds and of what they changed, as programs have them."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


class Reader(HTMLParser):
    """What somebody sees or hears of a page, but for what says itself that it is in another language, or code; and
    where its links lead."""

    SAID = ("aria-label", "placeholder", "title", "alt", "data-label", "data-ask")
    EMPTY = ("input", "meta", "link", "br", "path", "img", "hr")
    NOT_WORDS = ("code", "script", "style")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._foreign: list[bool] = [False]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang")
        is_foreign = tag in self.NOT_WORDS or (self._foreign[-1] if lang is None else lang != "zh-TW")
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        self.words += [] if is_foreign else [given[name] for name in self.SAID if name in given]
        if tag not in self.EMPTY:
            self._foreign.append(is_foreign)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self._foreign[-1]:
            self.words.append(" ".join(data.split()))


def shape_of(link: str) -> str:
    """Links of one shape lead to pages of one kind."""
    return re.sub(r"=[^&]*", "=", re.sub(r"(msg|txt|acc|rpl|in)_\w+", r"\1", link))


def pages(inside: FlaskClient) -> Iterator[tuple[str, Reader]]:
    """Every kind of page that links lead to."""
    todo, known = deque(["/admin/"]), {"/admin/"}
    while todo:
        path = todo.popleft()
        answer = inside.get(path, headers=CHINESE, follow_redirects=True)
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html":
            continue
        reader = Reader()
        reader.feed(answer.get_data(as_text=True))
        yield path, reader
        for link in reader.links:
            if link.startswith("/admin/") and shape_of(link) not in known:
                known.add(shape_of(link))
                todo.append(link)


@pytest.fixture
def shop(inside: FlaskClient, recado: Recado, add_shop: AddShop, add_failed: AddFailed) -> ShopCaller:
    """One about which there is something to tell on every page."""
    made = add_shop(
        "Ana", sender="安娜", locale="zh_TW", country="TW", billing="prepaid", stock_managed=True, alerts_enabled=True
    )
    here = f"/admin/shops/{made.shop.id}"
    hear(recado, made, "你好", "+886912345678")
    add_failed(made)
    made.message(to="+886912345678", text="你好", order_id="7")

    def post(path: str, **fields: str) -> None:
        answer = inside.post(path, data={"csrf": csrf_of(inside.get("/admin/you")), **fields}, headers=CHINESE)
        assert answer.status_code == 303, path

    post(f"{here}/texts/order_placed", locale="zh_TW", text="您好，{first_name}，訂單{order_number}特價優惠")
    post(f"{here}/consents", number="+886912345678", purpose="marketing", standing="in", wording="好")
    failed = {"problem": "unreachable", "last_problem": "unreachable", "last_detail": "It is away.", "memory": {}}
    at = utc_now() - timedelta(minutes=5)
    with recado.database.write() as connection:
        connection.execute(update(shops).values(name="安娜"))
        connection.execute(update(accounts).values(name="帳號", problem="auth", problem_at=at))
        connection.execute(insert(polls).values(shop_id=made.shop.id, errand="orders", due_at=at, **failed))
        refused = {"last_problem": "bad_signature", "last_refused_at": at}
        connection.execute(insert(feeds).values(shop_id=made.shop.id, source="plugin", refused=1, **refused))
    return made


def left_over(reader: Reader) -> list[str]:
    return [words for words in reader.words if re.search(r"[A-Za-z]{3,}", FOREIGN.sub("", words))]


def test_no_page_says_anything_in_english(inside: FlaskClient, shop: ShopCaller) -> None:
    found: dict[str, Any] = {}
    seen = 0
    for path, reader in pages(inside):
        seen += 1
        if (words := left_over(reader)) and path not in TECHNICAL:
            found[path] = words
    assert seen > 60
    assert not found, "\n".join(f"{path}: {words}" for path, words in found.items())
