"""Changing a shop's settings, by the shop's own token or by its operator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sidecar.domain.shop import ShopSettings
from sidecar.policy.saving import PREPAID, Detail, SettingsRefused, changed
from sidecar.storage import locks, shops


def change_settings(
    connection: Connection, shop_id: str, changes: Mapping[str, Any], now: datetime, *, by_operator: bool = False
) -> ShopSettings:
    """Save these changes. Raises `SettingsRefused`, and then nothing is saved."""
    locks.hold_shop(connection, shop_id)
    current = shops.several(connection, {shop_id})[shop_id].settings
    new = changed(current, changes, now)
    if not by_operator and current.billing == "prepaid" and new.billing != "prepaid":
        told = "billing: a shop cannot release itself from prepaying; ask its operator."
        raise SettingsRefused({"billing": told}, {"billing": Detail(PREPAID)})
    shops.save_settings(connection, shop_id, new)
    return new


def switch_text(connection: Connection, shop_id: str, key: str, now: datetime, *, on: bool) -> None:
    """Whether a shop sends a text by itself. Two that are switched at once are both switched."""
    locks.hold_shop(connection, shop_id)
    off = {*shops.several(connection, {shop_id})[shop_id].settings.texts_off}
    off = off - {key} if on else off | {key}
    change_settings(connection, shop_id, {"texts_off": tuple(sorted(off))}, now)
