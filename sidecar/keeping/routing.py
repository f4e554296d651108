"""The order in which a shop's accounts are tried, changed as somebody saw it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from sidecar.catalog.kinds import CATEGORIES
from sidecar.domain.refused import Refused
from sidecar.storage import accounts, locks, routes

_COUNTRY = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Place:
    """For which texts an order holds; empty stands for all."""

    country: str = ""
    category: str = ""


def reorder(connection: Connection, shop_id: str, place: Place, seen: Sequence[str], wanted: Sequence[str]) -> bool:
    """Put these accounts (ids) in the place of those `seen` there; none at all fall back on the general order. False
    where it is so already. Raises `Refused`."""
    if not _is_known(place):
        raise Refused("bad_country", "Write the country by its two capital letters, such as BR.")
    locks.hold_shop(connection, shop_id)
    ids = {account.id for account in accounts.every(connection)}
    order = [account_id for account_id in dict.fromkeys(wanted) if account_id in ids]
    if not order and place == Place():
        raise Refused("no_account", "Name at least one account: without any the shop could send nothing.")
    current = order_at(connection, shop_id, place)
    if order == current:
        return False
    if current != list(seen):
        raise Refused("changed_meanwhile", "Somebody else has changed this order: look at it, then save again.")
    routes.set_route(connection, shop_id, order, place.country, place.category)
    return True


def put(connection: Connection, shop_id: str, place: Place, wanted: Sequence[str]) -> None:
    """The same, whatever is there: for who names the whole order and has seen none, as a script does."""
    locks.hold_shop(connection, shop_id)
    routes.set_route(connection, shop_id, wanted, place.country, place.category)


def order_at(connection: Connection, shop_id: str, place: Place) -> list[str]:
    lists = routes.routes_of(connection, {shop_id}).lists_of(shop_id)
    return [account.id for account in lists.get((place.country, place.category), ())]


def _is_known(place: Place) -> bool:
    return place.category in ("", *CATEGORIES) and (not place.country or bool(_COUNTRY.fullmatch(place.country)))
