"""Which workers live: each signs in, beats, and is forgotten when it has been silent for long."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from sidecar.storage.tables import workers

BEAT_EVERY = timedelta(seconds=2)
DEAD_AFTER = timedelta(seconds=10)
FORGOTTEN_AFTER = timedelta(days=1)


def sign_in(connection: Connection, worker_id: str, host: str, pid: int, now: datetime) -> None:
    connection.execute(insert(workers).values(id=worker_id, host=host, pid=pid, started_at=now, beat_at=now))


def beat(connection: Connection, worker_id: str, now: datetime) -> None:
    connection.execute(update(workers).where(workers.c.id == worker_id).values(beat_at=now))
    connection.execute(delete(workers).where(workers.c.beat_at < now - FORGOTTEN_AFTER))


def living(connection: Connection, now: datetime) -> bool:
    return connection.scalar(select(workers.c.id).where(workers.c.beat_at > now - DEAD_AFTER).limit(1)) is not None


def sign_out(connection: Connection, worker_id: str) -> None:
    connection.execute(delete(workers).where(workers.c.id == worker_id))
