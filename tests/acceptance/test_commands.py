"""The command line: what every command prints, and how it says no (exit code 2, one sentence with a stable code)."""

import json
import re
from collections.abc import Callable, Iterator
from subprocess import CompletedProcess

import click
import pytest
from click.testing import Result

from sidecar.commands import recado as recado_group
from sidecar.domain.shop import ShopSettings
from sidecar.domain.status import FINAL
from sidecar.storage import shops
from sidecar.storage.database import Database
from tests.acceptance.processes import AUTH_TOKEN, Sidecar, wait_until
from tests.databases import Postgres
from tests.providers.server import Server, answer

SHOP_ADD_KEYS = [
    "shop_id",
    "webhook_url",
    "webhook_secret",
    "events_url",
    "events_secret",
    "api_token",
    "connection_code",
]
MESSAGE_KEYS = {
    *("id", "shop_id", "order_id", "event", "template", "channel", "to", "text", "encoding", "segments", "status"),
    *("reason", "provider", "provider_id", "attempts", "created_at", "due_at", "sent_at", "delivered_at", "timeline"),
}
COMMANDS = [
    *("serve", "web", "worker", "db", "setup", "demo", "doctor", "shop", "poll", "credit", "tariff", "provider"),
    *(
        "test",
        "send",
        "messages",
        "message",
        "inbox",
        "template",
        "codes",
        "alerts",
        "user",
        "privacy",
        "replies",
        "consent",
    ),
]
NUMBER = "11 91234-5678"


@pytest.fixture
def ready(sidecar: Sidecar) -> Sidecar:
    """With the shop `Loja`, sending by the account `simulator`, and nothing running."""
    shop = sidecar.open_shop()
    sidecar.route_by("simulator", shop["shop_id"])
    return sidecar


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    """As `make run` leaves it: set up, and serving."""
    sidecar = Sidecar(tmp_path_factory.mktemp("live"), SENDING="dry-run")
    assert sidecar.recado("db", "upgrade").returncode == 0
    sidecar.json("setup")
    sidecar.start_ready("serve")
    yield sidecar
    sidecar.close()


# What they print


def test_help_names_every_command(sidecar: Sidecar) -> None:
    told = sidecar.recado("--help")
    assert told.returncode == 0
    listed = re.findall(r"^  (\w+) {2,}(\S.+)$", told.stdout.partition("Commands:")[2], re.MULTILINE)
    assert [name for name, _ in listed] == COMMANDS


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


@pytest.mark.parametrize("path", list(_commands(recado_group)), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...], sidecar: Sidecar) -> None:
    told = sidecar.command(*path, "--help")
    assert told.exit_code == 0
    assert told.stdout.startswith(f"Usage: recado {' '.join(path)} ") and len(told.stdout.splitlines()) > 3


def test_db_upgrade_may_be_run_again(sidecar: Sidecar) -> None:
    for _ in range(2):
        assert sidecar.command("db", "upgrade").stdout == "The database is up to date.\n"


def test_shop_add_prints_exactly_what_the_shop_needs(sidecar: Sidecar) -> None:
    made = sidecar.open_shop()
    assert list(made) == SHOP_ADD_KEYS
    assert made["webhook_url"] == f"{sidecar.url}/hooks/woocommerce/{made['shop_id']}"
    assert made["events_url"] == f"{sidecar.url}/hooks/events/{made['shop_id']}"
    assert made["events_secret"].startswith("whsec_") and made["api_token"].startswith("rct_")
    assert all(len(made[secret]) >= 32 for secret in ("webhook_secret", "events_secret", "api_token"))


def test_a_new_connection_code_opens_the_api_and_the_one_before_no_more(sidecar: Sidecar) -> None:
    made = sidecar.open_shop()
    assert made["connection_code"] == f"{sidecar.url}#{made['api_token']}"
    renewed = sidecar.json("shop", "connect", made["shop_id"])["connection_code"].removeprefix(f"{sidecar.url}#")
    database = Database(f"sqlite:///{sidecar.environment['RECADO_DATA_DIR']}/recado.sqlite3")
    with database.read() as connection:
        found = [shops.by_token(connection, token) for token in (made["api_token"], renewed)]
    assert [shop and shop.id for shop in found] == [None, made["shop_id"]]


def test_shop_set_and_show_use_the_same_names(ready: Sidecar) -> None:
    flags = {
        "mode": "6",
        "stock_managed": "true",
        "alerts_enabled": "true",
        "staff_numbers": "+5511912345678",
        "sender": "Ana",
    }
    given = [word for name, value in flags.items() for word in (f"--{name.replace('_', '-')}", value)]
    saved = ready.json("shop", "set", "Loja", *given)
    shown = ready.json("shop", "show", "Loja")
    for told in (saved, shown):
        assert set(ShopSettings.model_fields) <= set(told)
        assert (told["mode"], told["staff_numbers"], told["sender"]) == (6, ["+5511912345678"], "Ana")
    assert (shown["route"], shown["platform"], shown["feeds"]) == (["simulator"], "woocommerce", [])
    [listed] = ready.json("shop", "list")
    assert listed == {**listed, "name": "Loja", "platform": "woocommerce", "mode": 6}
    assert ready.json("shop", "show", shown["shop_id"]) == shown


def test_secrets_are_shown_once_and_are_sealed_on_disk(sidecar: Sidecar) -> None:
    made = sidecar.open_shop()
    keys = ("--consumer-key", "ck_" + "1" * 40, "--consumer-secret", "cs_" + "2" * 40)
    sidecar.json("shop", "set", "Loja", *keys, "--unchecked")
    account = {"account_sid": "AC" + "3" * 32, "auth_token": AUTH_TOKEN, "from": "+15005550006"}
    sidecar.route_by("twilio", made["shop_id"], **account)
    hidden = [made["webhook_secret"], made["events_secret"], made["api_token"], "1" * 40, "2" * 40, AUTH_TOKEN]
    for command in (
        ["shop", "show", "Loja"],
        ["shop", "list"],
        ["provider", "list"],
        ["doctor"],
        ["shop", "set", "Loja"],
    ):
        for told in (sidecar.command(*command), sidecar.command(*command, "--json")):
            assert not [secret for secret in hidden if secret in told.output], command
    for file in sidecar.log.parent.glob("recado.sqlite3*"):
        assert not [secret for secret in hidden if secret.encode() in file.read_bytes()], file


def test_provider_add_list_test_and_route(ready: Sidecar) -> None:
    made = ready.json("provider", "add", "simulator", "--name", "second", "--option", "receipt_delay=0.1")
    assert list(made) == ["account_id", "kind", "name", "status_url", "inbound_url"]
    assert made["status_url"].startswith(f"{ready.url}/callbacks/{made['account_id']}/")
    assert [account["name"] for account in ready.json("provider", "list")] == ["second", "simulator"]
    assert ready.json("provider", "test", "second")["balance"] == "1000"
    assert ready.json("provider", "route", "Loja", "second", "simulator")["route"] == ["second", "simulator"]
    assert ready.json("shop", "show", "Loja")["route"] == ["second", "simulator"]


def test_an_account_without_a_balance_is_tested_by_another_question(ready: Sidecar) -> None:
    secrets = [f"{name}=fake" for name in ("access_token", "app_secret", "verify_token")]
    with Server() as meta:
        meta.script(answer(200, {"display_phone_number": "+1 555-078-3881", "quality_rating": "GREEN"}))
        options = [f"base_url={meta.url}", "phone_number_id=106540352242922", *secrets]
        ready.json("provider", "add", "whatsapp_cloud", "--name", "meta", *(f"--option={each}" for each in options))
        told = ready.json("provider", "test", "meta")
        assert told == {"name": "meta", "kind": "whatsapp_cloud", "answer": "number +1 555-078-3881, quality GREEN"}
        assert "whatsapp_cloud answers, number +1 555-078-3881" in ready.command("doctor").output
        meta.script(answer(401, {"error": {"code": 190, "message": "The token has expired"}}))
        assert "expired" in _refused(ready.command("provider", "test", "meta"), "provider_test_failed")
    gateway = ["base_url=https://sms.example.com", 'body={"to": "{to}", "text": "{text}"}', "id_at={value}"]
    ready.json("provider", "add", "http", "--name", "plain", *(f"--option={each}" for each in gateway))
    assert "only a send would tell" in _refused(ready.command("provider", "test", "plain"), "provider_test_failed")
    assert "http, credentials not checkable without sending" in ready.command("doctor").output


def test_a_message_tells_all_under_fixed_names_with_its_number_masked(ready: Sidecar) -> None:
    sent = ready.json("send", "Loja", "--to", NUMBER, "--text", "Oi, #{order_number}", "--order", "77", "--wait", "0")
    assert set(sent) >= MESSAGE_KEYS
    assert (sent["order_id"], sent["status"], sent["event"]) == ("77", "queued", "manual")
    assert sent["text"].startswith("Loja: Oi, #77")
    assert [step["state"] for step in sent["timeline"]] == ["queued"]
    [listed] = ready.json("messages", "--shop", "Loja", "--status", "queued", "--order", "77")
    assert set(listed) >= MESSAGE_KEYS - {"timeline"}
    for command in (["messages"], ["message", "show", sent["id"]]):
        for form in ([], ["--json"]):
            hidden, shown = ready.command(*command, *form).output, ready.command(*command, *form, "--reveal").output
            assert "912345678" not in hidden and "5678" in hidden
            assert "+5511912345678" in shown and sent["id"] in shown, "whole, however narrow the terminal"
    assert ready.json("messages", "--order", "78") == []
    assert "No messages yet." in ready.command("messages", "--order", "78").output


def test_the_test_button_works_in_mode_0_where_sending_by_hand_does_not(ready: Sidecar) -> None:
    ready.json("shop", "set", "Loja", "--mode", "0")
    assert ready.json("test", "Loja", "--to", NUMBER, "--wait", "0")["status"] == "queued"
    refused = ready.json("send", "Loja", "--to", NUMBER, "--text", "Oi", "--wait", "0")
    assert (refused["status"], refused["reason"]) == ("suppressed", "mode_disabled")
    wrong = ready.json("test", "Loja", "--to", "a land far away")
    assert (wrong["status"], wrong["to"]) == ("suppressed", "") and wrong["reason"]


def test_listings_without_anything_say_so(sidecar: Sidecar) -> None:
    sidecar.command("db", "upgrade")
    for command in (["shop", "list"], ["provider", "list"], ["messages"], ["inbox"], ["inbox", "--failed"]):
        assert sidecar.json(*command) == []
        told = sidecar.command(*command)
        assert told.exit_code == 0 and re.fullmatch(r"(No|Nothing) .+\.\n", told.stdout)
    assert sidecar.json("inbox", "replay", "--failed") == {"replayed": 0}


def test_setup_may_be_run_again_and_changes_nothing(sidecar: Sidecar) -> None:
    sidecar.command("db", "upgrade")
    first, second = sidecar.json("setup"), sidecar.json("setup")
    assert first == second
    assert first["webhook_url"] == f"{sidecar.url}/hooks/woocommerce/{first['shop_id']}"
    assert (sidecar.log.parent / "admin_password").read_text() == first["admin_password"]
    assert first["admin_password"] in sidecar.command("setup").output


# A sidecar that runs


def test_the_demo_ends_with_everything_settled(live: Sidecar) -> None:
    rows = json.loads(live.recado("demo", "--json").stdout)
    assert len(rows) > 15 and {row["status"] for row in rows} <= FINAL
    assert {"delivered", "suppressed"} <= {row["status"] for row in rows}
    more = live.recado("demo", "--orders", "30")
    assert more.returncode == 0 and re.search(r"\d+ messages: \d+ delivered", more.stdout)
    [failed] = {row["note"].partition(":")[0] for row in live.json("inbox", "--failed")}
    assert failed == "shop_error"
    assert live.json("inbox", "replay", "--failed")["replayed"] >= 1


def test_a_test_message_is_followed_to_its_delivery(live: Sidecar) -> None:
    sent = live.json("test", "Demo shop", "--to", NUMBER, "--wait", "20")
    assert (sent["status"], sent["template"], sent["provider"]) == ("delivered", "test_message", "simulator")
    assert sent["sent_at"] <= sent["delivered_at"]


def test_fact_5_the_doctor_finds_it_running_and_says_that_wordpress_refuses_private_addresses(live: Sidecar) -> None:
    examined = live.recado("doctor")
    assert examined.returncode == 0, examined.stdout
    assert "worker: alive" in examined.stdout
    found = {finding["check"]: finding for finding in live.json("doctor")}
    assert found["public address"]["level"] == "warning"
    assert "Providers refuse such addresses too" in found["public address"]["do"]
    assert (
        found["sending"] == {**found["sending"], "level": "warning"} and "RECADO_SENDING=live" in found["sending"]["do"]
    )
    assert found["clock"]["level"] == "good"


def test_the_doctor_says_what_to_do(sidecar: Sidecar) -> None:
    """Nothing runs, nothing is routed: every bad finding comes with advice, and the exit code is 1."""
    sidecar.open_shop()
    examined = sidecar.command("doctor", "--json")
    assert examined.exit_code == 1
    found = {finding["check"]: finding for finding in json.loads(examined.stdout)}
    bad = {check: finding["do"] for check, finding in found.items() if finding["level"] == "bad"}
    assert set(bad) == {"worker", "public address", "providers", "shop Loja"}
    assert "`recado serve`" in bad["worker"] and "`recado serve`" in bad["public address"]
    assert "`recado provider add --help`" in bad["providers"]
    assert bad["shop Loja"] == '`recado provider route "Loja" ACCOUNT`.'
    assert "no country" not in examined.stdout
    sidecar.json("shop", "set", "Loja", "--country", "")
    told = sidecar.command("doctor")
    assert "no country" in told.stdout and '`recado shop set "Loja" --country BR`' in told.stdout
    assert told.exit_code == 1 and all(advice in told.stdout for advice in bad.values())


def test_the_doctor_tells_of_refused_deliveries(live: Sidecar) -> None:
    shop = live.json("shop", "show", "Demo shop")
    live.post(shop["webhook_url"], b"{}")
    wait_until(lambda: "bad_signature" in live.command("doctor", "--json").stdout, 30, pause=0.5)
    assert live.command("doctor").exit_code == 1


# How they say no

REFUSALS: dict[str, list[list[str]]] = {
    "unknown_shop": [
        ["shop", "show", "nobody"],
        ["shop", "set", "nobody", "--mode", "1"],
        ["provider", "route", "nobody", "simulator"],
        ["test", "nobody", "--to", NUMBER],
        ["send", "nobody", "--to", NUMBER, "--text", "Oi"],
        ["messages", "--shop", "nobody"],
    ],
    "bad_setting": [
        ["shop", "set", "Loja", *words]
        for words in (
            ["--mode", "7"],
            ["--mode", "-1"],
            ["--mode", "three"],
            ["--transactional-window", "25:00-26:00"],
            ["--timezone", "Mars/Olympus"],
            ["--timezone", "../../etc/passwd"],
            ["--country", "Brasil"],
            ["--locale", "portuguese!"],
            ["--settle-seconds", "-1"],
            ["--staff-numbers", "912345678"],
            ["--alert-factor", "nan"],
            ["--sender", "x" * 41],
            ["--redirect-to", "me"],
        )
    ],
    "name_taken": [
        ["shop", "add", "woocommerce", "--name", "Loja", "--url", "https://x.example"],
        ["provider", "add", "simulator", "--name", "simulator"],
    ],
    "bad_url": [["shop", "add", "woocommerce", "--name", "x", "--url", url] for url in ("ftp://x", "loja", "https://")],
    "bad_name": [
        ["shop", "add", "woocommerce", "--name", name, "--url", "https://x.example"] for name in ("", "x" * 121)
    ],
    "bad_options": [
        ["provider", "add", "pigeon", "--name", "x"],
        ["provider", "add", "twilio", "--name", "x"],
        ["provider", "add", "simulator", "--name", "x", "--option", "speed=9"],
    ],
    "bad_option": [["provider", "add", "simulator", "--name", "x", "--option", pair] for pair in ("speed", "=9")],
    "unknown_account": [["provider", "route", "Loja", "nobody"], ["provider", "test", "nobody"]],
    "text_or_template": [
        ["send", "Loja", "--to", NUMBER],
        ["send", "Loja", "--to", NUMBER, "--text", "Oi", "--template", "order_placed"],
    ],
    "unknown_template": [
        [*word, "--to", NUMBER, "--template", "nothing"] for word in (["send", "Loja"], ["test", "Loja"])
    ],
    "unknown_placeholder": [["send", "Loja", "--to", NUMBER, "--text", "{password}"]],
    "bad_text": [["send", "Loja", "--to", NUMBER, "--text", text] for text in ("", " ", "x" * 701, "\x1b[2J")],
    "unknown_message": [["message", "show", "msg_1"], ["message", "show", "msg_\u0663"]],
    "unknown_user": [["user", "password", "x@x.example"], ["user", "disable", "x@x.example"]],
    "bad_email": [["user", "add", "nobody", "--role", "operator"]],
    "no_shop": [["user", "add", "x@x.example"]],
    "unknown_delivery": [["inbox", "replay", "in_1"]],
    "which_delivery": [["inbox", "replay"], ["inbox", "replay", "in_1", "--failed"]],
    "which_replies": [["replies"], ["replies", "Loja", "--of-nobody"]],
    "bad_number": [["consent", "list", "Loja", "--number", "1"]],
    "wording_needed": [
        ["consent", "set", "Loja", "--number", NUMBER, "--purpose", "orders", "--standing", "in"],
    ],
    "not_running": [["demo"], ["demo", "--json"]],
}


@pytest.mark.parametrize("code", REFUSALS)
def test_what_cannot_be_granted_is_refused_in_one_sentence(ready: Sidecar, code: str) -> None:
    def kept() -> list[object]:
        return [ready.json("shop", "show", "Loja"), ready.json("provider", "list"), ready.json("messages")]

    before = kept()
    for words in REFUSALS[code]:
        _refused(ready.command(*words), code)
    assert code == "not_running" or kept() == before


def _refused(result: Result | CompletedProcess[str], code: str) -> str:
    """Exit code 2, nothing on standard output, and `Error: [code] One sentence or two.`"""
    said: str = result.stderr
    exit_code = result.exit_code if isinstance(result, Result) else result.returncode
    assert (exit_code, result.stdout) == (2, ""), (said, result)
    assert said.startswith(f"Error: [{code}] ") and said.endswith("\n") and said.count("\n") == 1, said
    assert "Traceback" not in said and len(said) < 400
    return said


@pytest.mark.parametrize(
    ("settings", "missing"), [([], "stock management"), (["--stock-managed", "true"], "availability alerts")]
)
@pytest.mark.parametrize("mode", ["4", "5", "6"])
def test_a_mode_with_alerts_is_refused_with_what_to_switch_on(
    ready: Sidecar, mode: str, settings: list[str], missing: str
) -> None:
    said = _refused(ready.command("shop", "set", "Loja", "--mode", mode, *settings), "bad_setting")
    assert f"Mode {mode}" in said and missing in said
    assert ready.json("shop", "show", "Loja")["mode"] == 3


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["shop", "add", "opencart", "--name", "x", "--url", "https://x.example"],
        ["shop", "add", "woocommerce", "--name", "x"],
        ["shop", "set", "Loja", "--colour", "red"],
        ["provider", "route", "Loja"],
        ["test", "Loja"],
        ["messages", "--status", "gone"],
        ["messages", "--limit", "0"],
        ["demo", "--orders", "0"],
    ],
    ids=" ".join,
)
def test_what_is_not_a_command_is_explained(ready: Sidecar, words: list[str]) -> None:
    told = ready.command(*words)
    assert told.exit_code == 2 and told.stderr.startswith("Usage: recado") and "\nError: " in told.stderr


@pytest.mark.parametrize(
    "words", [["shop", "list"], ["web"], ["worker"], ["doctor"], ["demo"], ["setup"]], ids=" ".join
)
def test_a_database_that_is_behind_is_named_with_the_command_that_mends_it(sidecar: Sidecar, words: list[str]) -> None:
    assert "`recado db upgrade`" in _refused(sidecar.command(*words), "database_behind")


@pytest.mark.parametrize("words", [["db", "upgrade"], ["shop", "list"]], ids=" ".join)
@pytest.mark.parametrize(
    "url",
    ["postgresql://u:geheim@127.0.0.1:1/x", "sqlite:////nonexistent/x", "postgresql://u:geheim@/x?host=/nonexistent"],
)
def test_a_database_out_of_reach_is_told_without_its_password(
    install: Callable[..., Sidecar], url: str, words: list[str]
) -> None:
    assert "geheim" not in _refused(install(DATABASE_URL=url).command(*words), "database_unreachable")


def test_a_file_that_is_no_database_is_told(sidecar: Sidecar) -> None:
    (sidecar.log.parent / "recado.sqlite3").write_bytes(b"not a database" * 100)
    for words in (["db", "upgrade"], ["shop", "list"]):
        _refused(sidecar.command(*words), "database_unreachable")


def test_a_bad_environment_is_told_in_full(sidecar: Sidecar) -> None:
    told = sidecar.recado(
        "shop", "list", RECADO_SENDING="maybe", RECADO_BIND="here", RECADO_TYPO="1", RECADO_SECRET_KEY="x"
    )
    assert told.returncode == 2 and told.stdout == ""
    lines = told.stderr.splitlines()
    assert len(lines) == 4 and all(re.fullmatch(r"Error: \[bad_settings\] RECADO_\w+ .+\.", line) for line in lines)
    assert _refused(sidecar.recado("serve", RECADO_WEB_THREADS="many"), "bad_settings")


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host:port/x", "postgresql://[::1/x", "nonsense"])
def test_an_address_that_cannot_be_a_databases_is_a_bad_setting(sidecar: Sidecar, url: str) -> None:
    _refused(sidecar.recado("shop", "list", RECADO_DATABASE_URL=url), "bad_settings")


def test_another_secret_key_is_told_and_nothing_is_guessed(ready: Sidecar) -> None:
    ready.environment["RECADO_SECRET_KEY"] = "another key, and long enough to be one"
    assert "RECADO_SECRET_KEY" in _refused(ready.recado("provider", "test", "simulator"), "wrong_secret_key")
    assert "RECADO_SECRET_KEY" in ready.command("doctor").stdout


def test_words_that_are_no_text_are_refused(ready: Sidecar) -> None:
    """A terminal in another encoding hands over bytes that no database takes."""
    for words in (["shop", "show", "\udcff"], ["messages", "--order", "\udcff"], ["message", "show", "\udcff"]):
        told = ready.recado(*words)
        assert told.returncode == 2 and "Traceback" not in told.stderr


def test_postgresql_refuses_what_sqlite_would_take_in_the_same_words(
    install: Callable[..., Sidecar], postgres: Postgres
) -> None:
    """Only one of them minds long values and NULs, and neither may answer with a traceback."""
    sidecar = install(DATABASE_URL=postgres.fresh_database())
    sidecar.open_shop()
    for name in ("", "x" * 81):
        _refused(sidecar.command("provider", "add", "simulator", "--name", name), "bad_name")
    _refused(sidecar.command("send", "Loja", "--to", NUMBER, "--text", "Oi", "--order", "x" * 65), "bad_order")
