"""What one process writes, another hears of at once; and what gives nobody work wakes nobody."""

from collections.abc import Iterator

import pytest

from sidecar.storage import watch
from sidecar.storage.bell import Bell
from sidecar.storage.database import Database

LONG = 20.0


@pytest.fixture
def bell(database: Database) -> Iterator[Bell]:
    """One that has begun to listen, and says so by its first ring."""
    bell = Bell(database)
    bell.start()
    assert bell.wait(0, LONG) == 1
    yield bell
    bell.stop()


@pytest.fixture(params=["told", "looking"])
def gate_watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With and without the system's help."""
    if request.param == "looking":
        monkeypatch.setattr(watch, "_descriptor", lambda path: None)
    return str(request.param)


def test_what_another_process_writes_rings(bell: Bell, other: Database) -> None:
    for rung in (1, 2):
        with other.write() as connection:
            other.ring(connection)
        assert bell.wait(rung, LONG) == rung + 1


@pytest.mark.usefixtures("gate_watched")
def test_only_what_gives_work_is_told(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    assert database.gate
    with watch.watching(database.gate.bell) as changed:
        with database.write(quietly=True):
            pass
        assert not changed(0.05)
        with database.write():
            pass
        assert changed(LONG)
        assert not changed(0.05)
    database.close()


def test_the_system_tells_of_a_touch_and_else_one_looks(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever cannot be told, for want of what the system gives out in limited numbers, still notices."""
    database = Database(sqlite_url)
    assert database.gate
    with watch.watching(database.gate.bell) as changed:
        assert not isinstance(changed, watch._Look)
    monkeypatch.setattr(watch, "_TRIAL_SECONDS", 0.01)
    monkeypatch.setattr(watch, "touch", lambda path: None)
    with watch.watching(database.gate.bell) as changed:
        assert isinstance(changed, watch._Look)
    database.close()
