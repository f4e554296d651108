"""`recado demo`: real WooCommerce deliveries, sent through the front door, and what becomes of them."""

import time
from collections.abc import Callable

import click
import requests
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from connectors.woocommerce.demo_feed import Delivery, deliveries
from sidecar.commands.setup import demo_shop
from sidecar.commands.shops import addresses
from sidecar.commands.support import Cli, pass_cli, show
from sidecar.domain.phone import mask
from sidecar.domain.refused import Refused
from sidecar.domain.status import FINAL, MessageState
from sidecar.ledger import reports
from sidecar.storage import shops
from sidecar.storage.types import AnyRow
from sidecar.wiring import Recado, utc_now

ROWS_SHOWN = 14
LONGEST_TABLE = 40
FIRST_ORDER = 1001
SILENCE_ALLOWED = 20.0
_COLOURS = {
    MessageState.DELIVERED: "green",
    MessageState.READ: "green",
    MessageState.SUPPRESSED: "yellow",
    MessageState.SUPERSEDED: "bright_black",
    MessageState.UNDELIVERED: "red",
    MessageState.REJECTED: "red",
    MessageState.UNKNOWN: "magenta",
}


@click.command()
@click.option(
    "--orders", default=None, type=click.IntRange(1, 20_000), help="Feed this many orders instead of one story."
)
@click.option(
    "--pace", default=0.4, show_default=True, type=click.FloatRange(0, 10), help="Seconds between deliveries."
)
@click.option("--json", "as_json", is_flag=True, help="Print the messages as JSON at the end, and nothing before.")
@pass_cli
def demo(cli: Cli, orders: int | None, pace: float, as_json: bool) -> None:
    """Feed real WooCommerce deliveries through HTTP and watch the texts leave and the receipts come back."""
    shop = demo_shop(cli.recado)
    url = addresses(cli.settings.public_url, shop)["webhook_url"]
    with cli.recado.database.read() as connection:
        secret = shops.webhook_secret(connection, cli.recado.vault, shop.id) or ""
        last_order = max(reports.highest_order_number(connection, shop.id), FIRST_ORDER - 1)
    started = utc_now()
    feed = list(deliveries(last_order + 1, started, secret, orders))
    show_run = _Run(cli.recado, shop.id, f"msg_{int(started.timestamp() * 1000):011x}", len(feed))
    post = _poster(url)
    if as_json:
        for delivery in feed:
            post(delivery)
        show_run.wait(lambda: None)
        show(True, [reports.as_json(row) for row in show_run.rows()])
        return
    show_run.play(feed, post, pace if orders is None else 0.0)


def _poster(url: str) -> Callable[[Delivery], str]:
    session = requests.Session()
    session.trust_env = False

    def post(delivery: Delivery) -> str:
        try:
            answer = session.post(url, data=delivery.body, headers=delivery.headers, timeout=10)
        except requests.RequestException:
            raise Refused("not_running", f"{url} does not answer: start the sidecar with `make run`.") from None
        return f"{answer.status_code}  {delivery.tells}"

    return post


class _Run:
    """One run of the demo: what was delivered, and the messages that came of it."""

    def __init__(self, recado: Recado, shop_id: str, first_id: str, deliveries: int) -> None:
        self._recado = recado
        self._shop_id = shop_id
        self._first_id = first_id
        self._console = Console()
        self._said: list[str] = []
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
        )
        self._fed = self._progress.add_task("deliveries", total=deliveries)
        self._settled = self._progress.add_task("messages settled", total=None)

    def play(self, feed: list[Delivery], post: Callable[[Delivery], str], pace: float) -> None:
        with Live(self._picture(), console=self._console, refresh_per_second=8, transient=True) as live:
            for number, delivery in enumerate(feed):
                self._said.append(post(delivery))
                self._progress.advance(self._fed)
                if pace or number % 50 == 0:
                    live.update(self._picture())
                time.sleep(pace)
            self.wait(lambda: live.update(self._picture()))
        self._console.print(self._table(self.rows()[-LONGEST_TABLE:]))
        self._console.print(self._summary())

    def wait(self, tick: Callable[[], None]) -> None:
        """Until every message has come to its end, or nothing has moved for a while."""
        before, moved = None, time.monotonic()
        while time.monotonic() - moved < SILENCE_ALLOWED:
            now = self._counts()
            if now != before:
                before, moved = now, time.monotonic()
            if self._nothing_waits(now) and time.monotonic() - moved > 1.0:
                return
            tick()
            time.sleep(0.2)

    def rows(self) -> list[AnyRow]:
        """This run's messages, oldest first."""
        with self._recado.database.read() as connection:
            newest = reports.list_messages(connection, self._shop_id, limit=100_000)
        return [row for row in reversed(newest) if row.id >= self._first_id]

    def _counts(self) -> dict[str, int]:
        with self._recado.database.read() as connection:
            counts = reports.states_since(connection, self._shop_id, self._first_id)
            counts["inbox"] = reports.gauges(connection, utc_now()).inbox.get("received", 0)
        done = sum(count for state, count in counts.items() if state != "inbox" and MessageState(state) in FINAL)
        total = sum(count for state, count in counts.items() if state != "inbox")
        self._progress.update(self._settled, completed=done, total=total or None)
        return counts

    @staticmethod
    def _nothing_waits(counts: dict[str, int]) -> bool:
        return counts["inbox"] == 0 and all(
            state == "inbox" or MessageState(state) in FINAL for state, count in counts.items() if count
        )

    def _picture(self) -> RenderableType:
        said = Text("\n".join(self._said[-3:]) or "…", style="bright_black")
        self._counts()
        return Group(self._table(self._latest()), said, self._progress)

    def _latest(self) -> list[AnyRow]:
        with self._recado.database.read() as connection:
            newest = reports.list_messages(connection, self._shop_id, limit=ROWS_SHOWN)
        return [row for row in reversed(newest) if row.id >= self._first_id]

    def _table(self, rows: list[AnyRow]) -> Table:
        table = Table(title="Texts", title_justify="left", expand=True)
        for column, width in (("Order", 6), ("To", 13), ("Text", None), ("State", 11), ("", 13)):
            table.add_column(column, width=width, no_wrap=width is not None)
        for row in rows:
            style = _COLOURS.get(MessageState(row.state), "cyan")
            to = mask(row.to) if row.to else "—"
            table.add_row(row.order_id or "", to, Text(row.text), Text(row.state, style=style), _remark(row))
        return table

    def _summary(self) -> str:
        counts = {state: count for state, count in self._counts().items() if state != "inbox" and count}
        words = ", ".join(f"{count} {state}" for state, count in sorted(counts.items(), key=lambda item: -item[1]))
        return (
            f"{sum(counts.values())} messages: {words or 'none'}.  Look closer: recado messages, recado message show ID"
        )


def _remark(row: AnyRow) -> str:
    if row.reason:
        return str(row.reason).replace("_", " ")
    if row.delivered_at:
        return f"after {(row.delivered_at - row.event_at).total_seconds():.1f} s"
    return ""
