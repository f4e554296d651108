"""Gunicorn, configured in code: one process with threads, because the writer thread gathers their rows."""

import socket
import struct
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from sidecar.app import create_app
from sidecar.settings import Settings
from sidecar.wiring import Recado

STALL_SECONDS = 20


def _drop_stalled(worker: Any) -> None:
    """A client that stops in the middle of a request must not keep a thread for ever: gunicorn's threads read
    without a time limit of their own. Accepted sockets take this over from the listening one (Linux)."""
    limit = struct.pack("ll", STALL_SECONDS, 0)
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


class WebServer(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": self._settings.web_threads,
            "keepalive": 75,
            "timeout": 60,
            "graceful_timeout": 15,
            "backlog": 2048,
            "proc_name": "recado-web",
            "loglevel": "warning",
            "post_worker_init": _drop_stalled,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(Recado(self._settings))
