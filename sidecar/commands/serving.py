"""`recado serve`: web and worker under one roof."""

import os
import socket

import click

from sidecar import logs, metrics
from sidecar.domain.refused import Refused
from sidecar.settings import read_settings
from sidecar.supervisor import Supervisor


@click.command()
def serve() -> None:
    """Run web and worker; restart what crashes, stop both on SIGTERM."""
    settings = read_settings()
    _refuse_taken_port(settings.bind)
    logs.configure(settings.log_level)
    metrics.prepare_folder(os.environ, fresh=True)
    raise SystemExit(Supervisor([["web"], ["worker"]]).run())


def _refuse_taken_port(bind: str) -> None:
    """Say so at once, where a web process could only fail again and again."""
    host, _, port = bind.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), int(port)))
        except OSError as error:
            sentence = f"{bind} cannot be used ({error.strerror}): stop what listens there, or set RECADO_BIND."
            raise Refused("bind_failed", sentence) from None
