"""Which mode sends what, by itself and by hand."""

from sidecar.domain.mode import Mode
from sidecar.policy.orders import Change, Placed

MODE_DISABLED = "mode_disabled"
MODE_MANUAL = "mode_manual"
MODE_NEW_ORDERS_ONLY = "mode_new_orders_only"
MODE_WITHOUT_ALERTS = "mode_without_alerts"
STOCK_UNMANAGED = "stock_unmanaged"
ALERTS_OFF = "alerts_off"

_TO_SWITCH_ON = {STOCK_UNMANAGED: "stock management in the shop", ALERTS_OFF: "availability alerts"}


def objection_to_change(mode: Mode, change: Change) -> str | None:
    """Why this mode keeps silent about an order's change, or None."""
    if mode is Mode.DISABLED:
        return MODE_DISABLED
    if isinstance(change, Placed):
        return None if mode.announces_new_orders else MODE_MANUAL
    if mode.announces_status_changes:
        return None
    return MODE_NEW_ORDERS_ONLY if mode.announces_new_orders else MODE_MANUAL


def objection_to_manual(mode: Mode) -> str | None:
    return MODE_DISABLED if mode is Mode.DISABLED else None


def lacking(mode: Mode, stock_managed: bool, alerts_enabled: bool) -> str | None:
    """What a mode that tells of products lacks to do so, by its code, or None."""
    if not mode.sends_alerts:
        return None
    if not stock_managed:
        return STOCK_UNMANAGED
    return None if alerts_enabled else ALERTS_OFF


def objection_to_alert(mode: Mode, stock_managed: bool, alerts_enabled: bool) -> str | None:
    """Why nobody is told that a product is back, or None. A shop that switched its alerts off keeps its mode."""
    return lacking(mode, stock_managed, alerts_enabled) if mode.sends_alerts else MODE_WITHOUT_ALERTS


def objection_to_saving(mode: Mode, stock_managed: bool, alerts_enabled: bool) -> str | None:
    """Why this mode cannot be saved, in a sentence saying what to switch on, or None."""
    code = lacking(mode, stock_managed, alerts_enabled)
    if code is None:
        return None
    return f"Mode {int(mode)} tells customers when products are back: switch on {_TO_SWITCH_ON[code]} first."


def alerts_pause(mode: Mode, stock_managed: bool, alerts_enabled: bool) -> str | None:
    """Where a mode sends alerts and the shop has switched off what they need: what to do, in a sentence; else None."""
    code = lacking(mode, stock_managed, alerts_enabled)
    if code is None:
        return None
    off = "availability alerts are" if code == ALERTS_OFF else "stock management is"
    return f"Mode {int(mode)}: alerts pause while {off} off in the shop; nobody who waits is lost."
