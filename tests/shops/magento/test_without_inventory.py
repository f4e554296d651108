"""A store whose owner took the modules of the multi-source inventory out, as many do."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.acceptance.processes import wait_until

from ..sidecars import SidecarOfShop
from .rest import Rest
from .store import Store

INVENTORY = """
$names = $make(\\Magento\\Framework\\Module\\ModuleListInterface::class)->getNames();
return array_values(array_filter($names, fn ($name) => str_starts_with($name, 'Magento_Inventory')));
"""


@pytest.fixture
def without(store: Store, connected: SidecarOfShop) -> Iterator[Store]:
    store.save_settings({"sending": {"mode": "6"}, "alerts": {"enabled": "1"}})
    store.set("recado_sms/alerts/wait_seconds", "0")
    modules = [str(name) for name in store.php(INVENTORY)]
    store.magento("module:disable", "--force", *modules)
    try:
        store.drop_compiled()
        store.flush()
        yield store
    finally:
        store.magento("module:enable", *modules)
        store.drop_compiled()
        store.flush()


def test_finding_6_5_orders_and_stock_are_told_of_without_the_newer_inventory(
    without: Store, rest: Rest, connected: SidecarOfShop, shopper: Page
) -> None:
    number = "+5511912345704"
    rest.product("jug", 0)
    rest.call("POST", "recado/alerts", {"sku": "jug", "number": number})
    shopper.goto(re.findall(r"https?://\S+", connected.last_to(number))[0])
    shopper.click("form button")
    rest.product("jug", 5)
    without.send()
    wait_until(lambda: [m for m in connected.messages() if m["template"] == "product_available"], 90, 1)
    order = rest.place_as_guest("jug", telephone=number)
    without.send()
    assert connected.told(order, 1)[0] == ("order_placed", "delivered")
