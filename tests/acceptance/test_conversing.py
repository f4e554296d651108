"""What an owner answers by hand, and what a shop has asked for it, at an hour at which nobody is texted unasked."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from sidecar.consent.agreeing import Agreement
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.outcome import TemporarilyFailed
from sidecar.domain.shop import Shop
from sidecar.intake import byhand
from sidecar.intake.handling import Action, Handling
from sidecar.policy.switch import Sending, Switch
from sidecar.storage import shops
from tests.world import MARIA, World

NIGHT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
"""Three in the morning in São Paulo, seven in Germany."""
GERMAN = "+4915112345678"


def _shop(world: World) -> Shop:
    """With its settings as they are now."""
    with world.database.read() as connection:
        return shops.several(connection, {"shop_one"})["shop_one"]


def _answer(world: World, key: str | None = None, text: str | None = "Chega amanhã") -> dict[str, Any]:
    shop = _shop(world)
    wish_for = partial(byhand.answer, shop=shop, number=MARIA, key=key, text=text, now=world.clock())
    byhand.send(world.database, world.intake, shop, wish_for)
    world.settle()
    return world.all_messages()[-1]


def _hears(world: World, text: str = "Que horas chega?") -> None:
    world.clock.now = NIGHT
    world.hear(text)
    world.settle()


def test_who_wrote_is_answered_at_once_by_night_and_over_the_cap(world: World) -> None:
    world.configure(cap_per_hour=1, order_consent="opt_in")
    _hears(world)
    sent = [_answer(world) for _ in range(3)]
    assert [(each["event"], each["status"]) for each in sent] == [("conversation", "accepted")] * 3
    assert world.timeline(sent[0])[0]["decision"] == "send"


def test_what_is_said_in_a_conversation_uses_up_no_cap(world: World) -> None:
    world.configure(cap_per_hour=1, transactional_window="always")
    _hears(world)
    _answer(world)
    wish_for = partial(byhand.wish, shop=_shop(world), to=MARIA, key=None, text="Olá", order_id=None)
    byhand.send(world.database, world.intake, _shop(world), wish_for)
    assert world.all_messages()[-1]["status"] == "queued"


def test_after_a_day_it_is_a_text_like_any_other(world: World) -> None:
    _hears(world)
    world.clock.forward(hours=23, minutes=59)
    assert _answer(world)["status"] == "accepted"
    world.clock.forward(minutes=1)
    late = _answer(world)
    assert (late["event"], late["status"], late["reason"]) == ("manual", "held", "sending_hours")


def test_an_answer_to_another_shop_opens_nothing(world: World) -> None:
    world.add_shop("shop_two")
    world.clock.now = NIGHT
    world.hear("Oi", account_id="acc_shop_two")
    world.settle()
    assert _answer(world)["reason"] == "sending_hours"


def test_advertising_is_no_answer(world: World) -> None:
    _hears(world)
    assert _answer(world, "birthday", None)["reason"] == "no_consent"


@pytest.mark.parametrize(
    ("settings", "spoken", "reason"), [({"mode": 0}, "Oi", "mode_disabled"), ({}, "SAIR", "opted_out")]
)
def test_mode_and_stop_bind_it(world: World, settings: dict[str, int], spoken: str, reason: str) -> None:
    _hears(world, spoken)
    world.configure(**settings)
    assert _answer(world)["reason"] == reason


def test_the_switch_binds_it(database_url: str) -> None:
    world = World(database_url, Switch(Sending.DRY_RUN))
    _hears(world)
    assert _answer(world)["reason"] == "dry_run"
    world.close()


def test_a_second_try_of_an_answer_waits_for_no_hours(world: World) -> None:
    _hears(world)
    world.provider.outcomes = [TemporarilyFailed("provider_down")]
    assert _answer(world)["status"] == "queued"
    world.clock.forward(minutes=5)
    world.settle()
    assert world.all_messages()[-1]["status"] == "accepted"


def test_sent_again_by_hand_it_keeps_the_hours(world: World) -> None:
    world.configure(mode=0)
    _hears(world)
    refused = _answer(world)
    world.configure(mode=3)
    world.clock.forward(days=1)
    with world.database.write() as connection:
        handling = Handling(world.messages, world.stationery, world.clock)
        assert handling.carry_out(connection, Action.RESEND, [str(refused["id"])], "a press").count == 1
    again = world.all_messages()[-1]
    assert (again["event"], again["status"], again["reason"]) == ("manual", "held", "sending_hours")


def test_a_question_that_a_shop_has_asked_keeps_the_hours(world: World) -> None:
    """A shop may pass its consents on late, or a thousand at once by night."""
    world.clock.now = NIGHT
    told = Agreement(GERMAN, "", Purpose.MARKETING, Standing.IN, "import", "Angebote", locale="de")
    assert world.agreements.say(world.shop, told) is Standing.PENDING
    world.settle()
    [asked] = world.all_messages()
    assert (asked["event"], asked["status"], asked["reason"]) == ("opt_in_request", "held", "sending_hours")
    assert [step.get("decision") for step in world.timeline(asked)] == ["hold"], "not sent at once and then kept back"
    assert asked["due_at"] == (NIGHT + timedelta(hours=6)).isoformat()
    world.clock.forward(hours=6)
    world.settle()
    assert world.all_messages()[0]["status"] == "accepted"
