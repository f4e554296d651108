"""The sidecar's own settings: environment and `*_FILE` secrets, read once into one frozen object."""

import contextlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from sidecar.domain.address import AllowedAddresses
from sidecar.policy.switch import Sending, Switch

PREFIX = "RECADO_"

Network = IPv4Network | IPv6Network


class BadSettings(Exception):
    """The environment cannot be used; each problem is one sentence saying what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    help: str


KNOWN = (
    Setting("DATA_DIR", "./data", "Folder for the database, the secret key and the admin password."),
    Setting("DATABASE_URL", "sqlite in the data folder", "`postgresql://user:password@host/name` to leave SQLite."),
    Setting("SECRET_KEY", "made and kept on first run", "Seals provider keys and shop secrets; 32 characters or more."),
    Setting("OLD_SECRET_KEY", "", "The key before, until `recado db reseal` has sealed all secrets with the new one."),
    Setting("BIND", "127.0.0.1:8000", "Address and port the web process listens on."),
    Setting("WORKER_BIND", "", "Where a worker answers /healthz, /readyz and /metrics; empty: nowhere."),
    Setting("PROXIES", "0", "How many proxies of yours stand before the web process."),
    Setting("PUBLIC_URL", "http:// and BIND", "Address by which shops and providers reach this sidecar."),
    Setting("SENDING", "dry-run", "`off`, `dry-run`, `allow-list` or `live`; the simulator sends in all of them."),
    Setting("ALLOW_LIST", "", "Numbers (+5511…, comma between) that may be texted with `SENDING=allow-list`."),
    Setting("ADMIN_PASSWORD", "made and kept on first run", "Password of the pages under `/admin/`."),
    Setting(
        "ADMIN_ADDRESSES",
        "",
        "Addresses (192.0.2.0/24, comma between) that may see the pages; empty: all.",
    ),
    Setting("API_ADDRESSES", "", "The same for the API under `/api/v1`."),
    Setting("SEND_THREADS", "24", "Sends under way at once in one worker (1 to 200)."),
    Setting("WEB_THREADS", "16", "Requests under way at once in one web process (1 to 200)."),
    Setting("SHOP_THREADS", "8", "Shops asked at once by one worker (1 to 200)."),
    Setting("SHOP_NETWORKS", "", "Private networks (10.0.0.0/8, comma between) in which shops may be, http allowed."),
    Setting("LOG_LEVEL", "info", "`debug`, `info`, `warning` or `error`."),
    Setting("KEEP_TEXTS_DAYS", "365", "How long texts and numbers are kept."),
    Setting("KEEP_BODIES_DAYS", "30", "How long what shops and providers posted is kept as it came."),
    Setting("KEEP_CODES_DAYS", "30", "How long one-time codes' requests are kept."),
    Setting("LOW_CREDIT", "5", "Below this many credits, who prepays is warned."),
)

_NUMBER = re.compile(r"^\+[1-9][0-9]{5,14}$")
_BIND = re.compile(r"^(\[[0-9a-fA-F:]+\]|[\w.-]+):(\d{1,5})$")
_MIN_KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Settings:
    data_dir: Path
    database_url: str
    secret_keys: tuple[str, ...]
    bind: str
    public_url: str
    switch: Switch
    admin_password: str
    admin_addresses: AllowedAddresses
    api_addresses: AllowedAddresses
    send_threads: int
    web_threads: int
    shop_threads: int
    shop_networks: tuple[Network, ...]
    log_level: str
    low_credit: int
    keep_texts_days: int
    keep_bodies_days: int
    keep_codes_days: int
    worker_bind: str = ""
    proxies: int = 0

    def __repr__(self) -> str:
        return f"Settings(data_dir={self.data_dir!s}, bind={self.bind!r}, public_url={self.public_url!r})"


class _Reader:
    """Reads one environment, collecting every problem instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        file_name = self._environ.get(f"{PREFIX}{name}_FILE", "")
        direct = self._environ.get(f"{PREFIX}{name}", "")
        if file_name and direct:
            self.problems.append(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one of them.")
        if not file_name:
            return direct.strip() or default
        try:
            return Path(file_name).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError):
            self.problems.append(f"{PREFIX}{name}_FILE names {file_name}, which cannot be read as text.")
            return default

    def whole(self, name: str, default: int, lowest: int, highest: int) -> int:
        raw = self.text(name, str(default))
        if raw.isascii() and raw.isdigit() and lowest <= int(raw) <= highest:
            return int(raw)
        self.problems.append(f"{PREFIX}{name} is {raw!r}: give a whole number from {lowest} to {highest}.")
        return default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        raw = self.text(name, default).lower()
        if raw in choices:
            return raw
        self.problems.append(f"{PREFIX}{name} is {raw!r}: choose one of {', '.join(choices)}.")
        return default


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check everything. Raises `BadSettings` with all problems at once."""
    reader = _Reader(environ)
    _refuse_unknown(environ, reader)
    data_dir = Path(reader.text("DATA_DIR", "./data")).absolute()
    bind = _bind(reader, "BIND", "127.0.0.1:8000")
    old_key = reader.text("OLD_SECRET_KEY")
    secret_key = _secret_key(reader)
    settings = Settings(
        data_dir=data_dir,
        database_url=_database_url(reader, data_dir),
        secret_keys=(secret_key, *([old_key] if old_key else [])),
        bind=bind,
        worker_bind=_bind(reader, "WORKER_BIND", ""),
        proxies=reader.whole("PROXIES", 0, 0, 5),
        public_url=_public_url(reader, bind),
        switch=_switch(reader),
        admin_password=reader.text("ADMIN_PASSWORD"),
        admin_addresses=_addresses(reader, "ADMIN_ADDRESSES"),
        api_addresses=_addresses(reader, "API_ADDRESSES"),
        send_threads=reader.whole("SEND_THREADS", 24, 1, 200),
        web_threads=reader.whole("WEB_THREADS", 16, 1, 200),
        shop_threads=reader.whole("SHOP_THREADS", 8, 1, 200),
        shop_networks=_networks(reader),
        log_level=reader.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
        low_credit=reader.whole("LOW_CREDIT", 5, 0, 1_000_000),
        keep_texts_days=reader.whole("KEEP_TEXTS_DAYS", 365, 1, 36_500),
        keep_bodies_days=reader.whole("KEEP_BODIES_DAYS", 30, 1, 36_500),
        keep_codes_days=reader.whole("KEEP_CODES_DAYS", 30, 1, 36_500),
    )
    if reader.problems:
        raise BadSettings(reader.problems)
    return _with_kept_secrets(settings)


def _refuse_unknown(environ: Mapping[str, str], reader: _Reader) -> None:
    known = {f"{PREFIX}{s.name}{suffix}" for s in KNOWN for suffix in ("", "_FILE")} | {"RECADO_REQUIRE_ALL"}
    for name in sorted(set(environ) - known):
        if name.startswith(PREFIX):
            reader.problems.append(f"{name} is not a setting of Recado: check its spelling in the README's table.")


def _secret_key(reader: _Reader) -> str:
    key = reader.text("SECRET_KEY")
    if key and len(key) < _MIN_KEY_LENGTH:
        reader.problems.append(f"{PREFIX}SECRET_KEY is too short: give {_MIN_KEY_LENGTH} random characters or more.")
    return key


def _bind(reader: _Reader, name: str, default: str) -> str:
    bind = reader.text(name, default)
    match = _BIND.match(bind)
    if bind and not (match and int(match.group(2)) <= 65535):
        reader.problems.append(f"{PREFIX}{name} is {bind!r}: give an address and a port such as 127.0.0.1:8000.")
    return bind


def _public_url(reader: _Reader, bind: str) -> str:
    url = reader.text("PUBLIC_URL", f"http://{bind.replace('0.0.0.0:', '127.0.0.1:')}").rstrip("/")
    if reader.text("PUBLIC_URL") and not _is_web_address(url):
        reader.problems.append(f"{PREFIX}PUBLIC_URL is {url!r}: give an address such as https://sms.example.org.")
    return url


def _addresses(reader: _Reader, name: str) -> AllowedAddresses:
    words = reader.text(name).replace(",", " ").split()
    try:
        return AllowedAddresses.parse(words)
    except ValueError as error:
        reader.problems.append(f"{PREFIX}{name}: {error}: write addresses as 192.0.2.1, networks as 192.0.2.0/24.")
        return AllowedAddresses()


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not (parts.query or parts.fragment)


def _database_url(reader: _Reader, data_dir: Path) -> str:
    url = reader.text("DATABASE_URL", f"sqlite:///{data_dir / 'recado.sqlite3'}")
    try:
        _ = urlsplit(url).port
    except ValueError:
        reader.problems.append(f"{PREFIX}DATABASE_URL is not an address: check its host and port.")
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        reader.problems.append(f"{PREFIX}DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def _networks(reader: _Reader) -> tuple[Network, ...]:
    found: list[Network] = []
    for written in filter(None, map(str.strip, reader.text("SHOP_NETWORKS").split(","))):
        try:
            found.append(ip_network(written))
        except ValueError:
            reader.problems.append(f"{PREFIX}SHOP_NETWORKS holds {written!r}: write networks as 10.0.0.0/8.")
    return tuple(found)


def _switch(reader: _Reader) -> Switch:
    position = Sending(reader.choice("SENDING", "dry-run", tuple(Sending)))
    numbers = [n.strip() for n in reader.text("ALLOW_LIST").split(",") if n.strip()]
    for number in numbers:
        if not _NUMBER.match(number):
            reader.problems.append(f"{PREFIX}ALLOW_LIST holds {number!r}: write numbers as +5511912345678.")
    if position is Sending.ALLOW_LIST and not numbers:
        reader.problems.append(
            f"{PREFIX}SENDING is allow-list and {PREFIX}ALLOW_LIST is empty: list who may be texted."
        )
    return Switch(position, frozenset(numbers))


def _with_kept_secrets(settings: Settings) -> Settings:
    """Fill in what was not given from files in the data folder, making them on the first run."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = settings.secret_keys[0] or _kept(settings.data_dir / "secret_key", secrets.token_urlsafe(48))
        password = settings.admin_password or _kept(settings.data_dir / "admin_password", secrets.token_urlsafe(12))
    except OSError as error:
        raise BadSettings(
            [f"{PREFIX}DATA_DIR is {settings.data_dir}, which cannot be written: {error.strerror}."]
        ) from None
    values = {name: getattr(settings, name) for name in Settings.__dataclass_fields__}
    return Settings(**{**values, "secret_keys": (key, *settings.secret_keys[1:]), "admin_password": password})


def _kept(path: Path, fresh: str) -> str:
    """The secret in this file; the first of several processes that start together makes it, whole or not at all."""
    if path.exists():
        return _read_kept(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(fresh)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
    return _read_kept(path)


def _read_kept(path: Path) -> str:
    kept = path.read_text(encoding="utf-8").strip()
    if not kept:
        raise BadSettings([f"{path} is empty: put the secret back, or delete the file to have a new one made."])
    return kept
