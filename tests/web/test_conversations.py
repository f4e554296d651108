"""Conversations, consents and the shop's tasks, at their HTTP border."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sidecar.consent.optouts import Said
from sidecar.domain.consent import Purpose
from sidecar.storage import tasks
from sidecar.storage.tables import consent_log, messages
from sidecar.wiring import Recado, utc_now

from .conftest import ShopCaller, hear

MARIA, JOAO = "+5511987654321", "+5511912345678"
GERMAN = "+4915112345678"


def test_conversations_are_listed_unread_first_under_ids_that_are_no_numbers(recado: Recado, ana: ShopCaller) -> None:
    first, _ = hear(recado, ana, "Oi")
    later, _ = hear(recado, ana, "Olá", JOAO)
    last, _ = hear(recado, ana, "De novo")
    answer = ana.post(f"/conversations/{first}/read", {"up_to": last})
    assert answer.json == {"marked": 2}
    listed = ana.get("/conversations").json["conversations"]  # type: ignore[index]
    assert [(one["id"], one["unread"], one["last"]["text"]) for one in listed] == [
        (later, 1, "Olá"),
        (first, 0, "De novo"),
    ]
    assert MARIA[3:9] not in ana.get("/conversations").text
    only = ana.get("/conversations?unread=true").json["conversations"]  # type: ignore[index]
    assert [one["id"] for one in only] == [later]
    page = ana.get("/conversations?limit=1").json
    assert page and (page["next"], len(page["conversations"])) == (1, 1)


def test_both_sides_stand_in_one_list_and_an_answer_goes_to_who_wrote(recado: Recado, ana: ShopCaller) -> None:
    ana.message(to=MARIA, text="Seu pedido saiu", order_id="7")
    heard, _ = hear(recado, ana, "Obrigada!")
    sent = ana.post(f"/conversations/{heard}/messages", {"text": "De nada"})
    assert (sent.status_code, sent.json["event"]) == (201, "conversation")  # type: ignore[index]
    entries = ana.get(f"/conversations/{heard}").json["entries"]  # type: ignore[index]
    assert [(entry["direction"], entry["text"].split(": ")[-1][:9]) for entry in entries] == [
        ("out", "Seu pedid"),
        ("in", "Obrigada!"),
        ("out", "De nada ("),
    ]
    with recado.database.read() as connection:
        assert set(connection.execute(select(messages.c.to)).scalars()) == {MARIA}


def test_what_came_after_what_was_seen_stays_unread(recado: Recado, ana: ShopCaller) -> None:
    first, _ = hear(recado, ana, "um")
    hear(recado, ana, "dois")
    assert ana.post(f"/conversations/{first}/read", {"up_to": first}).json == {"marked": 1}
    assert ana.get("/conversations").json["conversations"][0]["unread"] == 1  # type: ignore[index]


def test_a_shop_of_approved_texts_answers_with_those(recado: Recado, add_shop: "ShopCaller") -> None:
    shop = add_shop("Cid", free_text=False)  # type: ignore[operator]
    heard, _ = hear(recado, shop)
    refused = shop.post(f"/conversations/{heard}/messages", {"text": "Oi"})
    assert (refused.status_code, refused.json["code"]) == (422, "free_text_off")
    assert shop.post(f"/conversations/{heard}/messages", {"template": "test_message"}).status_code == 201


def test_nobody_reads_another_shops_conversation(recado: Recado, ana: ShopCaller, bob: ShopCaller) -> None:
    heard, task = hear(recado, ana)
    assert bob.get("/conversations").json == {"conversations": [], "next": None}
    assert bob.get(f"/conversations/{heard}").status_code == 404
    assert bob.post(f"/conversations/{heard}/messages", {"text": "Oi"}).status_code == 404
    assert bob.post(f"/tasks/{task}/done", {}).status_code == 404
    assert ana.get(f"/conversations/{heard}%00").status_code == 404


def test_a_task_stays_until_it_is_done(recado: Recado, ana: ShopCaller) -> None:
    _, task = hear(recado, ana)
    for _ in range(2):
        assert [one["id"] for one in ana.get("/tasks").json["tasks"]] == [task]  # type: ignore[index]
    assert ana.post(f"/tasks/{task}/failed", {"reason": "no such order"}).json["attempts"] == 1  # type: ignore[index]
    assert ana.get("/tasks").json == {"tasks": []}
    with recado.database.write() as connection:
        [again] = tasks.take(connection, ana.shop.id, "plugin", utc_now() + timedelta(hours=1), 9)
    assert (again.id, again.note) == (task, "no such order")
    for _ in range(2):
        assert ana.post(f"/tasks/{task}/done", {}).json["state"] == "done"  # type: ignore[index]
    assert ana.post(f"/tasks/{task}/failed", {}).json["state"] == "done"  # type: ignore[index]


def test_a_task_that_one_has_in_hand_is_not_given_to_another_until_that_is_over(
    recado: Recado, ana: ShopCaller
) -> None:
    _, task = hear(recado, ana)
    assert [one["id"] for one in ana.get("/tasks").json["tasks"]] == [task]  # type: ignore[index]
    for later, found in ((timedelta(minutes=1), []), (timedelta(minutes=3), [task])):
        with recado.database.write() as connection:
            taken = tasks.take(connection, ana.shop.id, "lse_1", utc_now() + later, 9)
            assert [one.id for one in taken] == found
    assert ana.get("/tasks").json == {"tasks": []}


def test_a_task_that_never_works_stays_visible_as_failed(recado: Recado, ana: ShopCaller) -> None:
    _, task = hear(recado, ana)
    for _ in range(tasks.MOST_ATTEMPTS):
        assert ana.post(f"/tasks/{task}/failed", {}).status_code == 200
    assert ana.post(f"/tasks/{task}/failed", {}).json["state"] == "failed"  # type: ignore[index]


def _say(shop: ShopCaller, standing: str, number: str = MARIA, **more: str) -> tuple[int, str]:
    told = {"number": number, "purpose": "marketing", "standing": standing, **more}
    answer = shop.post("/consents", told)
    body = answer.json or {}
    return answer.status_code, body.get("standing") or body["code"]


def test_a_yes_is_kept_with_its_proof_and_a_no_at_once(recado: Recado, ana: ShopCaller) -> None:
    assert _say(ana, "in") == (422, "wording_needed")
    assert _say(ana, "in", wording="Quero ofertas", ip="2001:db8::1", source="checkout") == (201, "in")
    assert _say(ana, "out") == (201, "out")
    told = ana.get("/consents?number=+5511987654321").json
    assert told and told["standings"] == {"marketing": "out"}
    assert [(one["standing"], one["source"], one["wording"], one["ip"]) for one in told["history"]] == [
        ("out", "shop", "", ""),
        ("in", "checkout", "Quero ofertas", "2001:db8::1"),
    ]
    assert MARIA not in ana.get("/consents?number=%2B5511987654321").text


def test_where_a_country_wants_it_twice_a_text_asks_once_a_day(recado: Recado, ana: ShopCaller) -> None:
    for _ in range(2):
        assert _say(ana, "in", GERMAN, wording="Angebote") == (201, "pending")
    sent = ana.get("/messages").json["messages"]  # type: ignore[index]
    assert [(one["template"], one["event"], one["status"]) for one in sent] == [
        ("confirm_marketing", "opt_in_request", "queued")
    ]


def test_what_a_person_said_no_shop_unsays(recado: Recado, ana: ShopCaller) -> None:
    with recado.database.write() as connection:
        recado.optouts.leave(connection, (ana.shop.id, MARIA), Said("reply", "STOP"), utc_now())
    assert _say(ana, "in", wording="x") == (409, "said_stop")
    with recado.database.write() as connection:
        recado.optouts.come_back(connection, (ana.shop.id, MARIA), Said("reply", "START"), utc_now())
    assert _say(ana, "in", wording="x") == (201, "in")


def test_a_no_of_the_shops_own_can_be_taken_back(recado: Recado, ana: ShopCaller) -> None:
    told = {"number": MARIA, "purpose": "orders", "standing": "out"}
    assert ana.post("/consents", told).status_code == 201
    assert ana.post("/consents", {**told, "standing": "in", "wording": "x"}).status_code == 201


@pytest.mark.parametrize("told", [{"purpose": "all"}, {"standing": "pending"}, {"ip": "here"}, {"source": "reply"}])
def test_nonsense_is_refused(recado: Recado, ana: ShopCaller, told: dict[str, str]) -> None:
    good = {"number": MARIA, "purpose": "orders", "standing": "out"}
    assert ana.post("/consents", {**good, **told}).status_code == 422
    with recado.database.read() as connection:
        assert connection.execute(select(consent_log)).all() == []


def test_start_brings_back_the_advertising_that_had_been_agreed_to(recado: Recado, ana: ShopCaller) -> None:
    _say(ana, "in", wording="Quero")
    person = (ana.shop.id, MARIA)
    for _ in range(2):
        with recado.database.write() as connection:
            recado.optouts.leave(connection, person, Said("reply", "STOP"), utc_now())
    with recado.database.write() as connection:
        recado.optouts.come_back(connection, person, Said("reply", "START"), utc_now())
        standings = recado.consents.standings(connection, [person])[person]
    assert standings[Purpose.MARKETING] == "in"
