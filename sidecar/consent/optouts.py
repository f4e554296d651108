"""Who wants no more texts gets none: what was said is kept as proof, and what still waits for them is cancelled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from sidecar.domain.capabilities import WHATSAPP
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.status import WAITING, MessageState
from sidecar.storage import locks, waiting
from sidecar.storage.consents import Consents, Person, Saying
from sidecar.storage.messages import MessageKey, Messages, Recipient, Step, recipients_of

OPTED_OUT = "opted_out"
EVERY_PURPOSE = frozenset(Purpose)
_REFUSED = (MessageState.REJECTED, MessageState.UNDELIVERED)
MARKETING = "marketing"
_TEXTED_AS_EVER = frozenset({Purpose.ORDERS, Purpose.STOCK_ALERTS})


@dataclass(frozen=True, slots=True)
class Said:
    """How somebody told us: `source` in a word, their `wording`, and the id of what proves it."""

    source: str
    wording: str = ""
    locale: str = ""
    ip: str = ""
    evidence: str = ""


class OptOuts:
    def __init__(self, messages: Messages, consents: Consents) -> None:
        self._messages = messages
        self._consents = consents

    def leave(
        self,
        connection: Connection,
        person: Person,
        said: Said,
        now: datetime,
        purposes: Collection[Purpose] = EVERY_PURPOSE,
    ) -> bool:
        """No more texts for these purposes; returns whether that is news."""
        locks.hold_people(connection, [person])
        standing = self._consents.standings(connection, [person]).get(person, {})
        self._record(connection, person, dict.fromkeys(purposes, Standing.OUT), said, now)
        self._cancel(connection, waiting.waiting_for(connection, *person, purposes), said, now)
        return any(standing.get(purpose) is not Standing.OUT for purpose in purposes)

    def come_back(self, connection: Connection, person: Person, said: Said, now: datetime) -> bool:
        """Undo an opt-out; returns whether there was one. Advertising is agreed to again only by who had agreed to it
        before: a START is no new consent to that."""
        locks.hold_people(connection, [person])
        standing = self._consents.standings(connection, [person]).get(person, {})
        left = {purpose for purpose, stands in standing.items() if stands is Standing.OUT}
        agreed = self._consents.before_leaving(connection, person, Purpose.MARKETING) if left else None
        purposes = _TEXTED_AS_EVER | ({Purpose.MARKETING} & left if agreed is Standing.IN else set())
        self._record(connection, person, dict.fromkeys(purposes, Standing.IN), said, now)
        return bool(left & purposes)

    def people_of(self, connection: Connection, steps: Iterable[Step]) -> set[Person]:
        """Whose consents `after_sends` will look at. They are to be held before the messages are, as whoever writes a
        text does it: two transactions that hold them the other way round would wait for each other."""
        keys = [step.key for step in steps if _is_refused(step) or step.state in WAITING]
        return {row.person for row in recipients_of(connection, keys).values()} if keys else set()

    def before_sends(self, connection: Connection, steps: Iterable[Step]) -> None:
        if people := self.people_of(connection, steps):
            locks.hold_people(connection, people)

    def after_sends(self, connection: Connection, steps: Sequence[Step], now: datetime) -> None:
        """After these steps of messages, in the transaction that holds their people: whom a provider does not reach
        because they told it to stop has told the shop; and what goes back to wait while somebody opted out waits no
        more."""
        refused = [step for step in steps if _is_refused(step)]
        returned = [step for step in steps if step.state in WAITING]
        if not refused and not returned:
            return
        rows = recipients_of(connection, [step.key for step in (*refused, *returned)])
        for row in _standing_as_told(refused, rows.values()):
            self._refused_by_provider(connection, row, now)
        self._withdraw(connection, _standing_as_told(returned, rows.values()), now)

    def _refused_by_provider(self, connection: Connection, row: Recipient, now: datetime) -> None:
        standing = self._consents.standings(connection, [row.person]).get(row.person, {})
        purposes = _told_by(row)
        if any(standing.get(purpose) is not Standing.OUT for purpose in purposes):
            self.leave(connection, row.person, Said("provider", evidence=row.id), now, purposes)

    def _withdraw(self, connection: Connection, rows: Sequence[Recipient], now: datetime) -> None:
        standings = self._consents.standings(connection, {row.person for row in rows})
        for person in standings:
            out = [purpose for purpose, stands in standings[person].items() if stands is Standing.OUT]
            mine = {row.key for row in rows if row.person == person}
            keys = [key for key in waiting.waiting_for(connection, *person, out) if key in mine]
            self._cancel(connection, keys, Said("register"), now)

    def _record(
        self, connection: Connection, person: Person, standings: dict[Purpose, Standing], said: Said, now: datetime
    ) -> None:
        told = (said.source, said.wording, said.locale, said.ip, said.evidence)
        sayings = [Saying(*person, purpose, standings[purpose], *told) for purpose in sorted(standings)]
        self._consents.record(connection, sayings, now)

    def _cancel(self, connection: Connection, keys: Iterable[MessageKey], said: Said, now: datetime) -> None:
        why = {"reason": OPTED_OUT, "source": said.source, "evidence": said.evidence}
        columns = {"reason": OPTED_OUT, "sealed": None}
        self._messages.advance(connection, [Step(*key, MessageState.CANCELLED, columns, why) for key in keys], now)


def _told_by(row: Recipient) -> frozenset[Purpose]:
    """On WhatsApp people stop a shop's advertising by a switch of its own, and go on getting the rest."""
    only_advertising = row.channel == WHATSAPP and row.category == MARKETING
    return frozenset({Purpose.MARKETING}) if only_advertising else EVERY_PURPOSE


def _is_refused(step: Step) -> bool:
    return step.state in _REFUSED and step.columns.get("reason") == OPTED_OUT


def _standing_as_told(steps: Sequence[Step], rows: Iterable[Recipient]) -> list[Recipient]:
    """Those of whom the step was taken."""
    told = {(*step.key, step.state) for step in steps}
    return [row for row in rows if (*row.key, row.state) in told]
