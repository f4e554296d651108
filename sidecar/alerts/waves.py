"""Waves: a product is back, and those who asked are told, first come first served, as many as the stock can serve.

What is true is asked of the tables at every step, so that it does not matter who dies where: a wish is waiting, or its
one text of this wave is written, and both change in one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from sidecar.alerts.lastlook import ALERT, OUT_AGAIN
from sidecar.catalog.context import Context
from sidecar.domain import phone
from sidecar.domain.shop import Shop
from sidecar.domain.status import BILLABLE, MessageState
from sidecar.domain.stock import AlertState, StockRecord
from sidecar.domain.timetable import Timetable
from sidecar.intake.desk import Desk, Stationery
from sidecar.intake.wish import Wish
from sidecar.intake.wording import Wording
from sidecar.links import Links
from sidecar.policy.modes import objection_to_alert
from sidecar.policy.occasion import Entrance
from sidecar.policy.stock import places_left
from sidecar.storage import alert_texts, alerts, shops, stock
from sidecar.storage.alerts import Alert, Turn
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, NewMessage, Step
from sidecar.storage.stock import StockKey
from sidecar.storage.types import AnyRow

BATCH = 100
MOST_UNDER_WAY = 1000
"""Texts for one product that are written and have not left: as many as a worker needs so as not to wait, and few
enough to be taken back at once."""

LOOK_AGAIN = timedelta(seconds=60)
"""While alerts are paused, or something is wrong: somebody mends it, and nobody tells us."""

ROOM_AGAIN = timedelta(seconds=1)
ENDING_PAGE = "e"
_AT_ONCE = 20
_ABOUT_THE_PERSON = frozenset({"opted_out", "no_number", "invalid_number", "landline", "not_mobile", "blocked"})
"""Whoever cannot be texted today cannot be tomorrow either. Other reasons pass, and the wish waits on."""

log = structlog.get_logger()


class Waves:
    def __init__(
        self,
        database: Database,
        messages: Messages,
        stationery: Stationery,
        links: Links,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._messages = messages
        self._stationery = stationery
        self._links = links
        self._clock = clock

    def timetable(self) -> Timetable:
        return [(0.5, self.work), (30.0, self.expire)]

    def work(self) -> int:
        """Take back what is untrue, note what has left, write what is due; returns how many texts were written."""
        written = 0
        for _ in range(_AT_ONCE):
            moved = self.take_back() + self.settle()
            fresh = self.write()
            written += fresh
            if not moved + fresh:
                break
        return written

    def take_back(self) -> int:
        """Sold out again before they left: nobody is texted, and all keep their places."""
        if not self._any_under_way():
            return 0
        now = self._clock()
        with self._database.write() as connection:
            keys = alert_texts.to_take_back(connection, BATCH)
            steps = [Step(*key, MessageState.CANCELLED, {"reason": OUT_AGAIN}, {"reason": OUT_AGAIN}) for key in keys]
            return sum(self._messages.advance(connection, steps, now))

    def settle(self) -> int:
        """Whose text has left has been told; whose text will not leave waits on."""
        if not self._any_under_way():
            return 0
        now = self._clock()
        with self._database.write() as connection:
            rows = alert_texts.decided(connection, BATCH)
            turns = [_turn_after(row, now) for row in rows]
            alerts.settle(connection, turns, now)
            self._have_another(connection, rows, turns, now)
        return len(rows)

    def write(self) -> int:
        with self._database.read() as connection:
            due = stock.due(connection, self._clock(), _AT_ONCE)
        return sum(self._write_or_postpone(key) for key in due)

    def expire(self) -> int:
        ended, fresh = 0, BATCH
        while fresh == BATCH:
            with self._database.write(quietly=True) as connection:
                fresh = alerts.expire(connection, self._clock(), BATCH)
            ended += fresh
        return ended

    def _any_under_way(self) -> bool:
        with self._database.read() as connection:
            return alert_texts.any_texting(connection)

    def _have_another(
        self, connection: Connection, rows: Sequence[AnyRow], turns: Sequence[Turn], now: datetime
    ) -> None:
        """Who was not told after all may be the last who waits, with no wave planned any more."""
        back = [row for row, turn in zip(rows, turns, strict=True) if turn.state is AlertState.WAITING]
        known = shops.several(connection, {row.shop_id for row in back})
        for row in back:
            pause = timedelta(minutes=known[row.shop_id].settings.alert_pause_minutes)
            stock.wake(connection, [(row.shop_id, row.product_id, row.variation_id)], now + pause)

    def _write_or_postpone(self, key: StockKey) -> int:
        """What goes wrong with one product must not keep the others waiting."""
        try:
            return self._write(key)
        except Exception:
            log.exception("a wave could not be written; it is tried again", shop_id=key[0], product_id=key[1])
            with self._database.write() as connection:
                stock.postpone(connection, key, self._clock() + LOOK_AGAIN)
            return 0

    def _write(self, key: StockKey) -> int:
        """One batch of one wave, in one transaction; returns how many texts were written."""
        now = self._clock()
        with self._database.write() as connection:
            record = stock.take_due(connection, key, now)
            if record is None:
                return 0
            shop = shops.several(connection, {key[0]}).get(key[0])
            if shop is None:
                stock.save(connection, {key: replace(record, next_wave_at=None)})
                return 0
            batch = _Batch(connection, shop, key, record, now)
            messages = batch.write(self._stationery, self._links)
            self._messages.add(connection, messages, now)
            stock.save(connection, {key: batch.record})
            self._database.ring(connection)
        return len(messages)


class _Batch:
    """The next few of a wave. `record` is the stock as it stands after them."""

    def __init__(self, connection: Connection, shop: Shop, key: StockKey, record: StockRecord, now: datetime) -> None:
        self._connection = connection
        self._shop = shop
        self._key = key
        self._now = now
        self.record = record
        self.turns: list[Turn] = []
        self._openings: list[datetime] = []

    def write(self, stationery: Stationery, links: Links) -> list[NewMessage]:
        settings = self._shop.settings
        if objection_to_alert(settings.mode, settings.stock_managed, settings.alerts_enabled):
            self.record = replace(self.record, next_wave_at=self._now + LOOK_AGAIN)
            return []
        under_way = alert_texts.under_way(self._connection, self._key, self.record.wave)
        left = places_left(self.record, settings.alert_factor, under_way.earlier)
        room = MOST_UNDER_WAY - under_way.all
        if room <= 0:
            self.record = replace(self.record, next_wave_at=self._now + ROOM_AGAIN)
            return []
        wanted = min(BATCH, room, BATCH if left is None else left)
        line = alerts.next_in_line(self._connection, self._key, self.record.wave, wanted) if wanted else []
        messages = self._texts(line, stationery, links)
        alerts.consider(self._connection, self.turns, self._now)
        if line and len(self._openings) == len(line):
            self._wait_for(min(self._openings))
        elif len(line) < wanted or (left is not None and self._placed(messages) >= left):
            self._close()
        return messages

    def _texts(self, line: Sequence[Alert], stationery: Stationery, links: Links) -> list[NewMessage]:
        people = {(alert.shop_id, alert.number) for alert in line}
        desk = stationery.desk(self._connection, {self._shop.id}, people, self._now)
        wording = Wording(self._connection, {self._shop.id})
        return [message for alert in line if (message := self._text(alert, desk, wording, links))]

    def _text(self, alert: Alert, desk: Desk, wording: Wording, links: Links) -> NewMessage | None:
        """What is written; nothing where something stands against it that will pass."""
        message = desk.write(self._wish(alert, wording, links))
        refused = str(message.columns["reason"]) if message.columns["state"] == MessageState.SUPPRESSED else ""
        if message.columns["state"] == MessageState.HELD:
            # Written now, it would be old at the opening, and so would be what is known of the stock.
            self._openings.append(message.columns["due_at"])
            refused = str(message.columns["reason"])
        if refused:
            ends = refused in _ABOUT_THE_PERSON
            state = AlertState.ENDED if ends else AlertState.WAITING
            self.turns.append(Turn(alert.shop_id, alert.id, state, refused, self.record.wave))
            return message if ends else None
        place = self.record.drafted + 1
        self.record = replace(self.record, drafted=place)
        self.turns.append(Turn(alert.shop_id, alert.id, AlertState.TEXTING, "", self.record.wave, place))
        return message

    def _wish(self, alert: Alert, wording: Wording, links: Links) -> Wish:
        told = Context(
            number="",
            shop=self._shop.settings.sender or self._shop.name,
            product=self.record.name,
            product_url=self.record.url,
            link=links.to(ENDING_PAGE, alert.id),
        )
        return Wish(
            shop=self._shop,
            entrance=Entrance.ALERT,
            event=ALERT,
            dedupe_key=alert_texts.dedupe_key(alert.id, self.record.wave),
            template=wording.text(self._shop, "product_available", alert.locale),
            context=told,
            number=phone.read(alert.number, ""),
            event_at=self._now,
            subject_id=alert.id,
            why={"source": "stock", "wave": self.record.wave, "place": self.record.drafted + 1},
        )

    def _wait_for(self, opening: datetime) -> None:
        """None of these may be told at this hour, so the rest are not even asked about."""
        next_wave_at = max(opening, self._now + LOOK_AGAIN)
        self.record = replace(self.record, wave=self.record.wave + 1, drafted=0, next_wave_at=next_wave_at)

    def _placed(self, messages: Sequence[NewMessage]) -> int:
        return sum(message.columns["state"] != MessageState.SUPPRESSED for message in messages)

    def _close(self) -> None:
        """The wave is written. Those who come to buy have the pause before the next are told."""
        pause = timedelta(minutes=self._shop.settings.alert_pause_minutes)
        waiting = alerts.anybody_waits(self._connection, self._key)
        self.record = replace(
            self.record, wave=self.record.wave + 1, drafted=0, next_wave_at=self._now + pause if waiting else None
        )


def _turn_after(row: AnyRow, now: datetime) -> Turn:
    """What has left, or may have, counts as told: nobody is texted twice."""
    state = MessageState(row.message_state)
    if row.sent_at or state is MessageState.UNKNOWN:
        return Turn(row.shop_id, row.id, AlertState.TEXTED, row.message_reason, texted_at=row.sent_at or now)
    if state in BILLABLE:
        return Turn(row.shop_id, row.id, AlertState.TEXTED, texted_at=now)
    if row.message_reason in _ABOUT_THE_PERSON:
        return Turn(row.shop_id, row.id, AlertState.ENDED, row.message_reason)
    return Turn(row.shop_id, row.id, AlertState.WAITING, row.message_reason)
