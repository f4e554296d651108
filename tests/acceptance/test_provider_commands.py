"""Accounts and the keys they are sealed with, as an operator sets them."""

import pytest

from tests.acceptance.processes import AUTH_TOKEN, Sidecar

OLD, NEW = "the key before, of thirty-two characters", "the key that is new, of the same length"
TWILIO = {"account_sid": "AC0123456789abcdef0123456789abcdef", "auth_token": AUTH_TOKEN, "from": "Ana"}


@pytest.fixture
def account(sidecar: Sidecar) -> Sidecar:
    """With the account `twilio`, which sends as `Ana`, under the secret key `OLD`."""
    sidecar.environment["RECADO_SECRET_KEY"] = OLD
    sidecar.route_by("twilio", sidecar.open_shop()["shop_id"], **TWILIO)
    return sidecar


def test_what_is_set_for_an_account_stays_until_it_is_taken_back(account: Sidecar) -> None:
    account.json("provider", "set", "twilio", "--low-balance", "12.50", "--sender", "US=+12025550123")
    told = account.json("provider", "set", "twilio", "--sender", "FR=AnaFrance", "--answers-stop", "yes")
    assert told["senders"] == {"US": "+12025550123", "FR": "AnaFrance"}
    assert (float(told["low_balance"]), told["answers_stop"], told["rate"]) == (12.5, "yes", 0)
    told = account.json("provider", "set", "twilio", "--sender", "US=", "--low-balance", "", "--rate", "7")
    assert (told["senders"], told["low_balance"]) == ({"FR": "AnaFrance"}, None)
    assert (told["answers_stop"], told["rate"]) == ("yes", 7)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--low-balance", "much"), "bad_amount"),
        (("--low-balance", "1e9"), "bad_amount"),
        (("--sender", "US"), "bad_sender"),
        (("--sender", "us=Ana"), "bad_sender"),
        (("--sender", "US=Ana"), "sender_number_needed"),
        (("--sender", f"FR={'A' * 21}"), "bad_sender"),
    ],
)
def test_what_cannot_be_set_is_one_sentence_and_changes_nothing(
    account: Sidecar, words: tuple[str, ...], code: str
) -> None:
    refused = account.command("provider", "set", "twilio", "--rate", "7", *words)
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"Error: [{code}] ") and refused.stderr.count("\n") == 1
    assert account.json("provider", "set", "twilio")["rate"] == 0


def test_parameters_go_by_the_names_the_provider_has_for_them(sidecar: Sidecar) -> None:
    sidecar.open_shop()
    given = ("--code", "5bd1c3d1", "--parameters", "name=first_name, tracking=tracking_url")
    sidecar.json("template", "code", "set", "order_shipped", "pt_BR", "zenvia", *given)
    [row] = sidecar.json("template", "code", "list")
    assert row["parameters"] == ["name=first_name", "tracking=tracking_url"]


def test_a_new_secret_key_opens_nothing_until_all_is_sealed_with_it(account: Sidecar) -> None:
    account.environment["RECADO_SECRET_KEY"] = NEW
    refused = account.recado("db", "reseal")
    assert (refused.returncode, refused.stderr.count("\n"), refused.stderr[:8]) == (2, 1, "Error: [")
    account.environment["RECADO_OLD_SECRET_KEY"] = OLD
    assert "are sealed with the present key" in account.command("db", "reseal").stdout
    del account.environment["RECADO_OLD_SECRET_KEY"]
    assert account.command("db", "reseal").exit_code == 0
    account.environment["RECADO_SECRET_KEY"] = OLD
    assert account.recado("db", "reseal").returncode == 2
