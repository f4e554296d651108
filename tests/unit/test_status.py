"""The only steps a message can take, whoever asks for them."""

from collections.abc import Iterable

import pytest

from sidecar.domain.status import (
    ALLOWED_STEPS,
    BILLABLE,
    FINAL,
    IN_FLIGHT,
    RETRYABLE,
    WAITING,
    MessageState,
    can_become,
)

S = MessageState

# A message is born held, queued, or suppressed; what adapters make of a provider's word comes later.
BORN = {S.HELD, S.QUEUED, S.SUPPRESSED}
REPORTED_IN_ORDER = [S.ACCEPTED, S.SENT, S.DELIVERED, S.READ]
STATES = list(MessageState)


def within_reach(starts: Iterable[MessageState]) -> set[MessageState]:
    reached: set[MessageState] = set()
    frontier = set(starts)
    while frontier:
        reached |= frontier
        frontier = {step for state in frontier for step in ALLOWED_STEPS[state]} - reached
    return reached


def test_every_state_has_its_steps_written_down() -> None:
    assert set(ALLOWED_STEPS) == set(STATES)


def test_every_state_can_be_reached_by_some_message() -> None:
    assert within_reach(BORN) == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_from_every_state_there_is_a_way_to_an_end(state: MessageState) -> None:
    assert within_reach({state}) & FINAL


@pytest.mark.parametrize("state", STATES)
def test_no_step_stands_still(state: MessageState) -> None:
    assert not can_become(state, state)


@pytest.mark.parametrize("state", sorted(FINAL))
def test_an_end_stays_an_end_but_that_a_delivered_text_may_be_read(state: MessageState) -> None:
    assert ALLOWED_STEPS[state] == ({S.READ} if state is S.DELIVERED else set())


def test_a_state_without_steps_is_an_end() -> None:
    assert {state for state, steps in ALLOWED_STEPS.items() if not steps} <= FINAL


def test_only_a_queued_message_is_sent() -> None:
    assert [state for state in STATES if can_become(state, S.SENDING)] == [S.QUEUED]


def test_only_what_no_provider_has_taken_can_be_queued() -> None:
    assert {state for state in STATES if can_become(state, S.QUEUED)} == {S.HELD, S.SENDING, S.UNKNOWN}


@pytest.mark.parametrize("taken", sorted(BILLABLE))
def test_what_a_provider_has_taken_never_waits_or_flies_again(taken: MessageState) -> None:
    assert not within_reach({taken}) & (WAITING | IN_FLIGHT)


@pytest.mark.parametrize(
    ("later", "earlier"),
    [(later, earlier) for n, later in enumerate(REPORTED_IN_ORDER) for earlier in REPORTED_IN_ORDER[: n + 1]],
)
def test_a_receipt_never_moves_a_message_back(later: MessageState, earlier: MessageState) -> None:
    assert not can_become(later, earlier)


@pytest.mark.parametrize("state", REPORTED_IN_ORDER)
def test_a_receipt_may_skip_what_came_between(state: MessageState) -> None:
    later = REPORTED_IN_ORDER[REPORTED_IN_ORDER.index(state) + 1 :]
    assert all(can_become(state, step) for step in later)


@pytest.mark.parametrize("arrived", [S.DELIVERED, S.READ])
@pytest.mark.parametrize("failure", [S.UNDELIVERED, S.EXPIRED, S.REJECTED])
def test_what_has_arrived_cannot_fail_any_more(arrived: MessageState, failure: MessageState) -> None:
    assert not can_become(arrived, failure)


@pytest.mark.parametrize("in_doubt", sorted(IN_FLIGHT))
@pytest.mark.parametrize("reported", [S.ACCEPTED, S.SENT, S.DELIVERED, S.READ, S.UNDELIVERED, S.EXPIRED])
def test_a_receipt_may_overtake_the_answer_and_settles_a_doubt(in_doubt: MessageState, reported: MessageState) -> None:
    assert can_become(in_doubt, reported)


@pytest.mark.parametrize("waiting", sorted(WAITING))
@pytest.mark.parametrize("end", [S.CANCELLED, S.SUPERSEDED, S.EXPIRED, S.SUPPRESSED])
def test_what_waits_can_be_called_off(waiting: MessageState, end: MessageState) -> None:
    assert can_become(waiting, end)


def test_a_person_may_try_again_only_what_has_ended_without_arriving() -> None:
    assert RETRYABLE <= FINAL
    assert not RETRYABLE & {S.DELIVERED, S.READ, S.SUPPRESSED, S.SUPERSEDED}


def test_only_what_a_provider_has_taken_is_billed() -> None:
    assert frozenset({S.UNDELIVERED, *REPORTED_IN_ORDER}) == BILLABLE


def test_the_names_are_the_ones_others_rely_on() -> None:
    assert " ".join(STATES) == (
        "held queued sending accepted sent delivered read undelivered rejected expired cancelled superseded suppressed "
        "unknown"
    )
