"""From what shops tell of their stock to who may be told: what is on the shelf, and how many it can serve."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sidecar.domain.event import StockLevel
from sidecar.domain.stock import StockRecord

Shelf = Mapping[str, StockRecord]
"""All that is known of one product, by variation; under "" the product as a whole."""

WHOLE = ""


def taken_in(shelf: Shelf, level: StockLevel, now: datetime) -> tuple[dict[str, StockRecord], str]:
    """What changes on the shelf, and the report's fate in a word. By the shop's own clock, which ticks in seconds: of
    two reports of one second the one that came later counts."""
    if level.modified_at is None:
        return {variation: _sold_out(record) for variation, record in shelf.items() if record.saleable}, "gone"
    known = shelf.get(level.variation_id)
    if known and known.modified_at and level.modified_at < known.modified_at:
        return {}, "stale"
    told = replace(
        _counted(known, level.saleable, _quantity(shelf, level), now),
        name=level.name or (known.name if known else ""),
        url=level.url or (known.url if known else ""),
        modified_at=level.modified_at,
    )
    changes = {level.variation_id: told, **_related(shelf, level, told, now)}
    changes = {variation: new for variation, new in changes.items() if new != shelf.get(variation)}
    return changes, ("saleable" if told.saleable else "sold out") if changes else "unchanged"


def _counted(known: StockRecord | None, saleable: bool, quantity: int | None, now: datetime) -> StockRecord:
    """Back on the shelf, the first wave is due at once; nobody can wait for what was never heard of."""
    if known is None:
        return StockRecord(saleable=saleable, quantity=quantity)
    if not saleable:
        return replace(_sold_out(known), quantity=quantity)
    return replace(known, saleable=True, quantity=quantity, next_wave_at=known.next_wave_at if known.saleable else now)


def _sold_out(record: StockRecord) -> StockRecord:
    """What is written of a wave is taken back, so the next one is another."""
    if not record.saleable:
        return record
    return replace(record, saleable=False, wave=record.wave + 1, drafted=0, next_wave_at=None)


def _quantity(shelf: Shelf, level: StockLevel) -> int | None:
    """A product whose variations are counted one by one has no number of its own."""
    if level.quantity is None and level.variation_id == WHOLE and _variations(shelf):
        return _sum(_variations(shelf))
    return level.quantity


def _related(shelf: Shelf, level: StockLevel, told: StockRecord, now: datetime) -> dict[str, StockRecord]:
    if level.variation_id == WHOLE:
        return _sharing(shelf, told, now) if level.quantity is not None else {}
    whole = shelf.get(WHOLE)
    if whole is None:
        return {}
    # When a variation changes, shops do not tell of the whole product, though it may be back by that.
    variations = {**_variations(shelf), level.variation_id: told}
    anything = any(variation.saleable for variation in variations.values())
    return {WHOLE: _counted(whole, anything, _sum(variations), now)}


def _sharing(shelf: Shelf, told: StockRecord, now: datetime) -> dict[str, StockRecord]:
    """Of variations that share the product's stock shops tell nothing: those we know by somebody's wish only."""
    unheard = {variation: record for variation, record in shelf.items() if variation and record.modified_at is None}
    return {variation: _counted(record, told.saleable, told.quantity, now) for variation, record in unheard.items()}


def _variations(shelf: Shelf) -> dict[str, StockRecord]:
    return {variation: record for variation, record in shelf.items() if variation and record.modified_at}


def _sum(variations: Shelf) -> int | None:
    counts = [variation.quantity for variation in variations.values() if variation.saleable]
    return None if None in counts else sum(count for count in counts if count is not None)


def can_serve(quantity: int | None, factor: float) -> int | None:
    """How many may be told of what is there; None for all. Of the last piece one is told, however small the factor. In
    decimals, since 0.29 x 100 in binary is less than 29."""
    if quantity is None or quantity <= 0:
        return None if quantity is None else 0
    return max(int(Decimal(str(factor)) * quantity), 1)


def places_left(record: StockRecord, factor: float, still_under_way: int) -> int | None:
    """How many more the wave may reach; None for all. `still_under_way`: texts of earlier waves that have not left."""
    most = can_serve(record.quantity, factor)
    return None if most is None else max(most - record.drafted - still_under_way, 0)
