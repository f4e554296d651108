"""Accounts at providers, added and looked after on the pages."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from sidecar.storage import accounts
from sidecar.storage.tables import audit
from sidecar.wiring import Recado, providers

from .conftest import ShopCaller
from .pages import csrf_of, fields_of, text_of

TWILIO = {
    "kind": "twilio",
    "name": "main",
    "option-account_sid": "AC0123456789abcdef",
    "option-auth_token": "a token that nobody may see",
    "option-from": "+15005550006",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(f"/admin{path}", data={"csrf": csrf_of(client.get("/admin/you")), **fields})


def add(inside: FlaskClient, **changes: str) -> str:
    answer = post(inside, "/add-provider", **{**TWILIO, **changes})
    assert answer.status_code == 303, text_of(answer)
    return answer.location.removeprefix("/admin")


def kept(recado: Recado, where: str) -> dict[str, str]:
    with recado.database.read() as connection:
        return accounts.options(connection, recado.vault, where.rsplit("/", maxsplit=1)[-1])


def test_an_account_is_added_by_the_fields_of_its_kind(inside: FlaskClient, recado: Recado) -> None:
    assert "No account yet." in text_of(inside.get("/admin/providers"))
    fields = inside.get("/admin/add-provider?kind=twilio").get_data(as_text=True)
    assert re.search(r'name="option-auth_token"[^>]+type="password"', fields) and 'name="option-from"' in fields
    where = add(inside)
    page = inside.get(f"/admin{where}").get_data(as_text=True)
    assert "a token that nobody may see" not in page and "AC0123456789abcdef" in page
    assert re.search(r"/callbacks/acc_\w+/[\w-]{30,}/inbound", page)
    assert "main" in text_of(inside.get("/admin/providers"))
    with recado.database.read() as connection:
        assert connection.scalar(select(audit.c.action)) == "provider.add"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"option-auth_token": ""}, "twilio needs the option auth_token."),
        ({"option-account_sid": "wrong"}, "account_sid"),
        ({"name": " "}, "An account's name has 1 to 80 characters."),
        ({"kind": "no such"}, "There is no provider 'no such'"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    inside: FlaskClient, changes: dict[str, str], words: str
) -> None:
    answer = post(inside, "/add-provider", **{**TWILIO, **changes})
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert "a token that nobody may see" not in answer.text
    if not changes.keys() & {"kind", "name"}:
        assert 'value="main"' in answer.text and 'value="+15005550006"' in answer.text


def test_two_accounts_do_not_share_a_name(inside: FlaskClient) -> None:
    add(inside)
    assert "There is an account named" in text_of(post(inside, "/add-provider", **TWILIO))


def test_new_keys_leave_the_other_options_as_they_are_and_are_used_by_who_sends(
    inside: FlaskClient, recado: Recado, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = add(inside)
    before = recado.providers(where.split("/")[-1])
    assert post(inside, f"{where}/options", **{"option-auth_token": "another"}).status_code == 303
    assert kept(recado, where) == {"account_sid": "AC0123456789abcdef", "auth_token": "another", "from": "+15005550006"}
    monkeypatch.setattr(providers, "FRESH", 0.0)
    assert recado.providers(where.split("/")[-1]) is not before
    assert recado.providers(where.split("/")[-1]) is recado.providers(where.split("/")[-1])
    refused = post(inside, f"{where}/options", **{"option-account_sid": "wrong"})
    assert (refused.status_code, kept(recado, where)["account_sid"]) == (422, "AC0123456789abcdef")


def test_how_it_is_used_is_changed(inside: FlaskClient, recado: Recado) -> None:
    where = add(inside)
    assert post(inside, where, rate="5", low_balance="12,50", answers_stop="yes").status_code == 303
    with recado.database.read() as connection:
        [account] = accounts.every(connection)
    assert (account.rate, account.low_balance, account.answers_stop) == (5, Decimal("12.5"), "yes")
    for wrong in ({"rate": "many"}, {"rate": "5", "low_balance": "little"}, {"low_balance": "NaN"}):
        assert post(inside, where, **wrong).status_code == 422


def test_what_somebody_else_changed_meanwhile_stays(inside: FlaskClient, recado: Recado) -> None:
    where = add(inside)
    post(inside, where, rate="5", low_balance="100", answers_stop="unknown")
    opened = [fields_of(inside.get(f"/admin{where}").text, f"/admin{where}") for _ in range(2)]
    assert opened[0]["low_balance"] == "100"
    opened[0]["rate"], opened[1]["low_balance"] = "7", "little"
    assert inside.post(f"/admin{where}", data=opened[0]).status_code == 303
    refused = inside.post(f"/admin{where}", data=opened[1])
    assert refused.status_code == 422
    again = fields_of(refused.text, f"/admin{where}")
    assert again == opened[1]
    again["low_balance"] = "20"
    assert inside.post(f"/admin{where}", data=again).status_code == 303
    untouched = fields_of(inside.get(f"/admin{where}").text, f"/admin{where}")
    assert "Nothing was changed." in text_of(inside.post(f"/admin{where}", data=untouched, follow_redirects=True))
    with recado.database.read() as connection:
        [account] = accounts.every(connection)
        deeds = connection.execute(select(audit.c.detail).where(audit.c.action == "provider.change")).scalars().all()
    assert (account.rate, account.low_balance, account.answers_stop) == (7, Decimal(20), "unknown")
    assert [deed["changed"] for deed in deeds[1:]] == [["rate"], ["low_balance"]]


def test_options_that_nobody_touched_stay_as_somebody_else_left_them(inside: FlaskClient, recado: Recado) -> None:
    where = add(inside)
    action = f"/admin{where}/options"
    first, second = (fields_of(inside.get(f"/admin{where}").text, action) for _ in range(2))
    first["option-from"], second["option-account_sid"] = "+15005550007", "AC9999999999abcdef"
    assert inside.post(action, data=first).status_code == 303
    assert inside.post(action, data=second).status_code == 303
    found = kept(recado, where)
    assert (found["from"], found["account_sid"]) == ("+15005550007", "AC9999999999abcdef")
    assert found.keys() == {"account_sid", "auth_token", "from"}, "what was never set is not set by looking"
    emptied = fields_of(inside.get(f"/admin{where}").text, action)
    emptied["option-from"], emptied["option-messaging_service_sid"] = "", "MG0123456789abcdef"
    assert inside.post(action, data=emptied).status_code == 303
    assert kept(recado, where).keys() == {"account_sid", "auth_token", "messaging_service_sid"}


def test_it_is_asked_and_answers_in_words(inside: FlaskClient, ana: ShopCaller) -> None:
    asked = post(inside, "/providers/acc_ana/check")
    assert asked.status_code == 303
    assert "It answered:" in text_of(inside.get("/admin/providers/acc_ana"))
    assert post(inside, "/providers/acc_no/check").status_code == 404
