"""A copy of the whole database while it is at work, and the way back from one."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, or_, select, update
from sqlalchemy.engine import URL, make_url

from sidecar.domain.status import MessageState
from sidecar.storage.database import Database
from sidecar.storage.tables import messages, shops, workers

_S = MessageState
_NOBODY = "restored"
_SCHEMAS = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")

Run = Callable[[Sequence[str], dict[str, str]], None]


class BackupFailed(Exception):
    """In one sentence, what was wrong and what to do."""


def run_tool(command: Sequence[str], environment: dict[str, str]) -> None:
    """Raises `BackupFailed` in the tool's own words."""
    try:
        whole = {**os.environ, **environment}
        subprocess.run(command, env=whole, check=True, capture_output=True, text=True)  # noqa: S603
    except FileNotFoundError:
        raise BackupFailed(f"{command[0]} is not installed: add PostgreSQL's client programs.") from None
    except subprocess.CalledProcessError as error:
        told = (error.stderr or "").strip().splitlines() or ["it gave no reason"]
        raise BackupFailed(f"{command[0]} failed: {told[0]}") from None


def save(database: Database, target: Path, run: Run = run_tool) -> None:
    """Write a consistent copy to `target`, whole or not at all; work goes on meanwhile. Raises `BackupFailed`."""
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.close(descriptor)
        if database.is_sqlite:
            _copy(_file_of(database), draft)
        else:
            arguments, environment = _reaching(make_url(database.url))
            run(["pg_dump", "--format=custom", f"--file={draft}", *arguments], environment)
        _flush(draft)
        draft.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"{target} could not be written: {error}.") from None
    finally:
        draft.unlink(missing_ok=True)


def load(database: Database, source: Path, run: Run = run_tool) -> None:
    """Put the copy in the place of the database, which nobody may be using. Raises `BackupFailed`."""
    try:
        if database.is_sqlite:
            _check(source)
            database.close()
            _copy(source, _file_of(database))
        else:
            arguments, environment = _reaching(make_url(database.url))
            run(["pg_restore", *_SCHEMAS, *arguments, str(source)], environment)
    except (OSError, sqlite3.Error) as error:
        raise BackupFailed(f"{source} could not be restored: {error}.") from None


def settle(database: Database, lost_at: datetime) -> int:
    """After a restore: nothing that may have left until `lost_at` leaves again on a guess. Returns how many messages
    are in doubt."""
    with database.write() as connection:
        copied_at = _last_sign_of_life(connection) or lost_at
        _keep_quiet_before(connection, lost_at)
        return _doubt(connection, copied_at, lost_at)


def _last_sign_of_life(connection: Connection) -> datetime | None:
    """When the newest row was written: about when the copy was made, and never later."""
    found = [
        connection.scalar(select(func.max(column)))
        for column in (workers.c.beat_at, messages.c.created_at, messages.c.claimed_at)
    ]
    return max((moment for moment in found if moment), default=None)


def is_empty(connection: Connection) -> bool:
    return connection.scalar(select(shops.c.id).limit(1)) is None


def _doubt(connection: Connection, copied_at: datetime, lost_at: datetime) -> int:
    """What was to leave between the copy and the loss may have left. Each such message is treated as one that its
    sender died with: it is looked up, and sent only if the provider never had it. Returns how many there are."""
    waiting = or_(
        messages.c.state.in_((_S.QUEUED, _S.SENDING)),
        (messages.c.state == _S.HELD) & (messages.c.due_at <= lost_at),
    )
    died_with = {
        "state": _S.SENDING,
        "claimed_by": _NOBODY,
        "claimed_at": copied_at - timedelta(seconds=1),
        "attempts": messages.c.attempts + 1,
    }
    statement = update(messages).where(waiting, messages.c.account_id.is_not(None)).values(died_with)
    return connection.execute(statement).rowcount


def _keep_quiet_before(connection: Connection, moment: datetime) -> None:
    """What the shops report once more of the time that was lost is noted, and told to nobody a second time."""
    for row in connection.execute(select(shops.c.id, shops.c.settings)).all():
        settings = {**row.settings, "told_from": max(row.settings.get("told_from", ""), moment.isoformat())}
        connection.execute(update(shops).where(shops.c.id == row.id).values(settings=settings))


def _file_of(database: Database) -> Path:
    return Path(str(make_url(database.url).database))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check(source: Path) -> None:
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
        if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise BackupFailed(f"{source} is damaged: take an older copy.")
        if not copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            raise BackupFailed(f"{source} is no copy of Recado's database.")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reaching(url: URL) -> tuple[list[str], dict[str, str]]:
    """How PostgreSQL's programs are told which database is meant; the password goes where no list of processes
    shows it."""
    plain = url.set(drivername="postgresql", password=None)
    password = {"PGPASSWORD": url.password} if url.password else {}
    return [f"--dbname={plain.render_as_string()}"], password
