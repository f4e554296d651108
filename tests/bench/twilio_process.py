"""Runs the stand-in for Twilio beside a measurement, and talks to it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from . import procs


class TwilioProcess:
    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False

    def stats(self) -> dict[str, Any]:
        return self._get("/stats")  # type: ignore[no-any-return]

    def arrivals(self) -> list[tuple[str, str, float]]:
        return [(reference, to, at) for reference, to, at in self._get("/arrivals")]

    def control(self, **wishes: Any) -> dict[str, Any]:
        answer = self._session.post(f"{self.url}/control", json=wishes, timeout=30)
        answer.raise_for_status()
        return answer.json()  # type: ignore[no-any-return]

    def _get(self, path: str) -> Any:
        return self._session.get(self.url + path, timeout=30).json()


@contextmanager
def fake_twilio(*options: str) -> Iterator[TwilioProcess]:
    """`options` are those of the command line, such as "--receipts"."""
    package = __package__ if __package__.startswith("tests.") else f"tests.{__package__}"
    with procs.running([sys.executable, "-m", f"{package}.fake_twilio", *options]) as process:
        assert process.stdout is not None
        yield TwilioProcess(process, int(process.stdout.readline()))
