"""What a search finds, among messages of several shops, is what looking at every one of them finds."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, product
from typing import Any

import pytest

from sidecar.domain.ids import new_id
from sidecar.domain.status import MessageState as S
from sidecar.ledger import search
from sidecar.ledger.conversations import conversations
from sidecar.ledger.search import Sought
from sidecar.storage.messages import NewMessage
from sidecar.storage.tables import orders, replies
from tests.world import NOON, World, new_message

COUNT = 120
SHOPS = ("shop_one", "shop_two", "shop_three")
STATES = (S.DELIVERED, S.DELIVERED, S.DELIVERED, S.REJECTED, S.HELD, S.SUPPRESSED)
TEXTS = ("order_placed", "order_shipped", "order_placed", "birthday")


def _rows() -> Iterator[dict[str, Any]]:
    for number in range(COUNT):
        state = STATES[number * 7 % len(STATES)]
        yield {
            "shop_id": SHOPS[number * number % len(SHOPS)],
            "id": new_id("msg", NOON + timedelta(hours=number), lambda bits: 7),
            "dedupe_key": f"{number}",
            "order_id": str(number // 3),
            "template": TEXTS[number * 5 % 11 % len(TEXTS)],
            "account_id": "acc_rare" if number in (5, 70) else "acc_shop_one",
            "to": f"+55119{number % 40:08}",
            "reason": ("opted_out", "cap")[number % 2] if state is S.SUPPRESSED else "",
            "state": state,
        }


ROWS = list(_rows())


@pytest.fixture
def filled(world: World) -> World:
    for shop_id in SHOPS[1:]:
        world.add_shop(shop_id)
    new = [NewMessage({**new_message(n).columns, **row}, {}) for n, row in enumerate(ROWS)]
    with world.database.write() as connection:
        world.messages.add(connection, new, NOON)
    return world


def by_eye(sought: Sought) -> list[str]:
    def fits(row: dict[str, Any]) -> bool:
        moment = NOON + timedelta(hours=int(row["dedupe_key"]))
        return (
            sought.shop_id in ("", row["shop_id"])
            and (not sought.states or row["state"] in sought.states)
            and all(getattr(sought, name) in ("", row[name]) for name in ("reason", "template", "account_id"))
            and (sought.since is None or moment >= sought.since)
            and (sought.until is None or moment < sought.until)
        )

    return sorted((row["id"] for row in ROWS if fits(row)), reverse=True)


def found(world: World, sought: Sought, page: int = 4) -> list[str]:
    with world.database.read() as connection:
        return [row.id for rows in search.find_all(connection, sought, 10_000, page) for row in rows]


def every_wish() -> Iterator[Sought]:
    days = ((None, None), (NOON + timedelta(hours=20), NOON + timedelta(hours=90)))
    groups = ((), (S.REJECTED,), (S.DELIVERED, S.READ), (S.SUPPRESSED, S.HELD))
    wanted = product(("", "shop_two"), groups, ("", "birthday"), ("", "cap"), ("", "acc_rare", "acc_shop_one"), days)
    for shop_id, states, template, reason, account_id, (since, until) in wanted:
        yield Sought(shop_id, "", states, reason, template, account_id, since, until)


@pytest.mark.parametrize("looked_at", [7, 5_000])
def test_page_by_page_all_is_found_once_and_the_newest_first(
    filled: World, looked_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However little is looked at for a page, and whichever index leads."""
    monkeypatch.setattr(search, "MOST_LOOKED_AT", looked_at)
    monkeypatch.setattr(search, "FEW", 3)
    for sought in every_wish():
        assert found(filled, sought) == by_eye(sought), sought


def test_where_looking_ends_is_told_with_the_moment(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_LOOKED_AT", 10)
    with filled.database.read() as connection:
        result = search.find(connection, Sought(reason="nothing like it"), 4)
    assert (result.rows, result.broke_off) == ((), True)
    assert result.looked_to == NOON + timedelta(hours=COUNT - 10)


@pytest.mark.every_case_on_both
@pytest.mark.parametrize("at_once", [500, 3, 2])
def test_words_are_orders_numbers_last_digits_and_ids(
    filled: World, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """However few of those to which the words point are looked at together."""
    monkeypatch.setattr(search, "MOST_CANDIDATES", at_once)
    with filled.database.write() as connection:
        for order_id, number in (("4", "N-77"), ("5", "0008")):
            told = {"shop_id": "shop_two", "order_id": order_id, "number": number, "status": "new"}
            blank = {"seen": [], "placed": True, "trashed": False, "changes": 1, "modified_at": NOON}
            connection.execute(orders.insert().values(**told, **blank))
    to_seven = [row for row in ROWS if row["to"].endswith("0007")]
    of_order = [row for row in ROWS if (row["order_id"], row["shop_id"]) == ("5", "shop_two")]
    wanted = {
        "4": [row for row in ROWS if row["order_id"] == "4"],
        "#4": [row for row in ROWS if row["order_id"] == "4"],
        "N-77": [row for row in ROWS if (row["order_id"], row["shop_id"]) == ("4", "shop_two")],
        "+55 11 90000-0007": to_seven,
        "90000-0007": to_seven,
        "0007": to_seven,
        "0008": of_order + [row for row in ROWS if row["to"].endswith("0008")],
        "10007": [],
        "007": [],
        ROWS[3]["id"]: [ROWS[3]],
    }
    for words, rows in wanted.items():
        every = sorted((row["id"] for row in rows), reverse=True)
        assert found(filled, Sought(words=words), 2) == every, words
        own = [row["id"] for row in rows if row["shop_id"] == "shop_two" and row["state"] is S.DELIVERED]
        assert found(filled, Sought("shop_two", words, (S.DELIVERED,)), 2) == sorted(own, reverse=True), words


def test_conversations_page_by_page_are_the_unread_and_then_the_rest(world: World) -> None:
    """As grouping all replies by number has them, whatever the size of a page."""
    said = [(who := number * 7 % 13, who % 3 == 0 and number > 30) for number in range(60)]
    replied = [
        {
            "shop_id": SHOPS[0],
            "id": f"rpl_{number:027}",
            "account_id": "acc",
            "provider_id": str(number),
            "number": f"+55119{who:08}",
            "channel": "sms",
            "text": "Oi",
            "meaning": "reply",
            "order_id": str(who),
            "received_at": NOON,
            "read_at": None if unread else NOON,
        }
        for number, (who, unread) in enumerate(said)
    ]
    with world.database.write() as connection:
        for row in (*replied, {**replied[0], "shop_id": "shop_two", "provider_id": "other"}):
            connection.execute(replies.insert().values(**row))
    last = {who: number for number, (who, _) in enumerate(said)}
    waiting = {who for who, unread in said if unread}
    expected = sorted(last, key=lambda who: (who not in waiting, -last[who]))
    with world.database.read() as connection:
        for size in (1, 3, 4, 50):
            pages = [conversations(connection, SHOPS[0], limit=size, offset=at) for at in range(0, 13, size)]
            assert [int(each["order_id"]) for each in chain(*pages)] == expected, size
            unread = [conversations(connection, SHOPS[0], True, size, at) for at in range(0, 13, size)]
            assert [int(each["order_id"]) for each in chain(*unread)] == expected[: len(waiting)], size
        [own] = conversations(connection, SHOPS[0], order_id="3")
    assert (own["order_id"], own["id"]) == ("3", min(row["id"] for row in replied if row["order_id"] == "3"))
