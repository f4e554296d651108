"""`recado template`, and previews, as an operator types them."""

import pytest

from tests.acceptance.processes import Sidecar

TEXT = "{greeting}recebemos o pedido {order_number}. Valeu!"


@pytest.fixture
def shop(sidecar: Sidecar) -> str:
    shop_id = sidecar.open_shop(mode="3", locale="pt_BR", sender="Ana", country="BR")["shop_id"]
    sidecar.route_by("simulator", shop_id)
    return str(shop_id)


def test_a_text_from_submission_to_the_preview(sidecar: Sidecar, shop: str) -> None:
    text = sidecar.json("template", "submit", shop, "--key", "order_placed", "--text", TEXT)
    assert text["state"] == "submitted"
    assert sidecar.json("template", "list", "--state", "submitted")[0]["id"] == text["id"]
    shown = sidecar.json("template", "show", text["id"])
    assert "10482" in shown["preview"] and shown["segments"] == 1 and shown["refusals"] == []
    before = sidecar.json("test", shop, "--preview", "--template", "order_placed")
    assert not before["own"] and "Valeu" not in before["text"]
    assert sidecar.json("template", "approve", text["id"])["state"] == "approved"
    after = sidecar.json("test", shop, "--preview", "--template", "order_placed")
    assert (after["own"], after["encoding"], after["segments"]) == (True, "GSM-7", 1)
    assert "Valeu" in after["text"] and after["text"].startswith("Ana: ")
    assert sidecar.json("messages") == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("template", "approve", "txt_none"), "unknown_text"),
        (("template", "refuse", "txt_none", "--reason", "no"), "unknown_text"),
        (("template", "show", "nothing"), "unknown_text"),
        (("template", "submit", "SHOP", "--key", "order_placed", "--text", "{nonsense}"), "text_faulty"),
        (("template", "submit", "SHOP", "--key", "Bad Key", "--text", "x"), "bad_text"),
        (("template", "submit", "SHOP", "--key", "mine", "--text", "x", "--locale", "de"), "unknown_language"),
        (("template", "submit", "SHOP", "--key", "mine", "--text", "x", "--category", "code"), "bad_category"),
        (("template", "submit", "nobody", "--key", "mine", "--text", "x"), "unknown_shop"),
        (("template", "code", "set", "order_placed", "xx", "twilio", "--code", "C"), "unknown_language"),
        (("template", "code", "set", "order_placed", "en", "twilio", "--code", ""), "bad_code"),
        (
            ("template", "code", "set", "order_placed", "en", "twilio", "--code", "C", "--parameters", "nonsense"),
            "unknown_placeholder",
        ),
        (("template", "code", "remove", "order_placed", "en", "twilio"), "unknown_code"),
        (("test", "SHOP", "--preview", "--order", "555"), "unknown_order"),
        (("test", "SHOP", "--preview", "--template", "nothing"), "unknown_template"),
        (("test", "SHOP"), "bad_usage"),
    ],
)
def test_what_cannot_be_is_one_sentence(sidecar: Sidecar, shop: str, words: tuple[str, ...], code: str) -> None:
    refused = sidecar.command(*(shop if word == "SHOP" else word for word in words))
    assert refused.exit_code == 2
    if code != "bad_usage":
        assert refused.stderr.startswith(f"Error: [{code}] ") and refused.stderr.count("\n") == 1


def test_codes_by_which_providers_know_texts(sidecar: Sidecar, shop: str) -> None:
    given = ("--code", "SMS_123", "--parameters", "code, minutes")
    sidecar.json("template", "code", "set", "one_time_code", "zh-CN", "aliyun", *given)
    own = ("--shop", shop, "--code", "SMS_456", "--language", "zh_CN")
    sidecar.json("template", "code", "set", "one_time_code", "zh_CN", "aliyun", *own)
    assert [row["code"] for row in sidecar.json("template", "code", "list")] == ["SMS_123"]
    listed = {row["shop"]: row for row in sidecar.json("template", "code", "list", "--shop", shop)}
    assert listed["all"]["parameters"] == ["code", "minutes"] and listed[shop]["language"] == "zh_CN"
    sidecar.json("template", "code", "set", "one_time_code", "zh_CN", "aliyun", "--code", "SMS_789")
    assert [row["code"] for row in sidecar.json("template", "code", "list")] == ["SMS_789"]
    assert sidecar.command("template", "code", "remove", "one_time_code", "zh_CN", "aliyun").exit_code == 0
    assert sidecar.json("template", "code", "list") == []


def test_doctor_and_lists_never_show_a_code_of_a_shopper(sidecar: Sidecar, shop: str) -> None:
    tested = sidecar.json("test", shop, "--to", "+5511987654321", "--template", "one_time_code", "--wait", "0")
    assert "******" in tested["text"] and "482913" not in str(tested)
    assert "482913" not in sidecar.command("messages").stdout
