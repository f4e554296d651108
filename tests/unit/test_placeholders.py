"""The words in braces: which a text may use, under which names, and what they become."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.catalog import values
from sidecar.catalog.context import Context, sample_context
from sidecar.catalog.filling import fill, values_of
from sidecar.catalog.kinds import Kind, kind_of, kinds
from sidecar.catalog.languages import language_for, locales
from sidecar.catalog.placeholders import (
    ALIASES,
    PLACEHOLDERS,
    UnknownPlaceholder,
    faults,
    known_in,
    names_in,
)
from sidecar.catalog.templates import Template
from sidecar.domain.gsm7 import is_gsm7

EVERYTHING = frozenset(placeholder.needs for placeholder in PLACEHOLDERS.values())
ANYTHING = Kind("own", "transactional", EVERYTHING, 24)
ENGLISH = language_for("en")


def filled(text: str, locale: str = "en", **known: object) -> str:
    language = language_for(locale)
    return fill(text, values_of(text, Context(**known), language))  # type: ignore[arg-type]


@pytest.mark.parametrize("spelling", ["{%s}", "{{%s}}", "{{ %s }}", "%%%s%%", "[%s]"])
@pytest.mark.parametrize("name", [*PLACEHOLDERS, *ALIASES])
def test_a_shop_may_spell_placeholders_as_other_plugins_do(spelling: str, name: str) -> None:
    text = Template(ANYTHING, "en", f"<{spelling % name}>").text
    placeholder = PLACEHOLDERS[ALIASES.get(name, name)]
    assert fill(text, values_of(text, sample_context(ENGLISH), ENGLISH)) == f"<{placeholder.sample(ENGLISH)}>"


def test_an_alias_is_no_name_of_its_own() -> None:
    assert not set(ALIASES) & set(PLACEHOLDERS)
    assert set(ALIASES.values()) <= set(PLACEHOLDERS)
    assert all(not set(ALIASES) & set(language_for(locale).phrases) for locale in locales())
    assert all(not set(PLACEHOLDERS) & set(language_for(locale).phrases) for locale in locales())


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("order_id", "order_number"),
        ("billing_first_name", "first_name"),
        ("firstname", "first_name"),
        ("site_title", "shop"),
        ("shopname", "shop"),
        ("order_total", "total"),
        ("carrier_name", "carrier"),
        ("tracking_numbers", "tracking_number"),
        ("increment_id", "order_number"),
        ("status", "status_name"),
        ("otp", "code"),
        ("item_name", "items"),
    ],
)
def test_names_known_from_elsewhere(alias: str, name: str) -> None:
    assert names_in(f"a {{{alias}}} b") == (name,)


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_every_placeholder_has_a_sample_in_every_language(name: str, locale: str) -> None:
    sample = PLACEHOLDERS[name].sample(language_for(locale))
    assert sample
    assert is_gsm7(sample) or locale.startswith("zh")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{order_nubmer}", ["unknown_placeholder"]),
        ("{{coupon}}", ["unknown_placeholder"]),
        ("%ORDER_NUMBER%", ["unknown_placeholder"]),
        ("[lastname] %zip%", ["unknown_placeholder", "unknown_placeholder"]),
        ("{order number}", ["lone_brace"]),
        ("Hi {first_name", ["lone_brace"]),
        ("}", ["lone_brace"]),
        ("{}", ["lone_brace"]),
        ("{product} {tracking}", ["unfit_placeholder", "unfit_placeholder"]),
        ("[otp] {opt_out}", ["unfit_placeholder", "unfit_placeholder"]),
        ("{greeting}#{order_number} {{total}} [shop] %status_name%", []),
        ("50% off, 20% today", []),
        ("[a b] c", []),
        ("100 %", []),
        ("#1", []),
        ("https://shop.example/caf%C3%A9%C3%A8/%20x", []),
        ("https://shop.example/%E6%97%A5%E6%9C%AC", []),
    ],
)
def test_faults_are_found_before_a_text_is_ever_sent(text: str, codes: list[str]) -> None:
    context = kind_of("order_placed").context
    assert [fault.code for fault in faults(text, context, ENGLISH)] == codes
    if codes:
        with pytest.raises(UnknownPlaceholder):
            Template(kind_of("order_placed"), "en", f"Hello {text}!")
    else:
        template = Template(kind_of("order_placed"), "en", f"Hello {text}!")
        assert template.text == f"Hello {text}!"


def test_percent_signs_and_brackets_around_other_words_are_just_text() -> None:
    text = "50% off, [a b] 100 % https://shop.example/caf%C3%A9"
    assert filled(text) == text


def test_a_refusal_says_what_there_is_instead() -> None:
    with pytest.raises(UnknownPlaceholder, match=r"\{code\} is not known when this text is sent; .*order_number"):
        Template(kind_of("order_placed"), "en", "{code}")
    with pytest.raises(UnknownPlaceholder, match=r"^\[x\] is unknown; known are"):
        Template(kind_of("order_placed"), "en", "[x]")


@pytest.mark.parametrize("locale", locales())
def test_a_text_may_use_what_its_context_knows(locale: str) -> None:
    language = language_for(locale)
    for kind in kinds().values():
        for name in known_in(kind.context, language):
            Template(kind, locale, f"{{{name}}}")
    assert set(known_in(EVERYTHING, language)) == {*PLACEHOLDERS, *language.phrases}
    assert known_in(frozenset(), language) == ("shop",)


@pytest.mark.parametrize(
    ("total", "currency", "locale", "shown"),
    [
        ("1149.90", "BRL", "pt_BR", "R$ 1.149,90"),
        ("1149.90", "EUR", "fr", "1 149,90 €"),
        ("1149.90", "USD", "en", "$1,149.90"),
        ("1149.90", "gbp", "en", "£1,149.90"),
        ("1149", "JPY", "en", "¥1,149"),
        ("1149.90", "INR", "en", "INR 1,149.90"),
        ("1149.90", "CNY", "zh_CN", "¥1,149.90"),
        ("-149.90", "BRL", "pt_BR", "-R$ 149,90"),
        ("0", "EUR", "es", "0,00 €"),
        ("", "BRL", "pt_BR", ""),
        ("149,90", "BRL", "pt_BR", "149,90"),
        ("149.90", "", "pt_BR", "149.90"),
        ("149.90", "R$", "pt_BR", "149.90"),
        ("NaN", "EUR", "fr", "NaN"),
        ("1e999999", "EUR", "fr", "1e999999"),
        ("9" * 3000, "EUR", "fr", "9" * 17 + "..."),
        ("<b>12</b>", "EUR", "fr", "12,00 €"),
    ],
)
def test_a_total_is_money_or_stays_as_the_shop_wrote_it(total: str, currency: str, locale: str, shown: str) -> None:
    assert filled("{total}", locale, total=total, currency=currency) == shown


@pytest.mark.parametrize(
    ("written", "locale", "shown"),
    [
        ("2026-11-24", "pt_BR", "24/11"),
        ("2026-11-24", "fr", "24/11"),
        ("2026-08-05", "es", "5/8"),
        ("2026-11-24", "en", "Nov 24"),
        ("2026-11-24T14:00:00+01:00", "en", "Nov 24"),
        ("2026-11-24", "zh_TW", "11月24日"),
        ("2026-11-24", "zh_CN", "11月24日"),
        ("2026-02-30", "en", "2026-02-30"),
        ("between 10 and 12", "en", "between 10 and 12"),
        ("", "fr", ""),
    ],
)
def test_a_day_is_written_as_the_language_writes_it(written: str, locale: str, shown: str) -> None:
    assert filled("{delivery_date}", locale, delivery_date=written) == shown


@pytest.mark.parametrize("locale", ["pt_BR", "en", "fr", "es"])
@pytest.mark.parametrize("month", range(1, 13))
def test_no_month_costs_a_message(month: int, locale: str) -> None:
    assert is_gsm7(filled("{delivery_date}", locale, delivery_date=f"2026-{month:02}-03"))


@pytest.mark.parametrize(
    ("status", "locale", "shown"),
    [
        ("shipped", "pt_BR", "enviado"),
        ("wc-out-for-delivery", "fr", "en cours de livraison"),
        ("partial-shipped", "en", "partly shipped"),
        ("pending_payment", "es", "a la espera del pago"),
        ("fraud", "en", "being checked"),
        ("awaiting-pickup", "en", "awaiting pickup"),
        ("awaiting-pickup", "pt_BR", "awaiting pickup"),
        ("Pronto_Para_Gravação", "pt_BR", "pronto para gravação"),
        ("<b>x</b>\n", "en", "x"),
    ],
)
def test_a_status_is_shown_in_human_words(status: str, locale: str, shown: str) -> None:
    assert filled("{status_name}", locale, status=status) == shown


def test_a_status_of_the_shops_own_is_called_as_the_shop_calls_it_and_a_usual_one_as_we_do() -> None:
    assert (
        filled("{status_name}", "pt_BR", status="pronto", status_name="Pronto para retirada") == "Pronto para retirada"
    )
    assert filled("{status_name}", "en", status="holded", status_name="Na espera") == "on hold"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://shop.example/p/1?a=b&c=d#e", "https://shop.example/p/1?a=b&c=d#e"),
        ("HTTP://shop.example", "http://shop.example"),
        (" https://shop.example/a?x=1&amp;y=2 ", "https://shop.example/a?x=1&y=2"),
        ("https://shop.example/a&#038;b", "https://shop.example/a&b"),
        ("https://shop.example/商品", "https://shop.example/%E5%95%86%E5%93%81"),
        ("https://shop.example/caf%C3%A9", "https://shop.example/caf%C3%A9"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://shop.example:8443/x", "https://shop.example:8443/x"),
        ("https://shop.example/{x}", "https://shop.example/%7Bx%7D"),
        ("https://shop.example/" + "x" * 280, ""),
        ("https://user@evil.example/", ""),
        ("https://", ""),
        ("https://<b>/", ""),
        ("https://a b.example", ""),
        ("javascript:alert(1)", ""),
        ("ftp://shop.example/x", ""),
        ("www.shop.example", ""),
        ("https://shop.example/\ud800", ""),
        ("https://" + "a" * 80 + ".example", ""),
        ("https://ü" + "a" * 80 + ".example", ""),
        ("", ""),
    ],
)
def test_a_link_is_whole_or_not_there(address: str, shown: str) -> None:
    assert filled("{link}", link=address) == filled("{tracking_url}", tracking_url=address) == shown


@given(st.text(max_size=80) | st.text(max_size=40).map("https://shop.example/{}".format))
def test_whatever_is_taken_for_a_link_is_one(address: str) -> None:
    link = values.link(address)
    assert not link or re.fullmatch(r"https?://[!-~]+", link)
    assert values.link(link) == link


@pytest.mark.parametrize(
    ("written", "shown"),
    [("SF1234567890123", "SF1234567890123"), (" AA 123\n", "AA 123"), ("9" * 40, "9" * 40), ("9" * 41, "")],
)
def test_half_a_tracking_number_is_none(written: str, shown: str) -> None:
    assert filled("{tracking_number}", tracking_number=written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("shop.example", "shop.example"),
        ("WWW.Shop.Example", "www.shop.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("localhost", ""),
        ("shop.example/x", ""),
        ("shop.example #999999", ""),
        ("shop example.com", ""),
        ("-shop.example", ""),
        ("a" * 60 + ".example", ""),
        ("", ""),
    ],
)
def test_only_a_host_may_stand_in_the_line_that_browsers_read(written: str, shown: str) -> None:
    assert filled("{domain}", domain=written) == shown


def test_a_code_can_be_hidden() -> None:
    assert filled("{code}", code="******") == "******"


@pytest.mark.parametrize(
    ("placeholder", "field", "longest"),
    [("product", "product", 60), ("items", "items", 80), ("note", "note", 300), ("customer_name", "customer_name", 40)],
)
def test_long_values_end_in_three_dots(placeholder: str, field: str, longest: int) -> None:
    shown = filled(f"{{{placeholder}}}", **{field: "ab " * 200})
    assert len(shown) <= longest
    assert shown.endswith("...")


def test_a_name_for_the_staff_carries_no_link_either() -> None:
    assert filled("{customer_name}", customer_name="Ana Lima") == "Ana Lima"
    assert filled("{customer_name}", customer_name="Win at https://evil.example") == ""


def test_samples_know_everything() -> None:
    for locale in locales():
        context = sample_context(language_for(locale))
        assert all(getattr(context, name) for name in Context.__dataclass_fields__), locale
    assert replace(context, number="1") != context
