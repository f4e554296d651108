"""The web process with a writer that keeps nothing: `python -m tests.bench.unstored`. What it answers is the
most that reading, checking and answering leave for storing."""

import os
from functools import cached_property
from typing import Any

from flask import Flask

from sidecar import logs, metrics
from sidecar.app import create_app
from sidecar.server import WebServer
from sidecar.settings import read_settings
from sidecar.storage.group_commit import GroupCommit
from sidecar.wiring import Recado


class _Forgetful(GroupCommit):
    def insert(self, *_row: Any, **_limits: Any) -> None:
        """Return at once."""


class _Recado(Recado):
    @cached_property
    def writer(self) -> GroupCommit:
        return _Forgetful(self.database)


class _Server(WebServer):
    def load(self) -> Flask:
        recado = _Recado(self._settings)
        app = create_app(recado)
        assert "writer" in vars(recado), "the app has made a writer of its own, and it stores"
        return app


def main() -> None:
    settings = read_settings()
    logs.configure(settings.log_level)
    metrics.prepare_folder(os.environ)
    _Server(settings).run()


if __name__ == "__main__":
    main()
