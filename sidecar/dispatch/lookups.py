"""Settle messages whose answer was lost: ask the provider, never send again on a guess."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from sidecar.domain.message import LostMessage
from sidecar.domain.outcome import CannotTell, Found, LookUp, NotFound
from sidecar.domain.retry import LOOK_UP_GRACE, look_up_delay
from sidecar.domain.status import MessageState
from sidecar.domain.timetable import Timetable
from sidecar.providers.base import Provider
from sidecar.storage import outbox
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages, Step
from sidecar.storage.outbox import Claimed
from sidecar.storage.tables import CURRENCY, PROVIDER_ID, fitting

LONGEST_TURN = timedelta(seconds=5)
LONGEST_ASKING = timedelta(minutes=1)

log = structlog.get_logger()


class LookUps:
    def __init__(
        self,
        database: Database,
        messages: Messages,
        provider_of: Callable[[str], Provider],
        clock: Callable[[], datetime],
        unseal: Callable[[str], str],
    ) -> None:
        self._database = database
        self._messages = messages
        self._provider_of = provider_of
        self._clock = clock
        self._unseal = unseal

    def timetable(self) -> Timetable:
        return [(1.0, self.work)]

    def work(self) -> int:
        """Ask about each message that is due for it; returns how many were asked about."""
        started, asked = self._clock(), 0
        while self._clock() - started < LONGEST_TURN and (message := self._take()):
            self._settle(message)
            asked += 1
        return asked

    def _take(self) -> Claimed | None:
        """One at a time: whoever is killed while asking leaves one message to be asked about later, not many."""
        now = self._clock()
        with self._database.read() as connection:
            if not outbox.any_message(connection, outbox.fate_is_due(now)):
                return None
        with self._database.write() as connection:
            return next(iter(outbox.take_unknown(connection, now, again_at=now + LONGEST_ASKING, limit=1)), None)

    def _settle(self, message: Claimed) -> None:
        answer = self._ask(message)
        now = self._clock()
        with self._database.write() as connection:
            if step := _step(message, answer, now):
                self._messages.advance(connection, [step], now)
            else:
                outbox.ask_again(connection, message, _next_question(message, answer, now))

    def _ask(self, message: Claimed) -> LookUp:
        try:
            provider = self._provider_of(message.account_id)
            if not provider.capabilities.look_up and provider.capabilities.idempotent:
                return self._may_repeat(message, provider)
            return provider.look_up(self._lost(message))
        except Exception as error:
            log.exception("a look-up failed", message_id=message.id)
            return CannotTell(type(error).__name__)

    def _lost(self, message: Claimed) -> LostMessage:
        return LostMessage(
            id=message.id,
            to=message.to,
            text=message.words(self._unseal).text,
            sent_after=message.claimed_at,
            provider_id=message.provider_id,
            channel=message.channel,
        )

    def _may_repeat(self, message: Claimed, provider: Provider) -> LookUp:
        """A provider that knows our reference takes a repeated send for the same one, as long as it remembers.
        A batch goes under a reference of its own, so that what it may have carried would arrive twice."""
        if message.batch_key and provider.capabilities.batch_size > 1:
            return CannotTell("it may have left in a batch, under another reference", never=True)
        memory = timedelta(hours=provider.capabilities.idempotent_hours)
        if self._clock() - message.created_at < memory:
            return NotFound()
        return CannotTell("the provider has forgotten our reference", never=True)


def _step(message: Claimed, answer: LookUp, now: datetime) -> Step | None:
    match answer:
        case Found():
            provider_id = fitting(answer.provider_id, PROVIDER_ID) or None
            columns: dict[str, Any] = {
                "provider_id": provider_id,
                "sent_at": message.claimed_at,
                "reason": answer.reason,
                "sealed": None,
            }
            if answer.price is not None:
                columns |= {"price": answer.price, "currency": answer.currency and fitting(answer.currency, CURRENCY)}
            if answer.state in (MessageState.DELIVERED, MessageState.READ):
                columns["delivered_at"] = now
            return Step(*message.key, answer.state, columns, {"look_up": "found", "reason": answer.reason})
        case NotFound() if now - message.claimed_at >= LOOK_UP_GRACE:
            columns = {"due_at": now, "reason": "not_at_provider"}
            return Step(
                *message.key, MessageState.QUEUED, columns, {"look_up": "not found", "reason": "not_at_provider"}
            )
    return None


def _next_question(message: Claimed, answer: LookUp, now: datetime) -> datetime | None:
    """When to ask again; None where asking cannot help, and the message stays unknown for a person to judge."""
    if isinstance(answer, CannotTell) and answer.never:
        return None
    return now + look_up_delay(message.checks) if now < message.expires_at else None
