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
from .pages import csrf_of, text_of

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
    for wrong in ({"rate": "many"}, {"rate": "5", "low_balance": "little"}):
        assert post(inside, where, **wrong).status_code == 422


def test_it_is_asked_and_answers_in_words(inside: FlaskClient, ana: ShopCaller) -> None:
    asked = post(inside, "/providers/acc_ana/check")
    assert asked.status_code == 303
    assert "It answered:" in text_of(inside.get("/admin/providers/acc_ana"))
    assert post(inside, "/providers/acc_no/check").status_code == 404
