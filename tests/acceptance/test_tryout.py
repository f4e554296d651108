"""What a shop's last weeks would have had texted, told without a single text."""

import json
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.event import ShopEvent
from sidecar.domain.mode import Mode
from sidecar.domain.shop import Shop
from sidecar.storage import shops, tryouts
from sidecar.storage.consents import Saying
from sidecar.storage.tables import messages, orders
from sidecar.storage.tables import tryouts as tryouts_table
from sidecar.storage.tryouts import TryOut
from sidecar.tryout.replay import summed
from sidecar.tryout.tryouts import LEASE, CannotGoLive, Found, TryOuts
from sidecar.wiring.readers import READERS
from tests.world import MARIA, NOON, World, order

DAY = timedelta(days=1)


class History:
    """What the shop shows when it is asked, page by page."""

    def __init__(self) -> None:
        self.pages: list[list[dict[str, Any]] | ShopProblem] = []
        self.paused = threading.Event()
        self.go_on: threading.Event | None = None

    def __call__(self, shop: Shop, since: datetime) -> Iterator[list[Found]]:
        for page in self.pages:
            if isinstance(page, ShopProblem):
                raise page
            yield [(None, self._read(shop, payload)) for payload in page]
            if self.go_on:
                self.paused.set()
                self.go_on.wait(10)

    def _read(self, shop: Shop, payload: dict[str, Any]) -> ShopEvent:
        event = READERS[shop.platform, "poller"]("order.updated", json.dumps(payload).encode(), "UTC")
        assert isinstance(event, ShopEvent)
        return event


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By this test's clock, those of others look old."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def desk(world: World, history: History) -> TryOuts:
    return TryOuts(world.database, world.stationery, history, world.clock)


def ordered(number: int, status: str, made: datetime, changed: datetime | None = None, **fields: Any) -> dict[str, Any]:
    written = made.replace(tzinfo=None).isoformat(timespec="seconds")
    return order(status, order_id=number, modified=changed or made, **{"date_created_gmt": written, **fields})


def tried(world: World, desk: TryOuts, mode: int = 3, days: int = 30) -> TryOut:
    with world.database.write() as connection:
        assert desk.ask(connection, world.shop, Mode(mode), days)
    assert desk.work() == 1
    return found(world)


def found(world: World) -> TryOut:
    with world.database.read() as connection:
        known = tryouts.find(connection, world.shop.id)
    assert known
    return known


def fates(known: TryOut) -> list[tuple[str, str, str]]:
    return [
        (line["order"], line["key"], line["fate"] + (f": {line['reason']}" if line["reason"] else ""))
        for line in known.lines
    ]


def test_known_orders_give_a_known_report(world: World, desk: TryOuts, history: History) -> None:
    history.pages = [
        [
            ordered(1, "processing", NOON - 3 * DAY),
            ordered(
                2, "completed", NOON - 5 * DAY, NOON - 2 * DAY, billing={"first_name": "Ana", "phone": "11 98765-4321"}
            ),
            ordered(3, "pending", NOON - DAY, billing={"phone": "11 91111-2222"}),
            ordered(4, "processing", NOON - DAY, billing={"phone": "11 4002-8922"}),
        ],
        [ordered(5, "refunded", NOON - 40 * DAY, NOON - 4 * DAY, billing={"phone": "11 93333-4444"})],
    ]
    known = tried(world, desk)
    assert sorted(fates(known)) == sorted(
        [
            ("1", "order_placed", "goes"),
            ("2", "order_placed", "goes"),
            ("2", "order_completed", "goes"),
            ("4", "order_placed", "blocked: landline"),
            ("5", "order_refunded", "goes"),
        ]
    )
    summary = summed(known.lines)
    assert (known.state, known.orders, summary.goes, summary.blocked) == ("done", 5, 4, {"landline": 1})
    first = known.lines[0]
    assert MARIA[4:9] not in json.dumps(known.lines) and first["to"].startswith("+55•")


def test_the_mode_tried_counts_and_not_the_shops(world: World, desk: TryOuts, history: History) -> None:
    world.configure(mode=0)
    history.pages = [[ordered(2, "completed", NOON - 5 * DAY, NOON - 2 * DAY)]]
    assert [fate for _, _, fate in fates(tried(world, desk, mode=2))] == ["goes", "blocked: mode_new_orders_only"]


def test_hours_opt_outs_and_newer_changes_count_as_they_would(world: World, desk: TryOuts, history: History) -> None:
    world.configure(transactional_window="09:00-18:00", settle_seconds=3600)
    no = Saying(world.shop.id, "+5511987654321", Purpose.ORDERS, Standing.OUT, "reply", "STOP")
    with world.database.write() as connection:
        world.consents.record(connection, [no], NOON)
    night = (NOON - 3 * DAY).replace(hour=4)
    history.pages = [
        [
            ordered(1, "processing", night),
            ordered(2, "processing", NOON - 2 * DAY, billing={"phone": "11 98765-4321"}),
            ordered(
                3,
                "completed",
                NOON - 9 * DAY,
                NOON - 9 * DAY + timedelta(minutes=5),
                billing={"phone": "11 92222-3333"},
            ),
        ]
    ]
    done = tried(world, desk)
    known = {fate[:2]: (fate[2], line["at"]) for fate, line in zip(fates(done), done.lines, strict=True)}
    assert known["1", "order_placed"][0] == "goes"
    assert datetime.fromisoformat(known["1", "order_placed"][1]).hour == 12, "at nine in São Paulo"
    assert known["2", "order_placed"][0] == "blocked: opted_out"
    assert known["3", "order_placed"][0].startswith("overtaken")


def test_nothing_leaves_and_nothing_of_the_shop_is_touched(world: World, desk: TryOuts, history: History) -> None:
    world.configure(billing="prepaid")
    history.pages = [
        [
            ordered(number, "processing", NOON - DAY, billing={"phone": f"11 9{number:04}-0000"})
            for number in range(1, 21)
        ]
    ]
    known = tried(world, desk)
    world.settle()
    with world.database.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (messages, orders)]
    assert (counts, world.provider.sent, len(known.lines)) == ([0, 0], [], 20)


def test_killed_in_the_middle_it_is_begun_anew_when_the_lease_is_over(
    world: World, desk: TryOuts, history: History
) -> None:
    history.pages = [[ordered(1, "processing", NOON - DAY)]]
    with world.database.write() as connection:
        desk.ask(connection, world.shop, Mode(3), 30)
        tryouts.take(connection, world.shop.id, NOON, NOON + LEASE)
    assert desk.work() == 0
    world.clock.forward(minutes=11)
    assert desk.work() == 1 and found(world).state == "done"


def test_what_a_killed_one_left_on_disk_is_cleared_away_and_what_is_in_use_is_not(world: World, desk: TryOuts) -> None:
    left, used = (Path(tempfile.mkdtemp(prefix="recado-tryout-")) for _ in range(2))
    for folder, age in ((left, timedelta(hours=2)), (used, timedelta(minutes=50))):
        (folder / "tryout.sqlite3").touch()
        for path in (folder / "tryout.sqlite3", folder):
            os.utime(path, ((world.clock() - age).timestamp(),) * 2)
    desk.clear()
    assert (left.exists(), used.exists()) == (False, True)


def test_a_long_replay_keeps_its_lease(world: World, desk: TryOuts, history: History) -> None:
    history.pages = [[ordered(number, "processing", NOON - DAY) for number in range(1, 402)]]
    leases: set[datetime] = set()

    def slowly() -> datetime:
        with world.database.read() as connection:
            leases.update(connection.scalars(select(tryouts_table.c.lease_until)))
        world.clock.forward(minutes=4)
        return world.clock()

    with world.database.write() as connection:
        desk.ask(connection, world.shop, Mode(3), 30)
    replace(desk, clock=slowly).run(world.shop.id)
    assert found(world).state == "done"
    assert len(leases) > len(["none yet", "taken", "asked the shop"])


def test_two_workers_do_not_both_ask_the_shop(world: World, desk: TryOuts, history: History) -> None:
    history.pages, history.go_on = [[ordered(1, "processing", NOON - DAY)]], threading.Event()
    with world.database.write() as connection:
        desk.ask(connection, world.shop, Mode(3), 30)
    other = threading.Thread(target=desk.work)
    other.start()
    assert history.paused.wait(10)
    assert desk.work() == 0
    with world.database.write() as connection:
        assert not desk.ask(connection, world.shop, Mode(2), 30)
    history.go_on.set()
    other.join(10)
    assert (found(world).state, found(world).mode) == ("done", 3)


def test_what_the_shop_says_against_it_is_told(world: World, desk: TryOuts, history: History) -> None:
    history.pages = [ShopProblem("bad_keys", "The shop does not know these keys.")]
    known = tried(world, desk)
    assert (known.state, known.problem) == ("failed", "The shop does not know these keys.")
    history.pages = [[ordered(1, "processing", NOON - DAY)]]
    assert tried(world, desk).state == "done"


def test_it_is_forgotten_after_a_week_and_with_a_person(world: World, desk: TryOuts, history: History) -> None:
    history.pages = [[ordered(1, "processing", NOON - DAY)]]
    tried(world, desk)
    world.privacy.erase(MARIA, world.shop)
    with world.database.read() as connection:
        assert tryouts.find(connection, world.shop.id) is None
    tried(world, desk)
    world.clock.forward(days=8)
    assert desk.clear() == 1


class TestGoingLive:
    def live(self, world: World, desk: TryOuts, mode: int = 3) -> None:
        with world.database.write() as connection:
            shop = shops.several(connection, {world.shop.id})[world.shop.id]
            desk.go_live(connection, shop, Mode(mode))

    def test_old_orders_stay_untold_and_the_next_is_told_once(self, world: World, desk: TryOuts) -> None:
        world.configure(mode=0)
        self.live(world, desk)
        world.clock.forward(minutes=5)
        self.live(world, desk)
        world.deliver("order.updated", order("processing", order_id=1, modified=NOON - timedelta(minutes=1)))
        world.deliver("order.created", order("processing", order_id=2, modified=NOON + timedelta(minutes=2)))
        world.settle()
        assert [message.text.count("#2") for message in world.provider.sent] == [1]

    @pytest.mark.parametrize(
        ("settings", "mode", "words"),
        [({"sender": ""}, 3, "no sender"), ({}, 6, "switch on stock management")],
    )
    def test_what_is_missing_is_said(
        self, world: World, desk: TryOuts, settings: dict[str, Any], mode: int, words: str
    ) -> None:
        world.configure(**settings)
        with pytest.raises(CannotGoLive, match=words):
            self.live(world, desk, mode)
