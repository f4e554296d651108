"""Where every text is written: the facts about it are gathered, the decision is made, and the message laid out for
the outbox. Whoever has an occasion for a text hands a `Wish` to the desk of its transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from sidecar.catalog.compose import ComposedText, compose
from sidecar.catalog.context import Context
from sidecar.catalog.templates import Template
from sidecar.domain.category import Category
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.message import Words
from sidecar.domain.recent import Recent
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.intake.carriage import Carriage, CarrierOf, Choice, Freight
from sidecar.intake.linking import Linking
from sidecar.intake.wish import Person, Wish
from sidecar.money.purses import Purses
from sidecar.policy.decide import decide
from sidecar.policy.decision import Decision, Hold, Suppress
from sidecar.policy.occasion import Entrance, Facts
from sidecar.policy.switch import Switch
from sidecar.policy.timing import valid_until
from sidecar.storage import locks, recently
from sidecar.storage.accounts import Account
from sidecar.storage.consents import Consents
from sidecar.storage.credits import NO_CREDIT
from sidecar.storage.links import NewLink
from sidecar.storage.messages import NewMessage
from sidecar.storage.routes import routes_of
from sidecar.storage.vault import Vault

HIDDEN = "******"
_PATIENT = timedelta(hours=24)
_COUNTED = frozenset({Entrance.CHANGE, Entrance.MANUAL, Entrance.ALERT})


def _none(_message_id: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What desks are made of. `carrier_of` tells what an account can do, `way_out` the address at which who gets a
    message can end such texts."""

    consents: Consents
    vault: Vault
    random_bits: RandomBits
    switch: Switch
    carrier_of: CarrierOf
    way_out: Callable[[str], str] = _none
    linking: Linking | None = None

    def desk(
        self, connection: Connection, shop_ids: Collection[str], people: Collection[Person], now: datetime
    ) -> "Desk":
        """For one transaction, in which these people may be texted. Their numbers are held until it ends, so that
        two workers cannot both send the last text a cap allows."""
        locks.hold_people(connection, people)
        return Desk(
            self,
            now,
            Carriage(connection, shop_ids, self.carrier_of, routes_of(connection, shop_ids), now),
            self.consents.standings(connection, people),
            recently.texted(connection, people, now),
            Purses(connection, shop_ids, self.random_bits, now),
        )


class Desk:
    """Decides and lays out, one wish after another: each sees what the ones before it have used up."""

    def __init__(
        self,
        stationery: Stationery,
        now: datetime,
        carriage: Carriage,
        standings: Mapping[Person, Mapping[Any, Any]],
        recent: dict[Person, Recent],
        purses: Purses,
    ) -> None:
        self._stationery = stationery
        self._now = now
        self._carriage = carriage
        self._standings = standings
        self._recent = recent
        self._purses = purses

    def write(self, wish: Wish) -> NewMessage:
        """The message as it goes into the outbox, and the first line of its timeline."""
        message_id = new_id("msg", self._now, self._stationery.random_bits)
        if wish.template.category == Category.MARKETING and not wish.context.link:
            wish = replace(wish, context=replace(wish.context, link=self._stationery.way_out(message_id)))
        wish, links = self._linked(wish)
        text = wish.words or compose_for(wish.shop, wish.template, wish.context)
        choice = self._carriage.choose(_freight(wish, text))
        facts = self._facts(wish, text, choice)
        decision = decide(facts)
        self._note_use(wish, text, decision)
        if not (isinstance(decision, Suppress) or _waits_for_credit(decision)):
            self._purses.spend(wish.shop, facts.cost)
        return replace(self._lay_out(message_id, wish, text, choice, decision, facts.cost), links=links)

    def _linked(self, wish: Wish) -> tuple[Wish, Sequence[NewLink]]:
        linking = self._stationery.linking
        if linking is None or wish.words:
            return wish, ()
        context, made = linking.apply(wish.shop, wish.context, wish.calling_country, wish.dedupe_key, wish.devices)
        return replace(wish, context=context), made

    def _facts(self, wish: Wish, text: ComposedText, choice: Choice) -> Facts:
        known = wish.person or ("", "")
        return Facts(
            settings=wish.shop.settings,
            entrance=wish.entrance,
            key=wish.template.key,
            text=text.text,
            number=wish.number,
            now=self._now,
            reaches_people=choice.carrier.reaches_people if choice.carrier else None,
            unfit=choice.objection,
            switch=self._stationery.switch,
            category=wish.template.category,
            change=wish.change,
            ordered_at=wish.ordered_at,
            happened_at=wish.happened_at,
            ready_at=wish.ready_at,
            country=wish.country,
            region=wish.region,
            standings=self._standings.get(known, {}),
            recent=self._recent.get(known, Recent()),
            credit=self._purses.left(wish.shop),
            cost=self._purses.cost(wish.shop, wish.calling_country, text.segments),
        )

    def _note_use(self, wish: Wish, text: ComposedText, decision: Decision) -> None:
        if wish.person is None or wish.entrance not in _COUNTED or isinstance(decision, Suppress):
            return
        before = self._recent.get(wish.person, Recent())
        self._recent[wish.person] = replace(
            before,
            hour=before.hour + 1,
            day=before.day + 1,
            week_marketing=before.week_marketing + (wish.template.category == recently.MARKETING),
            texts=before.texts | {text.text},
        )

    def _lay_out(
        self,
        message_id: str,
        wish: Wish,
        text: ComposedText,
        choice: Choice,
        decision: Decision,
        cost: int,
    ) -> NewMessage:
        settings = wish.shop.settings
        ready_at = decision.until if isinstance(decision, Hold) else self._now
        expires_at = _expiry(wish, ready_at, self._now)
        columns = {
            **_of_the_wish(wish, choice.account),
            **self._of_the_text(wish, text, choice.words, decision),
            "id": message_id,
            "state": _first_state(decision),
            "reason": getattr(decision, "reason", ""),
            "credits": 0 if isinstance(decision, Suppress) else cost,
            "attempts": 0,
            "checks": 0,
            "created_at": self._now,
            "settles_at": self._now + timedelta(seconds=settings.settle_seconds) if wish.settles else None,
            # What waits for credit is let go by who counts the credit, and by no moment.
            "due_at": expires_at if _waits_for_credit(decision) else ready_at,
            "check_at": ready_at if _waits_for_credit(decision) else None,
            "expires_at": expires_at,
        }
        return NewMessage(columns, {**wish.why, "mode": int(settings.mode), **_explained(decision)})

    def _of_the_text(self, wish: Wish, text: ComposedText, words: Words, decision: Decision) -> dict[str, Any]:
        """A one-time code is kept sealed until it has left, and shown to nobody."""
        shown, sealed = words, None
        if wish.context.code:
            shown = self._without_code(wish)
            sealed = None if isinstance(decision, Suppress) else self._stationery.vault.seal(words.to_seal())
        return {
            "template": wish.template.key,
            "category": wish.template.category,
            "locale": wish.template.locale,
            "text": shown.text,
            "templates": shown.templates_as_json(),
            "sealed": sealed,
            "encoding": text.encoding,
            "segments": text.segments,
        }

    def _without_code(self, wish: Wish) -> Words:
        hidden = replace(wish, context=replace(wish.context, code=HIDDEN))
        text = compose_for(hidden.shop, hidden.template, hidden.context)
        return self._carriage.choose(_freight(hidden, text)).words


def _freight(wish: Wish, text: ComposedText) -> Freight:
    to = wish.to
    return Freight(wish.shop, wish.template, wish.context, text, to, wish.calling_country)


def compose_for(shop: Shop, template: Template, context: Context) -> ComposedText:
    settings = shop.settings
    return compose(template, context, settings.sender, settings.contact, plain_letters=settings.plain_letters)


def _of_the_wish(wish: Wish, account: Account | None) -> dict[str, Any]:
    return {
        "shop_id": wish.shop.id,
        "dedupe_key": wish.dedupe_key,
        "order_id": wish.order_id,
        "subject_id": wish.subject_id,
        "event": wish.event,
        "event_at": wish.event_at,
        "to": wish.to,
        "country": wish.calling_country,
        "channel": account.channel if account else "sms",
        "account_id": account.id if account else None,
        "provider": account.kind if account else "",
    }


def _expiry(wish: Wish, due_at: datetime, now: datetime) -> datetime:
    """What is of use for a day or more may wait for the hours to open; what is not grows old while it waits."""
    validity = timedelta(hours=wish.template.validity_hours)
    return valid_until(due_at if validity >= _PATIENT else max(wish.ready_at or now, now), wish.template.validity_hours)


def _waits_for_credit(decision: Decision) -> bool:
    return isinstance(decision, Hold) and decision.reason == NO_CREDIT


def _first_state(decision: Decision) -> MessageState:
    if isinstance(decision, Hold):
        return MessageState.HELD
    return MessageState.SUPPRESSED if isinstance(decision, Suppress) else MessageState.QUEUED


def _explained(decision: Decision) -> dict[str, str]:
    if isinstance(decision, Hold):
        return {"decision": "hold", "reason": decision.reason, "until": decision.until.isoformat()}
    if isinstance(decision, Suppress):
        return {"decision": "suppress", "reason": decision.reason}
    return {"decision": "send"}
