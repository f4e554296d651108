"""The command line `recado`."""

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click
from click.exceptions import NoArgsIsHelpError

from sidecar import __version__, metrics
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.refused import Refused
from sidecar.domain.secret import SecretUnreadable
from sidecar.settings import BadSettings

# The module of each, and its line in the list: to show that, none of them is loaded.
_COMMANDS = {
    "serve": ("serving", "Run web and worker; restart what crashes, stop both on SIGTERM."),
    "web": ("processes", "Run one web process."),
    "worker": ("processes", "Run one worker: it reads the inbox, sends, and applies receipts."),
    "db": ("database", "Look after the database: upgrade, back up, restore."),
    "setup": ("setup", "Create the demo shop, and print what to try."),
    "demo": ("demo", "Feed real deliveries through HTTP and watch the texts leave."),
    "doctor": ("doctor", "Check everything, and say what to do."),
    "shop": ("shops", "Shops and their settings."),
    "poll": ("polling", "Ask a shop now for the orders that changed."),
    "credit": ("credit", "What a shop that prepays has to spend."),
    "tariff": ("credit", "What a text costs, by the recipient's country."),
    "provider": ("accounts", "Provider accounts and routes."),
    "test": ("messages", "The test button: send one approved text at once."),
    "send": ("messages", "Send one text by hand."),
    "messages": ("messages", "List messages, newest first."),
    "message": ("messages", "One message, and what became of it."),
    "inbox": ("inbox", "List deliveries, newest first."),
    "template": ("template", "The shops' own texts: only what you approve is sent."),
    "codes": ("codes", "How shoppers' one-time codes fare, and where they are stopped."),
    "alerts": ("alerts", "Count who waits to be told that a product is back."),
    "user": ("users", "Accounts of people for the pages."),
    "privacy": ("privacy", "What is held under a number: told, or erased."),
    "replies": ("replies", "List what customers wrote to a shop."),
    "consent": ("consents", "What people agreed to, and what they refused."),
}


class _Said(click.ClickException):
    """How a command says no."""

    exit_code = 2


class _OnDemand(click.Group):
    """Loads a command's module when it is called: `recado serve` only watches, and must stay small."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise _Said(f"[{refused.code}] {' '.join(refused.problems.values()) or refused}") from None
        except ShopProblem as problem:
            raise _Said(f"[{problem.code}] {problem.sentence}") from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"sidecar.commands.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=_OnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="recado")
def recado() -> None:
    """Order texts for WooCommerce and Magento shops."""


def main() -> None:
    """One sentence and an exit code for whatever an operator can get wrong; never a traceback."""
    metrics.choose_folder(os.environ)
    if not all(map(_is_text, sys.argv[1:])):
        _refuse("bad_argument", "An argument is not text in this terminal's encoding: use UTF-8.")
    try:
        sys.exit(recado.main(prog_name="recado", standalone_mode=False))
    except NoArgsIsHelpError as wanted:
        wanted.show()
        sys.exit(wanted.exit_code)
    except click.UsageError as error:
        help_at = error.ctx.command_path if error.ctx else "recado"
        _refuse("bad_usage", f"{error.format_message()} See `{help_at} --help`.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BadSettings as error:
        for problem in error.problems:
            click.echo(f"Error: [bad_settings] {problem}", err=True)
        sys.exit(2)
    except SecretUnreadable as error:
        _refuse("wrong_secret_key", str(error))


def _is_text(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(code: str, sentence: str) -> NoReturn:
    click.echo(f"Error: [{code}] {sentence}", err=True)
    sys.exit(2)
