"""What a shop's own text is refused for, and what the operator is told about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.catalog.compose import compose
from sidecar.catalog.context import sample_context
from sidecar.catalog.kinds import CATEGORIES, kind_of
from sidecar.catalog.languages import document, language_for, locales
from sidecar.catalog.submission import Findings, check_submission
from sidecar.catalog.templates import Template, keys
from sidecar.domain.segments import count

GOOD = "{greeting}Seu pedido #{order_number} chegou."


def check(
    text: str, key: str = "order_placed", locale: str = "pt_BR", category: str = "transactional", **asked: str
) -> Findings:
    return check_submission(text, key, locale, category, **asked)


def refused(text: str, **asked: str) -> list[str]:
    return [finding.code for finding in check(text, **asked).refusals]


def flagged(text: str, **asked: str) -> list[str]:
    findings = check(text, **asked)
    assert not findings.refusals
    return [finding.code for finding in findings.flags]


def test_a_good_text_is_shown_as_it_would_be_sent() -> None:
    findings = check(GOOD, sender="Loja", contact="x@loja.example")
    assert (findings.refusals, findings.flags) == ((), ())
    assert findings.preview is not None
    assert findings.preview.text == "Loja: Oi, Maria! Seu pedido #10482 chegou. x@loja.example"


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize("key", keys())
def test_our_own_texts_would_pass(key: str, locale: str) -> None:
    text = document(locale)["texts"][key]
    findings = check(text, key=key, locale=locale, category=kind_of(key).category, sender="Example", contact="12345678")
    assert findings.refusals == ()
    about_advertising = {"marketing_words"} if key in ("confirm_marketing", "subscribed") else set()
    assert {finding.code for finding in findings.flags} <= {"several_messages"} | about_advertising


@pytest.mark.parametrize("locale", ["pt_BR", "pt-PT", "en_GB", "fr_CA", "es_MX", "zh_HK", "zh"])
def test_languages_we_write_are_known_in_all_their_spellings(locale: str) -> None:
    assert refused("OK {order_number}", locale=locale) == []


@pytest.mark.parametrize("locale", ["de", "de_DE", "it", "", "x", "english"])
def test_other_languages_are_refused(locale: str) -> None:
    findings = check("OK", locale=locale)
    assert [finding.code for finding in findings.refusals] == ["unknown_language"]
    assert "pt_BR" in findings.refusals[0].sentence


@pytest.mark.parametrize(
    ("key", "category", "codes"),
    [
        ("order_placed", "transactional", []),
        ("order_placed", "marketing", ["bad_category"]),
        ("one_time_code", "code", ["placeholder_missing"]),
        ("one_time_code", "transactional", ["bad_category"]),
        ("mothers_day", "marketing", []),
        ("mothers_day", "transactional", []),
        ("mothers_day", "spam", ["bad_category"]),
    ],
)
def test_a_text_of_the_catalogue_keeps_its_category(key: str, category: str, codes: list[str]) -> None:
    assert refused("Oi! SAIR", key=key, category=category) == codes


@pytest.mark.parametrize(
    ("key", "text", "codes"),
    [
        ("one_time_code", "{code}", []),
        ("one_time_code", "[otp] {autofill}", []),
        ("one_time_code", "{autofill}", []),
        ("one_time_code", "{minutes} minutos", ["placeholder_missing"]),
        ("alert_confirm_link", "Confirme: {product}", ["placeholder_missing"]),
        ("alert_confirm_link", "Confirme: {link}", []),
        ("alert_confirm_code", "{product}: {code}", []),
        ("order_placed", "Oi", []),
    ],
)
def test_who_waits_for_a_code_or_a_link_gets_one(key: str, text: str, codes: list[str]) -> None:
    assert refused(text, key=key, category="code" if key != "order_placed" else "transactional") == codes


def test_a_text_of_an_own_key_may_say_what_is_known_of_orders() -> None:
    assert refused("{greeting}{order_number} {total}", key="thanks_again") == []
    assert refused("{code}", key="thanks_again") == ["unfit_placeholder"]


@pytest.mark.parametrize("text", ["", "   ", "\u3000"])
def test_an_empty_text_is_refused(text: str) -> None:
    assert "empty_text" in refused(text)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Oi\nMaria", "u+000a"),
        ("Oi\tMaria", "u+0009"),
        ("Oi\u00a0Maria", "no-break space"),
        ("Oi\u202fMaria", "narrow no-break space"),
        ("Oi\u200bMaria", "zero width space"),
        ("Oi\u202eMaria", "right-to-left override"),
        ("Oi\ufeff Maria", "zero width no-break space"),
        ("Oi\u2028Maria", "line separator"),
        ("Oi\x00Maria", "u+0000"),
        ("Oi\ud800Maria", "u+d800"),
    ],
)
def test_what_nobody_sees_is_refused_with_its_place(text: str, named: str) -> None:
    (finding,) = check(text).refusals
    assert finding.code == "invisible_character"
    assert named in finding.sentence
    assert " 3" in finding.sentence


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A &amp; B", ["html"]),
        ("A &#39; B", ["html"]),
        ("A &#x1F600; B", ["html"]),
        ("<b>Oi</b>", ["html"]),
        ("Oi<br/>", ["html"]),
        ("A & B < C > D &c; 3 <4", []),
    ],
)
def test_markup_is_refused(text: str, codes: list[str]) -> None:
    assert refused(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{order_number} {coupon}", ["unknown_placeholder"]),
        ("%tracking_number% [otp]", ["unfit_placeholder", "unfit_placeholder"]),
        ("{order_number", ["lone_brace"]),
        ("{{billing_first_name}} [order_id] %order_total% {site_title}", []),
    ],
)
def test_placeholders_have_to_fit(text: str, codes: list[str]) -> None:
    findings = check(text)
    assert [finding.code for finding in findings.refusals] == codes
    assert all(finding.sentence for finding in findings.refusals)


def test_who_is_refused_reads_what_there_is_instead() -> None:
    sentence = check("{tracking_url}").refusals[0].sentence
    assert sentence.startswith("{tracking_url} não é conhecido")
    assert "{order_number}" in sentence and "{link}" not in sentence


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Veja https://loja.example/x.", []),
        ("Veja http://loja.example/pedido/{order_number}", []),
        ("Veja www.loja.example", []),
        ("Às 10:30: tudo certo", []),
        ("Veja ftp://loja.example/x", ["bad_link"]),
        ("Veja javascript:alert(1)", ["bad_link"]),
        ("Ligue tel:+5511999", ["bad_link"]),
        ("intent://x#Intent;end", ["bad_link"]),
        ("Veja https://loja@evil.example/", ["bad_link"]),
        ("Veja https:///x e HTTPS://ok.example", ["bad_link"]),
    ],
)
def test_a_link_leads_to_a_page_and_nowhere_else(text: str, codes: list[str]) -> None:
    assert refused(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Loja da Maria: seu pedido chegou", ["sender_repeated"]),
        ("LOJA DA MARIA - seu pedido chegou", ["sender_repeated"]),
        ("Seu pedido chegou. Equipe Loja da Mariá!", ["sender_repeated"]),
        ("{shop}: seu pedido chegou", ["sender_repeated"]),
        ("Seu pedido na Loja da Maria chegou", []),
        ("Loja da Marianne: seu pedido chegou", []),
        ("Obrigado por comprar na {shop}, Maria", []),
        ("Fale com (11) 4002-8922", ["contact_repeated"]),
        ("Fale com 1140028922 hoje", ["contact_repeated"]),
        ("Fale com 11 4002.8922 hoje", ["contact_repeated"]),
        ("Fale com a gente", []),
    ],
)
def test_sender_and_contact_are_not_said_twice(text: str, codes: list[str]) -> None:
    assert refused(text, sender="Loja da Maria", contact="(11) 4002-8922") == codes


def test_a_contact_by_mail_is_not_said_twice_either() -> None:
    assert refused("Escreva a X@Loja.example hoje", contact="x@loja.example") == ["contact_repeated"]
    assert refused("Escreva a xx@loja.example.br hoje", contact="x@loja.example") == []
    assert refused("{shop}: oi") == []


@pytest.mark.parametrize(
    ("letters", "codes"),
    [("x" * 153 * 4, []), ("x" * 153 * 4 + "y", ["too_long"]), ("x" * 100_000, ["too_long"]), ("王" * 268, [])],
)
def test_four_messages_are_the_most(letters: str, codes: list[str]) -> None:
    assert refused(letters) == codes


def test_the_length_is_that_of_the_filled_text_with_sender_and_contact() -> None:
    text = "{order_number}" + "x" * (153 * 4 - 5)
    assert refused(text) == []
    assert refused(text, sender="S") == ["too_long"]
    assert refused(text, contact="12") == ["too_long"]


@pytest.mark.parametrize(
    ("locale", "text", "found"),
    [
        ("pt_BR", "PROMOÇÃO: frete grátis", "promocao, frete gratis"),
        ("pt_BR", "Ganhe 20% de desconto", "% de desconto"),
        ("pt_BR", "Promovido a cliente de ouro", ""),
        ("en", "Now 20% off, buy  now!", "% off, buy now"),
        ("en", "Your order is for sale staff", "sale"),
        ("en", "Your wholesale order, an officer", ""),
        ("fr", "Les SOLDES d’été : profitez-en", "soldes, profitez-en"),
        ("fr", "Le solde de votre bon d’achat", "solde, bon d'achat"),
        ("fr", "C'est consolidé", ""),
        ("es", "¡Últimas unidades, 2x1!", "ultimas unidades, 2x1"),
        ("es", "Su pedido sale hoy", ""),
        ("zh_TW", "訂單享優惠", "優惠"),
        ("zh_CN", "订单享优惠，限时包邮", "优惠, 限时, 包邮"),
        ("zh_TW", "訂單已出貨", ""),
    ],
)
def test_advertising_in_a_text_about_an_order_is_flagged(locale: str, text: str, found: str) -> None:
    findings = check(text, locale=locale)
    assert findings.refusals == ()
    flags = [flag for flag in findings.flags if flag.code == "marketing_words"]
    assert bool(flags) == bool(found)
    assert not found or found in flags[0].sentence


def test_advertising_may_advertise_but_has_to_offer_a_way_out() -> None:
    asked = {"key": "new_product", "category": "marketing"}
    assert flagged("Promo! {product} com 20% off{opt_out}", **asked) == []
    assert flagged("Promo! {product}. Responda SAIR", **asked) == []
    assert flagged("Promo do dia das mães!{opt_out}", key="mothers_day", category="marketing") == []
    assert flagged("Promo! {product}. Vamos saírmos", **asked) == ["opt_out_missing"]
    assert flagged("Promo! {product}", **asked) == ["opt_out_missing"]


def test_letters_that_raise_the_price_are_named() -> None:
    text = "Seu pedido não chegou: " + "ç" * 2 + "x" * 60
    (flag,) = check(text).flags
    assert flag.code == "costly_letters"
    assert "ãç" in flag.sentence and "de 1 para 2" in flag.sentence
    assert flagged("Não") == []


def test_a_long_text_says_what_it_costs() -> None:
    findings = check("x" * 161)
    assert [flag.code for flag in findings.flags] == ["several_messages"]
    assert " 2 " in findings.flags[0].sentence


@pytest.mark.parametrize("reader", locales())
def test_the_sentences_are_in_the_readers_language(reader: str) -> None:
    findings = check("{x} <b> ftp://x", reader=reader)
    assert len({finding.code for finding in findings.refusals}) == 3
    english = check("{x} <b> ftp://x", reader="en")
    assert (findings == english) == (reader == "en")


@given(
    st.text(max_size=120) | st.sampled_from(["{x}", "[total]", "{" * 200, "%a%" * 99, "\ud83d", "<" * 999, "://" * 9]),
    st.sampled_from(["order_placed", "one_time_code", "own"]),
    st.sampled_from(locales()),
    st.sampled_from(CATEGORIES),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_whatever_is_submitted_is_judged_and_what_passes_can_be_sent(
    text: str, key: str, locale: str, category: str, sender: str, contact: str
) -> None:
    findings = check_submission(text, key, locale, category, sender, contact)
    assert bool(findings.refusals) or findings.preview is not None
    assert all(finding.sentence.isprintable() or "\u3000" in finding.sentence for finding in findings.refusals)
    if not findings.refusals:
        assert findings.preview is not None
        assert count(findings.preview.text).segments <= 4


def test_what_was_previewed_is_what_is_composed() -> None:
    findings = check(GOOD, sender="Loja", contact="1")
    template = Template(kind_of("order_placed"), "pt_BR", GOOD)
    assert findings.preview == compose(template, sample_context(language_for("pt_BR")), "Loja", "1")
