"""Which account carries a text: the first of the shop's route that is in order and can, with the templates by which
providers know the text."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sidecar.catalog.compose import ComposedText
from sidecar.catalog.context import Context
from sidecar.catalog.templates import Template
from sidecar.domain.capabilities import WHATSAPP, Carrier
from sidecar.domain.message import Words
from sidecar.domain.shop import Shop
from sidecar.intake.registered import Registered
from sidecar.policy.carriage import CONVERSATION, Load, Way, carried
from sidecar.policy.senders import Signed
from sidecar.storage import replies
from sidecar.storage.accounts import Account
from sidecar.storage.routes import Routes

CarrierOf = Callable[[Account], Carrier]


@dataclass(frozen=True, slots=True)
class Freight:
    """A text on its way to one recipient, before it is known by which account."""

    shop: Shop
    template: Template
    context: Context
    composed: ComposedText
    to: str
    country: str


@dataclass(frozen=True, slots=True)
class Choice:
    """The account, None for a shop without a route; `objection` is why not even the best can carry the text. `words`
    are the text, and the templates of the accounts on the route that want one."""

    account: Account | None
    carrier: Carrier | None
    objection: str
    words: Words


class Carriage:
    """For one transaction. Nothing more is asked of the database where no account of the route wants templates."""

    def __init__(
        self,
        connection: Connection,
        shop_ids: Collection[str],
        carrier_of: CarrierOf,
        routes: Routes,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._registered = Registered(connection, shop_ids)
        self._carrier_of = carrier_of
        self._routes = routes
        self._now = now

    def choose(self, freight: Freight) -> Choice:
        shop, template = freight.shop, freight.template
        accounts = self._routes.in_order(shop.id, freight.country, template.category, self._now)
        carriers = {account.id: self._carrier_of(account) for account in accounts}
        wanting = {one.kind for one in accounts if carriers[one.id].capabilities.takes_templates(one.channel)}
        templates = self._registered.filled(shop, template, freight.context, freight.composed, wanting)
        words = Words(freight.composed.text, templates)
        answers = [(one, self._carried(freight, one, carriers[one.id], words)) for one in accounts]
        fit = next((one for one, answer in answers if isinstance(answer, Signed)), None)
        if fit:
            return Choice(fit, carriers[fit.id], "", words)
        best, objection = answers[0] if answers else (None, "")
        return Choice(best, carriers[best.id] if best else None, str(objection), words)

    def _carried(self, freight: Freight, account: Account, carrier: Carrier, words: Words) -> Signed | str:
        wants = carrier.capabilities.takes_templates(account.channel)
        known = account.kind in words.templates
        load = Load(
            text=words.text,
            country=freight.country,
            has_template=wants and known,
            lacks_value=wants and not known and self._is_registered(freight, account.kind),
            spoke_lately=account.channel == WHATSAPP and not known and self._spoke_lately(account, freight.to),
        )
        return carried(Way(carrier, account.channel, account.senders), load)

    def _is_registered(self, freight: Freight, kind: str) -> bool:
        return self._registered.code(freight.shop, freight.template, kind) is not None

    def _spoke_lately(self, account: Account, number: str) -> bool:
        return replies.heard_since(self._connection, account.id, number, self._now - CONVERSATION)
