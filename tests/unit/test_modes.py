"""What each of the seven modes sends by itself, by hand, and when it can be saved."""

import pytest

from sidecar.domain.mode import Mode
from sidecar.policy.modes import alerts_pause, objection_to_change, objection_to_manual, objection_to_saving
from sidecar.policy.orders import Placed, StatusChanged

PLACED, CHANGED = Placed(), StatusChanged("processing", 1)


@pytest.mark.parametrize(
    ("mode", "placed", "changed"),
    [
        (0, "mode_disabled", "mode_disabled"),
        (1, "mode_manual", "mode_manual"),
        (2, None, "mode_new_orders_only"),
        (3, None, None),
        (4, "mode_manual", "mode_manual"),
        (5, None, "mode_new_orders_only"),
        (6, None, None),
    ],
)
def test_what_a_mode_announces_by_itself(mode: int, placed: str | None, changed: str | None) -> None:
    assert objection_to_change(Mode(mode), PLACED) == placed
    assert objection_to_change(Mode(mode), CHANGED) == changed


@pytest.mark.parametrize("mode", list(Mode))
def test_by_hand_everything_goes_but_from_a_disabled_shop(mode: Mode) -> None:
    assert objection_to_manual(mode) == ("mode_disabled" if mode == 0 else None)


@pytest.mark.parametrize("mode", list(Mode))
def test_modes_four_to_six_are_one_to_three_with_alerts(mode: Mode) -> None:
    assert mode.sends_alerts == (mode >= 4)
    assert mode.without_alerts == (mode - 3 if mode >= 4 else mode)


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
@pytest.mark.parametrize("stock_managed", [True, False])
@pytest.mark.parametrize("alerts_enabled", [True, False])
def test_modes_without_alerts_can_always_be_saved(mode: int, stock_managed: bool, alerts_enabled: bool) -> None:
    assert objection_to_saving(Mode(mode), stock_managed, alerts_enabled) is None


@pytest.mark.parametrize("mode", [4, 5, 6])
@pytest.mark.parametrize(
    ("stock_managed", "alerts_enabled", "to_switch_on"),
    [
        (False, False, "stock management"),
        (False, True, "stock management"),
        (True, False, "availability alerts"),
        (True, True, None),
    ],
)
def test_modes_with_alerts_need_stock_management_and_alerts(
    mode: int, stock_managed: bool, alerts_enabled: bool, to_switch_on: str | None
) -> None:
    objection = objection_to_saving(Mode(mode), stock_managed, alerts_enabled)
    if to_switch_on is None:
        assert objection is None
    else:
        assert objection is not None
        assert objection.startswith(f"Mode {mode} ")
        assert f"switch on {to_switch_on}" in objection


@pytest.mark.parametrize(
    ("mode", "stock_managed", "alerts_enabled", "off"),
    [
        (6, True, True, None),
        (3, False, False, None),
        (4, False, True, "stock management is off"),
        (5, False, False, "stock management is off"),
        (6, True, False, "availability alerts are off"),
    ],
)
def test_a_pause_is_told_where_the_mode_would_send(
    mode: int, stock_managed: bool, alerts_enabled: bool, off: str | None
) -> None:
    told = alerts_pause(Mode(mode), stock_managed, alerts_enabled)
    assert (told is None) == (off is None)
    assert not off or off in str(told)
