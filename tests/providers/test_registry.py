import pytest
from pydantic import ValidationError

from sidecar.providers.octopush import Octopush
from sidecar.providers.registry import PROVIDERS, InvalidOptions, build, read_options
from sidecar.providers.simulator import Simulator
from sidecar.providers.twilio import Twilio

from .contract import context

TWILIO = {"account_sid": "AC" + "0" * 32, "auth_token": "s3cret-token", "from": "+15005550006"}
WHATSAPP = {
    "phone_number_id": "106540352242922",
    "access_token": "s3cret-token",
    "app_secret": "s3cret-secret",
    "verify_token": "s3cret-word",
}
OCTOPUSH = {"api_login": "ana@example.org", "api_key": "s3cret-key", "sender": "LojaDaAna"}


def complaint(kind: str, options: dict[str, str]) -> str:
    with pytest.raises(InvalidOptions) as caught:
        build(kind, options, context())
    return str(caught.value)


def without(options: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in options.items() if key != name}


def test_every_kind_is_listed() -> None:
    assert {"octopush": Octopush, "simulator": Simulator, "twilio": Twilio}.items() <= PROVIDERS.items()
    assert all(provider.kind == kind for kind, provider in PROVIDERS.items())


@pytest.mark.parametrize(
    ("kind", "options"), [("twilio", TWILIO), ("octopush", OCTOPUSH), ("whatsapp_cloud", WHATSAPP), ("simulator", {})]
)
def test_good_options_build(kind: str, options: dict[str, str]) -> None:
    provider = build(kind, options, context())
    assert provider.kind == kind
    provider.close()


def test_an_unknown_kind_is_told_the_known_ones() -> None:
    assert complaint("pigeon", {}) == f"There is no provider 'pigeon'; there are {', '.join(sorted(PROVIDERS))}."


def test_each_missing_option_is_named() -> None:
    words = complaint("octopush", {})
    assert "octopush needs the option api_login." in words
    assert "octopush needs the option api_key." in words
    assert "octopush needs the option sender." in words


def test_an_unknown_option_is_told_the_known_ones() -> None:
    words = complaint("twilio", {**TWILIO, "sender": "x"})
    assert words.startswith("twilio has no option sender; it has account_sid, auth_token, base_url, from, messaging_")


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("twilio", {**TWILIO, "account_sid": "SK" + "0" * 32}, "account_sid: "),
        ("twilio", {**TWILIO, "base_url": "http://api.example.com"}, "base_url: must begin with https://"),
        ("twilio", {**TWILIO, "auth_token": ""}, "auth_token: "),
        (
            "twilio",
            {**TWILIO, "messaging_service_sid": "MG1"},
            "twilio: give either from or messaging_service_sid, or whatsapp_from alone.",
        ),
        (
            "twilio",
            without(TWILIO, "from"),
            "twilio: give either from or messaging_service_sid, or whatsapp_from alone.",
        ),
        ("twilio", {**TWILIO, "whatsapp_from": "4155238886"}, "whatsapp_from: "),
        ("twilio", {**TWILIO, "template_variables": "both"}, "'numbered' or 'named'"),
        ("octopush", {**OCTOPUSH, "type": "sms_golden"}, "'sms_premium' or 'sms_low_cost'"),
        ("octopush", {**OCTOPUSH, "sender": "Loja da Ana e do Zé"}, "sender: "),
        ("octopush", {**OCTOPUSH, "api_key": "s3cret\nkey"}, "api_key: must be letters, digits and signs"),
        ("octopush", {**OCTOPUSH, "receipt_timezone": "Mars/Olympus"}, "receipt_timezone: must be a time zone"),
        ("whatsapp_cloud", {**WHATSAPP, "phone_number_id": "+15550783881"}, "phone_number_id: "),
        ("whatsapp_cloud", {**WHATSAPP, "api_version": "23"}, "api_version: "),
        ("whatsapp_cloud", {**WHATSAPP, "access_token": "s3cret token"}, "access_token: must be letters, digits and"),
        ("whatsapp_cloud", {**WHATSAPP, "app_secret": ""}, "app_secret: "),
        ("whatsapp_cloud", without(WHATSAPP, "verify_token"), "whatsapp_cloud needs the option verify_token."),
        ("whatsapp_cloud", {**WHATSAPP, "template_variables": "both"}, "'numbered' or 'named'"),
        ("simulator", {"receipt_delay": "soon"}, "receipt_delay: "),
        ("simulator", {"receipt_delay": "-1"}, "receipt_delay: "),
    ],
)
def test_a_wrong_option_is_named(kind: str, options: dict[str, str], words: str) -> None:
    complained = complaint(kind, options)
    assert words in complained
    assert "s3cret" not in complained


def test_options_do_not_show_their_secrets() -> None:
    shown = repr(read_options("twilio", TWILIO)) + repr(read_options("octopush", OCTOPUSH))
    assert "s3cret" not in shown


def test_a_secret_that_came_under_the_wrong_name_is_not_repeated() -> None:
    assert "s3cret" not in complaint("twilio", {**without(TWILIO, "auth_token"), "token": "s3cret-token"})


def test_not_even_the_underlying_error_repeats_a_secret() -> None:
    with pytest.raises(ValidationError) as caught:
        Octopush.Options.model_validate({**OCTOPUSH, "api_key": "s3cret\nkey", "token": "s3cret"})
    assert "s3cret" not in str(caught.value)
