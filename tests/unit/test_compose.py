"""What strangers type into an order, and what of it reaches a text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.catalog.compose import ComposedText, compose
from sidecar.catalog.placeholders import OrderContext
from sidecar.catalog.templates import Template, template_for
from sidecar.domain.segments import count

SHOP = ("Loja da Maria", "(11) 4002-8922")
ORDER = OrderContext("10482", "Maria", "processing", "149.90", "BRL", "Loja da Maria")
PLACED = template_for("order_placed", "en")


def own(text: str, locale: str = "en") -> Template:
    return Template("own", locale, text, "transactional", 24)


def text_of(template: Template, order: OrderContext = ORDER, sender: str = "", contact: str = "") -> str:
    return compose(template, order, sender, contact).text


def test_the_sender_opens_and_the_contact_closes() -> None:
    assert compose(PLACED, ORDER, *SHOP) == ComposedText(
        "Loja da Maria: Hi Maria, thank you! We have received your order #10482. (11) 4002-8922", "GSM-7", 1
    )


@pytest.mark.parametrize(
    ("sender", "contact", "expected"),
    [
        ("", "", "Hello"),
        ("Shop", "", "Shop: Hello"),
        ("", "me@shop.example", "Hello me@shop.example"),
        (" \n", "\u200b", "Hello"),
        ("Caf\u00e9 &amp; <b>Bar</b> ❤️", " 123\u00a0456 ", "Café & Bar: Hello 123 456"),
        ("{order_number}", "[total]", "{order_number}: Hello [total]"),
    ],
)
def test_empty_parts_are_skipped_and_the_others_cleaned(sender: str, contact: str, expected: str) -> None:
    assert text_of(own("Hello"), ORDER, sender, contact) == expected


def test_chinese_puts_its_own_colon() -> None:
    assert text_of(template_for("test_message", "zh_HK"), ORDER, "瑪莉小店").startswith("瑪莉小店：這是")


@pytest.mark.parametrize(
    ("typed", "greeted"),
    [
        ("Maria", "Maria"),
        ("  Maria \u00a0 Clara\n", "Maria Clara"),
        ("Ma\u200bria\u202e", "Maria"),
        ("Maria 🎉👩‍👩‍👧🏽❤️1️⃣", "Maria 1"),
        ("D&#39;Angelo", "D'Angelo"),
        ("D’Angelo", "D'Angelo"),
        ("<script>alert(1)</script>Ana", "alert(1) Ana"),
        ("&lt;b&gt;Ana&lt;/b&gt;", "Ana"),
        ("João", "Joao"),
        ("José Núñez", "José Nuñez"),
        ("Ana\x00\x1b[31m", "Ana [31m"),
        ("{order_number}", "{order_number}"),
        ("%total% [shop]", "%total% [shop]"),
        ("{{greeting}}", "{{greeting}}"),
        ("\\1 \\g<0>", "\\1 \\g<0>"),
        ("Maximiliano Fernando de la Cruz", "Maximiliano"),
        ("x" * 3000, "x" * 17 + "..."),
        ("\ud83d Ana", "Ana"),
        ("王小明", "王小明"),
    ],
)
def test_a_first_name_is_cleaned_and_never_filled_again(typed: str, greeted: str) -> None:
    assert text_of(own("Hi {first_name}!"), replace(ORDER, first_name=typed)) == f"Hi {greeted}!"


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "-", ".", "12", "🎉"])
def test_who_has_no_name_is_greeted_without(typed: str) -> None:
    assert text_of(PLACED, replace(ORDER, first_name=typed)).startswith("Hi, thank you!")


@pytest.mark.parametrize(
    "typed",
    ["You won! https://evil.example/x", "www.evil.example", "Ana evil.com", "a@evil.example", "call 0612345678"],
)
def test_a_link_planted_as_a_name_does_not_travel_under_the_shops_sender(typed: str) -> None:
    assert text_of(PLACED, replace(ORDER, first_name=typed)).startswith("Hi, thank you!")


def test_a_name_in_another_alphabet_goes_when_it_would_cost_another_message() -> None:
    composed = compose(PLACED, replace(ORDER, first_name="王小明"), *SHOP)
    assert composed.text.startswith("Loja da Maria: Hi, thank you!")
    assert (composed.encoding, composed.segments) == ("GSM-7", 1)


def test_a_name_in_another_alphabet_stays_where_it_costs_nothing() -> None:
    composed = compose(own("Hi {first_name}, it is here!"), replace(ORDER, first_name="王小明"), "Shop", "")
    assert composed == ComposedText("Shop: Hi 王小明, it is here!", "UCS-2", 1)
    assert "王小明您好" in text_of(template_for("order_placed", "zh_TW"), replace(ORDER, first_name="王小明"))


def test_a_name_goes_when_its_length_alone_would_cost_another_message() -> None:
    text = own("{greeting}" + "x" * 152)
    assert compose(text, ORDER, "", "") == ComposedText("Hi, " + "x" * 152, "GSM-7", 1)
    assert text_of(own("{greeting}" + "x" * 170)).startswith("Hi Maria, ")


def test_accents_in_values_go_only_where_that_saves_the_price_of_ucs2() -> None:
    joao = replace(ORDER, first_name="João")
    assert compose(own("Oi {first_name}!"), joao, "Loja São João", "") == ComposedText(
        "Loja Sao Joao: Oi Joao!", "GSM-7", 1
    )
    assert text_of(own("Olá {first_name}!"), joao, "Loja São João") == "Loja São João: Olá João!"
    assert text_of(own("Oi {first_name}!"), joao, "王") == "王: Oi João!"


def test_a_text_of_the_shop_with_curly_quotes_costs_no_more_than_with_straight_ones() -> None:
    assert compose(own("It’s “here”…"), ORDER, "João", "") == ComposedText('Joao: It\'s "here"...', "GSM-7", 1)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("10482", "10482"),
        ("#10482", "10482"),
        ("WC-2026/10482", "WC-2026/10482"),
        (" 1\n0 ", "1 0"),
        ("9" * 3000, "9" * 29 + "..."),
        ("{total}", "{total}"),
    ],
)
def test_an_order_number_is_shown_once_marked(typed: str, shown: str) -> None:
    assert text_of(own("Order #{order_number}."), replace(ORDER, number=typed)) == f"Order #{shown}."


def test_a_gap_left_by_a_missing_value_is_closed() -> None:
    empty = OrderContext("1")
    assert text_of(own("Hi {first_name}, total {total}. From {shop} ."), empty) == "Hi, total. From."


POISON = st.text(max_size=60) | st.sampled_from(
    [
        "🎉" * 1000,
        "\u202e\u2066evil\u2069",
        "\u200b" * 500,
        "x" * 3000,
        "王" * 3000,
        "&amp;" * 600,
        "&#x1F600;&#0;&#55357;",
        "<" * 3000,
        "{order_number}{{total}}%shop%[greeting]",
        "a\r\n\u2028b",
        "Z\u0351\u036f\u0320" * 300,
    ]
)
ORDERS = st.builds(
    OrderContext, POISON, POISON, POISON, POISON, st.sampled_from(["BRL", "", "XYZ", "€"]) | POISON, POISON
)
EVERYTHING = own("{greeting}{order_number} {first_name} {status_name} {total} {shop}")


@given(ORDERS, POISON, POISON, st.sampled_from([EVERYTHING, PLACED, template_for("order_status", "zh_TW")]))
def test_no_value_can_blow_a_text_up_or_hide_in_it(
    order: OrderContext, sender: str, contact: str, text: Template
) -> None:
    composed = compose(text, order, sender, contact)
    counted = count(composed.text)
    assert (composed.encoding, composed.segments) == (counted.encoding, counted.segments)
    assert len(composed.text) < 400
    assert composed.text == " ".join(composed.text.split())
    assert not set(composed.text) & set("\u200b\u200e\u200f\u202e\u2066\ufeff\u00a0\x00🎉😀")
    composed.text.encode("utf-8")


@given(POISON)
def test_a_customer_cannot_make_a_text_with_a_greeting_dearer_than_without(first_name: str) -> None:
    plain = compose(PLACED, replace(ORDER, first_name=""), *SHOP)
    assert compose(PLACED, replace(ORDER, first_name=first_name), *SHOP).segments == plain.segments
