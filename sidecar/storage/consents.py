"""The register of consents: what stands, and every change of mind as proof."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, not_, select, update

from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.ids import RandomBits, new_id
from sidecar.storage import alerts
from sidecar.storage.fingerprints import Fingerprints
from sidecar.storage.keys import among
from sidecar.storage.tables import consent_log, consents
from sidecar.storage.types import AnyRow
from sidecar.storage.upserts import insert_or

_NO_MORE_ALERTS = (Purpose.STOCK_ALERTS, Standing.OUT)

Person = tuple[str, str]
"""Shop id and E.164 number."""

OWN_WORD = ("reply", "link", "provider")
"""Sources by which people speak for themselves, not through the shop."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody said about being texted. `source` is a word (checkout, reply, link, shop, provider, code),
    `wording` what they were shown or wrote, `evidence` the id of what proves it."""

    shop_id: str
    number: str
    purpose: Purpose
    standing: Standing
    source: str
    wording: str = ""
    locale: str = ""
    ip: str = ""
    evidence: str = ""


class Consents:
    """Reads and writes the register. Numbers are found by their fingerprints."""

    def __init__(self, fingerprints: Fingerprints, random_bits: RandomBits) -> None:
        self._fingerprints = fingerprints
        self._random_bits = random_bits

    def standings(self, connection: Connection, people: Collection[Person]) -> dict[Person, Mapping[Purpose, Standing]]:
        """What each of these people said last, by purpose; nothing for who never said anything."""
        if not people:
            return {}
        by_key = {(shop_id, self._fingerprints.number(number)): (shop_id, number) for shop_id, number in people}
        rows = connection.execute(
            select(consents.c.shop_id, consents.c.number_hash, consents.c.purpose, consents.c.standing).where(
                among(consents.c.shop_id, consents.c.number_hash, by_key)
            )
        )
        found: dict[Person, dict[Purpose, Standing]] = {}
        for row in rows:
            person = by_key[row.shop_id, row.number_hash]
            found.setdefault(person, {})[Purpose(row.purpose)] = Standing(row.standing)
        return dict(found)

    def name_of(self, number: str) -> str:
        """By which a number can be told from others without being read."""
        return self._fingerprints.number(number)[:32]

    def before_leaving(self, connection: Connection, person: Person, purpose: Purpose) -> Standing | None:
        """What stood before this person opted out themselves; None if nothing did."""
        own_no = and_(consent_log.c.standing == Standing.OUT, consent_log.c.source.in_(OWN_WORD))
        query = select(consent_log.c.standing).where(
            consent_log.c.number_hash == self._fingerprints.number(person[1]),
            consent_log.c.shop_id == person[0],
            consent_log.c.purpose == str(purpose),
            not_(own_no),
        )
        found = connection.scalar(query.order_by(consent_log.c.id.desc()).limit(1))
        return Standing(found) if found else None

    def is_kept(self, connection: Connection, person: Person, purpose: Purpose, evidence: str) -> bool:
        """Whether this was told before."""
        query = select(consent_log.c.id).where(
            consent_log.c.number_hash == self._fingerprints.number(person[1]),
            consent_log.c.shop_id == person[0],
            consent_log.c.purpose == str(purpose),
            consent_log.c.evidence == evidence,
        )
        return connection.scalar(query.limit(1)) is not None

    def history(self, connection: Connection, person: Person, limit: int = 100) -> list[AnyRow]:
        """Every change of mind of this person, the latest first."""
        query = select(consent_log).where(
            consent_log.c.number_hash == self._fingerprints.number(person[1]), consent_log.c.shop_id == person[0]
        )
        return list(connection.execute(query.order_by(consent_log.c.id.desc()).limit(limit)))

    def record(self, connection: Connection, sayings: Sequence[Saying], now: datetime) -> None:
        """Keep what was said, and let it stand. Of several about one purpose the last counts. Who wants no more
        alerts waits for none."""
        if not sayings:
            return
        connection.execute(insert(consent_log), [self._proof(saying, now) for saying in sayings])
        statement = insert_or(connection, consents)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[consents.c.shop_id, consents.c.number_hash, consents.c.purpose],
                set_={name: statement.excluded[name] for name in ("number", "standing", "since")},
            ),
            [self._standing(saying, now) for saying in sayings],
        )
        gone = {(s.shop_id, s.number) for s in sayings if (s.purpose, s.standing) == _NO_MORE_ALERTS}
        alerts.end_of_people(connection, gone, "opted_out", now)

    def _standing(self, saying: Saying, now: datetime) -> dict[str, Any]:
        return {
            "shop_id": saying.shop_id,
            "number_hash": self._fingerprints.number(saying.number),
            "purpose": str(saying.purpose),
            "number": saying.number,
            "standing": str(saying.standing),
            "since": now,
        }

    def _proof(self, saying: Saying, now: datetime) -> dict[str, Any]:
        standing = self._standing(saying, now)
        return {
            "id": new_id("cns", now, self._random_bits),
            **{name: value for name, value in standing.items() if name != "since"},
            "at": now,
            "source": saying.source,
            "wording": saying.wording,
            "locale": saying.locale,
            "ip": saying.ip,
            "evidence": saying.evidence,
        }

    def of(self, connection: Connection, number: str, shop_ids: Collection[str]) -> tuple[list[AnyRow], list[AnyRow]]:
        """What stands for a number, and the proof of it: every change of mind."""
        standing, said = (
            list(connection.execute(select(table).where(*self._about(table, number, shop_ids))))
            for table in (consents, consent_log)
        )
        return standing, said

    def erase(self, connection: Connection, number: str, shop_ids: Collection[str]) -> int:
        """Forget a number, but not that it wants no texts: of an opt-out its keyed hash stays."""
        about = self._about(consents, number, shop_ids)
        proofs = connection.execute(delete(consent_log).where(*self._about(consent_log, number, shop_ids)))
        connection.execute(delete(consents).where(*about, consents.c.standing != str(Standing.OUT)))
        connection.execute(update(consents).where(*about, consents.c.number.is_not(None)).values(number=None))
        return proofs.rowcount

    def _about(self, table: Table, number: str, shop_ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
        return table.c.number_hash == self._fingerprints.number(number), table.c.shop_id.in_(sorted(shop_ids))
