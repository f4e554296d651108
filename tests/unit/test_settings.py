"""The environment, read once: what is understood, what is refused in which sentence, and which secrets are kept."""

import os
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import sidecar
from sidecar.policy.switch import Sending
from sidecar.settings import KNOWN, BadSettings, Settings, read_settings

KEY = "k" * 32
CODE = Path(sidecar.__file__).parent.parent


def problems(tmp_path: Path, **environ: str) -> list[str]:
    """The sentences that this environment is refused with."""
    with pytest.raises(BadSettings) as refusal:
        read(tmp_path, **environ)
    assert str(refusal.value) == "\n".join(refusal.value.problems)
    return refusal.value.problems


def read(tmp_path: Path, **environ: str) -> Settings:
    return read_settings(
        {"RECADO_DATA_DIR": str(tmp_path / "data"), **{f"RECADO_{name}": value for name, value in environ.items()}}
    )


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/data/recado.sqlite3"
    assert (settings.bind, settings.public_url) == ("127.0.0.1:8000", "http://127.0.0.1:8000")
    assert settings.switch.position is Sending.DRY_RUN
    assert (settings.send_threads, settings.web_threads, settings.log_level) == (24, 16, "info")


def test_everything_can_be_set(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        DATABASE_URL="postgresql://recado:pw@db/recado",
        SECRET_KEY=KEY,
        OLD_SECRET_KEY="the one before",
        BIND="[::1]:9000",
        PUBLIC_URL="https://sms.example.org/recado/",
        SENDING="Allow-List",
        ALLOW_LIST=" +5511912345678, +33612345678 ,",
        ADMIN_PASSWORD="open sesame",
        SEND_THREADS="200",
        WEB_THREADS="1",
        LOG_LEVEL="DEBUG",
    )
    assert settings.database_url == "postgresql+psycopg://recado:pw@db/recado"
    assert settings.secret_keys == (KEY, "the one before")
    assert (settings.bind, settings.public_url) == ("[::1]:9000", "https://sms.example.org/recado")
    assert (settings.switch.position, settings.switch.allow_list) == (
        Sending.ALLOW_LIST,
        {"+5511912345678", "+33612345678"},
    )
    assert (settings.admin_password, settings.log_level) == ("open sesame", "debug")
    assert (settings.send_threads, settings.web_threads) == (200, 1)


@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_spelling_of_postgresql_gets_the_same_driver(tmp_path: Path, scheme: str) -> None:
    assert read(tmp_path, DATABASE_URL=f"{scheme}host/name").database_url == "postgresql+psycopg://host/name"


def test_a_server_that_listens_everywhere_is_reached_at_this_machine(tmp_path: Path) -> None:
    assert read(tmp_path, BIND="0.0.0.0:8000").public_url == "http://127.0.0.1:8000"


def test_what_is_set_to_nothing_counts_as_not_set(tmp_path: Path) -> None:
    settings = read(tmp_path, BIND="", SENDING=" ", ALLOW_LIST="", SECRET_KEY="", SECRET_KEY_FILE="", SEND_THREADS="")
    assert (settings.bind, settings.switch.position, settings.send_threads) == ("127.0.0.1:8000", Sending.DRY_RUN, 24)


@pytest.mark.parametrize("name", [setting.name for setting in KNOWN])
def test_every_setting_can_come_from_a_file(tmp_path: Path, name: str) -> None:
    good = {
        "DATA_DIR": str(tmp_path / "elsewhere"),
        "DATABASE_URL": "sqlite:///elsewhere",
        "PUBLIC_URL": "https://a.example",
        "BIND": "127.0.0.1:1",
        "SENDING": "live",
        "ALLOW_LIST": "+5511912345678",
        "ADMIN_ADDRESSES": "192.0.2.0/24",
        "API_ADDRESSES": "192.0.2.1",
        "SEND_THREADS": "7",
        "SHOP_THREADS": "3",
        "SHOP_NETWORKS": "10.0.0.0/8, fd00::/8",
        "WEB_THREADS": "7",
        "WORKER_BIND": "127.0.0.1:2",
        "PROXIES": "1",
        "LOW_CREDIT": "7",
        "KEEP_TEXTS_DAYS": "7",
        "KEEP_BODIES_DAYS": "7",
        "KEEP_CODES_DAYS": "7",
        "LOG_LEVEL": "error",
    }
    value = good.get(name, KEY)
    (tmp_path / "file").write_text(value + "\n")
    environ = {"RECADO_DATA_DIR": str(tmp_path / "data"), f"RECADO_{name}_FILE": str(tmp_path / "file")}
    if name == "DATA_DIR":
        del environ["RECADO_DATA_DIR"]
    given = {**environ, f"RECADO_{name}": value}
    del given[f"RECADO_{name}_FILE"]
    kept = {"RECADO_SECRET_KEY": KEY, "RECADO_ADMIN_PASSWORD": "pw"}
    assert read_settings(_with(environ, kept, name)) == read_settings(_with(given, kept, name))


def _with(environ: dict[str, str], kept: dict[str, str], name: str) -> dict[str, str]:
    return {**{key: value for key, value in kept.items() if key != f"RECADO_{name}"}, **environ}


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "RECADO_SECRET_KEY is too short: give 32 random characters or more."),
        ({"BIND": "8000"}, "RECADO_BIND is '8000': give an address and a port such as 127.0.0.1:8000."),
        ({"BIND": "127.0.0.1:65536"}, "RECADO_BIND is '127.0.0.1:65536': give an address and a port"),
        ({"BIND": "::1:8000"}, "RECADO_BIND is '::1:8000': give an address and a port"),
        ({"BIND": "[::1"}, "RECADO_BIND is '[::1': give an address and a port"),
        ({"PUBLIC_URL": "sms.example.org"}, "RECADO_PUBLIC_URL is 'sms.example.org': give an address such as https://"),
        ({"PUBLIC_URL": "ftp://sms.example.org"}, "RECADO_PUBLIC_URL is 'ftp://sms.example.org': give an address"),
        ({"PUBLIC_URL": "https://"}, "RECADO_PUBLIC_URL is "),
        ({"PUBLIC_URL": "https://a.example/?b"}, "RECADO_PUBLIC_URL is 'https://a.example/?b': give an address"),
        ({"PUBLIC_URL": "https://[a.example"}, "RECADO_PUBLIC_URL is 'https://[a.example': give an address"),
        ({"DATABASE_URL": "mysql://db/recado"}, "RECADO_DATABASE_URL must begin with sqlite:/// or postgresql://."),
        ({"SENDING": "on"}, "RECADO_SENDING is 'on': choose one of off, dry-run, allow-list, live."),
        ({"SENDING": "allow-list"}, "RECADO_SENDING is allow-list and RECADO_ALLOW_LIST is empty: list who may be"),
        ({"ALLOW_LIST": "11 91234-5678"}, "RECADO_ALLOW_LIST holds '11 91234-5678': write numbers as +5511912345678."),
        ({"ADMIN_ADDRESSES": "192.0.2.0/24, home"}, "RECADO_ADMIN_ADDRESSES: 'home' does not appear to be an IPv4 or"),
        ({"SEND_THREADS": "many"}, "RECADO_SEND_THREADS is 'many': give a whole number from 1 to 200."),
        ({"SHOP_NETWORKS": "10.0.0.1/8"}, "RECADO_SHOP_NETWORKS holds '10.0.0.1/8': write networks as 10.0.0.0/8."),
        ({"SEND_THREADS": "0"}, "RECADO_SEND_THREADS is '0': give a whole number from 1 to 200."),
        ({"WEB_THREADS": "201"}, "RECADO_WEB_THREADS is '201': give a whole number from 1 to 200."),
        ({"WEB_THREADS": "1.5"}, "RECADO_WEB_THREADS is '1.5': give a whole number from 1 to 200."),
        ({"WEB_THREADS": "९"}, "RECADO_WEB_THREADS is '९': give a whole number from 1 to 200."),
        ({"LOG_LEVEL": "loud"}, "RECADO_LOG_LEVEL is 'loud': choose one of debug, info, warning, error."),
        ({"SECRET_KEY_FILE": "/nowhere/key"}, "RECADO_SECRET_KEY_FILE names /nowhere/key, which cannot be read"),
        ({"SENDIN": "live"}, "RECADO_SENDIN is not a setting of Recado: check its spelling in the README's table."),
        ({"sending": "live"}, "RECADO_sending is not a setting of Recado: check its spelling"),
    ],
)
def test_a_bad_value_is_named_in_one_sentence(tmp_path: Path, environ: dict[str, str], sentence: str) -> None:
    [told] = problems(tmp_path, **environ)
    assert told.startswith(sentence)
    assert told.endswith(".")


def test_a_value_and_a_file_for_the_same_setting_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY)
    assert problems(tmp_path, SECRET_KEY=KEY, SECRET_KEY_FILE=str(tmp_path / "key")) == [
        "RECADO_SECRET_KEY and RECADO_SECRET_KEY_FILE are both set: keep one of them."
    ]


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff" * 40)
    [told] = problems(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key"))
    assert "cannot be read as text" in told


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    told = problems(tmp_path, SENDING="on", WEB_THREADS="0", SENDIN="live", LOG_LEVEL="loud")
    assert len(told) == 4


def test_names_of_other_programs_are_no_business_of_ours(tmp_path: Path) -> None:
    environ = {"RECADO_DATA_DIR": str(tmp_path), "PATH": "/bin", "recado": "x", "RECADOS": "y", "MY_RECADO_X": "z"}
    assert read_settings(environ).data_dir == tmp_path


def test_no_secret_is_shown_by_a_refusal_or_by_the_settings_themselves(tmp_path: Path) -> None:
    secrets = {"SECRET_KEY": "hunter2", "ADMIN_PASSWORD": "swordfish", "DATABASE_URL": "mysql://recado:opensesame@db/x"}
    told = " ".join(problems(tmp_path, **secrets))
    settings = read(tmp_path, SECRET_KEY=KEY, ADMIN_PASSWORD="swordfish", DATABASE_URL="postgres://r:opensesame@db/x")
    for text in (told, repr(settings), str(settings), f"{settings}"):
        assert not any(secret in text for secret in ("hunter2", "swordfish", "opensesame", KEY))


def test_settings_cannot_be_changed_afterwards(tmp_path: Path) -> None:
    with pytest.raises(FrozenInstanceError):
        read(tmp_path).log_level = "debug"  # type: ignore[misc]


def test_the_secrets_are_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_keys == second.secret_keys
    assert first.admin_password == second.admin_password
    assert len(first.secret_keys[0]) >= 32
    assert len(first.admin_password) >= 12
    data = tmp_path / "data"
    assert sorted(path.name for path in data.iterdir()) == ["admin_password", "secret_key"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in data.iterdir())
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_secrets_that_are_given_are_not_written_anywhere(tmp_path: Path) -> None:
    read(tmp_path, SECRET_KEY=KEY, ADMIN_PASSWORD="swordfish")
    assert list((tmp_path / "data").iterdir()) == []


def test_two_installations_do_not_share_a_key(tmp_path: Path) -> None:
    assert read(tmp_path / "one").secret_keys != read(tmp_path / "two").secret_keys


def test_refused_settings_leave_nothing_behind(tmp_path: Path) -> None:
    problems(tmp_path, SENDING="on")
    assert not (tmp_path / "data").exists()


def test_an_emptied_key_is_never_silently_replaced(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "data" / "secret_key").write_text("\n")
    [told] = problems(tmp_path)
    assert told.startswith(f"{tmp_path}/data/secret_key is empty: put the secret back")


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, where a folder should be")
    [told] = problems(tmp_path)
    assert told.startswith(f"RECADO_DATA_DIR is {tmp_path}/data, which cannot be written: ")


def test_processes_that_start_together_get_the_same_key(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom sidecar.settings import read_settings\nprint('ready', flush=True)\nsys.stdin.readline()\n"
        "settings = read_settings()\nprint(settings.secret_keys[0], settings.admin_password)"
    )
    environ = {**os.environ, "RECADO_DATA_DIR": str(tmp_path), "PYTHONPATH": str(CODE)}
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, cwd=CODE
        )
        for _ in range(6)
    ]
    for process in starting:
        assert process.stdout and process.stdout.readline() == b"ready\n"
    for process in starting:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    told = {process.communicate(timeout=20)[0] for process in starting}
    assert len(told) == 1
    assert len(told.pop()) > 50


def test_containers_that_start_together_get_the_same_key_though_their_process_numbers_are_equal(tmp_path: Path) -> None:
    """Threads stand for the containers: to the file system they are as many programs with one process number."""
    together = threading.Barrier(8)

    def start(folder: Path) -> tuple[str, ...]:
        together.wait()
        return read(folder).secret_keys

    with ThreadPoolExecutor(8) as containers:
        for installation in range(15):
            folder = tmp_path / str(installation)
            assert len(set(containers.map(start, [folder] * 8))) == 1
            assert {path.name for path in (folder / "data").iterdir()} == {"admin_password", "secret_key"}
