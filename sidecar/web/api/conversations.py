"""What customers wrote, what they were written, and an answer to them."""

from typing import Annotated

from flask import Blueprint, Response, request, url_for
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from sidecar.domain.phone import mask
from sidecar.intake import byhand
from sidecar.intake.spine import ByHand, KeyReused
from sidecar.ledger import conversations, reports
from sidecar.storage import replies
from sidecar.storage.types import AnyRow
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, shown, take, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.messages import Key, OrderId
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

CONVERSATION_ID = r"^rpl_[0-9a-f]{27}$"


class ConversationQuery(BaseModel):
    """`order_id`: only with whom that order is."""

    model_config = ConfigDict(extra="forbid")

    unread: bool = False
    order_id: OrderId | None = None
    limit: int = Field(50, ge=1, le=200)
    offset: int = Field(0, ge=0, le=100_000)


class Reading(Asked):
    """`up_to`: the id of the last message that was seen; what came later stays unread."""

    up_to: Annotated[str, Field(pattern=CONVERSATION_ID)]


class Answer(Asked):
    """An approved text by its key, or a free one where the shop's settings allow that."""

    template: Key | None = None
    text: str | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    _reading(bp, api)
    _answering(bp, api)


def _reading(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/conversations")
    def list_conversations() -> Response:
        asked = asking.checked(ConversationQuery, request.args.to_dict())
        with api.database.read() as connection:
            found = conversations.conversations(
                connection, the_shop().id, asked.unread, asked.limit + 1, asked.offset, asked.order_id
            )
        more = len(found) > asked.limit
        return as_json({"conversations": found[: asked.limit], "next": asked.offset + asked.limit if more else None})

    @bp.get("/conversations/<conversation_id>")
    def conversation(conversation_id: str) -> Response:
        number = _number(api, conversation_id)
        with api.database.read() as connection:
            entries = conversations.both_ways(connection, the_shop().id, number)
        return as_json({"id": conversation_id, "number": mask(number), "entries": entries})

    @bp.post("/conversations/<conversation_id>/read")
    def mark_read(conversation_id: str) -> Response:
        asked = asking.checked(Reading, asking.json_body())
        number = _number(api, conversation_id)
        with api.database.write() as connection:
            marked = replies.mark_read(connection, the_shop().id, number, asked.up_to, api.clock())
        return as_json({"marked": marked})


def _answering(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/conversations/<conversation_id>/messages")
    def answer(conversation_id: str) -> Response:
        take(api.messages)
        shop, key = the_shop(), asking.idempotency_key()
        asked = asking.checked(Answer, asking.json_body())
        number = _number(api, conversation_id)

        def wish_for(connection: Connection) -> ByHand:
            return byhand.answer(connection, shop, number, asked.template, asked.text, api.clock())

        try:
            sent = byhand.send(api.database, api.intake, shop, wish_for, f"reply:{key}" if key else None)
        except KeyReused:
            raise Refusal("idempotency_key_reused") from None
        with api.database.read() as connection:
            row = _sent(connection, shop.id, sent)
            steps = reports.timeline_of(connection, shop.id, sent)
        location = url_for("api.message", message_id=sent)
        return as_json({**shown(row), "timeline": steps}, 201, {"Location": location})


def _number(api: ShopApi, conversation_id: str) -> str:
    with api.database.read() as connection:
        if number := replies.number_of(connection, the_shop().id, conversation_id):
            return number
    raise Refusal("unknown_conversation")


def _sent(connection: Connection, shop_id: str, message_id: str) -> AnyRow:
    row = reports.find_message(connection, message_id, shop_id)
    if row is None:
        raise Refusal("unknown_message")
    return row
