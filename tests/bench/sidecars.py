"""Sidecars to measure: set up through the command line as an operator would, each in a fresh folder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sidecar.storage.database import Database

from . import procs
from .bare_loop import ACCOUNT_SID, AUTH_TOKEN
from .loadgen import Address, LoadGenerator
from .woo_requests import Hook

ADMIN_PASSWORD = "correct horse battery staple"
SETTINGS = {
    "name": "Loja Exemplo",
    "url": "https://loja.example",
    "mode": "3",
    "sender": "Loja Exemplo",
    "contact": "(11) 4000-0000",
    "country": "BR",
    "locale": "pt_BR",
    "timezone": "America/Sao_Paulo",
    "transactional-window": "always",
    "settle-seconds": "0",
}


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A folder, a database and a port; one shop, routed by one Twilio account to the stand-in."""

    folder: Path
    database_url: str
    port: int
    shop_id: str = ""
    webhook_secret: str = ""
    account_id: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> Address:
        return "127.0.0.1", self.port

    @property
    def hook(self) -> Hook:
        return Hook(self.shop_id, self.webhook_secret, f"127.0.0.1:{self.port}")

    @property
    def environ(self) -> dict[str, str]:
        return {
            "RECADO_DATA_DIR": str(self.folder),
            "RECADO_DATABASE_URL": self.database_url,
            "RECADO_BIND": f"127.0.0.1:{self.port}",
            "RECADO_PUBLIC_URL": self.url,
            "RECADO_SENDING": "live",
            "RECADO_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
        }

    def load(self, connections: int) -> LoadGenerator:
        return LoadGenerator(self.address, connections)

    def run(self, *arguments: str) -> Any:
        """Run a command to its end; returns the JSON it printed."""
        return json.loads(self.run_plain(*arguments, "--json"))

    def run_plain(self, *arguments: str) -> bytes:
        command = [sys.executable, "-m", "sidecar", *arguments]
        environ = {**os.environ, **self.environ}
        return subprocess.run(command, cwd=procs.ROOT, env=environ, check=True, stdout=subprocess.PIPE).stdout

    def start(self, *arguments: str, module: str = "sidecar") -> subprocess.Popen[str]:
        """`recado` with these arguments; it writes to `log` in the folder."""
        command = [sys.executable, "-m", module, *arguments]
        return procs.start(command, env=self.environ, log=self.folder / "log")

    @contextmanager
    def running(self, *arguments: str, module: str = "sidecar") -> Iterator[subprocess.Popen[str]]:
        process = self.start(*arguments, module=module)
        try:
            yield process
        finally:
            procs.stop(process, timeout=30)

    @contextmanager
    def serving(self, *arguments: str, module: str = "sidecar") -> Iterator[subprocess.Popen[str]]:
        """The same, from when it answers."""
        with self.running(*arguments, module=module) as process:
            procs.wait_ready(f"{self.url}/healthz", process=process)
            yield process

    @contextmanager
    def database(self) -> Iterator[Database]:
        database = Database(self.database_url)
        try:
            yield database
        finally:
            database.close()


class Workshop:
    """Makes sidecars. `fresh_database` makes an empty database for each; without it they have SQLite files,
    copied from one that was set up first."""

    def __init__(self, folder: Path, twilio_url: str, fresh_database: Callable[[], str] | None = None) -> None:
        self._folder = folder
        self._twilio_url = twilio_url
        self._fresh_database = fresh_database
        self._numbers = count()
        self._mould: Sidecar | None = None

    def new(self) -> Sidecar:
        folder = self._folder / f"sidecar-{next(self._numbers)}"
        if self._fresh_database:
            return self._set_up(folder, self._fresh_database())
        self._mould = self._mould or self._set_up(self._folder / "mould", _file_in(self._folder / "mould"))
        shutil.copytree(self._mould.folder, folder, ignore=shutil.ignore_patterns("metrics"))
        return _copy(self._mould, folder)

    @contextmanager
    def temporary(self) -> Iterator[Sidecar]:
        """A new sidecar; its folder is gone afterwards."""
        sidecar = self.new()
        try:
            yield sidecar
        finally:
            shutil.rmtree(sidecar.folder, ignore_errors=True)

    def _set_up(self, folder: Path, database_url: str) -> Sidecar:
        folder.mkdir(parents=True)
        bare = Sidecar(folder, database_url, procs.free_port())
        bare.run_plain("db", "upgrade")
        flags = [part for name, value in SETTINGS.items() for part in (f"--{name}", value)]
        shop = bare.run("shop", "add", "woocommerce", *flags)
        options = {"account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "from": "+15005550006"}
        options["base_url"] = self._twilio_url
        pairs = [part for name, value in options.items() for part in ("--option", f"{name}={value}")]
        account = bare.run("provider", "add", "twilio", "--name", "stand-in", *pairs)
        bare.run("provider", "route", shop["shop_id"], "stand-in")
        return Sidecar(folder, database_url, bare.port, shop["shop_id"], shop["webhook_secret"], account["account_id"])


def _copy(mould: Sidecar, folder: Path) -> Sidecar:
    port = procs.free_port()
    return Sidecar(folder, _file_in(folder), port, mould.shop_id, mould.webhook_secret, mould.account_id)


def _file_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'recado.sqlite3'}"
