"""A shop that still keeps its orders as posts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from ..browser import Screens
from .checkout import buy
from .shop import Sources, Wanted, WooShop
from .sidecars import ShopSidecar, sidecar_of
from .visiting import Owner


@pytest.fixture
def old(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopSidecar]:
    """A running sidecar with its shop; connected."""
    folder = tmp_path_factory.mktemp("woo-old")
    shop = WooShop.lay(folder / "shop", sources, Wanted(hpos=False))
    try:
        with sidecar_of(shop, folder / "sidecar") as sidecar:
            sidecar.start()
            sidecar.connect()
            yield sidecar
    finally:
        shop.stop()


def test_its_orders_are_told_and_shown_too(old: ShopSidecar, browser: Browser, screens: Screens) -> None:
    shop = old.shop
    order = buy(shop.url, shop.facts["goods"]["simple"], {}, phone="(11) 91234-5607").order_id
    assert old.told(order, 1) == [("order_placed", "delivered")]
    owner = Owner(browser, shop)
    owner.set_status(order, "Completed")
    assert old.told(order, 2) == [("order_placed", "delivered"), ("order_completed", "delivered")]
    page = owner.open_order(order)
    assert "post.php" in page.url
    expect(page.locator(".recado-log .recado-entry")).to_have_count(2)
    screens.take(page, "old-order-box", ".recado-order")
