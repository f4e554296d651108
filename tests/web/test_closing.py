"""The end of a web application."""

import threading

from sidecar.app import create_app
from sidecar.settings import Settings
from sidecar.wiring import Recado


def test_what_it_started_ends_with_it(settings: Settings) -> None:
    before = set(threading.enumerate())
    recado = Recado(settings)
    create_app(recado)
    started = set(threading.enumerate()) - before
    recado.close()
    assert started and not [thread for thread in started if thread.is_alive()]
