"""Texts sent by hand, and what became of all."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from flask import Blueprint, Response, request, url_for
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from sidecar.domain.shop import Country
from sidecar.domain.spoken import To
from sidecar.domain.status import MessageState
from sidecar.intake import byhand
from sidecar.intake.byhand import TEST_TEMPLATE
from sidecar.intake.spine import ByHand, KeyReused
from sidecar.ledger import reports
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, shown, take, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

MESSAGE_ID = r"^msg_[0-9a-f]{27}$"

Key = Annotated[str, Field(min_length=1, max_length=60, description="Key of an approved text.")]
WebAddress = Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=500)]
OrderId = Annotated[str, Field(pattern=r"^[!-~]{1,64}$", description="The shop's own id of the order.")]


class TestMessage(Asked):
    """The Test button: one approved text about a made-up order, at once and in every mode."""

    to: To
    template: Key = TEST_TEMPLATE


class NewMessage(Asked):
    """One text by hand: an approved one by its key, or a free one in which {order_number} and the like are filled."""

    to: To
    country: Annotated[Country, Field(description="Where the number was written; else the shop's.")] = ""
    template: Key | None = None
    text: str | None = None
    order_id: OrderId | None = None
    link: Annotated[WebAddress | None, Field(description="What goes in for {link}.")] = None
    link_android: Annotated[WebAddress | None, Field(description="Where a short {link} leads on Android.")] = None
    link_ios: Annotated[WebAddress | None, Field(description="The same on iOS.")] = None

    @property
    def targets(self) -> dict[str, str]:
        told = {"link": self.link, "android": self.link_android, "ios": self.link_ios}
        return {name: address for name, address in told.items() if address}


class MessageQuery(BaseModel):
    """`after`: the id at which an earlier page ended."""

    model_config = ConfigDict(extra="forbid")

    status: MessageState | None = None
    order_id: OrderId | None = None
    limit: int = Field(50, ge=1, le=200)
    after: Annotated[str, Field(pattern=MESSAGE_ID)] | None = None


def install(bp: Blueprint, api: ShopApi) -> None:
    _sending(bp, api)
    _reading(bp, api)


def _sending(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/test-message")
    def test_message() -> Response:
        take(api.tests)
        asked = asking.checked(TestMessage, asking.json_body())
        return _send(api, "test", lambda connection: byhand.test_wish(connection, the_shop(), asked.to, asked.template))

    @bp.post("/messages")
    def send_message() -> Response:
        take(api.messages)
        asked = asking.checked(NewMessage, asking.json_body())
        return _send(api, "manual", partial(_wish, asked))


def _reading(bp: Blueprint, api: ShopApi) -> None:
    @bp.get("/messages")
    def list_messages() -> Response:
        asked = asking.checked(MessageQuery, request.args.to_dict())
        with api.database.read() as connection:
            rows = reports.list_messages(
                connection, the_shop().id, asked.status, asked.order_id, asked.limit + 1, asked.after
            )
        page = [shown(row) for row in rows[: asked.limit]]
        return as_json({"messages": page, "next": page[-1]["id"] if len(rows) > asked.limit else None})

    @bp.get("/messages/<message_id>")
    def message(message_id: str) -> Response:
        return as_json(_message(api, message_id))


def _wish(asked: NewMessage, connection: Connection) -> ByHand:
    return byhand.wish(
        connection, the_shop(), asked.to, asked.template, asked.text, asked.order_id, asked.country, asked.targets
    )


def _send(api: ShopApi, event: str, wish_for: Callable[[Connection], ByHand]) -> Response:
    key = asking.idempotency_key()
    try:
        sent = byhand.send(api.database, api.intake, the_shop(), wish_for, f"{event}:{key}" if key else None)
    except KeyReused:
        raise Refusal("idempotency_key_reused") from None
    return as_json(_message(api, sent), 201, {"Location": url_for("api.message", message_id=sent)})


def _message(api: ShopApi, message_id: str) -> dict[str, Any]:
    with api.database.read() as connection:
        row = reports.find_message(connection, message_id, the_shop().id)
        if row is None:
            raise Refusal("unknown_message")
        steps = reports.timeline_of(connection, row.shop_id, row.id)
    return {**shown(row), "timeline": steps}
