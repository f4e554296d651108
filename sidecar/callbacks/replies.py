"""What customers wrote: kept once, understood, acted upon, and passed on to the shop it is for."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from sidecar.callbacks.answering import Counter, Understood
from sidecar.consent.optouts import OptOuts
from sidecar.consent.questions import Questions
from sidecar.domain import phone
from sidecar.domain.ids import new_id
from sidecar.domain.outcome import Inbound
from sidecar.domain.phone import Number
from sidecar.domain.shop import Shop
from sidecar.intake.desk import Stationery
from sidecar.intake.wish import Person
from sidecar.intake.wording import Wording
from sidecar.policy.keywords import languages_of
from sidecar.policy.replying import Meaning, Written, answer_key, meaning_of, provider_answers
from sidecar.providers.base import Provider
from sidecar.storage import accounts, replies, shops
from sidecar.storage.messages import Messages
from sidecar.storage.replies import NOBODY, NewReply
from sidecar.storage.tables import CHANNEL, NUMBER, PROVIDER_ID, fitting
from sidecar.storage.types import AnyRow

LONGEST_TEXT = 2000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """A customer's message as an account's provider brought it; `callback_id` and `place` name it where the provider
    does not."""

    account_id: str
    callback_id: str
    place: int
    received_at: datetime
    inbound: Inbound


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A letter that is news, beside the text it answers, if any."""

    letter: Letter
    reply: NewReply
    answered: AnyRow | None


class Replies:
    """`provider_answers` tells of an account whether its provider answers a STOP itself."""

    def __init__(
        self,
        messages: Messages,
        stationery: Stationery,
        optouts: OptOuts,
        provider_answers: Callable[[Connection, str], bool],
    ) -> None:
        self._messages = messages
        self._stationery = stationery
        self._optouts = optouts
        self._provider_answers = provider_answers

    def take_in(
        self, connection: Connection, letters: Sequence[Letter], others: Collection[Person], now: datetime
    ) -> None:
        """In the transaction that settles their callbacks. However often one is brought, it counts once. `others` are
        people whom the transaction will need besides: all are held at once, or two might wait for each other."""
        arrived = [self._addressed(connection, letter) for letter in letters]
        news = replies.keep(connection, [arrival.reply for arrival in arrived])
        fresh = [arrival for arrival in arrived if arrival.reply.id in news]
        if fresh:
            self._act_on(connection, fresh, others, now)

    def _act_on(
        self, connection: Connection, arrivals: Sequence[_Arrival], others: Collection[Person], now: datetime
    ) -> None:
        """What is held for all of them, the orders asked about before the people, as whoever needs both does it."""
        shop_ids = {arrival.reply.shop_id for arrival in arrivals} - {NOBODY}
        people = {(a.reply.shop_id, a.reply.number) for a in arrivals if a.reply.shop_id in shop_ids}
        questions = Questions(connection, self._stationery.consents, people, now)
        desk = self._stationery.desk(connection, shop_ids, people | set(others), now)
        known = shops.several(connection, shop_ids)
        counter = Counter(connection, self._messages, self._optouts, self._stationery, desk, questions, now)
        wording = Wording(connection, shop_ids)
        for arrival in arrivals:
            if shop := known.get(arrival.reply.shop_id):
                counter.serve(self._understood(connection, shop, arrival, questions), wording)
            else:
                replies.understood(connection, arrival.reply, Meaning.REPLY, None, None)

    def _understood(self, connection: Connection, shop: Shop, arrival: _Arrival, questions: Questions) -> Understood:
        reply, answered = arrival.reply, arrival.answered
        number = phone.read(reply.number, "")
        asked = questions.open_to(shop.id, reply.number, reply.message_id)
        locale = answered.locale if answered and answered.locale else shop.settings.locale
        written = Written(
            text=reply.text,
            languages=languages_of(locale, shop.settings.locale),
            country=number.country if isinstance(number, Number) else "",
            question=asked.question if asked else None,
            answers=shop.settings.answers,
            acted=arrival.letter.inbound.wish,
        )
        return Understood(
            shop=shop,
            reply=reply,
            answered=answered,
            number=number,
            locale=locale,
            meaning=meaning_of(written),
            order_id=(asked.order_id if asked else None) or replies.last_order(connection, shop.id, reply.number),
            shops_answer=answer_key(written),
            provider_answers=written.acted is not None or self._provider_answers(connection, reply.account_id),
        )

    def _addressed(self, connection: Connection, letter: Letter) -> _Arrival:
        """Which shop it is for: that of the text it answers, else of the last text that number had by that account,
        else the one that alone uses the account."""
        told, number = letter.inbound, fitting(letter.inbound.sender, NUMBER)
        answers = fitting(told.in_reply_to or "", PROVIDER_ID)
        named = replies.text_under(connection, letter.account_id, number, answers) if answers else None
        answered = named or replies.last_text(connection, letter.account_id, number)
        shop_id = answered.shop_id if answered else replies.only_shop_of(connection, letter.account_id)
        reply = NewReply(
            shop_id=shop_id or NOBODY,
            id=new_id("rpl", letter.received_at, self._stationery.random_bits),
            account_id=letter.account_id,
            provider_id=fitting(told.provider_id or f"{letter.callback_id}/{letter.place}", PROVIDER_ID),
            number=number,
            channel=fitting(told.channel, CHANNEL),
            text=fitting(told.text, LONGEST_TEXT),
            order_id=answered.order_id if answered else None,
            message_id=answered.id if answered else None,
            received_at=letter.received_at,
        )
        return _Arrival(letter, reply, answered)


def asker(provider_of: Callable[[str], Provider]) -> Callable[[Connection, str], bool]:
    """Tells of an account whether its provider answers a STOP itself. One that cannot be asked is taken to."""

    def answers(connection: Connection, account_id: str) -> bool:
        account = accounts.find(connection, account_id)
        try:
            capability = provider_of(account_id).capabilities.answers_stop
        except Exception:
            log.exception("a provider could not be asked whether it answers", account_id=account_id)
            capability = None
        return provider_answers(capability, account.answers_stop if account else "")

    return answers
