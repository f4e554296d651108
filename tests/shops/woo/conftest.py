"""One shop, one sidecar and one browser for all tests; skipped unless the folders of a shop are named."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.bench import procs

from ..browser import Screens
from ..servers import missing
from .shop import Sources, WooShop
from .sidecars import ShopSidecar, sidecar_of
from .visiting import Owner

SCREENS = procs.ROOT / "build" / "screens" / "woocommerce"


@pytest.fixture(scope="session")
def sources() -> Sources:
    given = Sources.given(os.environ)
    if not given.are_named():
        pytest.skip(given.missing())
    if reason := given.missing() or missing():
        pytest.fail(reason)
    return given


@pytest.fixture(scope="session")
def shop(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WooShop]:
    shop = WooShop.lay(tmp_path_factory.mktemp("woo") / "shop", sources)
    print("versions", shop.facts["versions"])
    try:
        yield shop
    finally:
        shop.stop()
    # Notices included, and whoever is at fault: a shop's log is read by its owner.
    assert not [line for line in shop.complaints() if "recado" in line.lower()]


@pytest.fixture(scope="session")
def sidecar(shop: WooShop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopSidecar]:
    """Running, with a shop in mode 0 that has not been told of it yet."""
    with sidecar_of(shop, tmp_path_factory.mktemp("woo-sidecar"), mode="0", sender="", contact="") as sidecar:
        sidecar.start()
        yield sidecar


@pytest.fixture(scope="session")
def browser(sources: Sources, browser: Browser) -> Browser:
    """The one for all, where there is a shop to visit."""
    return browser


@pytest.fixture(scope="session")
def screens() -> Screens:
    return Screens(SCREENS)


@pytest.fixture(scope="session")
def owner(browser: Browser, shop: WooShop) -> Owner:
    return Owner(browser, shop)


@pytest.fixture(scope="session")
def connected(owner: Owner, sidecar: ShopSidecar, screens: Screens) -> ShopSidecar:
    """The shop's own sidecar, connected by its settings page, in mode 3."""
    page = owner.open_settings()
    screens.take(page, "settings-not-connected")
    page.fill("#recado-code", sidecar.code)
    owner.save_settings()
    screens.take(page, "settings-connected")
    page.check("input[name='recado[mode]'][value='3']")
    page.fill("#recado-sender", "Loja da Ana")
    page.fill("#recado-contact", "(11) 4002-8922")
    owner.save_settings()
    screens.take(page, "settings-mode-3")
    return sidecar
