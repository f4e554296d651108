"""The command line `recado`."""

import os
import sys
from importlib import import_module
from typing import NoReturn

import click
from click.exceptions import NoArgsIsHelpError

from sidecar import __version__, metrics
from sidecar.domain.secret import SecretUnreadable
from sidecar.settings import BadSettings

_COMMANDS = {
    "serve": "serving",
    "web": "processes",
    "worker": "processes",
    "db": "processes",
    "setup": "setup",
    "demo": "demo",
    "doctor": "doctor",
    "shop": "shops",
    "credit": "credit",
    "tariff": "credit",
    "provider": "accounts",
    "test": "messages",
    "send": "messages",
    "messages": "messages",
    "message": "messages",
    "inbox": "inbox",
    "template": "template",
    "alerts": "alerts",
    "privacy": "privacy",
    "replies": "replies",
    "consent": "consents",
}


class _OnDemand(click.Group):
    """Loads a command's module when it is called: `recado serve` only watches, and must stay small."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"sidecar.commands.{_COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


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
