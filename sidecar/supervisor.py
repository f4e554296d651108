"""`recado serve`: keeps web and worker alive, and stops both when told to."""

import ctypes
import signal
import subprocess
import sys
from collections.abc import Sequence
from time import monotonic

import structlog

_PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 40.0
QUICK_DEATH = 15.0
LONGEST_WAIT = 10.0
LOOK_SECONDS = 1.0
"""How often it is seen whether one that died too often may be started again: a death itself is told by a signal."""
_STOP = frozenset({signal.SIGTERM, signal.SIGINT})
_NEWS = _STOP | {signal.SIGCHLD}

log = structlog.get_logger()


def _begin() -> None:
    """What the supervisor does not hear while it works, a child hears; and a supervisor killed outright must not leave
    children that hold the port (Linux only)."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _NEWS)
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
            self._process = subprocess.Popen(self._command, preexec_fn=_begin)  # noqa: PLW1509, S603

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

    def run(self) -> int:
        """Run until SIGTERM or SIGINT; returns the exit code."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _NEWS)
        told = None
        while told is None or told.si_signo not in _STOP:
            for child in self._children:
                child.keep_alive()
            told = signal.sigtimedwait(_NEWS, LOOK_SECONDS)
        for child in self._children:
            child.signal(signal.SIGTERM)
        deadline = monotonic() + GRACE_SECONDS
        for child in self._children:
            child.wait_until(deadline)
        return 0
