"""`recado serve`: web and worker under one roof."""

import os

import click

from sidecar import logs, metrics
from sidecar.settings import read_settings
from sidecar.supervisor import Supervisor


@click.command()
def serve() -> None:
    """Run web and worker; restart what crashes, stop both on SIGTERM."""
    settings = read_settings()
    logs.configure(settings.log_level)
    metrics.prepare_folder(os.environ, fresh=True)
    raise SystemExit(Supervisor([["web"], ["worker"]]).run())
