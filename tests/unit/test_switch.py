"""The sending switch: what may leave in which position, and to whom."""

import pytest

from sidecar.policy.switch import Sending, Switch

FRIEND, STRANGER = "+5511912345678", "+33612345678"


@pytest.mark.parametrize(
    ("position", "to", "objection"),
    [
        (Sending.OFF, FRIEND, "sending_off"),
        (Sending.OFF, STRANGER, "sending_off"),
        (Sending.DRY_RUN, FRIEND, "dry_run"),
        (Sending.DRY_RUN, STRANGER, "dry_run"),
        (Sending.ALLOW_LIST, FRIEND, None),
        (Sending.ALLOW_LIST, STRANGER, "not_on_allow_list"),
        (Sending.LIVE, FRIEND, None),
        (Sending.LIVE, STRANGER, None),
    ],
)
def test_what_leaves_for_people(position: Sending, to: str, objection: str | None) -> None:
    assert Switch(position, {FRIEND}).objection(to, reaches_people=True) == objection


@pytest.mark.parametrize("position", list(Sending))
def test_what_reaches_nobody_is_always_free(position: Sending) -> None:
    assert Switch(position).objection(STRANGER, reaches_people=False) is None


def test_a_number_is_allowed_whole_or_not_at_all() -> None:
    switch = Switch(Sending.ALLOW_LIST, frozenset({FRIEND}))
    assert switch.objection(FRIEND[:-1], reaches_people=True) == "not_on_allow_list"
    assert switch.objection(FRIEND + "0", reaches_people=True) == "not_on_allow_list"
    assert switch.objection("", reaches_people=True) == "not_on_allow_list"


def test_the_positions_are_the_ones_operators_write() -> None:
    assert [str(position) for position in Sending] == ["off", "dry-run", "allow-list", "live"]
