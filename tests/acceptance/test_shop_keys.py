"""A shop added by its keys: checked, asked about itself, its webhooks made, and asked for what changed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.acceptance.processes import Sidecar
from tests.magento import FakeMagento
from tests.providers.server import Reaction, Request, Server, answer
from tests.woo import FakeWoo
from tests.woo import answer as answer_of
from tests.world import order

KEYS = ("--consumer-key", "ck_1", "--consumer-secret", "cs_1")
ADD = ("shop", "add", "woocommerce", "--name", "Loja")
TOKEN = ("--access-token", "tok")
ADD_MAGENTO = ("shop", "add", "magento", "--name")


def speaking_for(shop: FakeWoo | FakeMagento) -> Callable[[Request], Reaction]:
    """The fake shop behind a real socket."""

    def react(request: Request) -> Reaction:
        told = shop(request.method, request.target, dict(request.headers), request.body)
        return answer(told.status, told.body)

    return react


@pytest.fixture
def woo() -> Iterator[tuple[FakeWoo, Server]]:
    shop = FakeWoo()

    with Server() as server:
        server.react = speaking_for(shop)
        yield shop, server


@pytest.fixture
def sidecar(tmp_path: Path) -> Iterator[Sidecar]:
    made = Sidecar(tmp_path, SHOP_NETWORKS="127.0.0.0/8", PUBLIC_URL="https://sms.example")
    assert made.command("db", "upgrade").exit_code == 0
    yield made
    made.close()


@pytest.fixture
def two_websites() -> Iterator[tuple[str, str]]:
    """The addresses of one Magento installation's two websites."""
    shop = FakeMagento()

    with Server() as first, Server() as second:
        first.react = second.react = speaking_for(shop)
        shop.homes = {"default": f"{first.url}/", "br_pt": f"{second.url}/"}
        yield first.url, second.url


def test_one_command_connects_a_shop(sidecar: Sidecar, woo: tuple[FakeWoo, Server]) -> None:
    shop, server = woo
    made = sidecar.json(*ADD, "--url", server.url, *KEYS, "--country", "PT")
    assert (made["country"], made["locale"], made["timezone"]) == ("BR", "pt_BR", "America/Sao_Paulo")
    assert (made["currency"], made["stock_managed"], len(made["webhooks"])) == ("BRL", True, 4)
    assert made["connection_code"] == f"https://sms.example#{made['api_token']}"
    assert {row["delivery_url"] for row in shop.webhooks.values()} == {made["webhook_url"]}
    assert {row["secret"] for row in shop.webhooks.values()} == {made["webhook_secret"]}
    shown = sidecar.json("shop", "show", "Loja")
    assert (shown["country"], shown["locale"]) == ("PT", "pt_BR"), "what is given wins over what the shop tells"
    assert {row["errand"] for row in shown["asked"]} >= {"orders", "stock", "webhooks", "writing", "outbox", "alarm"}

    shop.put(order("processing", order_id=7, modified=datetime.now(UTC)))
    assert sidecar.json("poll", "Loja")["found"] == 1
    assert sidecar.json("poll", "Loja")["found"] == 0
    assert sidecar.json("poll", "Loja", "--since", "6h")["found"] == 1
    assert [row["source"] for row in sidecar.json("inbox")] == ["poller", "poller"]


def test_keys_come_later_and_wrong_ones_change_nothing(sidecar: Sidecar, woo: tuple[FakeWoo, Server]) -> None:
    shop, server = woo
    sidecar.json(*ADD, "--url", server.url)
    assert "polled_just_now" in sidecar.command("poll", "Loja").output
    shop.before = lambda *_: answer_of(401, {"code": "woocommerce_rest_cannot_view", "message": "Sorry"})
    refused = sidecar.command("shop", "set", "Loja", *KEYS)
    assert refused.exit_code != 0 and "keys_refused" in refused.output
    shop.before = None
    assert sidecar.command("poll", "Loja").exit_code != 0
    sidecar.json("shop", "set", "Loja", *KEYS)
    assert sidecar.json("poll", "Loja")["found"] == 0


def test_the_keys_kept_go_to_no_other_host_unasked(sidecar: Sidecar, woo: tuple[FakeWoo, Server]) -> None:
    _, server = woo
    sidecar.json(*ADD, "--url", server.url, *KEYS)
    sidecar.json("shop", "set", "Loja", "--url", f"{server.url}/shop")
    with Server() as elsewhere:
        refused = sidecar.command("shop", "set", "Loja", "--url", elsewhere.url, "--sender", "Ana")
        assert "keys_needed" in refused.output and "--same-keys" in refused.output
        assert sidecar.command("shop", "set", "Loja", "--url", elsewhere.url, "--unchecked").exit_code == 2
        shown = sidecar.json("shop", "show", "Loja")
        assert (shown["url"], shown["sender"]) == (f"{server.url}/shop", "")
        assert elsewhere.connections == 0
        elsewhere.react = server.react
        sidecar.json("shop", "set", "Loja", "--url", elsewhere.url, "--same-keys")
        assert elsewhere.connections, "that they open the shop there is seen before anything is saved"
    sidecar.json("shop", "set", "Loja", "--url", server.url, *KEYS)
    assert sidecar.json("shop", "show", "Loja")["url"] == server.url


def test_a_shop_on_a_network_that_is_not_allowed_is_refused(tmp_path: Path, woo: tuple[FakeWoo, Server]) -> None:
    _, server = woo
    sidecar = Sidecar(tmp_path)
    assert sidecar.command("db", "upgrade").exit_code == 0
    refused = sidecar.command(*ADD, "--url", server.url, *KEYS)
    assert refused.exit_code != 0 and "RECADO_SHOP_NETWORKS" in refused.output
    assert server.connections == 0
    sidecar.close()


def test_where_webhooks_cannot_reach_us_it_is_said(tmp_path: Path, woo: tuple[FakeWoo, Server]) -> None:
    """Finding 5: WordPress accepts any address for a webhook, and delivers nothing to most ports."""
    shop, server = woo
    sidecar = Sidecar(tmp_path, SHOP_NETWORKS="127.0.0.0/8")
    assert sidecar.command("db", "upgrade").exit_code == 0
    made = sidecar.json(*ADD, "--url", server.url, *KEYS)
    assert "RECADO_PUBLIC_URL" in made["warning"] and not shop.webhooks
    assert "WordPress delivers nothing" in sidecar.command("doctor").output
    sidecar.close()


def test_two_shops_of_one_installation_must_say_which_store_views_are_theirs(
    sidecar: Sidecar, two_websites: tuple[str, str]
) -> None:
    """Asked at either address it shows the orders of both: each shop would text the other's customers."""
    first, second = two_websites
    sidecar.json(*ADD_MAGENTO, "Loja", "--url", first, *TOKEN)
    for codes in ((), ("--store-codes", "br_pt")):
        refused = sidecar.command(*ADD_MAGENTO, "Store", "--url", second, *TOKEN, *codes)
        assert "store_codes_needed" in refused.output and "Loja" in refused.output
    sidecar.json("shop", "set", "Loja", "--store-codes", "default")
    assert "store_codes_needed" in sidecar.command(*ADD_MAGENTO, "Store", "--url", second, *TOKEN).output
    sidecar.json(*ADD_MAGENTO, "Store", "--url", second, *TOKEN, "--store-codes", "br_pt")
    for codes in ("br_pt", "default,br_pt"):
        assert "store_codes_needed" in sidecar.command("shop", "set", "Loja", "--store-codes", codes).output
    sidecar.json(*ADD_MAGENTO, "Of another installation", "--url", f"{first}/other", *TOKEN, "--unchecked")
    sidecar.json(*ADD_MAGENTO, "Without keys", "--url", first)
    assert "store_codes_needed" in sidecar.command("shop", "set", "Without keys", *TOKEN, "--unchecked").output


def test_two_that_are_asked_already_say_it_one_after_the_other(sidecar: Sidecar, two_websites: tuple[str, str]) -> None:
    first, second = two_websites
    sidecar.json(*ADD_MAGENTO, "Loja", "--url", first, *TOKEN)
    sidecar.json(*ADD_MAGENTO, "Store", "--url", second, *TOKEN, "--unchecked")
    assert sidecar.json("shop", "set", "Store", "--mode", "0")["mode"] == 0, "other settings have no part in it"
    sidecar.json("shop", "set", "Loja", "--store-codes", "default")
    sidecar.json("shop", "set", "Store", "--store-codes", "br_pt")
    assert "store_codes_needed" in sidecar.command("shop", "set", "Loja", "--store-codes", "br_pt").output


def test_a_store_view_that_does_not_exist_is_refused_by_name(sidecar: Sidecar, two_websites: tuple[str, str]) -> None:
    """It would be passed over in silence, and its orders with it."""
    refused = sidecar.command(*ADD_MAGENTO, "Loja", "--url", two_websites[0], *TOKEN, "--store-codes", "default,br")
    assert refused.exit_code != 0 and "unknown_store" in refused.output and "'br'" in refused.output
