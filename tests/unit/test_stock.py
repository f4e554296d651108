"""The shelf: which report counts, when a wave is due, and how many it may reach."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sidecar.domain.event import StockLevel
from sidecar.domain.stock import StockRecord
from sidecar.policy.stock import can_serve, places_left, taken_in
from tests.world import NOON

LATER = NOON + timedelta(minutes=5)
OUT = StockRecord("Mug", "https://x.example/mug", False, 0, NOON)
BACK = replace(OUT, saleable=True, quantity=4, next_wave_at=NOON)


def level(
    saleable: bool, quantity: int | None = None, modified: datetime | None = NOON, variation: str = "", name: str = ""
) -> StockLevel:
    return StockLevel("11", variation, name, "", saleable, quantity, modified)


def test_back_on_the_shelf_the_first_wave_is_due_at_once() -> None:
    changes, note = taken_in({"": OUT}, level(True, 4, LATER), LATER)
    assert note == "saleable"
    assert changes == {"": replace(OUT, saleable=True, quantity=4, modified_at=LATER, next_wave_at=LATER)}


def test_sold_out_the_wave_is_over_and_what_was_planned_is_not() -> None:
    changes, note = taken_in({"": replace(BACK, drafted=3)}, level(False, 0, LATER), LATER)
    assert note == "sold out"
    assert changes == {"": replace(OUT, wave=2, drafted=0, modified_at=LATER)}


@pytest.mark.parametrize("planned", [None, NOON, LATER + timedelta(hours=1)])
def test_while_it_stays_on_the_shelf_the_next_wave_keeps_its_time(planned: datetime | None) -> None:
    changes, _ = taken_in({"": replace(BACK, next_wave_at=planned)}, level(True, 3, LATER), LATER)
    assert (changes[""].next_wave_at, changes[""].quantity) == (planned, 3)


def test_of_what_was_never_heard_of_no_wave_is_due() -> None:
    changes, _ = taken_in({}, level(True, 3, name="Mug"), NOON)
    assert changes == {"": StockRecord("Mug", "", True, 3, NOON)}


@pytest.mark.parametrize(
    ("seconds", "counts"), [(-1, False), (0, True), (1, True)], ids=["older", "the same second", "newer"]
)
def test_the_newer_report_counts_and_of_one_second_the_later(seconds: int, counts: bool) -> None:
    changes, note = taken_in({"": OUT}, level(True, 4, NOON + timedelta(seconds=seconds)), LATER)
    assert bool(changes) is counts
    assert counts or note == "stale"


def test_the_same_report_again_changes_nothing() -> None:
    known, _ = taken_in({"": OUT}, level(True, 4, LATER), LATER)
    assert taken_in(known, level(True, 4, LATER), LATER + timedelta(hours=1)) == ({}, "unchanged")


def test_a_product_that_is_gone_takes_its_variations_along() -> None:
    shelf = {"": BACK, "21": BACK, "22": OUT}
    changes, note = taken_in(shelf, level(False, None, None), LATER)
    assert note == "gone"
    assert changes.keys() == {"", "21"}
    assert not any(record.saleable or record.next_wave_at for record in changes.values())


class TestVariations:
    WHOLE = StockRecord("Shoe", "https://x.example/shoe")

    def test_when_one_is_back_so_is_the_whole_product(self) -> None:
        shelf = {"": self.WHOLE, "21": OUT, "22": OUT}
        changes, _ = taken_in(shelf, level(True, 3, LATER, "21"), LATER)
        assert changes[""] == replace(self.WHOLE, saleable=True, quantity=3, next_wave_at=LATER)

    def test_the_whole_product_has_what_all_of_them_have(self) -> None:
        shelf = {"": replace(self.WHOLE, saleable=True, quantity=4), "21": BACK, "22": OUT}
        assert taken_in(shelf, level(True, 3, LATER, "22"), LATER)[0][""].quantity == 7
        assert taken_in(shelf, level(True, None, LATER, "22"), LATER)[0][""].quantity is None

    def test_when_the_last_is_sold_the_whole_product_is(self) -> None:
        shelf = {"": replace(self.WHOLE, saleable=True, quantity=4), "21": BACK, "22": OUT}
        changes, _ = taken_in(shelf, level(False, 0, LATER, "21"), LATER)
        assert (changes[""].saleable, changes[""].wave) == (False, 2)

    def test_nobody_waits_for_a_whole_product_that_we_do_not_know(self) -> None:
        assert taken_in({"21": OUT}, level(True, 3, LATER, "21"), LATER)[0].keys() == {"21"}

    def test_a_product_that_is_not_counted_itself_has_the_number_of_its_variations(self) -> None:
        changes, _ = taken_in({"": self.WHOLE, "21": BACK, "22": OUT}, level(True, None, LATER), LATER)
        assert changes[""].quantity == 4

    def test_those_that_share_the_products_stock_and_are_never_told_of_follow_it(self) -> None:
        wished = StockRecord("Shoe 40", "https://x.example/shoe")
        changes, _ = taken_in({"": self.WHOLE, "21": wished, "22": OUT}, level(True, 6, LATER), LATER)
        assert changes["21"] == replace(wished, saleable=True, quantity=6, next_wave_at=LATER)
        assert "22" not in changes


@pytest.mark.parametrize(
    ("quantity", "factor", "served"),
    [
        (None, 1.0, None),
        (0, 10.0, 0),
        (-3, 2.0, 0),
        (5, 1.0, 5),
        (5, 1.5, 7),
        (1, 0.5, 1),
        (1, 0.01, 1),
        (3, 0.5, 1),
        (0, 0.5, 0),
        (100, 0.29, 29),
        (10, 0.7, 7),
        (3, 10.0, 30),
    ],
)
def test_only_as_many_as_the_stock_can_serve(quantity: int | None, factor: float, served: int | None) -> None:
    assert can_serve(quantity, factor) == served


@pytest.mark.parametrize(("drafted", "under_way", "left"), [(0, 0, 4), (3, 0, 1), (4, 0, 0), (0, 3, 1), (2, 3, 0)])
def test_what_is_written_and_what_is_under_way_takes_places(drafted: int, under_way: int, left: int) -> None:
    assert places_left(replace(BACK, drafted=drafted), 1.0, under_way) == left
    assert places_left(replace(BACK, quantity=None, drafted=drafted), 1.0, under_way) is None
