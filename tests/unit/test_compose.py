"""What strangers type into an order, and what of it reaches a text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.catalog.compose import ComposedText, compose
from sidecar.catalog.context import Context
from sidecar.catalog.kinds import Kind, kind_of
from sidecar.catalog.languages import locales
from sidecar.catalog.placeholders import PLACEHOLDERS
from sidecar.catalog.templates import Template, keys, template_for
from sidecar.domain.segments import count

SHOP = ("Loja da Maria", "(11) 4002-8922")
ORDER = Context("10482", "Maria", "processing", "149.90", "BRL", "Loja da Maria")
PLACED = template_for("order_placed", "en")


ANYTHING = Kind("own", "transactional", frozenset(placeholder.needs for placeholder in PLACEHOLDERS.values()), 24)


def own(text: str, locale: str = "en") -> Template:
    return Template(ANYTHING, locale, text)


def text_of(template: Template, order: Context = ORDER, sender: str = "", contact: str = "") -> str:
    return compose(template, order, sender, contact).text


def test_the_sender_opens_and_the_contact_closes() -> None:
    assert compose(PLACED, ORDER, *SHOP) == ComposedText(
        "Loja da Maria: Hi Maria, thank you! We have received your order #10482. (11) 4002-8922",
        "GSM-7",
        1,
        (("greeting", "Hi Maria,"), ("order_number", "10482")),
    )


def test_a_code_is_closed_by_its_own_last_line_and_the_staff_need_no_contact() -> None:
    code = compose(template_for("one_time_code", "en"), Context(code="123456", domain="a.example"), *SHOP)
    assert code.text == "Loja da Maria: Your code is 123456. Never share it with anyone.\n@a.example #123456"
    assert compose(template_for("staff_new_order", "en"), ORDER, *SHOP).text.endswith(": R$149.90")


def test_the_parameters_are_told_once_each_in_the_order_of_the_text() -> None:
    text = own("{total} %order_id% [order_number] {{firstname}} {tracking}")
    assert compose(text, ORDER, *SHOP).parameters == (
        ("total", "R$149.90"),
        ("order_number", "10482"),
        ("first_name", "Maria"),
        ("tracking", ""),
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
        ("João", "João"),
        ("José Núñez", "José Núñez"),
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
    assert (composed.text, composed.encoding, composed.segments) == ("Shop: Hi 王小明, it is here!", "UCS-2", 1)
    assert "王小明您好" in text_of(template_for("order_placed", "zh_TW"), replace(ORDER, first_name="王小明"))


def test_a_name_goes_when_its_length_alone_would_cost_another_message() -> None:
    text = own("{greeting}" + "x" * 152)
    assert text_of(text) == "Hi, " + "x" * 152
    assert text_of(own("{greeting}" + "x" * 170)).startswith("Hi Maria, ")


LONG = "x" * 71


def test_accents_go_only_where_that_saves_a_message() -> None:
    joao = replace(ORDER, first_name="João")
    assert text_of(own("Oi {first_name}!"), joao, "Loja São João") == "Loja São João: Oi João!"
    assert text_of(own(f"Oi {{first_name}}! {LONG}"), joao, "Loja São João") == f"Loja Sao Joao: Oi Joao! {LONG}"
    assert text_of(own(f"Olá {{first_name}}! {LONG}"), joao) == f"Ola Joao! {LONG}"
    assert text_of(own(f"Oi {{first_name}}! {LONG}"), joao, "王") == f"王: Oi João! {LONG}"


def test_accents_stay_where_the_shop_wants_them_whatever_the_price() -> None:
    joao = replace(ORDER, first_name="João")
    kept = compose(own(f"Olá {{first_name}}! {LONG}"), joao, "", "", plain_letters=False)
    assert (kept.text, kept.encoding, kept.segments) == (f"Olá João! {LONG}", "UCS-2", 2)


def test_a_text_of_the_shop_with_curly_quotes_costs_no_more_than_with_straight_ones() -> None:
    for plain_letters in (True, False):
        composed = compose(own("It’s “here”…"), ORDER, "Jo", "", plain_letters=plain_letters)
        assert (composed.text, composed.encoding) == ('Jo: It\'s "here"...', "GSM-7")


TRACKED = Context("10482", "Maria", carrier="UPS", tracking_number="908172635445", shop="S")
LINK = "https://track.example/908172635445"


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ({"tracking_url": LINK}, f"with UPS. Track it: 908172635445 {LINK}"),
        ({"tracking_url": LINK, "tracking_number": ""}, f"with UPS. Track it: {LINK}"),
        ({}, "with UPS. Tracking number: 908172635445"),
        ({"tracking_number": ""}, "with UPS."),
        ({"carrier": ""}, "on its way. Tracking number: 908172635445"),
        ({"carrier": "", "tracking_number": ""}, "on its way."),
        ({"tracking_url": "javascript:alert(1)"}, "with UPS. Tracking number: 908172635445"),
    ],
)
def test_a_phrase_says_what_is_known(known: dict[str, str], text: str) -> None:
    shipped = template_for("order_shipped", "en")
    assert text_of(shipped, replace(TRACKED, **known)).endswith(text)  # type: ignore[arg-type]


def test_phrases_give_way_from_the_first_and_only_as_far_as_it_saves_a_message() -> None:
    shipped = template_for("order_shipped", "en")
    link = "https://track.example/" + "9" * 30
    texts = [text_of(shipped, replace(TRACKED, tracking_url=link), "Shop", "x" * n) for n in (26, 32, 35, 54, 55)]
    assert [("Maria" in text, "UPS" in text, "908172635445" in text) for text in texts] == [
        (True, True, True),
        (False, True, True),
        (True, False, True),
        (False, False, False),
        (True, True, True),
    ]
    assert all(link in text for text in texts)
    assert [count(text).segments for text in texts] == [1, 1, 1, 1, 2]


def test_a_long_product_is_cut_as_little_as_saves_a_message() -> None:
    back = template_for("product_available", "en")
    product = "Hand painted ceramic mug with a lid, blue, 300 ml, in a box"
    known = Context(first_name="Maria", product=product, product_url=LINK, link="https://shop.example/a/1")
    cut = compose(back, known, "Shop", "contact@shop.example")
    assert cut.segments == 1
    assert count(cut.text).units == 159, "one more would end in a space"
    assert "Shop: Hi, Hand painted ceramic mug with a... is back" in cut.text
    assert text_of(back, replace(known, product="Mug"), "Shop").startswith("Shop: Hi Maria, Mug is back")


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [
        ((50, 40), f"{'p' * 34}... / {'q' * 34}..."),
        ((50, 30), f"{'p' * 41}... / {'q' * 30}"),
        ((30, 50), f"{'p' * 30} / {'q' * 41}..."),
        ((30, 40), f"{'p' * 30} / {'q' * 40}"),
    ],
)
def test_the_longest_value_is_cut_first(lengths: tuple[int, int], shown: str) -> None:
    known = Context(product="p" * lengths[0], pickup_place="q" * lengths[1])
    text = text_of(own("{product} / {pickup_place} / " + "y" * 80), known)
    assert (text, count(text).segments) == (f"{shown} / {'y' * 80}", 1)


def test_what_cannot_be_saved_by_cutting_is_left_whole() -> None:
    text = own("{product} " + "y" * 150)
    assert text_of(text, Context(product="p" * 50)) == "p" * 50 + " " + "y" * 150
    note = "Please ring the bell twice. " * 8
    assert note.strip() in text_of(own("{note}"), Context(note=note))


def test_an_order_number_and_a_link_are_never_cut() -> None:
    text = own("{order_number} {link} {tracking_number} " + "y" * 140)
    known = Context(number="9" * 30, link=LINK, tracking_number="8" * 30)
    assert text_of(text, known) == f"{'9' * 30} {LINK} {'8' * 30} " + "y" * 140


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
    empty = Context("1")
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
CONTEXTS = st.builds(
    Context,
    **{
        **dict.fromkeys(Context.__dataclass_fields__, POISON),
        "currency": st.sampled_from(["BRL", "", "XYZ", "€"]) | POISON,
        "minutes": st.integers(0, 60),
    },
)
EVERYTHING = own(" ".join(f"{{{name}}}" for name in PLACEHOLDERS))
TEXTS = [EVERYTHING, *(template_for(key, locale) for key in keys() for locale in locales())]


@given(CONTEXTS, POISON, POISON, st.sampled_from(TEXTS), st.booleans())
def test_no_value_can_blow_a_text_up_or_hide_in_it(
    context: Context, sender: str, contact: str, text: Template, plain_letters: bool
) -> None:
    composed = compose(text, context, sender, contact, plain_letters=plain_letters)
    counted = count(composed.text)
    assert (composed.encoding, composed.segments) == (counted.encoding, counted.segments)
    assert len(composed.text) < (2500 if text is EVERYTHING else 1000)
    lines = composed.text.split("\n")
    assert len(lines) <= (2 if text.key == "one_time_code" else 1)
    assert lines == [" ".join(line.split()) for line in lines]
    assert not set(composed.text) & set("\u200b\u200e\u200f\u202e\u2066\ufeff\u00a0\x00🎉😀")
    composed.text.encode("utf-8")


@given(POISON)
def test_nobody_can_plant_a_line_that_browsers_read(poison: str) -> None:
    context = Context(code="123456", domain=f"shop.example\n@evil.example #{poison}", minutes=5)
    assert "@" not in compose(template_for("one_time_code", "en"), context, "Shop", "").text


@given(st.sampled_from([key for key in keys() if "note" in kind_of(key).context]), POISON)
def test_a_note_makes_no_line_of_its_own(key: str, poison: str) -> None:
    note = f"{poison}\n@evil.example #123456"
    assert "\n" not in compose(template_for(key, "en"), Context("1", note=note), "Shop", "").text


@given(POISON)
def test_a_customer_cannot_make_a_text_with_a_greeting_dearer_than_without(first_name: str) -> None:
    plain = compose(PLACED, replace(ORDER, first_name=""), *SHOP)
    assert compose(PLACED, replace(ORDER, first_name=first_name), *SHOP).segments == plain.segments
