"""The recorded deliveries addressed anew: other order ids and customers, as if it had all just happened."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from connectors.woocommerce.payload import DRAFTS
from connectors.woocommerce.signature import sign
from connectors.woocommerce.webhook import DELIVERY_ID_HEADER, SIGNATURE_HEADER

SUBSCRIBER_DIGITS = 4
STRIDE = 7_919
ORDER_IN_URL = re.compile(r"(\\/(?:orders|order-pay)\\/)\d+")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook request, and what it tells in a sentence."""

    tells: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    tells: str
    headers: dict[str, str]
    body: str
    order_id: int | None
    is_draft: bool
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class Run:
    first_order_id: int
    rounds: int
    places: dict[int, int]
    shift: timedelta
    secret: str
    stamp: str

    def new_id(self, order_id: int, round_: int) -> int:
        return self.first_order_id + self.places[order_id] * self.rounds + round_


def deliveries(first_order_id: int, now: datetime, secret: str, orders: int | None = None) -> Iterator[Delivery]:
    """The whole story once, or as much and as many copies of it as make `orders` orders. Copies go side by side, so
    that the last change is always `now` and the first not much earlier. Order ids count up from `first_order_id`.
    Only `first_order_id` tells one run from the next: the same one gives the same orders."""
    story = recorded()
    orders_told = len(_placed(story)) if orders is None else orders
    cast = _cast(story, orders_told)
    run = _run(story, cast, first_order_id, now, secret)
    for entry in story:
        for round_ in range(cast.get(entry.order_id, 0)):
            yield _addressed(entry, run, round_)


@cache
def recorded() -> tuple[Recorded, ...]:
    text = files("connectors.woocommerce.samples").joinpath("deliveries.jsonl").read_text(encoding="utf-8")
    return tuple(_recorded(json.loads(line)) for line in text.splitlines())


def _recorded(line: dict[str, Any]) -> Recorded:
    payload = json.loads(line["body"]) if line["body"].startswith("{") else {}
    modified = payload.get("date_modified_gmt")
    return Recorded(
        tells=line["tells"],
        headers=line["headers"],
        body=line["body"],
        order_id=payload.get("id"),
        is_draft=payload.get("status") in DRAFTS,
        modified=datetime.fromisoformat(modified) if modified else None,
    )


def _placed(story: tuple[Recorded, ...]) -> list[int]:
    drafts = {entry.order_id for entry in story if entry.is_draft}
    return sorted({entry.order_id for entry in story if entry.order_id is not None} - drafts)


def _cast(story: tuple[Recorded, ...], orders: int) -> dict[int | None, int]:
    """How many copies of each order to tell. What is no order (ping, error, draft) is told once, in a whole story."""
    placed = _placed(story)
    rounds, rest = divmod(orders, len(placed))
    cast: dict[int | None, int] = {entry.order_id: min(rounds, 1) for entry in story}
    return cast | {order_id: rounds + (place < rest) for place, order_id in enumerate(placed)}


def _run(
    story: tuple[Recorded, ...], cast: dict[int | None, int], first_order_id: int, now: datetime, secret: str
) -> Run:
    told_at = [entry.modified for entry in story if entry.modified and cast[entry.order_id]]
    now_naive = now.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    order_ids = sorted({entry.order_id for entry in story if entry.order_id is not None})
    return Run(
        first_order_id=first_order_id,
        rounds=max(cast.values()),
        places={order_id: place for place, order_id in enumerate(order_ids)},
        shift=now_naive - max(told_at, default=now_naive),
        secret=secret,
        stamp=now.isoformat(),
    )


def _addressed(entry: Recorded, run: Run, round_: int) -> Delivery:
    """Deliveries that shared their delivery id, being of one second, share the new one too."""
    body = _body(entry, run, round_)
    headers = dict(entry.headers)
    if SIGNATURE_HEADER in headers:
        headers[SIGNATURE_HEADER] = sign(body, run.secret)
        seed = f"{run.stamp} {entry.headers[DELIVERY_ID_HEADER]} {run.first_order_id} {round_}"
        headers[DELIVERY_ID_HEADER] = sha256(seed.encode()).hexdigest()[:32]
    return Delivery(entry.tells, headers, body)


def _body(entry: Recorded, run: Run, round_: int) -> bytes:
    if entry.order_id is None:
        return entry.body.encode()
    payload = json.loads(entry.body)
    order_id = run.new_id(entry.order_id, round_)
    _renumber(payload, order_id)
    _move_dates(payload, run.shift)
    _vary_phones(payload, round_)
    return ORDER_IN_URL.sub(rf"\g<1>{order_id}", encode(payload)).encode()


def encode(payload: dict[str, Any]) -> str:
    """Byte for byte as PHP's json_encode writes it."""
    return json.dumps(payload, separators=(",", ":")).replace("/", "\\/")


def _renumber(payload: dict[str, Any], order_id: int) -> None:
    payload["id"] = order_id
    if "number" in payload:
        payload["number"] = str(order_id)


def _move_dates(payload: dict[str, Any], shift: timedelta) -> None:
    for name, value in payload.items():
        if name.startswith("date_") and value:
            payload[name] = (datetime.fromisoformat(value) + shift).isoformat()


def _vary_phones(payload: dict[str, Any], round_: int) -> None:
    for address in (payload.get("billing"), payload.get("shipping")):
        if address and address["phone"]:
            address["phone"] = another_subscriber(address["phone"], round_)


def another_subscriber(phone: str, round_: int) -> str:
    """The same kind of number with other last digits, each only once in 10,000 rounds. British numbers of the
    recording are of the range kept for films, which number libraries rightly call invalid: they are moved out of it."""
    line, extension, inner = phone.replace("7700 900", "7400 123").partition(" ext")
    last = [place for place, character in enumerate(line) if character.isdigit()][-SUBSCRIBER_DIGITS:]
    subscriber = int("".join(line[place] for place in last)) + round_ * STRIDE
    digits = dict(zip(last, f"{subscriber % 10 ** len(last):0{len(last)}}", strict=True))
    return "".join(digits.get(place, character) for place, character in enumerate(line)) + extension + inner
