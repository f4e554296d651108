"""Providers' callbacks as they came, and the receipts read from them until they find their message."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from sidecar.domain.outcome import Callback
from sidecar.storage import callbacks
from sidecar.storage.callbacks import APPLIED, DONE, FAILED, KEPT, RECEIVED, UNMATCHED, ReceiptRow
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages
from sidecar.storage.tables import callbacks as callbacks_table
from sidecar.storage.tables import receipts
from tests.world import NOON, new_message

HOUR = timedelta(hours=1)


def store(database: Database, *numbers: int, state: str = RECEIVED, account_id: str = "acc_shop_one") -> None:
    rows = [
        {
            "account_id": account_id,
            "id": f"cb_{number:03}",
            "kind": "status",
            "method": "POST",
            "url": f"https://recado.example/callbacks/{number}",
            "headers": {"Content-Type": "text/plain"},
            "body": b"\x00\xff%d" % number,
            "received_at": NOON,
            "state": state,
        }
        for number in numbers
    ]
    with database.write() as connection:
        connection.execute(insert(callbacks_table), rows)


def receipt(number: int, **columns: Any) -> ReceiptRow:
    told: dict[str, Any] = {
        "account_id": "acc_shop_one",
        "id": f"rcp_{number:03}",
        "provider_id": f"P-{number}",
        "message_id": None,
        "recipient": None,
        "state": "delivered",
        "word": "delivered",
        "reason": "",
        "received_at": NOON,
        "callback_id": "cb_001",
    }
    return ReceiptRow(**{**told, **columns})


def keep(database: Database, *rows: ReceiptRow, verdict: str = UNMATCHED) -> None:
    with database.write() as connection:
        callbacks.add_receipts(connection, rows, {row.id: verdict for row in rows})


def verdicts(database: Database) -> dict[str, str]:
    with database.read() as connection:
        return {row.id: row.verdict for row in connection.execute(select(receipts).order_by(receipts.c.id))}


def test_a_callback_comes_out_as_it_went_in(database: Database) -> None:
    store(database, 1)
    with database.write() as connection:
        [stored] = callbacks.take(connection, 10)
    assert (stored.account_id, stored.id, stored.received_at) == ("acc_shop_one", "cb_001", NOON)
    assert stored.callback == Callback(
        "POST", "https://recado.example/callbacks/1", {"Content-Type": "text/plain"}, b"\x00\xff1"
    )


def test_callbacks_are_taken_in_the_order_they_came_and_finished_with_a_verdict(database: Database) -> None:
    store(database, 3, 1, 2)
    store(database, 4, state=DONE)
    store(database, 5, state=FAILED)
    with database.write() as connection:
        assert callbacks.is_waiting(connection)
        first, second = callbacks.take(connection, 2)
        callbacks.finish(connection, [(first, DONE, ""), (second, FAILED, "unreadable: not JSON")])
    with database.write() as connection:
        [third] = callbacks.take(connection, 10)
        callbacks.finish(connection, [(third, DONE, "")])
        callbacks.finish(connection, [])
        assert not callbacks.is_waiting(connection)
    assert [stored.id for stored in (first, second, third)] == ["cb_001", "cb_002", "cb_003"]
    with database.read() as connection:
        query = select(callbacks_table.c.state, callbacks_table.c.note).where(callbacks_table.c.id == "cb_002")
        assert tuple(connection.execute(query).one()) == (FAILED, "unreadable: not JSON")


def test_two_accounts_may_number_their_callbacks_alike(database: Database) -> None:
    store(database, 1)
    store(database, 1, account_id="acc_other")
    with database.write() as connection:
        mine = next(stored for stored in callbacks.take(connection, 10) if stored.account_id == "acc_shop_one")
        callbacks.finish(connection, [(mine, DONE, "")])
        assert [stored.account_id for stored in callbacks.take(connection, 10)] == ["acc_other"]


@pytest.mark.parametrize("verdict", [APPLIED, KEPT, UNMATCHED])
def test_a_receipt_is_kept_with_its_verdict(database: Database, verdict: str) -> None:
    keep(database, receipt(1, recipient="+5511912345678", message_id="msg_1", state=None), verdict=verdict)
    keep(database)
    assert verdicts(database) == {"rcp_001": verdict}
    with database.read() as connection:
        assert callbacks.any_unmatched(connection) == (verdict == UNMATCHED)


def test_receipts_wait_until_their_message_is_known(database: Database) -> None:
    keep(database, receipt(2), receipt(1), receipt(3), receipt(4, account_id="acc_other"))
    with database.write() as connection:
        assert callbacks.matchable(connection) == []
        new = [new_message(n, provider_id=f"P-{n}") for n in (1, 2, 4)]
        Messages(random.Random(7).getrandbits).add(connection, new, NOON)
        assert [row.id for row in callbacks.matchable(connection)] == ["rcp_001", "rcp_002"]
        assert callbacks.matchable(connection, limit=1) == [receipt(1)]


def test_what_has_been_judged_is_not_matched_again(database: Database) -> None:
    keep(database, receipt(1), receipt(2))
    with database.write() as connection:
        new = [new_message(n, provider_id=f"P-{n}") for n in (1, 2)]
        Messages(random.Random(7).getrandbits).add(connection, new, NOON)
        one, two = callbacks.matchable(connection)
        callbacks.judge(connection, [(one, APPLIED), (two, KEPT)])
        callbacks.judge(connection, [])
        assert callbacks.matchable(connection) == []
        assert not callbacks.any_unmatched(connection)
    assert verdicts(database) == {"rcp_001": APPLIED, "rcp_002": KEPT}


def test_what_finds_no_message_in_time_is_kept_and_looked_at_no_more(database: Database) -> None:
    keep(database, receipt(1, received_at=NOON - HOUR), receipt(2, received_at=NOON))
    keep(database, receipt(3, received_at=NOON - HOUR), verdict=APPLIED)
    with database.write() as connection:
        assert callbacks.give_up_unmatched(connection, received_before=NOON) == 1
    assert verdicts(database) == {"rcp_001": KEPT, "rcp_002": UNMATCHED, "rcp_003": APPLIED}
