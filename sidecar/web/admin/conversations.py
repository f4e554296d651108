"""What customers and the shop write to each other, what is unread first, with an answer to it and the order beside."""

import re
import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from sidecar.domain.phone import mask
from sidecar.domain.shop import Shop
from sidecar.intake import byhand
from sidecar.intake.byhand import WishRefused
from sidecar.intake.spine import ByHand, KeyReused
from sidecar.ledger import conversations as ledger
from sidecar.storage import orders, replies
from sidecar.web.admin.desk import AdminDesk, asked_offset
from sidecar.web.admin.language import _
from sidecar.web.problems import Problem

SHOWN = 30
_ID = re.compile(r"rpl_[0-9a-f]{27}")


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _reading(bp, desk)
    _answering(bp, desk)


def _reading(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/shops/<shop_id>/conversations")
    def conversations(shop_id: str) -> str:
        shop, offset = desk.shop(shop_id), asked_offset()
        with desk.database.read() as connection:
            found = ledger.conversations(connection, shop.id, request.args.get("unread") == "yes", SHOWN + 1, offset)
        return render_template(
            "admin/conversations/list.html",
            found=found[:SHOWN],
            more=offset + SHOWN if len(found) > SHOWN else 0,
            zone=shop.settings.timezone,
        )

    @bp.get("/shops/<shop_id>/conversations/<conversation_id>")
    def conversation(shop_id: str, conversation_id: str) -> str:
        return _page(desk, shop_id, conversation_id)

    @bp.post("/shops/<shop_id>/conversations/<conversation_id>/read")
    def mark_read(shop_id: str, conversation_id: str) -> AnyResponse:
        number, up_to = _number(desk, shop_id, conversation_id), request.form.get("up_to", "")
        with desk.database.write() as connection:
            replies.mark_read(connection, shop_id, number, up_to if _ID.fullmatch(up_to) else "", desk.clock())
        if request.headers.get("HX-Request"):
            return Response("", 204)
        return redirect(url_for("admin.conversations", shop_id=shop_id), 303)


def _answering(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/shops/<shop_id>/conversations/<conversation_id>")
    def answer(shop_id: str, conversation_id: str) -> AnyResponse | tuple[str, int]:
        shop, number = desk.shop(shop_id), _number(desk, shop_id, conversation_id)
        key, text = request.form.get("template") or None, request.form.get("text", "").strip()
        with desk.database.read() as connection:
            order_id = replies.last_order(connection, shop.id, number)

        def wish(connection: Connection) -> ByHand:
            desk.record(connection, "conversation.answer", conversation_id, shop.id)
            return byhand.wish(connection, shop, number, key, None if key else text, order_id)

        try:
            byhand.send(desk.database, desk.intake, shop, wish, f"reply:page:{request.form.get('token', '')[:32]}")
        except WishRefused as refused:
            return _page(desk, shop_id, conversation_id, fault=str(refused), given=text), 422
        except KeyReused:
            return _page(desk, shop_id, conversation_id, fault=_("This was sent before."), given=text), 422
        flash(_("Your answer is on its way."), "good")
        return redirect(url_for("admin.conversation", shop_id=shop_id, conversation_id=conversation_id), 303)


def _page(desk: AdminDesk, shop_id: str, conversation_id: str, **told: Any) -> str:
    shop, number = desk.shop(shop_id), _number(desk, shop_id, conversation_id)
    with desk.database.read() as connection:
        entries = ledger.both_ways(connection, shop.id, number)
        order_id = replies.last_order(connection, shop.id, number)
        order = orders.find(connection, shop.id, order_id) if order_id else None
        offered = _offered(connection, shop, order_id if order else None)
    unread = [entry["id"] for entry in entries if entry["read"] is False]
    return render_template(
        "admin/conversations/conversation.html",
        conversation_id=conversation_id,
        number=mask(number),
        entries=entries,
        order_id=order_id,
        order=order,
        offered=offered,
        up_to=unread[-1] if unread else "",
        zone=shop.settings.timezone,
        free_text=shop.settings.free_text,
        token=secrets.token_hex(8),
        **told,
    )


def _offered(connection: Connection, shop: Shop, order_id: str | None) -> list[dict[str, str]]:
    """The approved texts that can be filled with what is known."""
    found = byhand.previews(connection, shop, order_id) if order_id else byhand.previews(connection, shop)
    fit = [each for each in found if each.template.category == "transactional" and not each.unknown]
    return [{"key": each.template.key, "text": each.filled.text} for each in fit]


def _number(desk: AdminDesk, shop_id: str, conversation_id: str) -> str:
    with desk.database.read() as connection:
        if number := replies.number_of(connection, shop_id, conversation_id):
            return number
    raise Problem(404, "unknown_conversation", _("Nobody wrote to this shop under this address."))
