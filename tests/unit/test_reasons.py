"""Every code has its sentence in every language."""

import ast
import re
import string
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sidecar.catalog import reasons
from sidecar.catalog.languages import locales
from sidecar.domain.phone import NoNumberReason
from sidecar.providers.base import Fault
from tests.architecture.source import modules

FOLDER = Path(reasons.__file__).parent
COMING = [
    "texts_off",
    "no_consent",
    "opted_out",
    "cap_hour",
    "cap_day",
    "cap_week",
    "same_text",
    "no_credit",
    "country_hours",
    "holiday",
    "delayed",
    "out_of_stock_again",
    "alert_ended",
    "alert_expired",
    "pumping_stop",
    "country_not_allowed",
    "code_limit",
    "stock_unmanaged",
    "alerts_off",
    "template_unapproved",
    "needs_double_opt_in",
]
GIVING_REASONS = {
    *("Suppress", "Hold", "Withheld", "GivenBack", "Rejected", "TemporarilyFailed", "OutcomeUnknown"),
    "overtake",
}
DECIDING = {f"sidecar.policy.{name}" for name in ("objections", "modes", "switch", "decide")}
CODE = re.compile(r"[a-z]+(_[a-z]+)+|[a-z]{4,}")


def document(locale: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / f"{locale}.toml").read_text(encoding="utf-8"))


def strings(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def given(tree: ast.Module) -> Iterator[str]:
    """Codes handed to an outcome or a decision, or put under `reason`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in GIVING_REASONS:
                yield from strings(node.args)
            case ast.Dict():
                pairs = zip(node.keys, node.values, strict=True)
                yield from strings(value for key, value in pairs if key and strings([key]) == {"reason"})


def decided(tree: ast.Module) -> Iterator[str]:
    """Codes that the policy's functions return, by their names or as they are; not what they compare with."""
    yield from strings(node.value for node in tree.body if isinstance(node, ast.Assign))
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        compared = [part for node in ast.walk(function) if isinstance(node, ast.Compare) for part in ast.walk(node)]
        yield from strings(ast.walk(function)) - strings(compared)


def codes_in_use() -> set[str]:
    found: set[str] = {*Fault, *NoNumberReason, *COMING}
    for name, tree in modules().items():
        found.update(given(tree))
        if name in DECIDING:
            found.update(decided(tree))
    return set(filter(CODE.fullmatch, found))


def test_the_codes_are_found_in_the_code() -> None:
    known = "mode_disabled mode_without_alerts no_route dry_run order_trashed worker_died answer_lost claim_grew_old"
    assert {*known.split(), "check_failed", "validity_over", "sending_hours", "cap_week", "landline"} <= codes_in_use()


@pytest.mark.parametrize("locale", locales())
def test_every_code_has_a_sentence(locale: str) -> None:
    known = document(locale)["messages"]
    assert sorted(codes_in_use() - set(known)) == []


def test_all_languages_describe_the_same_codes() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(locales())
    for table in ("messages", "texts"):
        assert all(list(document(locale)[table]) == list(document("en")[table]) for locale in locales())


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("locale", locales())
def test_a_sentence_is_whole_short_and_tells_the_same_facts(locale: str) -> None:
    for table, sentences in document(locale).items():
        for code, sentence in sentences.items():
            assert 3 < len(sentence) <= 140, code
            assert sentence.endswith("。" if locale.startswith("zh") else "."), code
            assert sentence[0].isupper() or sentence[0] == "{" or locale.startswith("zh"), code
            assert fields(sentence) == fields(document("en")[table][code]), code
            assert not re.search(r"[\u00a0\u202f]|&\w+;", sentence), code


@pytest.mark.parametrize(
    ("code", "locale", "sentence"),
    [
        ("landline", "pt_PT", "O número é de telefone fixo e não recebe mensagens."),
        ("landline", "zh_HK", "這是市內電話，無法接收簡訊。"),
        ("landline", "de", "The number is a land line, which cannot be texted."),
        ("made_up_code", "en", "The reason given is: made up code."),
        ("made_up_code", "fr", "Le motif indiqué est : made up code."),
        ("{code} {0}", "en", "The reason given is: {code} {0}."),
        ("", "en", "The reason given is: ."),
        ("unknown_language", "en", "The reason given is: unknown language."),
    ],
)
def test_a_code_becomes_a_sentence(code: str, locale: str, sentence: str) -> None:
    assert reasons.sentence(code, locale) == sentence


def test_a_finding_tells_its_facts() -> None:
    assert reasons.finding("too_long", "en", most=4).startswith("Filled in, the text takes more than 4 messages")
    assert reasons.finding("html", "en", found="{x}").startswith("{x} is written for web pages")
