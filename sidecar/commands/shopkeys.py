"""What the keys of a shop's back office open, put to use."""

from typing import Any

from sidecar.domain.backoffice import About, ShopProblem
from sidecar.domain.shop import Platform, Shop
from sidecar.keeping.opening import KEYS, settings_told
from sidecar.polling.visit import TurnLost
from sidecar.storage.polls import WEBHOOKS
from sidecar.wiring import Recado

CREDENTIALS = tuple(dict.fromkeys(name for names in KEYS.values() for name in names))


def told_by(about: About | None) -> dict[str, Any]:
    """What a shop told of itself, for a person."""
    if about is None:
        return {}
    version = {"woocommerce": about.version} if about.version else {}
    return {**settings_told(about), "currency": about.currency, **version}


def make_webhooks(recado: Recado, shop: Shop) -> dict[str, Any]:
    """At once, where the shop can deliver them; the worker goes on seeing to it."""
    if shop.platform is not Platform.WOOCOMMERCE:
        return {}
    try:
        visit = recado.rounds.ask_now(shop, WEBHOOKS)
    except ShopProblem as problem:
        return {"webhooks": [], "warning": problem.sentence}
    except TurnLost:
        return {}
    return {"webhooks": list(visit.memory.get("made", []))}
