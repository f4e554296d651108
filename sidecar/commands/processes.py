"""`recado web` and `recado worker`: the processes."""

import signal
import threading

import click

from sidecar import logs
from sidecar.commands.support import Cli, pass_cli
from sidecar.domain.refused import Refused
from sidecar.server import WatchServer, WebServer
from sidecar.wiring import new_worker


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
    _watched(cli)
    running.start()
    stop.wait()
    running.stop()


def _watched(cli: Cli) -> None:
    bind = cli.settings.worker_bind
    try:
        if bind:
            WatchServer(cli.recado, bind).start()
    except OSError as error:
        raise Refused("bind_failed", f"{bind} cannot be used ({error.strerror}): set RECADO_WORKER_BIND.") from None


def _require_database(cli: Cli) -> None:
    """Check before gunicorn forks, and leave no connection behind for the fork to share."""
    cli.recado.close()
    logs.configure(cli.settings.log_level)
