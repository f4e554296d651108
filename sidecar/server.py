"""Gunicorn, configured in code: one process with threads, because the writer thread gathers their rows."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from sidecar.app import create_app
from sidecar.settings import Settings
from sidecar.wiring import Recado


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
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(Recado(self._settings))
