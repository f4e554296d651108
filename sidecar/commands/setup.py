"""`recado setup`: a demo shop on the simulator, and all that is needed to try it."""

import click

from sidecar.commands.accounts import create_account
from sidecar.commands.shops import addresses
from sidecar.commands.support import Cli, pass_cli, show
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.storage import accounts, routes, shops
from sidecar.wiring import Recado, utc_now

DEMO_SHOP = "Demo shop"
DEMO_ACCOUNT = "demo-simulator"

_SETTINGS = ShopSettings.model_validate(
    {
        "mode": 3,
        "sender": "Loja da Ana",
        "contact": "(11) 4002-8922",
        "country": "BR",
        "locale": "pt_BR",
        "timezone": "America/Sao_Paulo",
        "transactional_window": "always",
        "settle_seconds": 1,
        "delays": {"order_shipped": "0m"},
    }
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_cli
def setup(cli: Cli, as_json: bool) -> None:
    """Create the demo shop (once) and print addresses, secrets and what to try."""
    shop = demo_shop(cli.recado)
    with cli.recado.database.read() as connection:
        secret = shops.webhook_secret(connection, cli.recado.vault, shop.id)
    settings = cli.settings
    data = {
        "admin": f"{settings.public_url}/admin/",
        "admin_password": settings.admin_password,
        "shop_id": shop.id,
        "webhook_url": addresses(settings.public_url, shop)["webhook_url"],
        "webhook_secret": secret,
        "sending": settings.switch.position.value,
        "try": "recado demo",
    }
    if as_json:
        show(True, data)
    else:
        _print(data)


def _print(data: dict[str, str | None]) -> None:
    click.secho("\nRecado is ready.\n", bold=True)
    for label, name in (
        ("Pages", "admin"),
        ("Password", "admin_password"),
        ("Webhook address", "webhook_url"),
        ("Webhook secret", "webhook_secret"),
    ):
        click.echo(f"  {label:<16} {data[name]}")
    click.echo(f"  {'Sending':<16} {data['sending']} (the demo shop's simulator sends in any case, and reaches nobody)")
    click.echo("\nIn a second terminal, watch a day of orders become texts:\n")
    click.secho("  .venv/bin/recado demo\n", fg="green", bold=True)


def demo_shop(recado: Recado) -> Shop:
    """The demo shop, made if it is not there yet."""
    with recado.database.read() as connection:
        found = shops.find(connection, DEMO_SHOP)
        account = accounts.find(connection, DEMO_ACCOUNT)
    account_id = account.id if account else create_account(recado, "simulator", DEMO_ACCOUNT, {})
    if found:
        return found
    shop = Shop("shop_demo", Platform.WOOCOMMERCE, DEMO_SHOP, "https://shop.example", _SETTINGS)
    with recado.database.write() as connection:
        shops.add(connection, recado.vault, shop, shops.new_secrets(), {}, utc_now())
        routes.set_route(connection, shop.id, [account_id])
    return shop
