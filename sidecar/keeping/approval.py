"""The shops' own texts on their way to approval: a draft is submitted, and then approved or refused by the operator.
Only what is approved is ever sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from sidecar.catalog.kinds import FREE_TEXT, kinds
from sidecar.catalog.languages import language_for, speaks
from sidecar.catalog.submission import Findings, check_submission
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.storage import shops
from sidecar.storage import texts as storage
from sidecar.storage.database import Database
from sidecar.storage.texts import DRAFT, REFUSED, SUBMITTED, OwnText

OWN_CATEGORIES = ("transactional", "marketing")
"""Of texts under a shop's own keys: codes and texts to staff leave at any hour, so they are the catalogue's alone."""

LONGEST_TEXT = 2000
LONGEST_REASON = 500
USUAL_VALIDITY_HOURS = 24
MOST_SHOWN = 500


Also = Callable[[Connection, OwnText], None]
"""What else belongs to the same transaction."""


def _nothing_else(connection: Connection, text: OwnText) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Draft:
    """What a shop writes. `category` may stay empty: that of the catalogue's text, else transactional.
    `validity_hours` holds for keys of the shop's own; the catalogue's texts keep theirs."""

    key: str
    locale: str
    text: str
    category: str = ""
    validity_hours: int = USUAL_VALIDITY_HOURS


class Approval:
    def __init__(self, database: Database, random_bits: RandomBits, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._random_bits = random_bits
        self._clock = clock

    def draft(self, shop: Shop, written: Draft) -> OwnText:
        """Keep a draft, however unfinished. Raises `Refused` where it could never be submitted."""
        now = self._clock()
        made = _as_text(shop, written, new_id("txt", now, self._random_bits), now)
        with self._database.write() as connection:
            storage.add(connection, made)
        return made

    def offer(self, shop: Shop, written: Draft, also: Also = _nothing_else) -> OwnText:
        """Draft and submit in one. Raises `Refused`, and then nothing is kept."""
        now = self._clock()
        offered = _submitted(shop, _as_text(shop, written, new_id("txt", now, self._random_bits), now), now)
        with self._database.write() as connection:
            storage.add(connection, offered)
            also(connection, offered)
        return offered

    def change(self, shop: Shop, text_id: str, text: str) -> OwnText:
        """Write a draft anew; of a refused text that makes a draft again. Raises `Refused`."""
        columns = {"text": text, "state": DRAFT, "reason": "", "flags": []}
        return self._move(self._known(text_id, shop), {DRAFT, REFUSED}, columns)

    def submit(self, shop: Shop, text_id: str) -> OwnText:
        """Hand a draft to the operator, as it was when it was looked at. Raises `Refused` with all that is wrong
        with it."""
        draft = self._known(text_id, shop)
        handed = _submitted(shop, draft, self._clock())
        columns = {name: getattr(handed, name) for name in ("text", "state", "submitted_at")}
        return self._move(draft, {DRAFT}, {**columns, "flags": list(handed.flags)})

    def approve(self, text_id: str, also: Also = _nothing_else) -> OwnText:
        """By the operator. The one approved before is replaced. Raises `Refused`."""
        waiting = self._known(text_id)
        with self._database.write() as connection:
            approved = storage.approve(connection, waiting, self._clock())
            if approved:
                also(connection, waiting)
        if not approved:
            raise _wrong_state(self._known(text_id), {SUBMITTED})
        return self._known(text_id)

    def refuse(self, text_id: str, reason: str, also: Also = _nothing_else) -> OwnText:
        """By the operator, who says why. Raises `Refused`."""
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise Refused("bad_reason", f"Say why, in 1 to {LONGEST_REASON} characters: the shop reads it.")
        columns = {"state": REFUSED, "reason": reason.strip(), "decided_at": self._clock()}
        return self._move(self._known(text_id), {SUBMITTED}, columns, also)

    def several(self, shop: Shop | None = None, state: str | None = None) -> list[OwnText]:
        """Newest first."""
        with self._database.read() as connection:
            return storage.several(connection, shop.id if shop else None, state, MOST_SHOWN)

    def find(self, text_id: str, shop: Shop | None = None) -> tuple[OwnText, Findings]:
        """A text, and what there is to say about it. Raises `Refused`."""
        found = self._known(text_id, shop)
        with self._database.read() as connection:
            owner = shop or shops.several(connection, {found.shop_id})[found.shop_id]
        return found, check(owner, found)

    def _known(self, text_id: str, shop: Shop | None = None) -> OwnText:
        with self._database.read() as connection:
            found = storage.find(connection, text_id, shop.id if shop else None)
        if found is None:
            raise Refused("unknown_text", "There is no such text.")
        return found

    def _move(self, text: OwnText, states: set[str], columns: Mapping[str, Any], also: Also = _nothing_else) -> OwnText:
        with self._database.write() as connection:
            moved = storage.move(connection, text, states, columns)
            if moved:
                also(connection, text)
        if not moved:
            raise _wrong_state(self._known(text.id), states)
        return self._known(text.id)


def check(shop: Shop, text: OwnText, reader: str = "") -> Findings:
    """What would be said of it at submission; `reader` is the language of the sentences, else the shop's."""
    settings = shop.settings
    return check_submission(
        text.text, text.key, text.locale, text.category, settings.sender, settings.contact, reader or settings.locale
    )


def _submitted(shop: Shop, draft: OwnText, now: datetime) -> OwnText:
    findings = check(shop, draft)
    if findings.refusals:
        faults = {fault.code: fault.sentence for fault in findings.refusals}
        raise Refused("text_faulty", findings.refusals[0].sentence, faults)
    flags = tuple(flag.sentence for flag in findings.flags)
    return replace(draft, state=SUBMITTED, flags=flags, submitted_at=now)


def _as_text(shop: Shop, written: Draft, text_id: str, now: datetime) -> OwnText:
    if not speaks(written.locale):
        raise Refused("unknown_language", "There are no texts in this language: see the languages in the README.")
    if written.key == FREE_TEXT.key:
        raise Refused("bad_key", f"{FREE_TEXT.key} is what a person writes by hand: choose another key.")
    made = OwnText(
        shop_id=shop.id,
        id=text_id,
        key=written.key,
        locale=language_for(written.locale).locale,
        text=written.text,
        category=_category(written),
        validity_hours=written.validity_hours,
        flags=(),
        state=DRAFT,
        created_at=now,
    )
    return replace(made, validity_hours=USUAL_VALIDITY_HOURS) if written.key in kinds() else made


def _category(written: Draft) -> str:
    known = kinds().get(written.key)
    fitting = (known.category,) if known else OWN_CATEGORIES
    wanted = written.category or fitting[0]
    if wanted not in fitting:
        raise Refused("bad_category", f"A text called {written.key} is {' or '.join(fitting)}.")
    return wanted


def _wrong_state(text: OwnText, states: set[str]) -> Refused:
    return Refused(
        "wrong_state", f"The text is {text.state}, and this is for one that is {' or '.join(sorted(states))}."
    )
