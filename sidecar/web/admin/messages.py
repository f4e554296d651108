"""Messages: found, told, and handled one by one or many at once."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from sidecar.catalog import templates
from sidecar.domain.status import MessageState
from sidecar.intake.handling import MOST_AT_ONCE, Action, Done, Plan, can
from sidecar.ledger import reports, search
from sidecar.ledger.search import GROUPS, Sought
from sidecar.storage import accounts, shops
from sidecar.web.admin import export
from sidecar.web.admin.desk import ALL, AdminDesk
from sidecar.web.admin.language import _, _n
from sidecar.web.problems import Problem

SHOWN = 30
_QUERY = ("q", "state", "reason", "text", "account", "from", "to")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, as it was written, and as it is looked for."""

    words: Mapping[str, str]
    sought: Sought
    zone: str


def install(bp: Blueprint, desk: AdminDesk) -> None:
    _finding(bp, desk)
    _telling(bp, desk)
    _handling(bp, desk)


def _finding(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/messages", defaults={"shop_id": ALL})
    @bp.get("/shops/<shop_id>/messages")
    def messages(shop_id: str) -> str:
        asked = _asked(desk, shop_id)
        with desk.database.read() as connection:
            found = search.find(connection, asked.sought, SHOWN)
            return render_template(
                "admin/messages/list.html",
                found=found,
                asked=asked.words,
                is_narrowed=asked.sought.is_anything,
                zone=asked.zone,
                groups=list(GROUPS),
                texts=sorted(templates.keys()),
                accounts={account.id: account.name for account in accounts.every(connection)},
                shop_names=shops.names(connection, SHOWN, {row.shop_id for row in found.rows}),
            )

    @bp.get("/messages.csv", defaults={"shop_id": ALL})
    @bp.get("/shops/<shop_id>/messages.csv")
    def messages_csv(shop_id: str) -> AnyResponse:
        asked = _asked(desk, shop_id)
        whole = request.args.get("numbers") == "whole"
        with desk.database.write() as connection:
            desk.record(connection, "messages.export", shop_id=shop_id, asked=dict(asked.words), whole_numbers=whole)
        return export.answer(desk.database, asked.sought, whole)


def _telling(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.get("/messages/<message_id>")
    def any_message(message_id: str) -> AnyResponse:
        """Where a message is known by its id alone."""
        with desk.database.read() as connection:
            row = reports.find_message(connection, message_id)
        if row is None:
            raise _unknown()
        return redirect(url_for("admin.message", shop_id=row.shop_id, message_id=row.id))

    @bp.get("/shops/<shop_id>/messages/<message_id>")
    def message(shop_id: str, message_id: str) -> str:
        shop = desk.shop(shop_id)
        with desk.database.read() as connection:
            row = reports.find_message(connection, message_id, shop_id)
            if row is None:
                raise _unknown()
            steps = reports.timeline_of(connection, row.shop_id, row.id)
        possible = [action for action in Action if can(action, row)]
        return render_template(
            "admin/messages/message.html",
            message=row,
            shop=shop,
            steps=steps,
            zone=shop.settings.timezone,
            possible=possible,
        )


def _handling(bp: Blueprint, desk: AdminDesk) -> None:
    @bp.post("/messages/plan", defaults={"shop_id": ALL})
    @bp.post("/shops/<shop_id>/messages/plan")
    def plan_messages(shop_id: str) -> str:
        """What would be done, and what it costs: nothing is done yet."""
        with desk.database.read() as connection:
            ids = _chosen(desk, connection, shop_id)
            plan = desk.handling.plan(connection, _action(), ids, shop_id)
        return render_template(
            "admin/messages/plan.html",
            plan=plan,
            names=_names(desk, plan),
            token=secrets.token_hex(8),
            most=MOST_AT_ONCE,
        )

    @bp.post("/messages/do", defaults={"shop_id": ALL})
    @bp.post("/shops/<shop_id>/messages/do")
    def handle_messages(shop_id: str) -> AnyResponse:
        action, ids, token = _action(), request.form.getlist("id"), request.form.get("token", "")[:32]
        with desk.database.write() as connection:
            done = desk.handling.carry_out(connection, action, ids, token, shop_id)
            desk.record(connection, f"messages.{action}", shop_id=shop_id, count=done.count, ids=ids[:20])
            desk.database.ring(connection)
        flash(_told(action, done), "good" if done.count else "bad")
        return redirect(url_for("admin.messages", shop_id=shop_id), 303)


def _asked(desk: AdminDesk, shop_id: str) -> Asked:
    zone = desk.zone(shop_id)
    words = {name: request.values.get(name, "").strip()[:120] for name in _QUERY}
    since, until = _day(words["from"], zone), _day(words["to"], zone)
    sought = Sought(
        shop_id=shop_id,
        words=words["q"] if words["q"].isprintable() else "",
        states=_states(words["state"]),
        reason=words["reason"],
        template=words["text"],
        account_id=words["account"],
        since=since,
        until=until + timedelta(days=1) if until else None,
        before=request.values.get("before", "")[:40],
    )
    return Asked({name: word for name, word in words.items() if word}, sought, zone)


def _states(word: str) -> tuple[MessageState, ...]:
    if word in GROUPS:
        return GROUPS[word]
    return (MessageState(word),) if word in set(MessageState) else ()


def _day(word: str, zone: str) -> datetime | None:
    """When that day begins where the shop is."""
    try:
        return datetime.fromisoformat(word[:10]).replace(tzinfo=ZoneInfo(zone)) if word else None
    except ValueError:
        return None


def _action() -> Action:
    word = request.form.get("action", "")
    if word not in set(Action):
        raise Problem(400, "unknown_action", _("Messages can be cancelled, released or sent again."))
    return Action(word)


def _chosen(desk: AdminDesk, connection: Connection, shop_id: str) -> list[str]:
    """Those that were ticked, or all that the search finds, up to as many as are handled at once."""
    if request.form.get("all") != "yes":
        return request.form.getlist("id")
    sought = replace(_asked(desk, shop_id).sought, before="")
    return [row.id for rows in search.find_all(connection, sought, MOST_AT_ONCE) for row in rows]


def _names(desk: AdminDesk, plan: Plan) -> dict[str, str]:
    with desk.database.read() as connection:
        return {shop.id: shop.name for shop in shops.several(connection, {r.shop_id for r in plan.rows}).values()}


def _told(action: Action, done: Done) -> str:
    if action is Action.CANCEL:
        return _n("%(num)s message is cancelled.", "%(num)s messages are cancelled.", done.count)
    if action is Action.RELEASE:
        return _n("%(num)s message is released.", "%(num)s messages are released.", done.count)
    return _n("%(num)s message is sent once more.", "%(num)s messages are sent once more.", done.count)


def _unknown() -> Problem:
    return Problem(404, "unknown_message", _("There is no such message."))
