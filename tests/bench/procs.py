"""Processes under measurement: start, stop and kill them, and read what they cost."""

import os
import signal
import socket
import subprocess
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


class NotReady(Exception):
    """The process did not answer in time."""


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def start(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, log: Path | None = None
) -> subprocess.Popen[str]:
    """In a process group of its own, from the project's folder. Without `log` its output is left to the caller."""
    output = log.open("a", encoding="utf-8") if log else subprocess.PIPE
    try:
        return subprocess.Popen(
            command,
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
