"""Gunicorn, configured in code: one process with threads, because the writer thread gathers their rows. Beside it
the small server by which a worker is watched."""

import socket
import struct
import threading
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from flask import Flask
from gunicorn.app.base import BaseApplication

from sidecar.app import create_app, create_watch_app
from sidecar.settings import Settings, read_settings
from sidecar.wiring import Recado

STALL_SECONDS = 20


def _drop_stalled(worker: Any) -> None:
    """A client that stops in the middle of a request must not keep a thread for ever: gunicorn's threads read
    without a time limit of their own. Accepted sockets take this over from the listening one (Linux)."""
    limit = struct.pack("ll", STALL_SECONDS, 0)
    for listener in worker.sockets:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def gunicorn_options(settings: Settings) -> dict[str, Any]:
    return {
        "bind": settings.bind,
        "worker_class": "gthread",
        "workers": 1,
        "threads": settings.web_threads,
        "keepalive": 75,
        "timeout": 60,
        "graceful_timeout": 15,
        "backlog": 2048,
        "proc_name": "recado-web",
        "loglevel": "warning",
        "post_worker_init": _drop_stalled,
        "control_socket_disable": True,
    }


def application() -> Flask:
    """For a gunicorn that is started by its own command, with `deploy/gunicorn.conf.py`."""
    return create_app(Recado(read_settings()))


class WebServer(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in gunicorn_options(self._settings).items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(Recado(self._settings))


class _Quiet(WSGIRequestHandler):
    timeout = STALL_SECONDS

    def log_message(self, *_: object) -> None:
        """Whoever watches asks every few seconds."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class WatchServer(threading.Thread):
    """Answers /healthz, /readyz and /metrics for a worker, for as long as its process lives. Raises `OSError` where
    it cannot listen."""

    def __init__(self, recado: Recado, bind: str) -> None:
        super().__init__(name="watch", daemon=True)
        host, _, port = bind.rpartition(":")
        app = create_watch_app(recado)
        self._server = make_server(host.strip("[]"), int(port), app, server_class=_Threads, handler_class=_Quiet)

    def run(self) -> None:
        self._server.serve_forever()
