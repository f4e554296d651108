"""`recado user`: who may come to the pages."""

import sys

import click

from sidecar.commands.support import Cli, json_option, pass_cli, show
from sidecar.domain.refused import Refused
from sidecar.storage.audit import Doer
from sidecar.storage.users import Role, User

BY = Doer("", "command line")
COLUMNS = ["email", "role", "shops", "app", "disabled", "entered_at"]


@click.group()
def user() -> None:
    """Accounts of people for the pages: operators see every shop, owners theirs."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.OWNER.value, show_default=True)
@click.option("--shop", "shops", multiple=True, metavar="SHOP", help="A shop of an owner's; may be repeated.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
@json_option
@pass_cli
def add(cli: Cli, email: str, role: str, shops: tuple[str, ...], password_stdin: bool, as_json: bool) -> None:
    """Add an account; prints its password, once."""
    shop_ids = [cli.shop(name).id for name in shops]
    made, password = cli.recado.users.add(BY, email, Role(role), shop_ids, _given(password_stdin))
    told = {"user_id": made.id, "email": made.email, "role": made.role.value, "shops": list(made.shop_ids)}
    show(as_json, told if password_stdin else {**told, "password": password})


@user.command(name="list")
@json_option
@pass_cli
def list_(cli: Cli, as_json: bool) -> None:
    """List all accounts."""
    rows = [
        {
            "user_id": found.id,
            "email": found.email,
            "role": found.role.value,
            "shops": list(found.shop_ids),
            "app": found.totp_on,
            "disabled": found.disabled,
            "entered_at": found.entered_at and found.entered_at.isoformat(timespec="seconds"),
        }
        for found in cli.recado.users.every()
    ]
    show(as_json, rows, COLUMNS, "No accounts yet: `recado user add --help`.")


@user.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
@json_option
@pass_cli
def password(cli: Cli, email: str, password_stdin: bool, as_json: bool) -> None:
    """Give an account a new password, and end its sessions."""
    found = _named(cli, email)
    made = cli.recado.users.set_password(BY, found, _given(password_stdin))
    show(as_json, {"email": found.email} if password_stdin else {"email": found.email, "password": made})


@user.command(name="reset-totp")
@click.argument("email")
@json_option
@pass_cli
def reset_totp(cli: Cli, email: str, as_json: bool) -> None:
    """Forget the authenticator app of who has lost it."""
    found = _named(cli, email)
    cli.recado.users.end_totp(BY, found)
    show(as_json, {"email": found.email, "app": False})


@user.command()
@click.argument("email")
@json_option
@pass_cli
def disable(cli: Cli, email: str, as_json: bool) -> None:
    """Keep an account out, and end its sessions."""
    _switch(cli, email, True, as_json)


@user.command()
@click.argument("email")
@json_option
@pass_cli
def enable(cli: Cli, email: str, as_json: bool) -> None:
    """Let an account in again."""
    _switch(cli, email, False, as_json)


@user.command()
@click.argument("email")
@json_option
@pass_cli
def remove(cli: Cli, email: str, as_json: bool) -> None:
    """Remove an account; what it did stays in the log."""
    found = _named(cli, email)
    cli.recado.users.remove(BY, found)
    show(as_json, {"email": found.email, "removed": True})


def _switch(cli: Cli, email: str, disabled: bool, as_json: bool) -> None:
    found = _named(cli, email)
    cli.recado.users.disable(BY, found, disabled)
    show(as_json, {"email": found.email, "disabled": disabled})


def _named(cli: Cli, email: str) -> User:
    try:
        return cli.recado.users.named(email)
    except Refused as refused:
        raise Refused(refused.code, f"{refused} See `recado user list`.") from None


def _given(from_stdin: bool) -> str:
    """A password of its own choice is never an argument, which others on the machine could read."""
    return (sys.stdin.readline().rstrip("\r\n") or " ") if from_stdin else ""
