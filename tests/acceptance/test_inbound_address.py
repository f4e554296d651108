"""Customers' messages as providers really bring them: checked, on disk, acknowledged, and read."""

import pytest
from sqlalchemy import select

from sidecar.storage.tables import callbacks, replies
from tests.acceptance.conftest import House


def _kept(house: House) -> list[tuple[str, str]]:
    with house.recado.database.read() as connection:
        rows = connection.execute(select(replies.c.number, replies.c.text).order_by(replies.c.id))
        return [(row.number, row.text) for row in rows]


def _callbacks(house: House) -> list[tuple[str, str]]:
    with house.recado.database.read() as connection:
        rows = connection.execute(select(callbacks.c.kind, callbacks.c.state).order_by(callbacks.c.id))
        return [(row.kind, row.state) for row in rows]


def _reply(number: str = "+5511912345678") -> dict[str, str]:
    told = {"id": "sim-1-answer", "customer": number, "shop": "Loja", "text": "Oi", "channel": "sms"}
    return {**told, "answers": "sim-1", "at": "2026-11-22T15:00:00+00:00"}


def test_a_message_is_on_disk_before_it_is_acknowledged(house: House) -> None:
    assert house.client.post(house.inbound_path("acc_simulator"), json=_reply()).status_code == 200
    assert _callbacks(house)[-1] == ("inbound", "received")
    house.callbacks.work()
    assert _kept(house)[-1] == ("+5511912345678", "Oi")
    assert _callbacks(house)[-1] == ("inbound", "done")


def test_what_cannot_be_read_is_kept_and_visible(house: House) -> None:
    before = _kept(house)
    house.client.post(house.inbound_path("acc_simulator"), data=b"?")
    house.callbacks.work()
    assert (_kept(house), _callbacks(house)[-1]) == (before, ("inbound", "failed"))


def test_a_message_at_the_address_for_receipts_is_not_taken_for_one(house: House) -> None:
    before = _kept(house)
    house.client.post(house.status_path("acc_simulator"), json=_reply())
    house.callbacks.work()
    assert (_kept(house), _callbacks(house)[-1]) == (before, ("status", "failed"))


def test_an_unsigned_message_is_refused_where_the_provider_signs(house: House) -> None:
    before = _callbacks(house)
    answer = house.client.post(house.inbound_path("acc_twilio"), data={"From": "+15005550006", "Body": "STOP"})
    assert (answer.status_code, answer.json and answer.json["code"]) == (401, "bad_signature")
    assert _callbacks(house) == before


def test_a_wrong_token_is_nobodys_address(house: House) -> None:
    assert house.client.post("/callbacks/acc_simulator/wrong/inbound", json=_reply()).status_code == 404


@pytest.mark.parametrize("kind", ["status", "inbound"])
def test_a_provider_with_one_address_is_read_for_both_at_either(house: House, kind: str) -> None:
    """Octopush brings receipts and messages to the one address it is given."""
    told = {"message_id": kind, "number": "+33612345678", "text": kind, "reception_date": "2026-11-22 15:00:00"}
    path = house.status_path("acc_octopush") if kind == "status" else house.inbound_path("acc_octopush")
    assert house.client.post(path, json=told).status_code == 200
    house.callbacks.work()
    assert _callbacks(house)[-1] == (kind, "done")
    assert _kept(house)[-1] == ("+33612345678", kind)
