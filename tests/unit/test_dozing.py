"""While nothing happens the clock's jobs rest, until somebody rings or something is due."""

import math
import threading
from collections.abc import Iterator

import pytest

from sidecar import dozing
from sidecar.dozing import Doze
from sidecar.storage.bell import Bell
from sidecar.storage.database import Database

LONG = 20.0


class Clockwork:
    """Says when it is paused and when it goes on."""

    def __init__(self) -> None:
        self.paused, self.going = threading.Event(), threading.Event()

    def pause(self) -> None:
        self.going.clear()
        self.paused.set()

    def resume(self) -> None:
        self.paused.clear()
        self.going.set()


class Night:
    def __init__(self, database: Database) -> None:
        self.left = math.inf
        self.clockwork = Clockwork()
        self.bell = Bell(database)
        self.doze = Doze(self.clockwork, self.bell, self.seconds_left)

    def seconds_left(self) -> float:
        if math.isnan(self.left):
            raise OSError("the database is gone")
        return self.left


@pytest.fixture
def night(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Night]:
    for name, seconds in {"AWAKE_SECONDS": 0.05, "LOOK_SECONDS": 0.01, "LONGEST_REST_SECONDS": 600.0}.items():
        monkeypatch.setattr(dozing, name, seconds)
    night = Night(Database(sqlite_url))
    yield night
    night.doze.stop()
    night.bell.ring()
    night.doze.join(LONG)
    assert not night.doze.is_alive()


def test_it_rests_until_somebody_rings(night: Night) -> None:
    night.doze.start()
    for _ in range(2):
        assert night.clockwork.paused.wait(LONG)
        night.bell.ring()
        assert night.clockwork.going.wait(LONG)


def test_it_rests_until_something_is_due(night: Night) -> None:
    night.left = 0.05
    night.doze.start()
    assert night.clockwork.going.wait(LONG)


@pytest.mark.parametrize("left", [0.0, -3.0, math.nan])
def test_it_does_not_rest_while_something_is_due_or_nobody_knows(night: Night, left: float) -> None:
    night.left = left
    night.doze.start()
    assert not night.clockwork.paused.wait(0.3)
    night.left = math.inf
    assert night.clockwork.paused.wait(LONG)
