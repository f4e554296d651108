"""The built-in texts: complete in every language, readable, and cheap."""

import re

import pytest

from sidecar.catalog.compose import compose
from sidecar.catalog.languages import document, language_for, locales
from sidecar.catalog.placeholders import PLACEHOLDERS, SAMPLE_ORDER, OrderContext, UnknownPlaceholder, fill
from sidecar.catalog.templates import Template, UnknownTemplate, key_for_status, keys, template_for
from sidecar.domain.gsm7 import is_gsm7

KEYS = (
    "order_placed",
    "order_pending",
    "order_processing",
    "order_on_hold",
    "order_completed",
    "order_cancelled",
    "order_refunded",
    "order_failed",
    "order_status",
    "test_message",
)
ALERT_KEYS = ("product_available", "alert_confirm_link", "alert_confirm_code")
SHOPS = {
    "pt_BR": ("Loja da Maria", "(11) 4002-8922"),
    "en": ("Baker Street Books", "020 7946 0018"),
    "fr": ("Ma Boutique", "01 42 68 53 00"),
    "es": ("La Tienda de Pepe", "91 123 45 67"),
    "zh_TW": ("瑪莉小店", "02-2712-3456"),
    "zh_CN": ("玛丽小店", "400-820-8820"),
}
NAMES = {"zh_TW": "明華", "zh_CN": "明华"}
EVERY_TEXT = pytest.mark.parametrize(("locale", "key"), [(locale, key) for locale in SHOPS for key in KEYS])


def ordinary(locale: str, first_name: str) -> OrderContext:
    return OrderContext("10482", first_name, "awaiting-shipment", "1149.90", "EUR", SHOPS[locale][0])


def test_every_language_has_every_text() -> None:
    assert set(locales()) == set(SHOPS)
    assert keys() == (*KEYS, *ALERT_KEYS)
    for locale in locales():
        assert tuple(document(locale)["texts"]) == (*KEYS, *ALERT_KEYS)


@EVERY_TEXT
@pytest.mark.parametrize("named", [True, False])
def test_an_ordinary_text_is_one_message(locale: str, key: str, named: bool) -> None:
    name = NAMES.get(locale, "Fernanda") if named else ""
    for sender, contact in (SHOPS[locale], SHOPS["pt_BR"]):
        composed = compose(template_for(key, locale), ordinary(locale, name), sender, contact)
        assert composed.segments == 1
        assert name in composed.text or key == "test_message"
        assert composed.text.startswith(sender)
        assert composed.text.endswith(contact)
        assert (composed.encoding == "UCS-2") == locale.startswith("zh")
        assert not re.search(r"[{}]|  | [.,]|,\s*[.,!]|[,，]\s*$", composed.text)


@EVERY_TEXT
def test_the_order_is_named_and_the_customer_greeted(locale: str, key: str) -> None:
    text = compose(template_for(key, locale), ordinary(locale, "Ana"), *SHOPS[locale]).text
    if key != "test_message":
        assert "#10482" in text
        assert "Ana" in text


@pytest.mark.parametrize("locale", ["pt_BR", "en", "fr", "es"])
def test_texts_greetings_and_status_names_stay_inside_gsm7(locale: str) -> None:
    data = document(locale)
    words = [*data["greeting"].values(), *data["status_names"].values(), data["colon"]]
    assert all(map(is_gsm7, [*words, *(text["text"] for text in data["texts"].values())]))


def test_every_language_names_the_same_statuses_and_uses_the_same_placeholders() -> None:
    for locale in locales():
        assert set(document(locale)["status_names"]) == set(document("en")["status_names"])
        for key in KEYS:
            used = [re.findall(r"\{\w+\}", document(known)["texts"][key]["text"]) for known in (locale, "en")]
            assert used[0] == used[1]


def test_category_and_validity_are_the_same_in_every_language() -> None:
    for key in KEYS:
        found = {
            (template.category, template.validity_hours) for template in (template_for(key, at) for at in locales())
        }
        assert len(found) == 1
        assert found.pop()[0] == "transactional"


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("pt_BR", "pt_BR"),
        ("pt_PT", "pt_BR"),
        ("pt-br", "pt_BR"),
        ("en_GB", "en"),
        ("en-US.UTF-8", "en"),
        ("fr_CA", "fr"),
        ("es_MX", "es"),
        ("zh_TW", "zh_TW"),
        ("zh_HK", "zh_TW"),
        ("zh-Hant-MO", "zh_TW"),
        ("zh", "zh_CN"),
        ("zh_Hans_SG", "zh_CN"),
        ("de_DE", "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_answers(asked: str, given: str) -> None:
    assert template_for("order_placed", asked).locale == given


def test_an_unknown_key_is_told() -> None:
    with pytest.raises(UnknownTemplate, match="order_lost"):
        template_for("order_lost", "en")


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
        ("payment_review", "order_on_hold"),
        ("fraud", "order_on_hold"),
        ("holded", "order_on_hold"),
        ("complete", "order_completed"),
        ("closed", "order_refunded"),
        ("canceled", "order_cancelled"),
        ("shipped", "order_status"),
        ("awaiting-pickup", "order_status"),
        ("", "order_status"),
    ],
)
def test_a_status_of_woocommerce_or_magento_has_its_text(status: str, key: str) -> None:
    assert key_for_status(status) == key


@pytest.mark.parametrize(
    ("status", "locale", "shown"),
    [
        ("shipped", "pt_BR", "enviado"),
        ("wc-out-for-delivery", "fr", "en cours de livraison"),
        ("pending_payment", "es", "a la espera del pago"),
        ("fraud", "en", "being checked"),
        ("awaiting-pickup", "en", "awaiting pickup"),
        ("awaiting-pickup", "pt_BR", "awaiting pickup"),
        ("Pronto_Para_Gravação", "pt_BR", "pronto para gravação"),
        ("<b>x</b>\n", "en", "x"),
    ],
)
def test_a_status_is_shown_in_human_words(status: str, locale: str, shown: str) -> None:
    assert fill("{status_name}", OrderContext("1", status=status), language_for(locale)) == shown


@pytest.mark.parametrize("spelling", ["{%s}", "{{%s}}", "{{ %s }}", "%%%s%%", "[%s]"])
@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_a_shop_may_spell_placeholders_as_other_plugins_do(spelling: str, name: str) -> None:
    language = language_for("en")
    template = Template("own", "en", f"<{spelling % name}>", "transactional", 24)
    assert fill(template.text, SAMPLE_ORDER, language) == f"<{PLACEHOLDERS[name].sample(language)}>"


@pytest.mark.parametrize(
    "text",
    [
        "{order_nubmer}",
        "{{tracking}}",
        "%coupon%",
        "%ORDER_NUMBER%",
        "[otp]",
        "{order number}",
        "Hi {first_name",
        "}",
        "{}",
    ],
)
def test_a_text_that_cannot_be_filled_is_refused_when_loaded(text: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        Template("own", "en", f"Hello {text}!", "transactional", 24)


@pytest.mark.parametrize("text", ["50% off, 20% today", "[a b] c", "100 %", "#1"])
def test_percent_signs_and_brackets_around_other_words_are_just_text(text: str) -> None:
    template = Template("own", "en", text, "transactional", 24)
    assert fill(template.text, SAMPLE_ORDER, language_for("en")) == text


@pytest.mark.parametrize(
    ("total", "currency", "locale", "shown"),
    [
        ("1149.90", "BRL", "pt_BR", "R$ 1.149,90"),
        ("1149.90", "EUR", "fr", "1 149,90 €"),
        ("1149.90", "USD", "en", "$1,149.90"),
        ("1149.90", "gbp", "en", "£1,149.90"),
        ("1149", "JPY", "en", "¥1,149"),
        ("1149.90", "INR", "en", "INR 1,149.90"),
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
    order = OrderContext("1", total=total, currency=currency)
    assert fill("{total}", order, language_for(locale)) == shown
