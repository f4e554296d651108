"""The keys of a shop's back office: checked where they are given, and what they open put to use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Platform, Shop
from sidecar.polling.visit import TurnLost
from sidecar.storage.polls import WEBHOOKS
from sidecar.wiring import Recado

CREDENTIALS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret", "store_codes")


@dataclass(frozen=True)
class Introduced:
    """`settings`: what the shop told that is a setting of ours; `told`: that and the rest, for a person."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)


def introduce(recado: Recado, platform: Platform, url: str, credentials: Mapping[str, str]) -> Introduced:
    """Whether the keys open the shop's back office, and what it tells of the shop."""
    if not credentials:
        return Introduced()
    try:
        about = recado.back_offices.about(platform, url, credentials)
    except ShopProblem as problem:
        raise Refused(problem.code, problem.sentence) from None
    settings = {name: getattr(about, name) for name in ("country", "locale", "timezone") if getattr(about, name)}
    if about.stock_managed:
        settings["stock_managed"] = True
    version = {"woocommerce": about.version} if about.version else {}
    return Introduced(settings, {**settings, "currency": about.currency, **version})


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
