"""Sidecars as an operator runs them: real processes, each installation in a folder and on a port of its own."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
import requests
from click.testing import CliRunner, Result

from sidecar import logs
from sidecar.commands import recado as recado_group
from tests.bench import procs
from tests.bench.http1 import message_length, status_of, succeeded
from tests.bench.twilio_process import TwilioProcess
from tests.bench.woo_requests import Hook
from tests.databases import migrated_sqlite

T = TypeVar("T")

AUTH_TOKEN = "fake_auth_token_0123456789abcdef"
SHOP = {
    "--name": "Loja",
    "--url": "https://loja.example",
    "--mode": "3",
    "--sender": "Loja",
    "--contact": "x@loja.example",
    "--country": "BR",
    "--locale": "pt_BR",
    "--timezone": "America/Sao_Paulo",
    "--transactional-window": "always",
    "--settle-seconds": "0",
}


class Sidecar:
    """One installation: its environment, its command line, its processes, and `log`, where those write.
    Settings go by their names without `RECADO_`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log"
        self.port = procs.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        given = {"DATA_DIR": str(folder), "BIND": f"127.0.0.1:{self.port}", "PUBLIC_URL": self.url, "SENDING": "live"}
        self.environment = {f"RECADO_{name}": value for name, value in {**given, **settings}.items()}
        # Inherited, it would have all sidecars of a test run count into one folder, and empty it when they start.
        self.environment["PROMETHEUS_MULTIPROC_DIR"] = str(folder / f"metrics-{self.port}")
        self._started: list[subprocess.Popen[str]] = []
        self._http = requests.Session()
        self._http.trust_env = False

    def recado(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """`recado ARGUMENTS` to its end, in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "sidecar", *arguments],
            cwd=procs.ROOT,
            env={**os.environ, **self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def command(self, *arguments: str) -> Result:
        """The same without a process of its own, which is quick. Logging stays as it is: it is the tests' own here."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(logs, "configure", lambda *_: None)
            return CliRunner(env=self.environment).invoke(recado_group, arguments, prog_name="recado")

    def json(self, *arguments: str) -> Any:
        result = self.command(*arguments, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def open_shop(self, platform: str = "woocommerce", **flags: str) -> dict[str, str]:
        """A shop, with `flags` instead of those of `SHOP`, in a new database or the one handed in."""
        database = self.log.parent / "recado.sqlite3"
        if "RECADO_DATABASE_URL" not in self.environment and not database.exists():
            shutil.copyfile(migrated_sqlite(), database)
        wanted = {**SHOP, **{f"--{name.replace('_', '-')}": value for name, value in flags.items()}}
        made: dict[str, str] = self.json("shop", "add", platform, *(word for pair in wanted.items() for word in pair))
        return made

    def route_by(self, kind: str, shop_id: str, **options: str) -> None:
        pairs = [word for name, value in options.items() for word in ("--option", f"{name}={value}")]
        self.json("provider", "add", kind, "--name", kind, *pairs)
        self.json("provider", "route", shop_id, kind)

    def route_by_twilio(self, shop_id: str, twilio: TwilioProcess) -> None:
        sender = {"account_sid": "AC0123456789abcdef0123456789abcdef", "auth_token": AUTH_TOKEN, "from": "+15005550006"}
        self.route_by("twilio", shop_id, **sender, base_url=twilio.url)

    def start(self, *command: str) -> subprocess.Popen[str]:
        """`recado COMMAND`, in a process group of its own, ended by `close` at the latest."""
        process = procs.start([sys.executable, "-m", "sidecar", *command], env=self.environment, log=self.log)
        self._started.append(process)
        return process

    def start_ready(self, *command: str) -> subprocess.Popen[str]:
        process = self.start(*command)
        procs.wait_ready(f"{self.url}/readyz", 30, process)
        return process

    def get(self, path: str) -> requests.Response:
        return self._http.get(self.url + path, timeout=10)

    def post(self, url: str, body: bytes) -> requests.Response:
        return self._http.post(url, data=body, timeout=10)

    def is_up(self, path: str = "/healthz") -> bool:
        try:
            return self.get(path).ok
        except requests.RequestException:
            return False

    def hook(self, shop: dict[str, str]) -> Hook:
        return Hook(shop["shop_id"], shop["webhook_secret"], f"127.0.0.1:{self.port}")

    def messages(self) -> list[dict[str, Any]]:
        """All of them, newest first, numbers in full."""
        found: list[dict[str, Any]] = self.json("messages", "--limit", "10000", "--reveal")
        return found

    def log_lines(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []

    def close(self) -> None:
        """The end of what still runs; the last words are shown when the test failed."""
        for process in self._started:
            procs.kill(process)
        self._http.close()
        print(f"--- {self.log}", *self.log_lines()[-60:], sep="\n")


def wait_until(condition: Callable[[], T], timeout: float, pause: float = 0.05) -> T:
    """The first true value of `condition`, asked again and again."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, f"still {value!r} after {timeout:g} s"
        time.sleep(pause)
    return value


def living(pids: Iterable[int]) -> list[int]:
    """Those that still run; what has ended and waits to be noticed is no longer alive."""
    return [pid for pid in pids if _state(pid) not in ("", "Z", "X")]


def child(parent: subprocess.Popen[str], command: str) -> int:
    """The process that `recado serve` keeps for a command; 0 while there is none."""
    for pid in procs.tree(parent.pid)[1:]:
        if _arguments(pid)[-1:] == [command] and _parent(pid) == parent.pid:
            return pid
    return 0


def kill_9(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def post(address: tuple[str, int], request: bytes, timeout: float = 20.0) -> int:
    """The status of the answer to a ready-made request; 0 when none came. A connection each, as shops do."""
    try:
        with socket.create_connection(address, timeout) as connection:
            connection.sendall(request)
            return _status(connection)
    except OSError:
        return 0


def deliver(addresses: list[tuple[str, int]], deliveries: Iterable[bytes], pause: float = 0.0) -> list[int]:
    """Post each, by turns to the addresses, again and again until it is taken; returns how often each was posted."""
    deadline = time.monotonic() + 60

    def deliver_one(numbered: tuple[int, bytes]) -> int:
        number, request = numbered
        for tried in range(1, 1000):
            if succeeded(post(addresses[(number + tried) % len(addresses)], request)):
                return tried
            assert time.monotonic() < deadline, "not taken within 60 s"
            time.sleep(0.1)
        raise AssertionError("not taken in a thousand tries")

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(deliver_one, enumerate(_paced(deliveries, pause))))


def _paced(deliveries: Iterable[bytes], pause: float) -> Iterator[bytes]:
    for delivery in deliveries:
        time.sleep(random.uniform(0, 2 * pause))
        yield delivery


def _status(connection: socket.socket) -> int:
    answer = b""
    while not message_length(answer):
        piece = connection.recv(65536)
        if not piece:
            return 0
        answer += piece
    return status_of(answer)


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _state(pid: int) -> str:
    return next(iter(_stat(pid)), "")


def _parent(pid: int) -> int:
    return int([*_stat(pid), "0", "0"][1])


def _arguments(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []
