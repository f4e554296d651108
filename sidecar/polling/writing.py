"""What is to be written into a shop's books: one task after the other, each by one at a time."""

from sidecar.domain.backoffice import ShopProblem, TakesNotes, Writing
from sidecar.polling.visit import OpenOffice, Visit
from sidecar.storage import tasks
from sidecar.storage.types import AnyRow

MOST_AT_ONCE = 100


class WritingRound:
    """A shop that does not answer ends the turn: the others of its tasks would fare no better."""

    every = 5.0
    needs_keys = True

    def __init__(self, office_of: OpenOffice[TakesNotes]) -> None:
        self._office_of = office_of

    def run(self, visit: Visit) -> None:
        with self._office_of(visit.shop) as office:
            for _ in range(MOST_AT_ONCE):
                visit.remember()
                if not (task := _next(visit)):
                    return
                _do(visit, office, task)


def _next(visit: Visit) -> AnyRow | None:
    with visit.database.write() as connection:
        return next(iter(tasks.take(connection, visit.shop.id, visit.holder, visit.clock(), 1)), None)


def _do(visit: Visit, office: TakesNotes, task: AnyRow) -> None:
    try:
        office.write(_writing(task))
    except ShopProblem as problem:
        with visit.database.write() as connection:
            told = f"{problem.code}: {problem.sentence}"
            tasks.fail(connection, task.shop_id, task.id, told, visit.clock(), for_good=problem.hopeless)
        if not problem.hopeless:
            raise
    else:
        with visit.database.write() as connection:
            tasks.finish(connection, task.shop_id, task.id, visit.clock())


def _writing(task: AnyRow) -> Writing:
    """Whoever had it before may have died between doing it and saying so."""
    data = task.data
    again = task.attempts > 0 or bool(task.held_by)
    return Writing(task.id, task.order_id, str(data.get("note", "")), str(data.get("status", "")), again)
