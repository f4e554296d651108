"""Who works in a worker: the stations that the bell calls, the dispatcher, and whoever works by the clock."""

import random
import secrets

from sidecar.alerts.lastlook import LastLook
from sidecar.dispatch.balances import Balances
from sidecar.dispatch.carrying import Carrying
from sidecar.dispatch.chores import Chores
from sidecar.dispatch.dispatcher import Dispatcher
from sidecar.dispatch.failover import Failover
from sidecar.dispatch.lookups import LookUps
from sidecar.dispatch.sending import Sender
from sidecar.domain.ids import new_id
from sidecar.ledger.counting import Days
from sidecar.storage.bell import Bell
from sidecar.wiring.process import Recado, utc_now
from sidecar.worker import Punctual, Station, Worker


def new_worker(recado: Recado) -> Worker:
    """A worker with a name of its own; each process has one."""
    bell, worker_id = Bell(recado.database), new_id("wrk", utc_now(), secrets.randbits)
    stations = [
        Station("inbox", recado.reception.work, bell),
        Station("callbacks", recado.callbacks.work, bell),
    ]
    chores = Chores(recado.database, recado.messages, utc_now, worker_id)
    return Worker(bell, stations, _dispatcher(recado, worker_id), [chores, *_by_the_clock(recado, bell)], chores)


def _by_the_clock(recado: Recado, bell: Bell) -> list[Punctual]:
    database, messages = recado.database, recado.messages
    return [
        LookUps(database, messages, recado.providers, utc_now, recado.vault.open),
        Failover(database, messages, utc_now),
        Balances(database, recado.providers, utc_now),
        recado.callbacks,
        recado.waves,
        recado.crediting,
        recado.retention,
        Days(database, utc_now, lambda: bell.rings),
        recado.rounds,
        recado.tryouts,
    ]


def _dispatcher(recado: Recado, worker_id: str) -> Dispatcher:
    return Dispatcher(
        recado.database,
        recado.messages,
        _sender(recado),
        random.random,
        recado.optouts,
        worker_id=worker_id,
        threads=recado.settings.send_threads,
    )


def _sender(recado: Recado) -> Sender:
    return Sender(
        utc_now,
        recado.providers,
        recado.settings.switch.objection,
        recado.counters.observe_send,
        Carrying(recado.database, recado.vault.open),
        recado.hours,
        LastLook(recado.database),
    )
