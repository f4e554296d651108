"""One-time codes by which shoppers show at the checkout that a number is theirs."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import structlog
from sqlalchemy import Connection

from sidecar.catalog.context import Context
from sidecar.domain import phone
from sidecar.domain.address import network
from sidecar.domain.codes import MINUTES, MOST_TRIES, VALID, Sample
from sidecar.domain.ids import new_id
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import Shop
from sidecar.intake.desk import Stationery
from sidecar.intake.wish import Wish
from sidecar.intake.wording import Wording
from sidecar.policy.codes import SAMPLE_SIZE, looks_pumped, objection_to_code, wait_after
from sidecar.policy.occasion import Entrance
from sidecar.storage import locks
from sidecar.storage import verifications as storage
from sidecar.storage.database import Database
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.messages import Messages
from sidecar.storage.verifications import CONFIRMED, SENT, WITHHELD, Verification

TEXT = "one_time_code"
EVENT = "code"
MOST_SENDS = 5
RESENT_WITHIN = timedelta(minutes=30)
TRY_AGAIN_IN = timedelta(hours=1)

log = structlog.get_logger()


class CodeRefused(Exception):
    """`code` is stable. `wait`: seconds until it is worth trying again, 0 for never; `tries_left` of a wrong code."""

    def __init__(self, code: str, wait: float = 0.0, tries_left: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.wait = ceil(wait)
        self.tries_left = tries_left


class NumberRefused(CodeRefused):
    """The number cannot be texted at all; `code` says why."""


class NotSent(CodeRefused):
    """Something of the shop's own, or of this system, stands against sending; `code` is the reason."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a shop passes on of a shopper. `to` is the number as typed, in `country` (empty: the shop's); `ip` the
    shopper's address; `subject` what the code is for, in the shop's own words; `domain` the page's host, for
    browsers that fill the code in."""

    to: str
    ip: str
    subject: str
    country: str = ""
    locale: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """How codes fare in a shop: sent in the last hour, and the prefixes at which they are stopped."""

    sent: int
    limit: int
    stopped: dict[str, Sample]


class Codes:
    """`draw` gives a number below another that nobody can foresee."""

    def __init__(
        self,
        database: Database,
        messages: Messages,
        stationery: Stationery,
        fingerprints: Fingerprints,
        draw: Callable[[int], int],
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._messages = messages
        self._stationery = stationery
        self._fingerprints = fingerprints
        self._draw = draw
        self._clock = clock

    def ask(self, shop: Shop, asked: Asked) -> Verification:
        """Send a code. The answer is the same for a number that said no to the shop, which gets none. Who presses
        twice gets one. Raises `CodeRefused`."""
        now = self._clock()
        number = phone.read(asked.to, asked.country or shop.settings.country)
        if isinstance(number, NoNumber):
            raise NumberRefused(number.reason)
        wanted = self._wanted(shop, asked, number, now)
        with self._database.write() as connection:
            locks.hold_codes(connection, shop.id)
            pressed_before = now - wait_after(1)
            if standing := storage.just_asked(connection, shop.id, wanted.number, wanted.subject, pressed_before):
                return standing
            self._allow(connection, shop, wanted, now)
            sent, reason = self._send(connection, shop, wanted, number)
            storage.add(connection, sent)
            self._database.ring(connection)
        return _told(sent, reason)

    def resend(self, shop: Shop, verification_id: str) -> Verification:
        """A new code in place of the one before, whose tries count on. Raises `CodeRefused`."""
        now = self._clock()
        with self._database.write() as connection:
            locks.hold_codes(connection, shop.id)
            before = storage.find(connection, shop.id, verification_id)
            if before is None:
                raise CodeRefused("unknown_verification")
            _may_be_sent_again(before, now)
            self._allow(connection, shop, before, now)
            number = phone.read(before.number, "")
            again = replace(before, sends=before.sends + 1, sent_at=now, expires_at=now + VALID)
            sent, reason = self._send(connection, shop, again, number)
            storage.send_again(connection, sent)
            self._database.ring(connection)
        return _told(sent, reason)

    def check(self, shop: Shop, verification_id: str, code: str, subject: str | None = None) -> Verification:
        """The verification, confirmed once and by the right code only. With `subject`, only for that. A wrong code
        is counted. Raises `CodeRefused`."""
        now = self._clock()
        with self._database.write() as connection:
            tried = storage.take_try(connection, shop.id, verification_id, MOST_TRIES, now)
            right = tried is not None and self._is_right(tried, code, subject)
            if right:
                storage.confirm(connection, shop.id, verification_id, now)
            standing = storage.find(connection, shop.id, verification_id)
        if not right or standing is None:
            raise _why_not(standing, tried is not None, now)
        return standing

    def overview(self, shop: Shop) -> Overview:
        now = self._clock()
        with self._database.read() as connection:
            sent = sum(storage.sent_by_country(connection, shop.id, now).values())
            samples = storage.samples(connection, shop.id, SAMPLE_SIZE, now)
        stopped = {prefix: sample for prefix, sample in sorted(samples.items()) if looks_pumped(sample)}
        return Overview(sent, shop.settings.code_limit_per_hour, stopped)

    def lift(self, shop: Shop, prefix: str) -> None:
        """Send codes to numbers that begin so again: what was sent before counts no more. Raises `CodeRefused`."""
        now = self._clock()
        with self._database.write() as connection:
            locks.hold_codes(connection, shop.id)
            sample = storage.samples(connection, shop.id, SAMPLE_SIZE, now, prefix).get(prefix, Sample())
            if not looks_pumped(sample):
                raise CodeRefused("not_stopped")
            storage.lift_stop(connection, shop.id, prefix, now)
        log.warning("a stop of codes was lifted by hand", shop_id=shop.id, prefix=prefix)

    def _wanted(self, shop: Shop, asked: Asked, number: Number, now: datetime) -> Verification:
        return Verification(
            shop_id=shop.id,
            id=new_id("vrf", now, self._stationery.random_bits),
            number=number.e164,
            country=number.country,
            prefix=phone.prefix(number.e164),
            ip=network(asked.ip),
            subject=asked.subject,
            locale=asked.locale,
            domain=asked.domain,
            code_digest="",
            state=SENT,
            tries=0,
            sends=1,
            created_at=now,
            sent_at=now,
            expires_at=now + VALID,
        )

    def _allow(self, connection: Connection, shop: Shop, wanted: Verification, now: datetime) -> None:
        sent = storage.sent_lately(connection, shop.id, wanted.number, wanted.ip, wanted.prefix, SAMPLE_SIZE, now)
        objection = objection_to_code(shop.settings, wanted.country, sent, storage.weights(connection))
        if objection:
            log.warning("a code was refused", shop_id=shop.id, reason=objection, prefix=wanted.prefix)
            raise CodeRefused(objection, TRY_AGAIN_IN.total_seconds() if objection == "code_limit" else 0.0)

    def _send(
        self, connection: Connection, shop: Shop, wanted: Verification, number: Number | NoNumber
    ) -> tuple[Verification, str]:
        """With its code on the way, or the reason why that is not sent."""
        code = f"{self._draw(10**6):06}"
        wish = Wish(
            shop=shop,
            entrance=Entrance.CODE,
            event=EVENT,
            dedupe_key=f"{wanted.id}:{wanted.sends}",
            template=Wording(connection, {shop.id}).text(shop, TEXT, wanted.locale),
            context=Context(code=code, domain=wanted.domain, minutes=MINUTES, shop=shop.settings.sender or shop.name),
            number=number,
            event_at=wanted.sent_at,
            subject_id=wanted.id,
            why={"source": EVENT, "sending": wanted.sends},
        )
        people = {wish.person} if wish.person else set()
        message = self._stationery.desk(connection, {shop.id}, people, wanted.sent_at).write(wish)
        self._messages.add(connection, [message], wanted.sent_at)
        reason = message.refused
        digest = self._digest(wanted, code)
        return replace(wanted, code_digest=digest, state=storage.state_after(reason)), reason

    def _is_right(self, tried: Verification, code: str, subject: str | None) -> bool:
        same = hmac.compare_digest(tried.code_digest, self._digest(tried, code))
        return same and tried.state == SENT and subject in (None, tried.subject)

    def _digest(self, of: Verification, code: str) -> str:
        return self._fingerprints.of("one-time code", of.shop_id, of.id, of.number, code)


def resend_at(of: Verification) -> datetime:
    return of.sent_at + wait_after(of.sends)


def _may_be_sent_again(before: Verification, now: datetime) -> None:
    if before.state == CONFIRMED:
        raise CodeRefused("code_used")
    if before.tries >= MOST_TRIES:
        raise CodeRefused("code_spent")
    if before.sends >= MOST_SENDS or now >= before.created_at + RESENT_WITHIN:
        raise CodeRefused("code_limit")
    if now < resend_at(before):
        raise CodeRefused("code_too_soon", (resend_at(before) - now).total_seconds())


def _told(sent: Verification, reason: str) -> Verification:
    if sent.state == WITHHELD:
        raise NotSent(reason)
    return sent


def _why_not(standing: Verification | None, tried: bool, now: datetime) -> CodeRefused:
    if standing is None:
        return CodeRefused("unknown_verification")
    if tried:
        return CodeRefused("code_wrong", tries_left=MOST_TRIES - standing.tries)
    if standing.state == CONFIRMED:
        return CodeRefused("code_used")
    return CodeRefused("code_spent" if standing.tries >= MOST_TRIES else "code_expired")
