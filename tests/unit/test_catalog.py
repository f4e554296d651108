"""The built-in texts: complete in every language, readable, and cheap."""

import re
import tomllib
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sidecar.catalog import kinds as kinds_module
from sidecar.catalog.compose import ComposedText, compose, missing
from sidecar.catalog.context import Context, sample_context
from sidecar.catalog.kinds import CATEGORIES, UnknownTemplate, kind_of, kinds, own_kind
from sidecar.catalog.languages import document, language_for, locales, speaks
from sidecar.catalog.placeholders import PLACEHOLDERS, names_in, pieces
from sidecar.catalog.templates import Template, catalogue, key_for_status, keys, template_for
from sidecar.domain.gsm7 import is_gsm7, to_gsm7

KEYS = [
    "order_placed",
    "order_pending",
    "order_processing",
    "order_on_hold",
    "order_completed",
    "order_cancelled",
    "order_refunded",
    "order_part_refunded",
    "order_failed",
    "order_payment_review",
    "order_status",
    "order_shipped",
    "out_for_delivery",
    "delivery_exception",
    "ready_for_pickup",
    "delivered",
    "information_needed",
    "customer_note",
    "confirm_order",
    "product_available",
    "alert_confirm_link",
    "alert_confirm_code",
    "alert_confirmed",
    "one_time_code",
    "return_approved",
    "staff_new_order",
    "birthday",
    "new_product",
    "opted_out",
    "opted_in",
    "order_confirmed_reply",
    "order_cancel_reply",
    "subscribed",
    "confirm_marketing",
    "help_reply",
    "test_message",
]

# 12 characters each, and a contact of 22.
SENDERS = {
    "pt_BR": "Loja da Mari",
    "en": "Baker Street",
    "fr": "Chez Mathieu",
    "es": "Tienda Pepe.",
    "zh_TW": "瑪莉小店生活精品選物店家",
    "zh_CN": "玛丽小店生活精品优选商城",
}
CONTACT = "contact@my-shop.example"[:22]
FIRST_NAMES = {"zh_TW": "明華", "zh_CN": "明华"}
# Where two links leave no room for it.
GREETED_WITHOUT_NAME = {
    ("fr", "information_needed"),
    ("fr", "product_available"),
    ("fr", "alert_confirmed"),
    ("pt_BR", "information_needed"),
    ("es", "information_needed"),
    ("es", "product_available"),
}
LATIN = ["pt_BR", "en", "fr", "es"]
CHINESE = ["zh_TW", "zh_CN"]
EVERY_TEXT = pytest.mark.parametrize(("locale", "key"), [(locale, key) for locale in SENDERS for key in KEYS])


def ordinary(locale: str, key: str, **known: Any) -> ComposedText:
    """Of an ordinary order, in which a reply is the way out of advertising."""
    context = replace(sample_context(language_for(locale)), first_name=FIRST_NAMES.get(locale, "Fernanda"))
    if kind_of(key).category == "marketing":
        context = replace(context, link="")
    return compose(template_for(key, locale), replace(context, **known), SENDERS[locale], CONTACT)


def wordings(locale: str) -> list[str]:
    """All that could ever stand in a text of this language."""
    language, data = language_for(locale), document(locale)
    phrases = [choice for wordings in language.phrases.values() for wording in wordings for choice in wording]
    return [*phrases, *data["texts"].values(), *data["status_names"].values(), data["colon"]]


def test_every_language_has_every_text_and_knows_of_no_other() -> None:
    assert set(locales()) == set(SENDERS)
    assert list(keys()) == KEYS
    for locale in locales():
        assert list(document(locale)["texts"]) == KEYS
    assert len(catalogue()) == len(KEYS) * len(SENDERS)


@EVERY_TEXT
def test_an_ordinary_text_is_one_message(locale: str, key: str) -> None:
    composed = ordinary(locale, key)
    assert composed.segments == 1
    assert (composed.encoding == "UCS-2") == (locale in CHINESE)
    assert composed.text.startswith(SENDERS[locale] + document(locale)["colon"])
    assert composed.text.endswith(f" {CONTACT}") == kind_of(key).contact
    assert not re.search(r"[{}]|  | [.,]|,\s*[.,!]|[,，]\s*$|\(\)|（）|:\s*[.:]", composed.text)


@EVERY_TEXT
def test_the_customer_is_greeted_by_name_where_the_text_greets(locale: str, key: str) -> None:
    name = FIRST_NAMES.get(locale, "Fernanda")
    assert "first_name" not in names_in(template_for(key, locale).text)
    greets = "greeting" in names_in(template_for(key, locale).text)
    assert (name in ordinary(locale, key).text) == (greets and (locale, key) not in GREETED_WITHOUT_NAME)
    nameless = ordinary(locale, key, first_name="")
    assert nameless.segments == 1
    assert name not in nameless.text


@EVERY_TEXT
def test_an_order_is_named_wherever_there_is_one(locale: str, key: str) -> None:
    assert ("#10482" in ordinary(locale, key).text) == ("order" in kind_of(key).context)


@pytest.mark.parametrize("locale", SENDERS)
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("order_shipped", "908172635445"),
        ("out_for_delivery", "{carrier}"),
        ("ready_for_pickup", "{pickup_place}"),
        ("information_needed", "{document}"),
        ("customer_note", "{note}"),
        ("product_available", "{product}"),
        ("alert_confirm_link", "https://shop.example/a/7Kq2"),
        ("alert_confirm_code", "482913"),
        ("alert_confirmed", "{product}"),
        ("one_time_code", "482913"),
        ("staff_new_order", "{customer_name}"),
        ("new_product", "{product}"),
    ],
)
def test_a_text_tells_what_it_is_about(locale: str, key: str, told: str) -> None:
    expected = told.strip("{}")
    expected = document(locale)["samples"].get(expected, expected)
    assert expected in ordinary(locale, key).text


@pytest.mark.parametrize("locale", LATIN)
def test_a_shipped_order_tells_carrier_number_and_link(locale: str) -> None:
    text = ordinary(locale, "order_shipped", first_name="").text
    assert document(locale)["samples"]["carrier"] in text
    assert "908172635445 https://track.example/908172635445 " in text


@EVERY_TEXT
def test_a_text_reads_well_when_little_is_known(locale: str, key: str) -> None:
    """Only what the text is about is given: everything else is missing."""
    template = template_for(key, locale)
    sample = sample_context(language_for(locale))
    about = {"number": "10482", "code": "482913", "product": "X", "note": "X", "status": "shipped", "link": sample.link}
    about |= {"total": "5.00", "currency": "BRL"} if key == "order_part_refunded" else {}
    context = Context(**about)  # type: ignore[arg-type]
    assert missing(template, context) == ()
    text = compose(template, context, SENDERS[locale], CONTACT).text
    assert not re.search(r"[{}]|  | [.,]|,\s*[.,!]|[,，]\s*$|\(\)|（）|:\s*[.:,]|#\s*$|@ |[（(][）)]", text)


def test_what_a_text_cannot_do_without_is_told() -> None:
    assert missing(template_for("product_available", "en"), Context()) == ("product",)
    assert missing(template_for("order_placed", "en"), Context()) == ("order_number",)
    assert missing(template_for("order_status", "en"), Context(number="1")) == ("status_name",)
    assert missing(template_for("test_message", "en"), Context()) == ()


@pytest.mark.parametrize("locale", SENDERS)
def test_a_browser_finds_the_code_in_the_last_line(locale: str) -> None:
    """The last line is `@`, the host, a space, `#` and the code, and nothing else (WICG, SMS one-time codes)."""
    lines = ordinary(locale, "one_time_code").text.split("\n")
    assert len(lines) == 2
    assert lines[1] == "@shop.example #482913"
    assert "482913" in lines[0] and "5" in lines[0]
    without = ordinary(locale, "one_time_code", domain="", minutes=0).text
    assert "\n" not in without and "@" not in without and "482913" in without


@pytest.mark.parametrize("locale", SENDERS)
@pytest.mark.parametrize("key", [key for key in KEYS if kind_of(key).category == "marketing"])
def test_advertising_says_how_to_get_no_more_of_it(locale: str, key: str) -> None:
    by_reply, by_link = language_for(locale).phrases["opt_out"]
    assert ordinary(locale, key).text.endswith(f"{by_link[0]} {CONTACT}")
    link = "https://shop.example/o/7Kq2"
    assert by_reply[0].format(link=link).strip() in ordinary(locale, key, link=link).text


@pytest.mark.parametrize("locale", LATIN)
def test_nothing_leaves_gsm7_in_languages_that_can_do_with_it(locale: str) -> None:
    assert [text for text in wordings(locale) if not is_gsm7(text)] == []
    assert [text for text in document(locale)["samples"].values() if not is_gsm7(text)] == []


@pytest.mark.parametrize(("locale", "charset"), [("zh_TW", "big5"), ("zh_CN", "gb2312")])
def test_chinese_is_written_in_its_own_characters_and_marks(locale: str, charset: str) -> None:
    for text in [*wordings(locale), *document(locale)["samples"].values()]:
        text.encode(charset)
        words = re.sub(r"\{\w+\}|\n@|https?://\S+", "", text)
        assert not re.search(r"[,;:!?()\"']", words), text


@pytest.mark.parametrize("key", KEYS)
def test_taiwan_and_china_do_not_read_the_same_words(key: str) -> None:
    """A text put over into the other script, character by character, would differ only where the script does."""
    taiwan, china = (document(locale)["texts"][key] for locale in CHINESE)
    other_word = any(a != b and a.encode("gb2312", "ignore") for a, b in zip(taiwan, china, strict=False))
    assert len(taiwan) != len(china) or other_word


@pytest.mark.parametrize("locale", SENDERS)
def test_no_markup_no_control_characters_and_no_costly_spaces(locale: str) -> None:
    for text in wordings(locale):
        assert not re.search(r"&\w+;|&#|<\w", text), text
        odd = [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") or (c.isspace() and c != " ")]
        assert odd == (["\n"] if text.startswith("\n@") else []), text
        assert to_gsm7(text) == text or locale in CHINESE, text


def test_languages_differ_in_words_only() -> None:
    english = document("en")
    for locale in locales():
        data = document(locale)
        for table in ("phrases", "status_names", "samples"):
            assert set(data[table]) == set(english[table]), (locale, table)
        for key in KEYS:
            used, expected = (set(names_in(known["texts"][key])) for known in (data, english))
            assert used == expected, (locale, key)


@pytest.mark.parametrize("locale", SENDERS)
def test_a_phrase_gives_way_only_to_what_needs_no_more(locale: str) -> None:
    for name, wordings_of in language_for(locale).phrases.items():
        for fullest, *plainer in wordings_of:
            assert all(set(names_in(choice)) <= set(names_in(fullest)) for choice in plainer), name
            assert all(used in PLACEHOLDERS for used in names_in(fullest)), name


def test_what_every_language_shares_is_said_once_and_makes_sense() -> None:
    for kind in kinds().values():
        assert kind.category in CATEGORIES
        assert kind.validity_hours > 0
        assert kind.context <= {placeholder.needs for placeholder in PLACEHOLDERS.values()}
        assert re.fullmatch(r"|\d+[mhd]( at \d\d:\d\d)?|at \d\d:\d\d", kind.delay)
    told = Path(kinds_module.__file__).with_name("kinds.toml").read_text(encoding="utf-8")
    assert list(tomllib.loads(told)) == KEYS
    for locale in locales():
        assert all(isinstance(text, str) for text in document(locale)["texts"].values())


@pytest.mark.parametrize(
    ("key", "category", "hours", "delay"),
    [
        ("order_placed", "transactional", 48, ""),
        ("order_shipped", "transactional", 48, "30m"),
        ("out_for_delivery", "transactional", 6, ""),
        ("delivered", "transactional", 72, "24h"),
        ("one_time_code", "code", 0.1, ""),
        ("alert_confirm_link", "code", 1, ""),
        ("staff_new_order", "staff", 24, ""),
        ("birthday", "marketing", 12, "at 10:00"),
        ("new_product", "marketing", 48, ""),
    ],
)
def test_kinds_of_texts(key: str, category: str, hours: float, delay: str) -> None:
    template = template_for(key, "pt_BR")
    assert (template.category, template.validity_hours, template.kind.delay) == (category, hours, delay)
    assert template.key == key


def test_a_text_of_the_shops_own_may_say_what_its_key_allows() -> None:
    own = own_kind("order_shipped", "transactional", 5)
    assert (own.key, own.validity_hours) == ("order_shipped", 5)
    assert Template(own, "pt_BR", "Chegou a {carrier}").key == "order_shipped"
    assert own_kind("thanks_again", "transactional", 5).context == {"customer", "order"}
    assert own_kind("mothers_day", "marketing", 5).context == {"customer", "link"}


@pytest.mark.parametrize(
    ("asked", "given", "spoken"),
    [
        ("pt_BR", "pt_BR", True),
        ("pt_PT", "pt_BR", True),
        ("pt-br", "pt_BR", True),
        ("en_GB", "en", True),
        ("en-US.UTF-8", "en", True),
        ("fr_CA", "fr", True),
        ("es_MX", "es", True),
        ("zh_TW", "zh_TW", True),
        ("zh_HK", "zh_TW", True),
        ("zh-Hant-MO", "zh_TW", True),
        ("zh", "zh_CN", True),
        ("zh_Hans_SG", "zh_CN", True),
        ("de_DE", "en", False),
        ("", "en", False),
    ],
)
def test_the_nearest_language_answers(asked: str, given: str, spoken: bool) -> None:
    assert template_for("order_placed", asked).locale == given
    assert speaks(asked) is spoken


def test_an_unknown_key_is_told() -> None:
    with pytest.raises(UnknownTemplate, match=r"^no text is called 'order_shiped'; the nearest are order_shipped, "):
        template_for("order_shiped", "en")


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("pending", "order_pending"),
        ("processing", "order_processing"),
        ("on-hold", "order_on_hold"),
        ("wc-on-hold", "order_on_hold"),
        ("completed", "order_completed"),
        ("cancelled", "order_cancelled"),
        ("refunded", "order_refunded"),
        ("failed", "order_failed"),
        ("pending_payment", "order_pending"),
        ("payment_review", "order_payment_review"),
        ("fraud", "order_payment_review"),
        ("holded", "order_on_hold"),
        ("complete", "order_completed"),
        ("closed", "order_refunded"),
        ("canceled", "order_cancelled"),
        ("wc-shipped", "order_shipped"),
        ("out-for-delivery", "out_for_delivery"),
        ("Ready for pickup", "ready_for_pickup"),
        ("delivered", "delivered"),
        ("partial-shipped", "order_status"),
        ("returned", "order_status"),
        ("awaiting-pickup", "order_status"),
        ("", "order_status"),
    ],
)
def test_a_status_of_woocommerce_or_magento_has_its_text(status: str, key: str) -> None:
    assert key_for_status(status) == key


def test_a_text_is_cut_at_its_placeholders() -> None:
    assert pieces("Hi {first_name}, [order_id]!") == (("Hi ", "first_name"), (", ", "order_number"), ("!", ""))
    assert pieces("") == (("", ""),)
