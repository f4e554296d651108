"""What Meta tells of messages, in answers and in notifications, and what it means."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from sidecar.domain.outcome import Inbound, Receipt, Wish
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackUnreadable, Fault, whatsapp_number
from sidecar.providers.http_provider import by_word

FAULT_OF_CODE = by_word(
    {
        Fault.AUTH: (0, 3, 10, 190, *range(200, 300), 131005),
        Fault.NO_CREDIT: (131042,),
        # 131048 and 131064 hold the whole number back for what was sent before: going on would make it worse.
        Fault.ACCOUNT_SUSPENDED: (368, 131031, 131048, 131064),
        # 100/33: there is no such phone number, or the token may not use it; any other 100 blames the message.
        Fault.MISCONFIGURED: (33, "100/33", 131037, 131045),
        Fault.THROTTLED: (4, 80007, 130429, 131056, 132069, 133016),
        Fault.PROVIDER_DOWN: (2, 131000, 131016, 131057, 135000),
        Fault.INVALID_NUMBER: (131021,),
        Fault.NOT_ON_WHATSAPP: (131026,),
        Fault.TRIAL_RESTRICTION: (131030,),
        Fault.REGION_NOT_ENABLED: (130497,),
        Fault.WINDOW_CLOSED: (131047,),
        Fault.OPTED_OUT: (131050,),
        # Meta sends nobody more marketing than it thinks good: within a day another try only ends the same way.
        Fault.FILTERED: (130472, 131049),
        Fault.CONTENT_REFUSED: (131008, 131009, 131051, 131052, 131053),
        Fault.TEMPLATE_REFUSED: (*(131063, 132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068),),
        Fault.REFUSED: (100, 131062, 137000),
    }
)

STATE_OF_WORD = by_word(
    {
        MessageState.SENT: ("sent",),
        MessageState.DELIVERED: ("delivered",),
        MessageState.READ: ("read",),
        MessageState.UNDELIVERED: ("failed",),
    }
)

_END_OF_TIME = 253_402_300_799  # the last second of the year 9999
# Told about a customer, and not written by one.
_EVENTS = frozenset({"system", "request_welcome"})


class SentMessage(BaseModel):
    id: str = Field(pattern=r"^\S+$")


class SentBody(BaseModel):
    messages: list[SentMessage] = Field(min_length=1, max_length=1)


class GraphError(BaseModel):
    code: int
    message: str = ""
    error_subcode: int | None = None
    error_data: dict[str, object] | str | None = None


class ErrorBody(BaseModel):
    error: GraphError


class NumberBody(BaseModel):
    display_phone_number: str
    quality_rating: str = "unknown"


class Metadata(BaseModel):
    display_phone_number: str
    phone_number_id: str


class StatusError(BaseModel):
    code: int


class Status(BaseModel):
    id: str = Field(min_length=1)
    status: str = Field(min_length=1)
    timestamp: int = Field(ge=0, le=_END_OF_TIME)
    biz_opaque_callback_data: str | None = None
    errors: list[StatusError] = []


class Text(BaseModel):
    body: str


class Button(BaseModel):
    text: str
    payload: str = ""


class Reply(BaseModel):
    id: str
    title: str


class Interactive(BaseModel):
    button_reply: Reply | None = None
    list_reply: Reply | None = None


class Reaction(BaseModel):
    emoji: str = ""


class Media(BaseModel):
    caption: str = ""


class Context(BaseModel):
    id: str | None = None


class Message(BaseModel):
    """`from` is missing where the customer goes by a user name."""

    id: str = Field(min_length=1)
    sender: str = Field("", alias="from")
    type: str
    timestamp: int = Field(ge=0, le=_END_OF_TIME)
    context: Context = Context()
    text: Text | None = None
    button: Button | None = None
    interactive: Interactive | None = None
    reaction: Reaction | None = None
    image: Media | None = None
    video: Media | None = None
    document: Media | None = None


class Value(BaseModel):
    """All that one notification tells of one of our numbers."""

    metadata: Metadata
    statuses: list[Status] = []
    messages: list[Message] = []


class Change(BaseModel):
    field: str
    value: dict[str, object]


class Entry(BaseModel):
    changes: list[Change]


class Notification(BaseModel):
    object: Literal["whatsapp_business_account"]
    entry: list[Entry]


def values(body: bytes, phone_number_id: str) -> list[Value]:
    """What is told of this number: an app has one address for all its numbers. Raises `CallbackUnreadable`."""
    try:
        entries = Notification.model_validate_json(body).entry
        changes = [change for entry in entries for change in entry.changes if change.field == "messages"]
        told = [Value.model_validate(change.value) for change in changes]
    except ValidationError as error:
        raise CallbackUnreadable("this is no notification of a WhatsApp business account") from error
    return [value for value in told if value.metadata.phone_number_id == phone_number_id]


def receipt(status: Status) -> Receipt:
    """Without the recipient: Meta writes some countries' numbers in another way than they were given."""
    return Receipt(
        provider_id=status.id,
        state=STATE_OF_WORD.get(status.status),
        word=status.status,
        reason=_reason(status),
        message_id=status.biz_opaque_callback_data,
        at=_moment(status.timestamp),
    )


def _reason(status: Status) -> str:
    if STATE_OF_WORD.get(status.status) is not MessageState.UNDELIVERED or not status.errors:
        return ""
    code = str(status.errors[0].code)
    fault = FAULT_OF_CODE.get(code)
    return fault.value if fault else f"error_{code}"


def inbound(value: Value, stop_words: Collection[str]) -> list[Inbound]:
    """What customers wrote who show their number."""
    recipient = value.metadata.display_phone_number
    written = [message for message in value.messages if message.type not in _EVENTS]
    return [_inbound(message, recipient, stop_words) for message in written if whatsapp_number(message.sender)]


def _inbound(message: Message, recipient: str, stop_words: Collection[str]) -> Inbound:
    return Inbound(
        provider_id=message.id,
        sender=whatsapp_number(message.sender),
        recipient=recipient,
        text=_written(message),
        channel="whatsapp",
        at=_moment(message.timestamp),
        in_reply_to=message.context.id,
        wish=Wish.STOP if any(word.casefold() in stop_words for word in _pressed(message)) else None,
    )


def _written(message: Message) -> str:
    match message:
        case (
            Message(text=Text(body=words))
            | Message(reaction=Reaction(emoji=words))
            | Message(button=Button(text=words))
        ):
            return words
        case Message(interactive=Interactive(button_reply=Reply(title=words))):
            return words
        case Message(interactive=Interactive(list_reply=Reply(title=words))):
            return words
    media = message.image or message.video or message.document
    return media.caption if media else ""


def _pressed(message: Message) -> list[str]:
    """The words of the button a customer pressed, shown and hidden."""
    match message:
        case Message(button=Button(text=text, payload=payload)):
            return [text, payload]
        case Message(interactive=Interactive(button_reply=Reply(id=hidden, title=title))):
            return [title, hidden]
    return []


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
