"""The worker process: reads the inbox and the callbacks, dispatches, and does what the clock asks for."""

import threading
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Protocol

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from sidecar.dispatch.chores import Chores
from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.domain.timetable import Timetable
from sidecar.dozing import Doze
from sidecar.storage.bell import Bell
from sidecar.storage.workers import BEAT_EVERY

log = structlog.get_logger()

Job = Callable[[], object]


class Station(threading.Thread):
    """Works when the bell rings. Between two batches it takes a breath: what comes in meanwhile shares the next
    transaction, which costs nearly the same for one as for fifty."""

    IDLE_SECONDS = 5.0
    BREATH_SECONDS = 0.03

    def __init__(self, name: str, work: Callable[[], int], bell: Bell) -> None:
        super().__init__(name=name, daemon=True)
        self._work = work
        self._bell = bell
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            heard = self._bell.rings
            if self._try():
                self._stopping.wait(self.BREATH_SECONDS)
            else:
                self._bell.wait(heard, self.IDLE_SECONDS)

    def _try(self) -> int:
        try:
            return self._work()
        except Exception:
            log.exception("a station stumbled; it tries again", station=self.name)
            self._stopping.wait(0.5)
            return 1


class Heart(threading.Thread):
    """Beats, however long the others are busy or have nothing to do."""

    def __init__(self, beat: Job) -> None:
        super().__init__(name="heart", daemon=True)
        self._beat = _guarded(beat)
        self._stopping = threading.Event()

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.wait(BEAT_EVERY.total_seconds()):
            self._beat()


class Punctual(Protocol):
    """Who works by the clock."""

    def timetable(self) -> Timetable: ...


class Worker:
    def __init__(
        self,
        bell: Bell,
        stations: list[Station],
        dispatcher: Dispatcher,
        punctual: Iterable[Punctual],
        chores: Chores,
    ) -> None:
        self._chores = chores
        self._bell = bell
        self._stations = stations
        self._dispatcher = dispatcher
        self._heart = Heart(chores.beat)
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._doze = Doze(self._scheduler, bell, chores.seconds_left)
        for seconds, job in chain.from_iterable(each.timetable() for each in punctual):
            self._scheduler.add_job(
                _guarded(job), "interval", seconds=seconds, max_instances=1, coalesce=True, misfire_grace_time=60
            )

    def start(self) -> None:
        self._chores.sign_in()
        self._bell.subscribe(self._dispatcher.wake)
        self._bell.start()
        self._dispatcher.start()
        for station in self._stations:
            station.start()
        self._scheduler.start()
        self._doze.start()
        self._heart.start()

    def stop(self) -> None:
        """Finish what is in hand; nothing is lost if this is cut short."""
        for station in self._stations:
            station.stop()
        self._doze.stop()
        self._dispatcher.stop()
        self._bell.stop()
        for thread in (self._doze, *self._stations):
            thread.join(timeout=5)
        self._scheduler.shutdown(wait=True)
        self._heart.stop()
        self._heart.join(timeout=5)
        self._chores.sign_out()


def _guarded(job: Job) -> Job:
    def run() -> None:
        try:
            job()
        except Exception:
            log.exception("a scheduled job stumbled; it runs again at its next turn")

    return run
