"""`recado serve`: keeps web and worker alive, and stops both when told to."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Sequence
from time import monotonic, sleep

import structlog

_PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 40.0
QUICK_DEATH = 15.0
LONGEST_WAIT = 10.0

log = structlog.get_logger()


def _die_with_parent() -> None:
    """A supervisor killed outright must not leave children that hold the port (Linux only)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class _Child:
    def __init__(self, arguments: Sequence[str]) -> None:
        self.name = arguments[0]
        self._command = [sys.executable, "-m", "sidecar", *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._quick_deaths = 0
        self._not_before = 0.0

    def keep_alive(self) -> None:
        if self._process and self._process.poll() is None:
            return
        if self._process:
            self._note_death(self._process)
        if monotonic() >= self._not_before:
            self._started = monotonic()
            self._process = subprocess.Popen(self._command, preexec_fn=_die_with_parent)  # noqa: PLW1509, S603

    def _note_death(self, process: subprocess.Popen[bytes]) -> None:
        lived = monotonic() - self._started
        self._quick_deaths = self._quick_deaths + 1 if lived < QUICK_DEATH else 0
        wait = 0.0 if not self._quick_deaths else min(2.0 ** (self._quick_deaths - 1) / 2, LONGEST_WAIT)
        self._not_before = monotonic() + wait
        self._process = None
        log.error("a process ended and is started again", process=self.name, exit_code=process.returncode, wait=wait)

    def signal(self, number: int) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)

    def wait_until(self, deadline: float) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(max(deadline - monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Supervisor:
    """`commands`: the arguments of each `recado` process to keep."""

    def __init__(self, commands: Sequence[Sequence[str]]) -> None:
        self._children = [_Child(arguments) for arguments in commands]
        self._stopping = False

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self._stopping:
            for child in self._children:
                child.keep_alive()
            sleep(0.2)
        for child in self._children:
            child.signal(signal.SIGTERM)
        deadline = monotonic() + GRACE_SECONDS
        for child in self._children:
            child.wait_until(deadline)
        return 0

    def _stop(self, *_: object) -> None:
        self._stopping = True
