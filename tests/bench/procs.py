"""Processes under measurement: start, stop and kill them, and read what they cost."""

import fcntl
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024
_OWN_PORTS = range(20_000, 32_000)


class NotReady(Exception):
    """The process did not answer in time."""


def free_port() -> int:
    """One that nobody listens on, and that no other test process is given while this one lives.

    It lies below those that the kernel hands out for outgoing connections, which could take it in the meantime.
    """
    for port in random.SystemRandom().sample(_OWN_PORTS, len(_OWN_PORTS)):
        if _is_ours(port) and _is_free(port):
            return port
    raise NotReady("every port is taken")


def _is_ours(port: int) -> bool:
    folder = Path(tempfile.gettempdir(), "recado-ports")
    folder.mkdir(exist_ok=True)
    # Never closed: the lock ends with this process.
    claim = os.open(folder / str(port), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(claim)
        return False
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, log: Path | None = None
) -> subprocess.Popen[str]:
    """In a process group of its own, from the project's folder. Without `log` its output is left to the caller.

    It does not outlive the caller's thread, even if nobody stops it: a test run can be killed.
    """
    output = log.open("a", encoding="utf-8") if log else subprocess.PIPE
    try:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
            text=True,
            start_new_session=True,
        )
    finally:
        if not isinstance(output, int):
            output.close()


def stop(process: subprocess.Popen[str], timeout: float = 10.0) -> None:
    """Ask the whole group to end, and make it after `timeout` seconds."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        pass
    finally:
        kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """As `kill -9` on every process of the group."""
    _signal(process, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


@contextmanager
def running(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, log: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    process = start(command, env=env, log=log)
    try:
        yield process
    finally:
        stop(process)


def wait_ready(url: str, timeout: float = 30.0, process: subprocess.Popen[str] | None = None) -> float:
    """Seconds until `url` answered 200."""
    started = time.monotonic()
    get = build_opener(ProxyHandler({})).open
    while time.monotonic() - started < timeout:
        if process is not None and process.poll() is not None:
            raise NotReady(f"{url}: the process ended with {process.returncode}")
        try:
            with get(url, timeout=1.0) as answer:
                if answer.status == HTTPStatus.OK:
                    return time.monotonic() - started
        except (URLError, OSError):
            pass
        time.sleep(0.02)
    raise NotReady(f"{url} did not answer 200 within {timeout:g} s")


def tree(root: int) -> list[int]:
    """The process and all its descendants."""
    children: dict[int, list[int]] = {}
    for pid in (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()):
        fields = _stat(pid)
        if fields:
            children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def pss_bytes(root: int) -> int:
    """Proportional set size of a process tree: what ending it would give back, shared pages divided."""
    return sum(_pss(pid) for pid in tree(root))


def cpu_seconds(root: int) -> float:
    """Processor time used so far by the living processes of a tree, in user and kernel mode."""
    used = (_stat(pid) for pid in tree(root))
    return sum(int(fields[11]) + int(fields[12]) for fields in used if fields) / _TICKS


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * _KIB for line in lines if line.startswith("Pss:"))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on; empty once the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []
