"""`recado web`, `worker` and `db upgrade`: the processes and their ground."""

import signal
import threading
from contextlib import closing

import click
from sqlalchemy.exc import SQLAlchemyError

from sidecar import logs
from sidecar.commands.refused import Refused
from sidecar.commands.support import Cli, first_line, pass_cli
from sidecar.server import WebServer
from sidecar.storage import schema
from sidecar.wiring import Recado, new_worker


@click.command()
@pass_cli
def web(cli: Cli) -> None:
    """Run one web process (gunicorn)."""
    _require_database(cli)
    WebServer(cli.settings).run()


@click.command()
@pass_cli
def worker(cli: Cli) -> None:
    """Run one worker: reads the inbox, sends, applies receipts."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    running = new_worker(cli.recado)
    running.start()
    stop.wait()
    running.stop()


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


def _require_database(cli: Cli) -> None:
    """Check before gunicorn forks, and leave no connection behind for the fork to share."""
    cli.recado.close()
    logs.configure(cli.settings.log_level)
