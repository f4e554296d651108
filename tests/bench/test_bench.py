"""The bench fills outboxes as the intake would, and reports what it was told. Nothing here is timed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from sidecar.domain.outcome import Accepted
from sidecar.domain.status import MessageState
from sidecar.providers.registry import PROVIDERS, build
from sidecar.storage import accounts, outbox, schema
from sidecar.storage.tables import messages
from sidecar.storage.vault import Vault
from tests.providers.contract import context
from tests.providers.server import Server, answer

from . import fill, provider_end
from .bench import arrival_rate
from .claiming import TAKEN, Turns
from .sidecars import Sidecar


@pytest.fixture
def sidecar(tmp_path: Path) -> Sidecar:
    """Without processes: a database and an account is all that filling needs."""
    made = Sidecar(tmp_path, f"sqlite:///{tmp_path / 'recado.sqlite3'}", 9, "shop_1", "secret", "acc_1")
    with made.database() as database:
        schema.upgrade(database)
        with database.write() as connection:
            accounts.add(connection, Vault("k" * 32), "acc_1", "twilio", "stand-in", {}, datetime.now(UTC))
    return made


def states(sidecar: Sidecar) -> dict[str, int]:
    with sidecar.database() as database, database.read() as connection:
        return {row[0]: row[1] for row in connection.execute(select(messages.c.state, func.count()).group_by("state"))}


def test_queued_messages_can_be_claimed_at_once(sidecar: Sidecar) -> None:
    fill.queue(sidecar, 30)
    with sidecar.database() as database, database.write() as connection:
        claimed = outbox.claim(connection, "worker", "acc_1", 100, datetime.now(UTC))
    assert len({message.to for message in claimed}) == 30


def test_held_messages_multiply_and_stay_held(sidecar: Sidecar) -> None:
    fill.hold(sidecar, 7)
    fill.multiply_held(sidecar, 5)
    assert states(sidecar) == {MessageState.HELD: 35}


def test_a_turn_releases_and_claims_as_many(sidecar: Sidecar) -> None:
    fill.hold(sidecar, 10)
    fill.hold(sidecar, 2 * TAKEN, first=10, for_hours=-1)
    turns = Turns(sidecar.database_url, "acc_1")
    assert turns.take()["seconds"] > 0
    turns.take()
    turns.close()
    assert states(sidecar) == {MessageState.HELD: 10, MessageState.SENDING: 2 * TAKEN}


def test_the_rate_of_arrivals_counts_the_gaps() -> None:
    assert arrival_rate({"received": 11, "first_at": 5.0, "last_at": 7.0}) == 5.0
    assert arrival_rate({"received": 1, "first_at": 5.0, "last_at": 5.0}) == 0.0


def test_every_provider_reached_over_http_is_measured_and_believes_its_other_end() -> None:
    assert set(provider_end.MEASURED) == set(PROVIDERS) - {"simulator"}
    for kind, contract in provider_end.MEASURED.items():
        with Server() as server:
            server.react = lambda request, kind=kind: answer(  # type: ignore[misc]
                200, provider_end.answer(f"/{kind}{request.target}", request.body)
            )
            provider = build(kind, {**contract.options, "base_url": server.url}, context())
            sent = [provider.send(contract.message), *provider.send_batch(getattr(contract, "together", ()))]
            provider.close()
        assert all(isinstance(outcome, Accepted) for outcome in sent), kind
