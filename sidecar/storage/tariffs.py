"""What a text costs, by the recipient's country: in credits, and in money where that is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Connection, delete, select

from sidecar.storage.tables import tariffs
from sidecar.storage.upserts import insert_or

ELSEWHERE = ""
"""The country whose tariff holds where none is set."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """For each segment: `credits` for shops that prepay, `price` in `currency` for everyone to know."""

    credits: int = 1
    price: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Tariffs:
    by_country: Mapping[str, Tariff] = field(default_factory=dict)

    def of(self, country: str) -> Tariff:
        return self.by_country.get(country) or self.by_country.get(ELSEWHERE) or Tariff()

    def credits(self, country: str, segments: int) -> int:
        return segments * self.of(country).credits

    def price(self, country: str, segments: int) -> tuple[Decimal, str] | None:
        """Amount and currency, where they are known."""
        tariff = self.of(country)
        return None if tariff.price is None else (segments * tariff.price, tariff.currency)


def every(connection: Connection) -> Tariffs:
    rows = connection.execute(select(tariffs).order_by(tariffs.c.country))
    return Tariffs({row.country: Tariff(row.credits, row.price, row.currency) for row in rows})


def save(connection: Connection, country: str, tariff: Tariff) -> None:
    values = {"credits": tariff.credits, "price": tariff.price, "currency": tariff.currency}
    statement = insert_or(connection, tariffs).values(country=country, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=[tariffs.c.country], set_=values))


def remove(connection: Connection, country: str) -> bool:
    """Let the country have the tariff of all others again; returns whether it had one of its own."""
    return connection.execute(delete(tariffs).where(tariffs.c.country == country)).rowcount > 0
