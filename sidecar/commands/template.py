"""`recado template`: the shops' own texts, and how providers know texts."""

from typing import Any, TypeVar

import click

from sidecar.catalog.languages import language_for, speaks
from sidecar.catalog.registered import NAMES
from sidecar.catalog.submission import Findings
from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.keeping.approval import LONGEST_TEXT, USUAL_VALIDITY_HOURS, Draft
from sidecar.providers.registry import PROVIDERS
from sidecar.storage import texts as storage
from sidecar.storage.texts import ALL_SHOPS, STATES, OwnText, TextCode

T = TypeVar("T")

COLUMNS = ["id", "shop", "key", "locale", "category", "state", "text"]
CODE_COLUMNS = ["shop", "key", "locale", "provider", "code", "language", "parameters"]
LONGEST_CODE = 120
LONGEST_LANGUAGE = 20


@click.group()
def template() -> None:
    """The shops' own texts: only what you approve is sent."""


@template.command(name="list")
@click.option("--shop", "shop_name", default=None, metavar="SHOP")
@click.option("--state", default=None, type=click.Choice(STATES))
@json_option
@pass_cli
def list_(cli: Cli, shop_name: str | None, state: str | None, as_json: bool) -> None:
    """List own texts, newest first."""
    shop = cli.shop(shop_name) if shop_name else None
    rows = [_as_row(text) for text in cli.recado.approval.several(shop, state)]
    show(as_json, rows, COLUMNS, "No shop has written a text of its own yet.")


@template.command(name="show")
@click.argument("text_id", metavar="ID")
@json_option
@pass_cli
def show_(cli: Cli, text_id: str, as_json: bool) -> None:
    """Show a text, how it reads when filled, and what there is to say about it."""
    found, findings = cli.recado.approval.find(text_id)
    show(as_json, {**_as_row(found), **_findings(findings)})


@template.command()
@click.argument("shop_name", metavar="SHOP")
@click.option("--key", required=True, help="Of the built-in text it replaces, or another.")
@click.option("--locale", default=None, help="Language; left out: the shop's.")
@click.option("--text", required=True, help="With {order_number} and the like, without sender and contact.")
@click.option("--category", default="", help="transactional or marketing, for keys of the shop's own.")
@click.option("--validity-hours", default=USUAL_VALIDITY_HOURS, type=click.IntRange(1, 168), show_default=True)
@json_option
@pass_cli
def submit(
    cli: Cli, shop_name: str, key: str, locale: str | None, text: str, category: str, validity_hours: int, as_json: bool
) -> None:
    """Submit a text of a shop for approval."""
    shop = cli.shop(shop_name)
    if not _is_key(key) or len(text) > LONGEST_TEXT or "\0" in text:
        raise Refused(
            "bad_text", f"A key is of a-z, 0-9 and _, 60 at most; a text has {LONGEST_TEXT} characters at most."
        )
    written = Draft(key, locale or shop.settings.locale, text, category, validity_hours)
    show(as_json, _as_row(cli.recado.approval.offer(shop, written)))


@template.command()
@click.argument("text_id", metavar="ID")
@json_option
@pass_cli
def approve(cli: Cli, text_id: str, as_json: bool) -> None:
    """Approve a submitted text: from now on it is sent instead of the one before."""
    show(as_json, _as_row(cli.recado.approval.approve(text_id)))


@template.command()
@click.argument("text_id", metavar="ID")
@click.option("--reason", required=True, help="The shop reads it.")
@json_option
@pass_cli
def refuse(cli: Cli, text_id: str, reason: str, as_json: bool) -> None:
    """Refuse a submitted text, and say why."""
    show(as_json, _as_row(cli.recado.approval.refuse(text_id, reason)))


@template.group()
def code() -> None:
    """By which codes providers know texts that they have approved themselves."""


@code.command(name="list")
@click.option("--shop", "shop_name", default=None, metavar="SHOP", help="Left out: the codes for all shops.")
@json_option
@pass_cli
def list_codes(cli: Cli, shop_name: str | None, as_json: bool) -> None:
    """List the codes of a shop and those for all shops."""
    shop_ids = {ALL_SHOPS} | ({cli.shop(shop_name).id} if shop_name else set())
    with cli.recado.database.read() as connection:
        found = storage.codes_of(connection, shop_ids)
    show(as_json, [_code_row(one) for one in found], CODE_COLUMNS, "No provider has codes for texts yet.")


@code.command(name="set")
@click.argument("key", metavar="TEXT")
@click.argument("locale")
@click.argument("provider", type=click.Choice(sorted(PROVIDERS)))
@click.option("--shop", "shop_name", default=None, metavar="SHOP", help="Left out: for all shops.")
@click.option("--code", "its_code", required=True, help="Aliyun's TemplateCode, WhatsApp's template name, ...")
@click.option("--language", default="", help="As the provider writes it, where it asks for one.")
@click.option(
    "--parameters",
    default="",
    help="What fills them, in the provider's order: first_name,order_number; where it names them, name=first_name.",
)
@json_option
@pass_cli
def set_code(
    cli: Cli,
    key: str,
    locale: str,
    provider: str,
    shop_name: str | None,
    its_code: str,
    language: str,
    parameters: str,
    as_json: bool,
) -> None:
    """Say by which code a provider knows a text."""
    shop_id = cli.shop(shop_name).id if shop_name else ALL_SHOPS
    made = TextCode(shop_id, key, _language(locale), provider, its_code, language, _parameters(parameters))
    if not 1 <= len(its_code) <= LONGEST_CODE or len(language) > LONGEST_LANGUAGE or not _is_key(key):
        raise Refused("bad_code", f"A code has 1 to {LONGEST_CODE} characters, a language {LONGEST_LANGUAGE} at most.")
    with cli.recado.database.write() as connection:
        storage.save_code(connection, made)
    show(as_json, _code_row(made))


@code.command(name="remove")
@click.argument("key", metavar="TEXT")
@click.argument("locale")
@click.argument("provider", type=click.Choice(sorted(PROVIDERS)))
@click.option("--shop", "shop_name", default=None, metavar="SHOP", help="Left out: that for all shops.")
@pass_cli
def remove_code(cli: Cli, key: str, locale: str, provider: str, shop_name: str | None) -> None:
    """Forget a code."""
    shop_id = cli.shop(shop_name).id if shop_name else ALL_SHOPS
    with cli.recado.database.write() as connection:
        if not storage.remove_code(connection, shop_id, key, _language(locale), provider):
            raise Refused("unknown_code", "There is no such code: see `recado template code list`.")
    click.echo("Forgotten.")


def _as_row(text: OwnText) -> dict[str, Any]:
    return {
        "id": text.id,
        "shop": text.shop_id,
        "key": text.key,
        "locale": text.locale,
        "category": text.category,
        "validity_hours": text.validity_hours,
        "state": text.state,
        "text": text.text,
        "flags": list(text.flags),
        "reason": text.reason,
    }


def _findings(findings: Findings) -> dict[str, Any]:
    filled = findings.preview
    return {
        "preview": filled.text if filled else "",
        "segments": filled.segments if filled else None,
        "refusals": [finding.sentence for finding in findings.refusals],
        "remarks": [finding.sentence for finding in findings.flags],
    }


def _code_row(one: TextCode) -> dict[str, Any]:
    return {
        "shop": one.shop_id or "all",
        "key": one.key,
        "locale": one.locale,
        "provider": one.provider,
        "code": one.code,
        "language": one.language,
        "parameters": [ours if theirs == ours else f"{theirs}={ours}" for theirs, ours in one.parameters],
    }


def _language(locale: str) -> str:
    if not speaks(locale):
        raise Refused("unknown_language", f"There are no texts in {locale!r}.")
    return language_for(locale).locale


def _parameters(written: str) -> tuple[tuple[str, str], ...]:
    """The provider's name of each, and our placeholder that fills it: the same word where only one is given."""
    named = [_parameter(part.strip()) for part in written.split(",") if part.strip()]
    if unknown := [ours for _, ours in named if ours not in NAMES]:
        raise Refused("unknown_placeholder", f"{unknown[0]!r} is no placeholder; there are {', '.join(NAMES)}.")
    if len({theirs for theirs, _ in named}) < len(named):
        raise Refused("named_twice", "A parameter is named twice: give each a name of its own, as 1=total,2=total.")
    return tuple(named)


def _parameter(written: str) -> tuple[str, str]:
    theirs, sign, ours = written.partition("=")
    return (theirs.strip(), ours.strip()) if sign else (written, written)


def _is_key(key: str) -> bool:
    return 1 <= len(key) <= 60 and key.isascii() and key.replace("_", "a").isalnum() and key == key.lower()
