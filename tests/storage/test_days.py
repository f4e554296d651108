"""What a day's figures say, counted from messages on both kinds of database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from sidecar.domain.status import MessageState as S
from sidecar.ledger import counting
from sidecar.ledger.counting import Days
from sidecar.ledger.figures import Figures, class_of, quantile, read, seconds_of, together
from sidecar.storage import days, tariffs
from sidecar.storage.days import Totals
from sidecar.storage.tables import messages
from sidecar.storage.tariffs import Tariff
from tests.world import NOON, World, order

TODAY = "2026-11-22"


def figures(world: World, day: str = TODAY, shop_id: str = "shop_one") -> Figures:
    with world.database.read() as connection:
        return read(days.of_shop(connection, shop_id, "2026-01-01").get(day, {}))


def texted(world: World, count: int = 1, first: int = 1) -> list[str]:
    for number in range(first, first + count):
        world.deliver("order.updated", order(order_id=number, modified=world.clock()))
    world.settle()
    return [message["id"] for message in world.all_messages()]


def test_states_times_and_cost(world: World) -> None:
    with world.database.write() as connection:
        tariffs.save(connection, "BR", Tariff(price=Decimal("0.02"), currency="USD"))
    ids = texted(world, 4)
    with world.database.write() as connection:
        for message_id, state in zip(ids, (S.DELIVERED, S.READ, S.UNDELIVERED, S.ACCEPTED), strict=True):
            sent = NOON + timedelta(seconds=2)
            told = {"state": state, "event_at": NOON, "sent_at": sent, "delivered_at": sent + timedelta(seconds=8)}
            if state in (S.UNDELIVERED, S.ACCEPTED):
                told["delivered_at"] = None
            connection.execute(update(messages).where(messages.c.id == message_id).values(**told))
        connection.execute(update(messages).where(messages.c.id == ids[0]).values(price=Decimal("0.5"), currency="EUR"))
    Days(world.database, world.clock).count((0,))
    day = figures(world)
    assert dict(day.states) == {"delivered": 1, "read": 1, "undelivered": 1, "accepted": 1}
    assert day.delivered_share == 2 / 3
    assert day.read_share == 0.5
    assert day.cost == {"USD": Decimal("0.06"), "EUR": Decimal("0.500000")}
    assert abs((quantile(day.to_provider, 0.5) or 0) / 2 - 1) < 0.13
    assert abs((quantile(day.to_delivery, 0.95) or 0) / 10 - 1) < 0.13


def test_days_of_a_shop_are_summed(world: World) -> None:
    ids = texted(world, 4)
    with world.database.write() as connection:
        for message_id, state in zip(ids, (S.DELIVERED, S.READ, S.EXPIRED, S.ACCEPTED), strict=True):
            connection.execute(update(messages).where(messages.c.id == message_id).values(state=state))
    Days(world.database, world.clock).count((0, 1))
    world.clock.forward(days=1)
    texted(world, 2, first=9)
    Days(world.database, world.clock).count((0, 1))
    with world.database.read() as connection:
        sums = [days.totals(connection, ["shop_one"], *span) for span in ((TODAY, TODAY), (TODAY,), ("2026-11-24",))]
    assert sums == [{"shop_one": Totals(4, 2, 1)}, {"shop_one": Totals(6, 2, 1)}, {}]
    assert Totals(4, 2, 1).delivered_share == 2 / 3


def test_what_was_held_for_the_morning_does_not_count_as_slow(world: World) -> None:
    ids = texted(world)
    with world.database.write() as connection:
        told = {"event_at": NOON, "created_at": NOON, "due_at": NOON + timedelta(hours=9)}
        told["sent_at"] = NOON + timedelta(hours=9, seconds=3)
        connection.execute(update(messages).where(messages.c.id == ids[0]).values(**told))
    Days(world.database, world.clock).count((0,))
    assert (quantile(figures(world).to_provider, 0.5) or 0) < 4


def test_reasons_replies_and_who_said_no(world: World) -> None:
    texted(world)
    world.hear("Hello?")
    world.hear("SAIR")
    world.settle()
    texted(world, first=9)
    Days(world.database, world.clock).count((0,))
    day = figures(world)
    assert day.why("suppressed") == [("opted_out", 1)]
    assert (day.replies, day.opt_outs) == (2, 1)
    assert day.opt_out_share == 1 / day.left


def test_a_day_is_the_shops_own_and_all_shops_are_summed(world: World) -> None:
    """At three in the morning in London it is still yesterday in São Paulo."""
    other = world.add_shop("shop_two", timezone="Europe/London")
    world.clock.forward(hours=11.5)
    texted(world)
    world.deliver("order.updated", order(order_id=5, modified=world.clock()), shop_id=other.id)
    world.settle()
    Days(world.database, world.clock).count((0, 1))
    assert figures(world).total == 1
    assert figures(world, "2026-11-23").total == 0
    assert figures(world, "2026-11-23", other.id).total == 1
    assert [figures(world, day, days.ALL).total for day in (TODAY, "2026-11-23")] == [1, 1]


def test_what_nobody_has_counted_is_counted_later(world: World) -> None:
    texted(world)
    world.clock.forward(days=12)
    Days(world.database, world.clock).go_back()
    assert figures(world).total == 1


def test_nothing_is_counted_again_while_nothing_changes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for a while: there may be changes that nobody tells of."""
    monkeypatch.setattr(counting, "REST", 0)
    seen = [1]
    days_counted = Days(world.database, world.clock, lambda: seen[0])
    days_counted.work()
    texted(world)
    days_counted.work()
    assert figures(world).total == 0
    seen[0] += 1
    monkeypatch.setattr(counting, "UNASKED_SECONDS", 0)
    days_counted.work()
    assert figures(world).total == 1
    texted(world, first=2)
    days_counted.work()
    assert figures(world).total == 2


@given(st.floats(0.1, 1e6))
def test_a_class_of_durations_is_narrow(seconds: float) -> None:
    assert abs(seconds_of(class_of(seconds)) / seconds - 1) < 0.07


def test_days_together_are_their_sum() -> None:
    one, two = Figures(segments=2), Figures(segments=3)
    one.states.update({"delivered": 3})
    two.states.update({"delivered": 1, "rejected": 4})
    two.add_cost("EUR", Decimal("0.10"))
    both = together([one, two])
    assert (both.segments, both.delivered_share, both.cost) == (5, 0.5, {"EUR": Decimal("0.10")})
    assert read(both.as_json()) == both
    assert Figures().delivered_share is None
    assert quantile({}, 0.5) is None
