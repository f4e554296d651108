"""Another account takes over where one cannot send; nothing is sent twice, and nothing is sent faster than allowed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sidecar.domain.ids import new_id
from sidecar.domain.outcome import Accepted, OutcomeUnknown, Rejected, SendOutcome, TemporarilyFailed
from sidecar.domain.status import MessageState
from sidecar.storage.messages import NewMessage
from tests.world import ObedientProvider, World, new_message, order

DOWN = TemporarilyFailed("unreachable")


@pytest.fixture
def second(world: World) -> ObedientProvider:
    """The second account on the shop's route."""
    provider = world.add_account("acc_second")
    world.route("acc_shop_one", "acc_second")
    return provider


def place(world: World, number: int = 101) -> None:
    world.deliver("order.created", order("processing", order_id=number))
    world.settle(rounds=1)


def fates(world: World) -> list[tuple[str, str, str]]:
    with_accounts = []
    for message in world.all_messages():
        told = [step["failed_over_to"] for step in world.timeline(message) if "failed_over_to" in step]
        with_accounts.append((message["status"], message["reason"], ",".join(told)))
    return with_accounts


@pytest.mark.parametrize(
    "outcome",
    [
        DOWN,
        TemporarilyFailed("provider_down"),
        Rejected("auth", permanent=False),
        Rejected("no_credit", permanent=False),
        Rejected("not_on_whatsapp", permanent=True),
        Rejected("wrong_country", permanent=True),
        Rejected("window_closed", permanent=True),
    ],
)
def test_a_message_that_certainly_was_not_sent_goes_by_the_next_account_at_once(
    world: World, second: ObedientProvider, outcome: SendOutcome
) -> None:
    world.provider.outcomes = [outcome]
    place(world)
    assert len(world.provider.sent) == len(second.sent) == 1
    assert fates(world) == [("accepted", "", "acc_second")]


@pytest.mark.parametrize(
    "outcome",
    [OutcomeUnknown("answer_lost"), Rejected("invalid_number", permanent=True), TemporarilyFailed("throttled")],
)
def test_a_lost_answer_a_bad_number_or_a_busy_account_does_not(
    world: World, second: ObedientProvider, outcome: SendOutcome
) -> None:
    world.provider.outcomes = [outcome]
    place(world)
    assert second.sent == []


def test_new_messages_avoid_an_account_with_a_problem_and_try_it_again_later(
    world: World, second: ObedientProvider
) -> None:
    world.provider.outcomes = [Rejected("auth", permanent=False)]
    place(world, 101)
    place(world, 102)
    assert (len(world.provider.sent), len(second.sent)) == (1, 2)
    world.clock.forward(seconds=61)
    place(world, 103)
    assert (len(world.provider.sent), len(second.sent)) == (2, 2)
    place(world, 104)
    assert (len(world.provider.sent), len(second.sent)) == (3, 2), "its problem is over, and so is the detour"


def test_what_waits_at_an_account_that_is_out_of_order_moves_on(world: World, second: ObedientProvider) -> None:
    world.provider.outcomes = [Rejected("auth", permanent=False)]
    place(world, 9101)
    with world.database.write() as connection:
        world.messages.add(connection, [new_message(number) for number in range(700)], world.clock())
    assert world.failover.sweep() == 700
    world.dispatch()
    assert len(second.sent) == 701
    assert len(world.provider.sent) == 1
    assert world.failover.sweep() == 0


def test_without_a_working_alternative_messages_wait_where_they_are(world: World, second: ObedientProvider) -> None:
    world.provider.outcomes, second.outcomes = ([Rejected("auth", permanent=False)] for _ in range(2))
    place(world)
    assert [m["status"] for m in world.all_messages()] == ["queued"]
    assert world.failover.sweep() == 0


def test_a_route_may_differ_by_country_and_category(world: World) -> None:
    brazil = world.add_account("acc_brazil")
    world.route("acc_brazil", country="BR")
    place(world)
    abroad = {"billing": {"first_name": "Luc", "country": "FR", "phone": "06 12 34 56 78"}}
    world.deliver("order.created", order("processing", order_id=102, **abroad))
    world.settle(rounds=1)
    assert len(brazil.sent) == len(world.provider.sent) == 1
    world.route(country="BR")
    place(world, 103)
    assert len(brazil.sent) == 1, "without a list of its own the country goes by the general one"


def _settled(number: int, state: MessageState, world: World) -> NewMessage:
    """A text to Brazil whose fate is known."""
    reason = "carrier_error" if state is MessageState.UNDELIVERED else ""
    message_id = new_id("msg", world.clock(), lambda _: number)
    return new_message(number, state, id=message_id, country="BR", reason=reason)


@pytest.mark.parametrize(("arrived", "avoided"), [(10, True), (15, False), (4, False)])
def test_an_account_of_whose_texts_too_few_arrive_in_a_country_is_passed_over_there(
    world: World, second: ObedientProvider, arrived: int, avoided: bool
) -> None:
    states = [MessageState.DELIVERED] * arrived + [MessageState.UNDELIVERED] * 15
    with world.database.write() as connection:
        rows = [_settled(number, state, world) for number, state in enumerate(states)]
        world.messages.add(connection, rows, world.clock())
    world.failover.measure()
    place(world, 900)
    assert bool(second.sent) is avoided
    world.clock.forward(minutes=6)
    place(world, 901)
    assert len(world.provider.sent) == (1 if avoided else 2), "an old measurement counts no more"


def test_a_rate_is_kept_by_all_workers_together(world: World) -> None:
    world.add_account("acc_slow", rate=10)
    with world.database.write() as connection:
        rows = [new_message(number, account_id="acc_slow") for number in range(100)]
        world.messages.add(connection, rows, world.clock())
    workers = [world.dispatcher, world.dispatcher_of("wrk_two")]
    sent = world.providers["acc_slow"].sent
    for worker in workers * 2:
        world.dispatch(worker)
    assert len(sent) == 10
    for _ in range(30):
        world.clock.now += timedelta(milliseconds=100)
        for worker in workers:
            world.dispatch(worker)
    assert len(sent) == 40
    workers[1].stop(timeout=1)


class Batching(ObedientProvider):
    """Takes up to 50 numbers at once and refuses every seventh."""

    capabilities = ObedientProvider.capabilities.__class__(batch_size=50)

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[int] = []

    def send_batch(self, messages):  # type: ignore[no-untyped-def]
        self.requests.append(len(messages))
        self.sent += messages
        return [
            Rejected("invalid_number", permanent=True) if int(m.to[-4:]) % 7 == 0 else Accepted(f"P-{m.id}")
            for m in messages
        ]


def test_the_same_text_to_many_goes_in_large_batches_with_each_ones_own_outcome(world: World) -> None:
    world.add_account("acc_batch")
    provider = world.providers["acc_batch"] = Batching()
    with world.database.write() as connection:
        rows = [
            new_message(n, account_id="acc_batch", to=f"+551191234{n:04}", text="Back!", batch_key="back")
            for n in range(120)
        ]
        world.messages.add(connection, [*rows, new_message(500, account_id="acc_batch")], world.clock())
    world.dispatch()
    assert sorted(provider.requests) == [20, 50, 50]
    assert len(provider.sent) == 121
    states = [m["status"] for m in world.all_messages()]
    assert states.count("rejected") == len([n for n in range(120) if n % 7 == 0])
    assert states.count("accepted") == 121 - states.count("rejected")


def test_a_batch_whose_answer_is_lost_is_unknown_as_a_whole(world: World) -> None:
    class Lost(Batching):
        def send_batch(self, messages):  # type: ignore[no-untyped-def]
            return [OutcomeUnknown("answer_lost")] * len(messages)

    world.add_account("acc_batch")
    world.providers["acc_batch"] = Lost()
    with world.database.write() as connection:
        rows = [new_message(n, account_id="acc_batch", text="Back!", batch_key="back") for n in range(10)]
        world.messages.add(connection, rows, world.clock())
    world.dispatch()
    assert {m["status"] for m in world.all_messages()} == {"unknown"}


@pytest.fixture
def whatsapp_first(world: World) -> ObedientProvider:
    """WhatsApp, to which Maria has just written, and behind it the shop's account for SMS."""
    provider = world.add_account("acc_whatsapp", channel="whatsapp")
    provider.capabilities = replace(provider.capabilities, channels=frozenset({"whatsapp"}))
    world.route("acc_whatsapp", "acc_shop_one")
    world.hear("oi", account_id="acc_whatsapp")
    world.callbacks.work()
    return provider


def report_undelivered(world: World, reason: str) -> None:
    [message] = [m for m in world.all_messages() if m["channel"] == "whatsapp"]
    world.report("undelivered", message, account_id="acc_whatsapp", reason=reason)
    world.callbacks.work()
    world.dispatch()


def test_who_is_not_on_whatsapp_gets_an_sms_once(world: World, whatsapp_first: ObedientProvider) -> None:
    place(world)
    for _ in range(2):
        report_undelivered(world, "not_on_whatsapp")
    first, second = world.all_messages()
    assert (first["channel"], first["status"], second["channel"], second["status"]) == (
        *("whatsapp", "undelivered"),
        *("sms", "accepted"),
    )
    assert first["text"] == second["text"]
    assert world.timeline(first)[-2]["goes_on_as"] == second["id"]
    assert world.timeline(second)[0]["instead_of"] == first["id"]
    assert len(whatsapp_first.sent) == len(world.provider.sent) == 1


@pytest.mark.parametrize("reason", ["carrier_error", "handset_unreachable", "opted_out"])
def test_what_another_channel_would_not_mend_is_not_sent_again(
    world: World, whatsapp_first: ObedientProvider, reason: str
) -> None:
    place(world)
    report_undelivered(world, reason)
    assert len(world.all_messages()) == 1
