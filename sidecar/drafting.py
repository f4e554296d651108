"""From a decision and a template to a row for the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sidecar.catalog.compose import ComposedText, compose
from sidecar.catalog.placeholders import OrderContext
from sidecar.catalog.templates import Template
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import Shop
from sidecar.domain.status import MessageState
from sidecar.policy.decision import Decision, Hold, Suppress
from sidecar.storage.accounts import Account
from sidecar.storage.messages import NewMessage


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why a message is written: for which shop, about what, to whom, by which account. `dedupe_key` is
    the same however often and by whichever way the occasion is reported."""

    shop: Shop
    event: str
    dedupe_key: str
    number: Number | NoNumber
    account: Account | None
    event_at: datetime
    order_id: str | None = None


def draft(
    occasion: Occasion,
    template: Template,
    text: ComposedText,
    decision: Decision,
    now: datetime,
    random_bits: RandomBits,
    why: dict[str, Any],
) -> NewMessage:
    """The message as it goes into the outbox, and the first line of its timeline."""
    settings = occasion.shop.settings
    due_at = decision.until if isinstance(decision, Hold) else now
    columns = {
        **_of_the_occasion(occasion),
        **_of_the_text(template, text),
        "id": new_id("msg", now, random_bits),
        "state": _first_state(decision),
        "reason": getattr(decision, "reason", ""),
        "attempts": 0,
        "checks": 0,
        "created_at": now,
        "settles_at": now + timedelta(seconds=settings.settle_seconds),
        "due_at": due_at,
        "expires_at": due_at + timedelta(hours=template.validity_hours),
    }
    return NewMessage(columns, {**why, "mode": int(settings.mode), **_explained(decision)})


def _of_the_occasion(occasion: Occasion) -> dict[str, Any]:
    return {
        "shop_id": occasion.shop.id,
        "dedupe_key": occasion.dedupe_key,
        "order_id": occasion.order_id,
        "event": occasion.event,
        "event_at": occasion.event_at,
        "to": _recipient(occasion.shop, occasion.number),
        "account_id": occasion.account.id if occasion.account else None,
        "provider": occasion.account.kind if occasion.account else "",
    }


def _of_the_text(template: Template, text: ComposedText) -> dict[str, Any]:
    return {
        "template": template.key,
        "category": template.category,
        "channel": "sms",
        "text": text.text,
        "encoding": text.encoding,
        "segments": text.segments,
    }


def compose_for(shop: Shop, template: Template, context: OrderContext) -> ComposedText:
    return compose(template, context, shop.settings.sender, shop.settings.contact)


def _recipient(shop: Shop, number: Number | NoNumber) -> str:
    if isinstance(number, NoNumber):
        return ""
    return shop.settings.redirect_to or number.e164


def _first_state(decision: Decision) -> MessageState:
    if isinstance(decision, Hold):
        return MessageState.HELD
    return MessageState.SUPPRESSED if isinstance(decision, Suppress) else MessageState.QUEUED


def _explained(decision: Decision) -> dict[str, str]:
    if isinstance(decision, Hold):
        return {"decision": "hold", "reason": decision.reason, "until": decision.until.isoformat()}
    if isinstance(decision, Suppress):
        return {"decision": "suppress", "reason": decision.reason}
    return {"decision": "send"}
