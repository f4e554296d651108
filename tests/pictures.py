"""The pictures in docs/pictures: the pages over a month of a shop, `python -m tests.pictures`.

Today is the day of a real shop that `recado demo` feeds; the month before is made of the same messages."""

import random
import secrets
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser
from sqlalchemy import insert, select

from sidecar.domain.ids import new_id
from sidecar.domain.status import MessageState
from sidecar.ledger.counting import KEPT, Days
from sidecar.storage import replies
from sidecar.storage.database import Database
from sidecar.storage.replies import NewReply
from sidecar.storage.tables import messages
from sidecar.wiring import utc_now
from tests.acceptance.processes import Sidecar
from tests.bench import procs
from tests.chromium import chromium

FOLDER = procs.ROOT / "docs" / "pictures"
SHOP = "shop_demo"
PASSWORD = "a password for pictures"
PAGES = {
    "overview": "/admin/",
    "messages": f"/admin/shops/{SHOP}/messages",
    "message": f"/admin/shops/{SHOP}/messages/{{message}}",
    "conversation": f"/admin/shops/{SHOP}/conversations/{{conversation}}",
    "setting-up": f"/admin/shops/{SHOP}/setup",
    "settings": f"/admin/shops/{SHOP}/settings",
    "texts": f"/admin/shops/{SHOP}/texts",
    "text": f"/admin/shops/{SHOP}/texts/order_placed",
    "try-out": f"/admin/shops/{SHOP}/try-out",
    "consents": f"/admin/shops/{SHOP}/consents?number=%2B447911123123",
    "provider": "/admin/providers/{account}",
    "inbox": "/admin/inbox",
}
HEIGHT, PHONE = 820, (390, 820)
PERSON = "+447911123123"
SAID = ("--wording", "Sim, quero receber ofertas da Loja da Ana")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sidecar = Sidecar(Path(folder), ADMIN_PASSWORD=PASSWORD, SENDING="dry-run")
        try:
            _live_through_a_day(sidecar)
            with chromium() as browser:
                _take(browser, sidecar.url, _remember_a_month(sidecar))
        finally:
            sidecar.close()


def _live_through_a_day(sidecar: Sidecar) -> None:
    for command in (("db", "upgrade"), ("setup",)):
        sidecar.command(*command)
    sidecar.start_ready("serve")
    sidecar.command("demo", "--pace", "0")
    sidecar.command("tariff", "set", "default", "--credits", "1", "--price", "0.07", "--currency", "BRL")
    sidecar.command("consent", "set", SHOP, "--number", PERSON, "--purpose", "marketing", "--standing", "in", *SAID)
    sidecar.command("shop", "try", SHOP)


def _remember_a_month(sidecar: Sidecar) -> dict[str, str]:
    """The month before; returns the ids that addresses name."""
    database = Database(f"sqlite:///{sidecar.log.parent / 'recado.sqlite3'}")
    try:
        with database.write() as connection:
            today = [dict(row._mapping) for row in connection.execute(select(messages)).all()]
            connection.execute(insert(messages), list(_copies(today, utc_now())))
            shown = next(row for row in today if row["state"] == MessageState.DELIVERED and row["order_id"] == "1003")
            conversation = _hear(connection, shown["to"])
        Days(database, utc_now).count(range(KEPT))
    finally:
        database.close()
    return {"message": shown["id"], "conversation": conversation, "account": shown["account_id"]}


def _copies(today: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """Of each day a few more than of the day before it, since the shop does well."""
    chance, order = random.Random(7), 1000
    for days in range(1, 30):
        for _ in range(chance.randint(2, 4) * (34 - days)):
            order -= chance.random() < 0.6
            model = chance.choice(today)
            at = now - timedelta(days=days, minutes=chance.randint(-300, 300))
            later = at - model["created_at"]
            moved = {name: value + later for name, value in model.items() if isinstance(value, datetime)}
            message_id = new_id("msg", at, chance.getrandbits)
            own = {"id": message_id, "dedupe_key": message_id, "provider_id": None, "order_id": str(10_000 + order)}
            own["to"] = f"+55119{chance.randint(10_000_000, 99_999_999)}" if model["to"] else ""
            if model["state"] == MessageState.DELIVERED and chance.random() < 0.006:
                own["state"] = MessageState.UNDELIVERED
            yield {**model, **moved, **own, "text": model["text"].replace(model["order_id"], own["order_id"])}


def _hear(connection: Any, number: str) -> str:
    first = ""
    for minutes, text in ((0.2, "Bom dia! Vocês entregam no sábado?"), (0.1, "Perfeito, obrigada!")):
        at = utc_now() - timedelta(minutes=minutes)
        reply_id = new_id("rpl", at, secrets.randbits)
        new = NewReply(SHOP, reply_id, "acc", secrets.token_hex(6), number, "sms", text, None, None, at)
        replies.keep(connection, [new])
        replies.understood(connection, new, "reply", None, None)
        first = first or reply_id
    return first


def _take(browser: Browser, url: str, ids: dict[str, str]) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": HEIGHT}, base_url=url, locale="en-GB")
    page.goto("/admin/login")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/admin/")
    for name, path in PAGES.items():
        page.goto(path.format(**ids))
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"{name}.png")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="dark")
    for name in ("overview", "conversation"):
        page.goto(PAGES[name].format(**ids))
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"{name}-phone.png")


if __name__ == "__main__":
    main()
