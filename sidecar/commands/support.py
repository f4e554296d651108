"""What all commands share: the parts, the tables, the errors."""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import click
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from sidecar import logs, metrics
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.settings import Settings, read_settings
from sidecar.storage import schema, shops
from sidecar.wiring import Recado

_WHOLE, _WIDEST = 32, 1000
"""An id in pieces cannot be copied: so many signs of a column stay together, however narrow the terminal."""

F = TypeVar("F", bound=Callable[..., Any])


class Cli:
    """Made for every command; opens only what the command needs."""

    @cached_property
    def settings(self) -> Settings:
        settings = read_settings()
        logs.configure(settings.log_level)
        metrics.prepare_folder(os.environ)
        return settings

    @cached_property
    def recado(self) -> Recado:
        """The parts, on a database that is up to date."""
        recado = Recado(self.settings)
        click.get_current_context().call_on_close(recado.close)
        try:
            behind = schema.missing_migrations(recado.database)
        except (SQLAlchemyError, OSError) as error:
            raise Refused("database_unreachable", f"The database cannot be opened: {first_line(error)}.") from None
        if behind:
            raise Refused("database_behind", "The database is not up to date: run `recado db upgrade`.")
        return recado

    def shop(self, id_or_name: str) -> Shop:
        with self.recado.database.read() as connection:
            shop = shops.find(connection, id_or_name)
        if shop is None:
            raise Refused("unknown_shop", f"There is no shop {id_or_name!r}: see `recado shop list`.")
        return shop


def first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")


pass_cli = click.make_pass_decorator(Cli, ensure=True)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(command)


def show(as_json: bool, data: Any, columns: Sequence[str] = (), empty: str = "Nothing here yet.") -> None:
    """Print a list of mappings as a table, one mapping as a list of names and values, or either as JSON."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, default=str))
    elif isinstance(data, Mapping):
        _print_pairs(data)
    else:
        _print_table(list(data), columns, empty)


def _print_pairs(data: Mapping[str, Any]) -> None:
    width = max((len(name) for name in data), default=0)
    for name, value in data.items():
        click.echo(f"{name.ljust(width)}  {_plain(value)}")


def _print_table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str], empty: str) -> None:
    if not rows:
        click.echo(empty)
        return
    table, console = Table(box=SIMPLE_HEAD), Console()
    for column in columns:
        widest = max(cell_len(word) for word in (column, *(_plain(row.get(column)) for row in rows)))
        table.add_column(column.replace("_", " "), overflow="fold", min_width=min(widest, _WHOLE))
    for row in rows:
        table.add_row(*(Text(_plain(row.get(column))) for column in columns))
    least = Measurement.get(console, console.options.update(max_width=_WIDEST), table).minimum
    Console(width=max(console.width, least)).print(table)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
