"""From facts to send, hold or suppress."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.mode import Mode
from sidecar.domain.phone import LineType, NoNumber, NoNumberReason, Number
from sidecar.domain.shop import ShopSettings
from sidecar.policy.decide import decide
from sidecar.policy.decision import Decision, Hold, Send, Suppress
from sidecar.policy.occasion import Entrance, Facts
from sidecar.policy.orders import Placed, StatusChanged
from sidecar.policy.switch import Sending, Switch

# Half past noon in São Paulo.
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
HOUR_AGO = (NOW - timedelta(hours=1)).isoformat()
MARIA = Number("+5511912345678", "BR", LineType.MOBILE)
DEVELOPER = "+5511900000000"
CHANGED = StatusChanged("processing", 1)
LIVE, OFF, DRY_RUN = (Switch(position) for position in (Sending.LIVE, Sending.OFF, Sending.DRY_RUN))
ONLY_MARIA, ONLY_DEVELOPER = (Switch(Sending.ALLOW_LIST, {to}) for to in (MARIA.e164, DEVELOPER))

FACTS = Facts(
    settings=ShopSettings(mode=Mode.STATUS_CHANGE, timezone="America/Sao_Paulo", settle_seconds=0, spread_seconds=0),
    entrance=Entrance.CHANGE,
    key="order_placed",
    text="Loja: obrigado!",
    change=Placed(),
    number=MARIA,
    ordered_at=NOW - timedelta(hours=1),
    now=NOW,
    reaches_people=True,
    switch=LIVE,
)
SETTINGS_NAMES = set(ShopSettings.model_fields)


def facts(**changes: Any) -> Facts:
    """The usual facts, but for these settings of the shop or facts."""
    settings = {name: value for name, value in changes.items() if name in SETTINGS_NAMES}
    rest = {name: value for name, value in changes.items() if name not in SETTINGS_NAMES}
    return replace(FACTS, settings=ShopSettings.model_validate({**FACTS.settings.model_dump(), **settings}), **rest)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({}, Send()),
        ({"change": CHANGED}, Send()),
        ({"mode": 0}, Suppress("mode_disabled")),
        ({"mode": 1}, Suppress("mode_manual")),
        ({"mode": 2}, Send()),
        ({"mode": 2, "change": CHANGED}, Suppress("mode_new_orders_only")),
        ({"mode": 4}, Suppress("mode_manual")),
        ({"mode": 5}, Send()),
        ({"mode": 6, "change": CHANGED}, Send()),
        ({"told_from": HOUR_AGO, "happened_at": NOW - timedelta(hours=2)}, Suppress("before_start")),
        ({"told_from": HOUR_AGO, "happened_at": NOW}, Send()),
        ({"told_from": HOUR_AGO, "happened_at": None}, Send()),
        ({"number": NoNumber(NoNumberReason.NO_NUMBER)}, Suppress("no_number")),
        ({"number": NoNumber(NoNumberReason.LANDLINE)}, Suppress("landline")),
        ({"number": NoNumber(NoNumberReason.INVALID_NUMBER)}, Suppress("invalid_number")),
        ({"number": NoNumber(NoNumberReason.NOT_MOBILE)}, Suppress("not_mobile")),
        ({"reaches_people": None}, Suppress("no_route")),
        ({"switch": OFF}, Suppress("sending_off")),
        ({"switch": DRY_RUN}, Suppress("dry_run")),
        ({"switch": ONLY_MARIA}, Send()),
        ({"switch": ONLY_DEVELOPER}, Suppress("not_on_allow_list")),
        ({"switch": OFF, "reaches_people": False}, Send()),
    ],
)
def test_what_is_decided_at_noon(changes: dict[str, Any], decision: Decision) -> None:
    assert decide(facts(**changes)) == decision


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": 0, "number": NoNumber(NoNumberReason.LANDLINE), "switch": OFF}, "mode_disabled"),
        ({"ordered_at": NOW - timedelta(days=90), "number": NoNumber(NoNumberReason.LANDLINE)}, "old_order"),
        ({"number": NoNumber(NoNumberReason.LANDLINE), "reaches_people": None}, "landline"),
        ({"reaches_people": None, "switch": OFF}, "no_route"),
        ({"switch": OFF, "now": utc("2026-11-23T02:00")}, "sending_off"),
    ],
)
def test_of_several_refusals_the_one_a_person_would_mend_first_is_told(changes: dict[str, Any], reason: str) -> None:
    assert decide(facts(**changes)) == Suppress(reason)


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({"ordered_at": NOW - timedelta(days=30)}, Send()),
        ({"ordered_at": NOW - timedelta(days=30, seconds=1)}, Suppress("old_order")),
        ({"ordered_at": NOW - timedelta(days=30, seconds=1), "change": CHANGED}, Send()),
        ({"ordered_at": NOW - timedelta(days=3, seconds=1), "placed_within_days": 3}, Suppress("old_order")),
        ({"ordered_at": NOW - timedelta(days=3000), "placed_within_days": 0}, Send()),
        ({"ordered_at": None}, Send()),
        ({"ordered_at": NOW + timedelta(days=1)}, Send()),
    ],
)
def test_only_the_thank_you_for_an_old_order_is_left_out(changes: dict[str, Any], decision: Decision) -> None:
    assert decide(facts(**changes)) == decision


@pytest.mark.parametrize(
    ("now", "settle", "decision"),
    [
        ("2026-11-22T15:30", 60, Hold(utc("2026-11-22T15:31"), "settling")),
        ("2026-11-22T12:00", 0, Send()),
        ("2026-11-22T11:59:59", 0, Hold(utc("2026-11-22T12:00"), "sending_hours")),
        ("2026-11-22T11:59:00", 60, Hold(utc("2026-11-22T12:00"), "settling")),
        ("2026-11-22T11:58:59", 60, Hold(utc("2026-11-22T12:00"), "sending_hours")),
        ("2026-11-22T20:59:59", 0, Send()),
        ("2026-11-22T20:59:30", 60, Hold(utc("2026-11-23T12:00"), "sending_hours")),
        ("2026-11-22T21:00", 0, Hold(utc("2026-11-23T12:00"), "sending_hours")),
        ("2026-12-31T23:30", 60, Hold(utc("2027-01-01T12:00"), "sending_hours")),
    ],
)
def test_a_text_settles_first_and_then_waits_for_the_shops_hours(now: str, settle: int, decision: Decision) -> None:
    assert decide(facts(now=utc(now), settle_seconds=settle, ordered_at=None)) == decision


def test_hours_are_the_shops_own() -> None:
    midnight = utc("2026-11-23T00:00")
    yuki = Number("+819012345678", "JP", LineType.MOBILE)
    assert decide(facts(now=midnight, timezone="Asia/Tokyo", country="JP", number=yuki)) == Send()
    assert decide(facts(now=midnight, transactional_window="always")) == Send()
    assert decide(facts(now=midnight, transactional_window="20:00-22:00")) == Send()
    assert decide(facts(now=midnight)) == Hold(utc("2026-11-23T12:00"), "sending_hours")


def test_marketing_hours_do_not_hold_what_an_order_calls_for() -> None:
    assert decide(facts(marketing_window="00:00-00:01")) == Send()


def test_a_redirected_shop_is_judged_by_where_its_texts_go() -> None:
    assert decide(facts(redirect_to=DEVELOPER, switch=ONLY_DEVELOPER)) == Send()
    assert decide(facts(redirect_to=DEVELOPER, switch=ONLY_MARIA)) == Suppress("not_on_allow_list")


def by_hand(is_test: bool = False, **changes: Any) -> Decision:
    return decide(facts(entrance=Entrance.TEST if is_test else Entrance.MANUAL, change=None, **changes))


NIGHT = utc("2026-11-23T02:00")


@pytest.mark.parametrize(
    ("changes", "manual", "test"),
    [
        ({}, Send(), Send()),
        ({"mode": 0}, Suppress("mode_disabled"), Send()),
        ({"mode": 1}, Send(), Send()),
        ({"settle_seconds": 600}, Send(), Send()),
        ({"now": NIGHT}, Hold(utc("2026-11-23T12:00"), "sending_hours"), Send()),
        ({"number": NoNumber(NoNumberReason.LANDLINE)}, Suppress("landline"), Suppress("landline")),
        ({"reaches_people": None}, Suppress("no_route"), Suppress("no_route")),
        ({"switch": OFF}, Suppress("sending_off"), Suppress("sending_off")),
        ({"switch": OFF, "reaches_people": False, "mode": 0}, Suppress("mode_disabled"), Send()),
    ],
)
def test_what_a_person_asks_for_does_not_settle_and_a_test_never_waits(
    changes: dict[str, Any], manual: Decision, test: Decision
) -> None:
    assert by_hand(is_test=False, **changes) == manual
    assert by_hand(is_test=True, **changes) == test


def test_a_text_that_no_hour_fits_is_refused_rather_than_kept_for_ever() -> None:
    lea = Number("+33612345678", "FR", LineType.MOBILE)
    advert = {"entrance": Entrance.MANUAL, "change": None, "category": "marketing", "number": lea, "key": "new_product"}
    agreed = {"standings": {Purpose.MARKETING: Standing.IN}, "marketing_window": "sun 10:00-18:00"}
    assert decide(facts(**advert, **agreed)) == Suppress("never_open")
