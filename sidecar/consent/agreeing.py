"""What people agreed to, as a shop or its operator passes it on; advertising is confirmed by text where a country
wants that."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sidecar.catalog.context import Context
from sidecar.consent.optouts import OptOuts, Said
from sidecar.consent.questions import CONFIRM_MARKETING
from sidecar.domain import phone
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.domain.spoken import NewConsent, OrderConsent
from sidecar.intake.desk import Desk, Stationery
from sidecar.intake.wish import Wish
from sidecar.intake.wording import Wording
from sidecar.policy.occasion import Entrance
from sidecar.storage.consents import OWN_WORD, Saying
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages
from sidecar.storage.types import AnyRow

LONGEST_EVIDENCE = 64


@dataclass(frozen=True, slots=True)
class Agreement:
    """`number` as people write it, in `country` ("": the shop's); `wording` is what they were shown, `evidence` an id
    under which the same thing said twice counts once."""

    number: str
    country: str
    purpose: Purpose
    standing: Standing
    source: str
    wording: str = ""
    ip: str = ""
    locale: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """What stands for one number, by purpose, and every change of mind, the latest first."""

    number: Number
    standings: dict[Purpose, Standing]
    history: list[AnyRow]


class Agreements:
    """`double` tells of a country whether advertising needs a second yes there."""

    def __init__(
        self,
        database: Database,
        messages: Messages,
        stationery: Stationery,
        optouts: OptOuts,
        double: Callable[[str], bool],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._messages = messages
        self._stationery = stationery
        self._optouts = optouts
        self._double = double
        self._clock = clock

    def of(self, shop: Shop, number: str, country: str = "") -> Register:
        """Raises `Refused`."""
        known = _number(shop, number, country)
        person = shop.id, known.e164
        consents = self._stationery.consents
        with self._database.read() as connection:
            standings = dict(consents.standings(connection, [person]).get(person, {}))
            return Register(known, standings, consents.history(connection, person))

    def say(self, shop: Shop, told: Agreement) -> Standing:
        """Returns what stands now: a yes to advertising may be pending until it is confirmed by text. Raises
        `Refused`."""
        with self._database.write() as connection:
            stands = self.say_within(connection, shop, told)
            self._database.ring(connection)
        return stands

    def say_within(self, connection: Connection, shop: Shop, told: Agreement) -> Standing:
        number, now = _number(shop, told.number, told.country), self._clock()
        if told.standing is not Standing.OUT and not told.wording.strip():
            raise Refused("wording_needed", "A consent is proved by what the person was shown: give `wording`.")
        person = shop.id, number.e164
        desk = self._stationery.desk(connection, {shop.id}, {person}, now)
        if told.evidence and self._stationery.consents.is_kept(connection, person, told.purpose, told.evidence):
            return self._stationery.consents.standings(connection, [person]).get(person, {})[told.purpose]
        if told.standing is Standing.OUT:
            said = Said(told.source, told.wording, told.locale, told.ip, told.evidence)
            self._optouts.leave(connection, person, said, now, {told.purpose})
            return Standing.OUT
        return self._agreed(connection, shop, number, told, desk, now)

    def of_order(
        self, connection: Connection, shop: Shop, order_id: str, number: Number, consents: Sequence[OrderConsent]
    ) -> None:
        """What was ticked at the checkout, however often the order is told of. A tick undoes no STOP."""
        for ticked in consents:
            purpose = Purpose(ticked.purpose)
            told = Agreement(
                number.e164,
                number.country,
                purpose,
                Standing.IN,
                "checkout",
                ticked.wording,
                ticked.ip,
                ticked.locale,
                f"order:{order_id}"[:LONGEST_EVIDENCE],
            )
            with suppress(Refused):
                self.say_within(connection, shop, told)

    def _agreed(
        self, connection: Connection, shop: Shop, number: Number, told: Agreement, desk: Desk, now: datetime
    ) -> Standing:
        person, consents = (shop.id, number.e164), self._stationery.consents
        standings = consents.standings(connection, [person]).get(person, {})
        if standings.get(Purpose.ORDERS) is Standing.OUT and self._own_word(connection, person):
            raise Refused(
                "said_stop", "This person told us to stop texting: they alone can undo that, by replying START."
            )
        doubly = told.purpose is Purpose.MARKETING and self._double(number.country)
        stands = Standing.IN if not doubly or standings.get(told.purpose) is Standing.IN else Standing.PENDING
        saying = Saying(*person, told.purpose, stands, told.source, told.wording, told.locale, told.ip, told.evidence)
        consents.record(connection, [saying], now)
        if stands is Standing.PENDING:
            self._messages.add(connection, [desk.write(self._request(connection, shop, number, told, now))], now)
        return stands

    def _own_word(self, connection: Connection, person: tuple[str, str]) -> bool:
        history = self._stationery.consents.history(connection, person)
        last = next((row for row in history if row.purpose == Purpose.ORDERS), None)
        return last is not None and last.source in OWN_WORD

    def _request(self, connection: Connection, shop: Shop, number: Number, told: Agreement, now: datetime) -> Wish:
        """Once a day at most, however often the shop passes the same yes on."""
        return Wish(
            shop=shop,
            entrance=Entrance.QUESTION,
            event="opt_in_request",
            dedupe_key=f"{CONFIRM_MARKETING}:{self._stationery.consents.name_of(number.e164)}:{now:%Y-%m-%d}",
            template=Wording(connection, {shop.id}).text(shop, CONFIRM_MARKETING, told.locale),
            context=Context("", shop=shop.settings.sender or shop.name),
            number=number,
            event_at=now,
            why={"source": told.source, "rule": "double_opt_in"},
        )


def agreement(told: NewConsent) -> Agreement:
    return Agreement(
        told.number,
        told.country,
        Purpose(told.purpose),
        Standing(told.standing),
        told.source,
        told.wording,
        told.ip,
        told.locale,
        told.evidence or "",
    )


def _number(shop: Shop, written: str, country: str) -> Number:
    number = phone.read(written, country or shop.settings.country)
    if isinstance(number, NoNumber):
        raise Refused("bad_number", f"This is no number that can be texted ({number.reason}): give it in full.")
    return number
