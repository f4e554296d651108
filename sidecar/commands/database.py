"""`recado db`: bring the database up to date, copy it, and come back from a copy."""

from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from sidecar.commands.support import Cli, first_line, pass_cli
from sidecar.domain.refused import Refused
from sidecar.storage import backup as copies
from sidecar.storage import resealing, schema, workers
from sidecar.storage.backup import BackupFailed
from sidecar.storage.database import Database
from sidecar.wiring import Recado, utc_now


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@pass_cli
def upgrade(cli: Cli) -> None:
    """Create the database or bring it up to date."""
    try:
        with closing(Recado(cli.settings)) as recado:
            schema.upgrade(recado.database)
    except (SQLAlchemyError, OSError) as error:
        raise Refused(
            "database_unreachable", f"The database cannot be brought up to date: {first_line(error)}."
        ) from None
    click.echo("The database is up to date.")


@db.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@pass_cli
def backup(cli: Cli, target: Path) -> None:
    """Copy the whole database to TARGET while it is at work."""
    try:
        copies.save(cli.recado.database, target.absolute())
    except BackupFailed as failed:
        raise Refused("backup_failed", str(failed)) from None
    click.echo(f"The database was copied to {target}. Keep the secret key with it, in another place: {_key(cli)}.")


@db.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--lost-at", default="", help="When the lost database last worked, as 2026-11-25T09:00:00+00:00; now.")
@click.option("--replace", is_flag=True, help="Overwrite the database that is there.")
@pass_cli
def restore(cli: Cli, source: Path, lost_at: str, replace: bool) -> None:
    """Put a copy in the database's place. Nothing that may have been sent since the copy is sent again."""
    lost, now = _moment(lost_at), utc_now()
    with closing(Recado(cli.settings)) as recado:
        _require_unused(recado.database, replace, now)
        try:
            copies.load(recado.database, source.absolute())
            schema.upgrade(recado.database)
        except BackupFailed as failed:
            raise Refused("restore_failed", str(failed)) from None
        except SQLAlchemyError as error:
            raise Refused("restore_failed", f"{source} is no copy of Recado's database: {first_line(error)}.") from None
        doubted = copies.settle(recado.database, lost or now)
    click.echo(
        f"Restored. {doubted} messages that may have left since the copy will be looked up before any is sent; "
        f"what shops changed before {(lost or now).isoformat(timespec='seconds')} is noted and not told again."
    )


@db.command()
@pass_cli
def reseal(cli: Cli) -> None:
    """Seal all secrets with the present RECADO_SECRET_KEY; then the old one can be forgotten."""
    count = resealing.reseal(cli.recado.database, cli.recado.vault)
    click.echo(f"{count} secrets are sealed with the present key: RECADO_OLD_SECRET_KEY is needed no more.")


def _require_unused(database: Database, replace: bool, now: datetime) -> None:
    try:
        with database.read() as connection:
            living = workers.living(connection, now)
            empty = copies.is_empty(connection)
    except SQLAlchemyError:
        return
    if living:
        raise Refused("still_running", "A worker is at work on this database: stop Recado first.")
    if not empty and not replace:
        raise Refused("database_there", "There is a database already: say --replace to overwrite it.")


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise Refused("bad_moment", f"{text!r} is not a moment: write it as 2026-11-25T09:00:00+00:00.")
    return moment


def _key(cli: Cli) -> str:
    kept = cli.settings.data_dir / "secret_key"
    return str(kept) if kept.exists() else "the value of RECADO_SECRET_KEY"
