"""The seven modes a store owner can choose from, numbered as store owners know them."""

from enum import IntEnum


class Mode(IntEnum):
    DISABLED = 0
    MANUAL = 1
    NEW_ORDER = 2
    STATUS_CHANGE = 3
    MANUAL_AND_ALERTS = 4
    NEW_ORDER_AND_ALERTS = 5
    STATUS_CHANGE_AND_ALERTS = 6

    @property
    def without_alerts(self) -> "Mode":
        return Mode(self - 3) if self > Mode.STATUS_CHANGE else self

    @property
    def sends_alerts(self) -> bool:
        return self > Mode.STATUS_CHANGE

    @property
    def announces_new_orders(self) -> bool:
        return self.without_alerts in (Mode.NEW_ORDER, Mode.STATUS_CHANGE)

    @property
    def announces_status_changes(self) -> bool:
        return self.without_alerts is Mode.STATUS_CHANGE
