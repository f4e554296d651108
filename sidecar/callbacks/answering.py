"""What is done about a customer's message once it is understood: each meaning has its handful of consequences."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from sidecar.catalog.context import Context
from sidecar.catalog.kinds import UnknownTemplate
from sidecar.catalog.notes import note
from sidecar.consent.optouts import OptOuts, Said
from sidecar.consent.questions import Questions
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.intake.announcing import context_of
from sidecar.intake.desk import Desk, Stationery
from sidecar.intake.wish import Wish
from sidecar.intake.wording import Wording
from sidecar.policy.occasion import Entrance
from sidecar.policy.replying import Meaning
from sidecar.storage import replies, tasks
from sidecar.storage.consents import Saying
from sidecar.storage.messages import Messages, Step
from sidecar.storage.replies import NewReply
from sidecar.storage.tasks import Task
from sidecar.storage.types import AnyRow

ORDER_NOTE = "order_note"
SAME_ANSWER_AFTER = timedelta(hours=1)

_FOR_THE_OWNER = frozenset({Meaning.REPLY, Meaning.KEYWORD, Meaning.HELP})
_ANSWER_OF = {
    Meaning.ORDER_CONFIRMED: "order_confirmed_reply",
    Meaning.ORDER_CANCELLED: "order_cancel_reply",
    Meaning.AGREED: "subscribed",
    Meaning.OPT_OUT: "opted_out",
    Meaning.OPT_IN: "opted_in",
    Meaning.HELP: "help_reply",
}
_ANSWERED_BY_PROVIDERS = frozenset({Meaning.OPT_OUT, Meaning.OPT_IN, Meaning.HELP})
_REPEATABLE = frozenset({Meaning.KEYWORD, Meaning.HELP})
_UNNOTED = frozenset({Meaning.AGREED, Meaning.DECLINED, Meaning.OPT_IN})
_STATUS_SETTING = {Meaning.ORDER_CONFIRMED: "confirmed_status", Meaning.ORDER_CANCELLED: "cancelled_status"}


@dataclass(frozen=True, slots=True)
class Understood:
    """A reply and what it means. `answered` is the text it answers; `shops_answer` the key of the shop's own answer
    to this word; `provider_answers` whether the provider answers a STOP itself."""

    shop: Shop
    reply: NewReply
    answered: AnyRow | None
    number: Number | NoNumber
    locale: str
    meaning: Meaning
    order_id: str | None
    shops_answer: str | None
    provider_answers: bool

    @property
    def person(self) -> tuple[str, str]:
        return self.shop.id, self.reply.number

    @property
    def said(self) -> Said:
        return Said("reply", self.reply.text, self.locale, evidence=self.reply.id)


class Counter:
    """Serves one transaction's replies, one after the other."""

    def __init__(
        self,
        connection: Connection,
        messages: Messages,
        optouts: OptOuts,
        stationery: Stationery,
        desk: Desk,
        questions: Questions,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._messages = messages
        self._optouts = optouts
        self._stationery = stationery
        self._desk = desk
        self._questions = questions
        self._now = now

    def serve(self, understood: Understood, wording: Wording) -> None:
        if self._take_effect(understood):
            self._answer(understood, wording)
        self._tell_shop(understood)
        read = None if understood.meaning in _FOR_THE_OWNER else self._now
        replies.understood(self._connection, understood.reply, understood.meaning, understood.order_id, read)
        self._note_on_the_text(understood)

    def _take_effect(self, understood: Understood) -> bool:
        """Returns whether there is something to answer."""
        match understood.meaning:
            case Meaning.OPT_OUT:
                return self._optouts.leave(self._connection, understood.person, understood.said, self._now)
            case Meaning.OPT_IN:
                return self._optouts.come_back(self._connection, understood.person, understood.said, self._now)
            case Meaning.AGREED:
                self._agree(understood, Standing.IN)
            case Meaning.DECLINED:
                self._agree(understood, Standing.OUT)
                return False
            case Meaning.ORDER_CONFIRMED | Meaning.ORDER_CANCELLED as answer:
                self._questions.close(understood.shop.id, understood.order_id or "", answer.removeprefix("order_"))
            case Meaning.REPLY:
                return False
        return True

    def _agree(self, understood: Understood, standing: Standing) -> None:
        said = understood.said
        told = (said.source, said.wording, said.locale, said.ip, said.evidence)
        saying = Saying(*understood.person, Purpose.MARKETING, standing, *told)
        self._stationery.consents.record(self._connection, [saying], self._now)

    def _answer(self, understood: Understood, wording: Wording) -> None:
        meaning, shop = understood.meaning, understood.shop
        key = understood.shops_answer if meaning is Meaning.KEYWORD else _ANSWER_OF[meaning]
        if key is None or (meaning in _ANSWERED_BY_PROVIDERS and understood.provider_answers):
            return
        if meaning in _REPEATABLE and self._answered_lately(understood, key):
            return
        try:
            template = wording.text(shop, key, understood.locale)
        except UnknownTemplate:
            return
        wish = Wish(
            shop=shop,
            entrance=Entrance.ANSWER,
            event="answer",
            dedupe_key=f"answer:{understood.reply.id}",
            template=template,
            context=self._context(understood),
            number=understood.number,
            event_at=understood.reply.received_at,
            order_id=understood.order_id,
            why={"source": "reply", "reply": understood.reply.id, "meaning": str(meaning)},
        )
        self._messages.add(self._connection, [self._desk.write(wish)], self._now)

    def _answered_lately(self, understood: Understood, key: str) -> bool:
        return replies.answered_since(self._connection, *understood.person, key, self._now - SAME_ANSWER_AFTER)

    def _context(self, understood: Understood) -> Context:
        shop = understood.shop
        record = self._questions.record(shop.id, understood.order_id)
        return context_of(shop, record) if record else Context("", shop=shop.settings.sender or shop.name)

    def _tell_shop(self, understood: Understood) -> None:
        """In its own books, on the order that this is about."""
        meaning, reply, shop = understood.meaning, understood.reply, understood.shop
        if understood.order_id is None or meaning in _UNNOTED:
            return
        kind = "reply" if meaning in _FOR_THE_OWNER else str(meaning)
        data = {"meaning": str(meaning), "note": note(kind, shop.settings.locale, reply.text), "reply": reply.id}
        if status := getattr(shop.settings, _STATUS_SETTING.get(meaning, ""), ""):
            data["status"] = status
        task = Task(shop.id, f"reply:{reply.id}", ORDER_NOTE, understood.order_id, data)
        tasks.add(self._connection, [task], self._stationery.random_bits, self._now)

    def _note_on_the_text(self, understood: Understood) -> None:
        """On the timeline of the text that was answered; what the customer wrote stays out of it."""
        if answered := understood.answered:
            told = {"reply": understood.reply.id, "meaning": str(understood.meaning)}
            step = Step(answered.shop_id, answered.id, MessageState(answered.state), {}, told)
            self._messages.note(self._connection, [step], self._now)
