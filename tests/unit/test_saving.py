"""Saving a shop's settings: what is refused, and in which words."""

from typing import Any

import pytest

from sidecar.domain.mode import Mode
from sidecar.domain.shop import ShopSettings
from sidecar.policy.saving import SettingsRefused, changed
from tests.world import NOON

FRESH = ShopSettings()
WITH_ALERTS = ShopSettings(mode=Mode.STATUS_CHANGE_AND_ALERTS, stock_managed=True, alerts_enabled=True)


def refused(settings: ShopSettings = FRESH, **changes: Any) -> dict[str, str]:
    with pytest.raises(SettingsRefused) as refusal:
        changed(settings, changes, NOON)
    return refusal.value.problems


def test_only_what_is_named_changes() -> None:
    new = changed(FRESH, {"mode": 3, "sender": "Loja da Ana"}, NOON)
    assert (new.mode, new.sender) == (Mode.STATUS_CHANGE, "Loja da Ana")
    assert new.model_dump(exclude={"mode", "sender"}) == FRESH.model_dump(exclude={"mode", "sender"})
    assert FRESH.mode is Mode.DISABLED


def test_nothing_to_change_is_no_mistake() -> None:
    assert changed(WITH_ALERTS, {}, NOON) == WITH_ALERTS


def test_a_setting_that_does_not_exist_is_answered_with_those_that_do() -> None:
    [(name, sentence)] = refused(modus=3).items()
    assert name == "modus"
    assert sentence.startswith("modus: there is no such setting; there are mode, sender, contact, ")
    assert all(known in sentence for known in ShopSettings.model_fields)


@pytest.mark.parametrize("mode", [-1, 7, "loud", None, [], 2.5])
def test_a_mode_that_does_not_exist_is_answered_with_those_that_do(mode: object) -> None:
    assert refused(mode=mode) == {"mode": "mode: choose a mode from 0 to 6."}


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("sender", "x" * 41, "at most 40 characters"),
        ("contact", "x" * 61, "at most 60 characters"),
        ("sender", None, "valid string"),
        ("country", "Brazil", "'Brazil'"),
        ("country", "br", "'br' is not a country such as BR"),
        ("code_countries", ["BR", "x"], "'x' is not a country such as BR"),
        ("locale", "portuguese", "'portuguese' is not a language such as pt_BR"),
        ("answers", {"hours": "No key"}, "'No key' is not a text's key"),
        ("timezone", "Mars/Olympus", "'Mars/Olympus' is not a time zone name such as America/Sao_Paulo"),
        ("timezone", "", "'' is not a time zone name"),
        ("timezone", "America", "'America' is not a time zone name"),
        ("timezone", "../../etc/passwd", "is not a time zone name"),
        ("transactional_window", "9-18", "'9-18' is not a sending window such as 09:00-18:00 or always"),
        ("marketing_window", "noon", "'noon' is not a sending window such as 09:00-18:00 or always"),
        ("settle_seconds", -1, "greater than or equal to 0"),
        ("settle_seconds", 86_401, "less than or equal to 86400"),
        ("settle_seconds", "soon", "'soon' is not a whole number"),
        ("placed_within_days", 3651, "less than or equal to 3650"),
        ("told_from", "yesterday", "'yesterday' is not a moment such as 2026-11-25T09:00:00+00:00"),
        ("told_from", "2026-11-25 09:00", "'2026-11-25 09:00' is not a moment"),
        ("placed_statuses", "processing", "'processing'"),
        ("staff_numbers", ["11 91234-5678"], "'11 91234-5678' is not a number such as +5511912345678"),
        ("redirect_to", "0800", "'0800' is not a number such as +5511912345678"),
        ("billing", "free", "'unmetered' or 'prepaid'"),
        ("stock_managed", "perhaps", "'perhaps'"),
        ("answers", {"": "hours"}, "'' is no word that a customer could write"),
        ("answers", {"hours": "hours", " ?! ": "hours"}, "' ?! ' is no word that a customer could write"),
        ("alert_factor", 0, "greater than 0"),
        ("alert_factor", float("nan"), "nan"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(name: str, value: object, told: str) -> None:
    [(named, sentence)] = refused(FRESH, **{name: value}).items()
    assert named == name
    assert sentence.startswith(f"{name}: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert told in sentence


def test_an_answer_to_nothing_that_was_kept_before_stands_in_the_way_of_no_other_change() -> None:
    kept = ShopSettings(answers={"": "hours"})
    assert changed(kept, {"sender": "Loja"}, NOON).sender == "Loja"


def test_every_problem_is_told_at_once_and_nothing_is_half_saved() -> None:
    problems = refused(mode=9, timezone="Mars", colour="red", sender="Loja")
    assert sorted(problems) == ["colour", "mode", "timezone"]


def test_the_refusal_as_a_whole_can_be_read_out() -> None:
    with pytest.raises(SettingsRefused, match=r"^mode: choose a mode from 0 to 6\.$"):
        changed(FRESH, {"mode": 9}, NOON)


@pytest.mark.parametrize("mode", [4, 5, 6])
def test_a_mode_with_alerts_is_refused_until_stock_and_alerts_are_on(mode: int) -> None:
    assert "stock management" in refused(mode=mode)["mode"]
    assert "availability alerts" in refused(mode=mode, stock_managed=True)["mode"]
    assert changed(FRESH, {"mode": mode, "stock_managed": True, "alerts_enabled": True}, NOON).mode == mode


def test_a_mode_chosen_while_switching_its_alerts_off_is_refused() -> None:
    assert "availability alerts" in refused(WITH_ALERTS, mode=5, alerts_enabled=False)["mode"]


def test_a_shop_that_switches_its_alerts_off_later_keeps_its_mode() -> None:
    paused = changed(WITH_ALERTS, {"alerts_enabled": False}, NOON)
    assert (paused.mode, paused.alerts_enabled) == (6, False)
    assert changed(paused, {"sender": "Loja"}, NOON).mode == 6
    assert changed(paused, {"mode": 6, "sender": "Loja"}, NOON).mode == 6


def test_what_is_saved_can_be_read_back() -> None:
    new = changed(WITH_ALERTS, {"staff_numbers": ["+5511912345678"], "redirect_to": "+5511900000000"}, NOON)
    assert ShopSettings.model_validate(new.model_dump(mode="json")) == new
