"""A store of two websites, each a shop of its own in the sidecar; the second one's view speaks Portuguese."""

from collections.abc import Iterator

import pytest

from tests.acceptance.processes import wait_until

from ..sidecars import SidecarOfShop
from .rest import Rest
from .store import Store

MAKE_SECOND = """
$stores = $make(\\Magento\\Store\\Model\\StoreManagerInterface::class);
if (!isset($stores->getStores(false, true)['second'])) {
    $website = $new(\\Magento\\Store\\Model\\Website::class)->setCode('second')->setName('Second');
    $website->save();
    $group = $new(\\Magento\\Store\\Model\\Group::class)->setWebsiteId($website->getId())->setCode('second');
    $group->setName('Second')->setRootCategoryId(2)->save();
    $view = $new(\\Magento\\Store\\Model\\Store::class)->setCode('second')->setName('Second')->setIsActive(1);
    $view->setWebsiteId($website->getId())->setGroupId($group->getId())->save();
    $stores->reinitStores();
}
$view = $stores->getStores(false, true)['second'];
return ['website' => (int)$view->getWebsiteId(), 'view' => (int)$view->getId()];
"""


@pytest.fixture
def second(store: Store, connected: SidecarOfShop) -> Iterator[dict[str, str]]:
    """The second website's shop in the sidecar, connected by the settings of that website alone."""
    made = store.php(MAKE_SECOND)
    store.set("general/locale/code", "pt_BR", "stores", made["view"])
    store.flush()
    url = store.url.replace("127.0.0.1", "localhost")
    keys = {**store.integration(), "store_codes": "second"}
    shop = connected.installation.open_shop("magento", name="Loja Dois", url=url, **keys)
    connected.installation.json("provider", "route", shop["shop_id"], "simulator")
    connection = {name: shop[name] for name in ("shop_id", "api_token", "events_secret")}
    told = store.save_settings(
        {"connection": {"address": connected.url, **connection}, "sending": {"mode": "3", "sender": "Loja Dois"}},
        website="second",
    )
    assert told == ["success: Recado works by these settings now."]
    store.flush()
    yield {**shop, "website": made["website"]}
    for scope, number in (("websites", made["website"]), ("stores", made["view"])):
        store.sql(f"DELETE FROM core_config_data WHERE scope = '{scope}' AND scope_id = {number}")
    store.flush()


def test_each_website_tells_its_own_shop_in_its_views_own_language(
    store: Store, rest: Rest, connected: SidecarOfShop, second: dict[str, str]
) -> None:
    rest.product("everywhere", 1000, websites=[1, int(second["website"])])
    first_order = rest.place_as_guest("everywhere")
    second_order = rest.of_view("second").place_as_guest("everywhere")
    assert "0 waiting, 0 given up" in store.send()

    def told(order: int) -> list[tuple[str, str]]:
        return [(m["shop_id"], m["text"]) for m in connected.messages() if m["order_id"] == str(order)]

    wait_until(lambda: told(first_order) and told(second_order), 60, 0.5)
    for shop in (connected.made, second):
        connected.ask_shop(shop["shop_id"])
    wait_until(lambda: all(row["state"] != "received" for row in connected.installation.json("inbox")), 60, 0.2)
    [(one, text)], [(other, texto)] = told(first_order), told(second_order)
    assert (one, other) == (connected.made["shop_id"], second["shop_id"])
    assert text.startswith("Loja da Ana") and "order" in text
    assert texto.startswith("Loja Dois") and "pedido" in texto
