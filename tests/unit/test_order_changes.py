"""From reports of an order to its changes: each once, whatever arrives and in whatever order."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from sidecar.domain.event import EventKind, Order, ShopEvent
from sidecar.domain.order_record import OrderRecord
from sidecar.policy.orders import Change, Placed, StatusChanged, observe

NOON = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
PLACED_STATUSES = ("processing", "on-hold", "completed")
STATUSES = ["pending", "failed", "processing", "on-hold", "completed", "cancelled", "shipped"]


def report(status: str, second: int = 0, kind: EventKind = EventKind.ORDER_SEEN) -> ShopEvent:
    """The order in this status, changed at this second of the shop's clock."""
    return ShopEvent(kind, "101", Order("101", "101", status, NOON + timedelta(seconds=second)))


def trashed(second: int | None = None) -> ShopEvent:
    """With only the id, as WooCommerce reports a deletion, or with the order as it lies in the trash."""
    order = None if second is None else Order("101", "101", "trash", NOON + timedelta(seconds=second))
    return ShopEvent(EventKind.ORDER_TRASHED, "101", order)


def restored(status: str, second: int) -> ShopEvent:
    return report(status, second, EventKind.ORDER_RESTORED)


class Memory:
    """What is remembered of one order, and what was announced of it."""

    def __init__(self) -> None:
        self.record: OrderRecord | None = None
        self.announced: list[tuple[Change, str]] = []
        self.notes: list[str] = []

    def take_in(self, *events: ShopEvent) -> None:
        for event in events:
            seen = observe(self.record, event, PLACED_STATUSES)
            self.record = seen.record
            self.notes.append(seen.note)
            if seen.change and event.order:
                self.announced.append((seen.change, event.order.status))

    def spoken(self) -> list[str]:
        """`placed` for a thank-you, a status for a change to it."""
        return ["placed" if isinstance(change, Placed) else status for change, status in self.announced]


@pytest.mark.parametrize(
    ("events", "spoken"),
    [
        ([report("processing")], ["placed"]),
        ([report("pending")], []),
        ([report("pending", 0), report("processing", 9)], ["placed"]),
        ([report("pending", 0), report("failed", 5), report("processing", 9)], ["failed", "placed"]),
        ([report("processing", 0), report("completed", 9)], ["placed", "completed"]),
        ([report("processing", 0), report("on-hold", 5), report("processing", 9)], ["placed", "on-hold", "processing"]),
        ([report("cancelled")], []),
        ([report("shipped"), report("processing", 5)], ["placed"]),
        ([report("processing", 0), report("processing", 5), report("processing", 9)], ["placed"]),
    ],
)
def test_what_a_history_in_its_order_announces(events: list[ShopEvent], spoken: list[str]) -> None:
    memory = Memory()
    memory.take_in(*events)
    assert memory.spoken() == spoken


def test_which_statuses_mean_placed_is_the_shops_choice() -> None:
    assert observe(None, report("pending"), ("pending",)).change == Placed()
    assert observe(None, report("processing"), ("pending",)).change is None


def test_an_older_report_that_comes_late_says_nothing_and_changes_nothing() -> None:
    memory = Memory()
    memory.take_in(report("completed", 60), report("processing", 0))
    assert (memory.spoken(), memory.notes) == (["placed"], ["placed", "stale"])
    assert memory.record and memory.record.status == "completed"


def test_a_newer_report_without_a_change_still_outdates_older_ones() -> None:
    memory = Memory()
    memory.take_in(report("processing", 0), report("processing", 60), report("on-hold", 30))
    assert (memory.spoken(), memory.notes[1:]) == (["placed"], ["unchanged", "stale"])


def test_changes_within_one_second_of_the_shops_clock_are_each_announced() -> None:
    memory = Memory()
    memory.take_in(report("pending", 0), report("processing", 0), report("completed", 0))
    assert memory.spoken() == ["placed", "completed"]


def test_the_reports_of_one_second_can_be_repeated_in_any_order_without_a_word() -> None:
    memory = Memory()
    memory.take_in(report("pending", 0), report("processing", 0), report("completed", 0))
    memory.take_in(report("processing", 0), report("pending", 0), report("completed", 0), report("processing", 0))
    assert memory.spoken() == ["placed", "completed"]
    assert memory.record and memory.record.status == "completed"


def test_each_change_has_a_key_of_its_own() -> None:
    memory = Memory()
    memory.take_in(*(report(status, n) for n, status in enumerate(["processing", "on-hold", "processing", "on-hold"])))
    changes = [change for change, _ in memory.announced]
    assert [change.key for change in changes] == ["placed", "status:1", "status:2", "status:3"]
    assert changes[1:] == [StatusChanged("processing", 1), StatusChanged("on-hold", 2), StatusChanged("processing", 3)]


@pytest.mark.parametrize("trash", [trashed(), trashed(5)])
def test_trash_and_restore_announce_nothing_and_life_goes_on_afterwards(trash: ShopEvent) -> None:
    memory = Memory()
    memory.take_in(report("processing", 0), trash)
    assert memory.record and memory.record.trashed
    memory.take_in(restored("processing", 9))
    assert not memory.record.trashed
    memory.take_in(report("completed", 20))
    assert memory.spoken() == ["placed", "completed"]


def test_a_restored_order_seen_first_as_updated_announces_nothing_either() -> None:
    memory = Memory()
    memory.take_in(report("processing", 0), trashed(), report("pending", 9), report("processing", 20))
    assert memory.spoken() == ["placed", "processing"]


def test_an_order_that_is_restored_at_first_sight_announces_nothing() -> None:
    memory = Memory()
    memory.take_in(restored("processing", 0), report("processing", 5))
    assert memory.spoken() == []


def test_the_trash_of_an_unknown_order_is_nothing_to_remember() -> None:
    memory = Memory()
    memory.take_in(trashed())
    assert (memory.record, memory.notes) == (None, ["trashed"])


def test_an_order_already_in_the_trash_is_not_announced_by_an_older_report() -> None:
    memory = Memory()
    memory.take_in(trashed(60), report("processing", 0))
    assert memory.spoken() == []
    assert memory.record and memory.record.trashed


def test_an_older_report_does_not_fetch_an_order_out_of_the_trash() -> None:
    memory = Memory()
    memory.take_in(report("processing", 0), trashed(60), report("on-hold", 30))
    assert memory.spoken() == ["placed"]
    assert memory.record and memory.record.trashed


def test_a_trash_older_than_what_is_known_is_stale() -> None:
    memory = Memory()
    memory.take_in(report("processing", 60), trashed(0))
    assert memory.notes == ["placed", "stale"]
    assert memory.record and not memory.record.trashed


class OneOrder(RuleBasedStateMachine):
    """A shop changes an order, and its reports reach us twice, late, early, or never."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[ShopEvent] = []
        self.arrived: list[ShopEvent] = []
        self.memory = Memory()

    @rule(status=st.sampled_from(STATUSES), pause=st.integers(1, 3))
    def the_shop_changes_its_status(self, status: str, pause: int) -> None:
        self._happens(report(status, self._latest() + pause))

    @rule(bare=st.booleans())
    def the_shop_trashes_it(self, bare: bool) -> None:
        self._happens(trashed(None if bare else self._latest() + 1))

    @rule(status=st.sampled_from(STATUSES))
    def the_shop_restores_it(self, status: str) -> None:
        self._happens(restored(status, self._latest() + 1))

    @precondition(lambda self: self.history)
    @rule(data=st.data(), times=st.integers(1, 3))
    def a_report_arrives(self, data: st.DataObject, times: int) -> None:
        event = data.draw(st.sampled_from(self.history))
        for _ in range(times):
            self.memory.take_in(event)
            self.arrived.append(event)

    @invariant()
    def it_is_placed_at_most_once(self) -> None:
        assert self.memory.spoken().count("placed") <= 1

    @invariant()
    def no_change_is_announced_twice(self) -> None:
        assert len({change.key for change, _ in self.memory.announced}) == len(self.memory.announced)

    @invariant()
    def no_report_is_announced_twice(self) -> None:
        spoken = Counter(
            (event.order.status, event.order.modified_at)
            for event, note in zip(self.arrived, self.memory.notes, strict=True)
            if note in ("placed", "status changed") and event.order
        )
        assert not spoken or max(spoken.values()) == 1

    @invariant()
    def the_newest_report_is_what_we_know(self) -> None:
        dated = [event for event in self.arrived if event.order]
        newest = max(dated, key=_modified, default=None)
        if newest is None or newest.kind is EventKind.ORDER_TRASHED:
            return
        assert self.memory.record
        assert self.memory.record.status == _status(newest)

    @invariant()
    def all_of_it_again_would_announce_nothing(self) -> None:
        again = Memory()
        again.record = self.memory.record
        again.take_in(*self.arrived, *reversed(self.arrived))
        assert again.spoken() == []

    def _happens(self, event: ShopEvent) -> None:
        self.history.append(event)

    def _latest(self) -> int:
        return max((int((_modified(e) - NOON).total_seconds()) for e in self.history if e.order), default=0)


def _modified(event: ShopEvent) -> datetime:
    assert event.order
    return event.order.modified_at


def _status(event: ShopEvent) -> str:
    assert event.order
    return event.order.status


OneOrder.TestCase.settings = settings(max_examples=150, stateful_step_count=25)
TestOneOrder = OneOrder.TestCase
