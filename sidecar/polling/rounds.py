"""Whose turn it is: takes the errands that are due, runs them side by side, and says when the next turn is."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.ids import RandomBits, new_id
from sidecar.domain.shop import Platform, Shop
from sidecar.domain.timetable import Timetable
from sidecar.polling.changes import newly_connected
from sidecar.polling.visit import Clock, Errand, TurnLost, Visit
from sidecar.storage import polls, shops
from sidecar.storage.database import Database
from sidecar.storage.polls import Outcome, Turn

JITTER = 0.2
LONGEST_WAIT = timedelta(hours=1)

log = structlog.get_logger()


class Rounds:
    """`errands` by platform and name. `jitter` in [0, 1) spreads the turns, so that shops added together are not
    asked together for ever."""

    def __init__(
        self,
        database: Database,
        errands: Mapping[Platform, Mapping[str, Errand]],
        clock: Clock,
        jitter: Callable[[], float],
        random_bits: RandomBits,
        threads: int,
    ) -> None:
        self._database = database
        self._errands = errands
        self._clock = clock
        self._jitter = jitter
        self._random_bits = random_bits
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="round")
        self._running: set[Future[None]] = set()

    def timetable(self) -> Timetable:
        return [(1.0, self.start_due)]

    def enrol(self, connection: Connection, shop: Shop, *, has_keys: bool) -> None:
        """Ask this shop from now on, or again at once."""
        errands = [name for name, each in self._errands[shop.platform].items() if has_keys or not each.needs_keys]
        now = self._clock()
        if errands:
            polls.enrol(connection, shop.id, errands, newly_connected(now), now)

    def start_due(self) -> int:
        """Start what is due, as much as there are free hands for; returns how much."""
        self._running = {each for each in self._running if not each.done()}
        taken = self._take(self._threads - len(self._running))
        self._running |= {self._pool.submit(self.run, turn) for turn in taken}
        return len(taken)

    def stop(self) -> None:
        """What runs comes to its end; what was taken and not begun is due again when its lease is over."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def run_due(self) -> int:
        """All that is due, one after the other."""
        taken = self._take(1000)
        for turn in taken:
            self.run(turn)
        return len(taken)

    def run(self, turn: Turn) -> None:
        """Never raises: what became of the turn is written down."""
        try:
            visit = self._go(turn)
        except TurnLost:
            log.warning("a turn took too long and is somebody else's now", shop_id=turn.shop_id, errand=turn.errand)
        except ShopProblem as problem:
            self._write_down(turn, problem)
        except Exception as error:
            log.exception("an errand stumbled", shop_id=turn.shop_id, errand=turn.errand)
            self._write_down(turn, ShopProblem("stumbled", f"Something went wrong here ({type(error).__name__})."))
        else:
            self._write_down(turn, None, visit.next_in)
            if visit.found:
                log.info("found at a shop", shop_id=turn.shop_id, errand=turn.errand, found=visit.found)

    def ask_now(self, shop: Shop, errand: str, memory: polls.Memory | None = None) -> Visit:
        """Due or not, and, with `memory`, as if that were all it knew. Raises
        `ShopProblem`, or `TurnLost` while another is at it."""
        now = self._clock()
        with self._database.write() as connection:
            turn = polls.take_one(connection, shop.id, errand, new_id("lse", now, self._random_bits), now)
            if turn is None:
                raise TurnLost(shop.id)
            if memory is not None:
                turn = replace(turn, memory=memory)
                polls.remember(connection, turn, memory, now)
        try:
            visit = self._go(turn)
        except ShopProblem as problem:
            self._write_down(turn, problem)
            raise
        self._write_down(turn, None, visit.next_in)
        return visit

    def _take(self, free: int) -> list[Turn]:
        now = self._clock()
        with self._database.read() as connection:
            if free < 1 or not polls.any_due(connection, now):
                return []
        with self._database.write(quietly=True) as connection:
            return polls.take(connection, new_id("lse", now, self._random_bits), now, free)

    def _go(self, turn: Turn) -> Visit:
        with self._database.read() as connection:
            shop = shops.several(connection, {turn.shop_id})[turn.shop_id]
        visit = Visit(self._database, turn, shop, self._clock, self._random_bits)
        self._errand(shop, turn).run(visit)
        return visit

    def _errand(self, shop: Shop, turn: Turn) -> Errand:
        return self._errands[shop.platform][turn.errand]

    def _write_down(self, turn: Turn, problem: ShopProblem | None, next_in: float | None = None) -> None:
        now = self._clock()
        with self._database.write(quietly=True) as connection:
            shop = shops.several(connection, {turn.shop_id})[turn.shop_id]
            every = timedelta(seconds=next_in or self._errand(shop, turn).every)
            polls.finish(connection, turn, self._outcome(turn, every, problem, now), now)

    def _outcome(self, turn: Turn, every: timedelta, problem: ShopProblem | None, now: datetime) -> Outcome:
        spread = 1 - JITTER / 2 + JITTER * self._jitter()
        if problem is None:
            return Outcome(now + every * spread, failures=0)
        failures = turn.failures + 1
        asked = timedelta(seconds=problem.retry_after or 0.0)
        wait = min(max(every * 2 ** min(failures - 1, 10), asked), max(every, LONGEST_WAIT))
        return Outcome(now + wait * spread, failures, problem.code, problem.sentence)
