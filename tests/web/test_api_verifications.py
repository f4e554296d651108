"""One-time codes, asked for and tried over HTTP, and never shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from sidecar.storage.tables import messages, verifications
from sidecar.wiring import Recado

from .conftest import AddShop, ShopCaller

MOBILE = "+5511987654321"
SHOPPER: dict[str, Any] = {"number": MOBILE, "ip": "203.0.113.7", "subject": "session-1", "domain": "ana.example"}


def ask(shop: ShopCaller, **changes: Any) -> Any:
    answer = shop.post("/verifications", {**SHOPPER, **changes})
    assert answer.status_code == 202, answer.json
    return answer.json


def code_of(recado: Recado) -> str:
    """Out of the sealed text of the last message."""
    with recado.database.read() as connection:
        sealed = connection.scalars(select(messages.c.sealed).order_by(messages.c.id.desc())).first()
    return re.findall(r"\b[0-9]{6}\b", recado.vault.open(sealed or ""))[0]


def test_from_asking_to_confirmed(ana: ShopCaller, recado: Recado) -> None:
    asked = ask(ana)
    assert asked["number"] == "+55•••••4321"
    assert (asked["subject"], asked["confirmed"], asked["tries_left"]) == ("session-1", False, 5)
    code = code_of(recado)
    wrong = ana.post(f"/verifications/{asked['id']}/check", {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert (wrong.status_code, wrong.json["code"], wrong.json["errors"]["code"]) == (422, "code_wrong", "4 tries left")
    right = ana.post(f"/verifications/{asked['id']}/check", {"code": code, "subject": "session-1"})
    assert (right.status_code, right.json["confirmed"], right.json["id"]) == (200, True, asked["id"])
    again = ana.post(f"/verifications/{asked['id']}/check", {"code": code})
    assert (again.status_code, again.json["code"]) == (409, "code_used")


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        True,
        False,
        None,
        123456,
        123456.0,
        [],
        ["123456"],
        {"$ne": ""},
        "12345",
        "1234567",
        "١٢٣٤٥٦",
        "１２３４５６",
        "12345a",
        " 123456",
        "123456\n",
        "-12345",
        "1e1000",
    ],
)
def test_what_is_not_six_digits_is_refused_and_costs_no_try(ana: ShopCaller, recado: Recado, code: Any) -> None:
    asked = ask(ana)
    answer = ana.post(f"/verifications/{asked['id']}/check", {"code": code})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_field")
    with recado.database.read() as connection:
        assert connection.scalar(select(verifications.c.tries)) == 0


def test_another_shop_knows_nothing_of_it(ana: ShopCaller, bob: ShopCaller, recado: Recado) -> None:
    asked = ask(ana)
    for path, body in ((f"/verifications/{asked['id']}/check", {"code": code_of(recado)}),):
        assert bob.post(path, body).json["code"] == "unknown_verification"
    assert bob.post(f"/verifications/{asked['id']}/resend", None).json["code"] == "unknown_verification"
    for strange in ("x" * 200, "vrf_é", "%00"):
        assert ana.post(f"/verifications/{strange}/check", {"code": "123456"}).status_code == 404


def test_too_soon_says_how_long_to_wait(ana: ShopCaller) -> None:
    answer = ana.post(f"/verifications/{ask(ana)['id']}/resend", None)
    assert (answer.status_code, answer.json["code"]) == (429, "code_too_soon")
    assert 28 <= int(answer.headers["Retry-After"]) <= 30


@pytest.mark.parametrize(
    ("number", "word"), [("(11) 4002-8922", "fixo"), ("123", "não existe"), ("+442071838750", "fixo")]
)
def test_a_number_that_takes_no_texts_is_refused_in_the_shops_words(ana: ShopCaller, number: str, word: str) -> None:
    answer = ana.post("/verifications", {**SHOPPER, "number": number})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_number")
    assert word in answer.json["errors"]["number"]


def test_a_shop_that_is_off_is_told_so(add_shop: AddShop) -> None:
    answer = add_shop("Off", mode=0).post("/verifications", SHOPPER)
    assert (answer.status_code, answer.json["code"]) == (409, "not_sent")
    assert answer.json["errors"] == {"reason": "mode_disabled"}
    assert "mode is 0" in answer.json["detail"]


@pytest.mark.parametrize(
    "change",
    [
        {"ip": ""},
        {"ip": "localhost"},
        {"subject": ""},
        {"subject": "two words"},
        {"domain": "https://ana.example"},
        {"domain": "ana.example\nSend money"},
        {"domain": "a" * 121},
        {"country": "br"},
        {"number": ""},
        {"code": "123456"},
    ],
)
def test_strange_wishes_are_refused(ana: ShopCaller, change: dict[str, str]) -> None:
    answer = ana.post("/verifications", {**SHOPPER, **change})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_field")
    assert list(answer.json["errors"]) == list(change)


def test_the_state_of_codes_can_be_asked_for(ana: ShopCaller, recado: Recado) -> None:
    ask(ana)
    fine = ana.get("/verifications").json
    assert fine == {"sent_in_the_last_hour": 1, "limit_per_hour": 200, "stopped": []}


def test_no_page_and_no_answer_shows_the_code(
    ana: ShopCaller, recado: Recado, inside: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ask(ana)
    code = code_of(recado)
    told = [str(asked)]
    message = ana.get("/messages").json["messages"][0]
    told += [ana.get(path).text for path in ("/messages", f"/messages/{message['id']}", "/verifications")]
    told += [inside.get(path).text for path in ("/admin/", "/admin/inbox", f"/admin/messages/{message['id']}")]
    told += [ana.post(f"/verifications/{asked['id']}/check", {"code": "000000"}).text]
    told += [inside.get("/metrics").text, *capsys.readouterr()]
    assert "******" in message["text"]
    assert not [page for page in told if code in page]


def test_a_stop_is_seen(ana: ShopCaller, recado: Recado) -> None:
    first = ask(ana)
    with recado.database.write() as connection:
        row = dict(connection.execute(select(verifications)).one()._mapping)
        early = row["created_at"].replace(microsecond=0)
        aged = {"created_at": early - timedelta(hours=2), "sent_at": early - timedelta(hours=2)}
        connection.execute(update(verifications).where(verifications.c.id == first["id"]).values(**aged))
        others = [{**row, **aged, "id": f"vrf_{number}"} for number in range(50)]
        connection.execute(verifications.insert(), others)
    assert ana.get("/verifications").json["stopped"] == [{"prefix": "+55119", "sent": 50, "confirmed": 0}]
    answer = ana.post("/verifications", {**SHOPPER, "number": "+5511987654322", "ip": "203.0.113.9"})
    assert (answer.status_code, answer.json["code"]) == (403, "pumping_stop")
    assert ana.call("DELETE", "/verifications/stops/+55118").json["code"] == "not_stopped"
    assert ana.call("DELETE", "/verifications/stops/+55119").status_code == 204
    assert ana.get("/verifications").json["stopped"] == []
    ask(ana, number="+5511987654322", ip="203.0.113.9")
