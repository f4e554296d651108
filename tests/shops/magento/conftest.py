"""One store, one sidecar and one browser for all tests; skipped unless a folder with Magento is named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.bench import procs

from ..browser import Screens
from ..phone import Phone, phone_for_codes
from ..sidecars import SidecarOfShop
from .rest import Rest
from .store import Store
from .visiting import patient

SCREENS = procs.ROOT / "build" / "screens" / "magento"


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """With the module in it, connected to no sidecar yet."""
    if not (given := os.environ.get("MAGENTO_DIR")):
        pytest.skip("Name a folder with Magento's code: MAGENTO_DIR=...")
    store = Store(Path(given))
    if reason := store.missing():
        pytest.fail(reason)
    try:
        store.start()
        store.install_module()
        print("Magento", store.version())
        yield store
    finally:
        store.stop()


@pytest.fixture(scope="session")
def rest(store: Store) -> Rest:
    return Rest(store.url, store.ADMIN, store.PASSWORD)


@pytest.fixture(scope="session")
def sidecar(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SidecarOfShop]:
    """Running, with a shop in mode 0 that may ask the store, and has not been told of by it yet."""
    shop = {"name": "Loja da Ana", "url": store.url, "mode": "0", "locale": "en", "store_codes": "default"}
    flags = {**shop, **store.integration()}
    sidecar = SidecarOfShop(tmp_path_factory.mktemp("sidecar"), "magento", **flags)
    try:
        sidecar.start()
        yield sidecar
    finally:
        sidecar.installation.close()


@pytest.fixture(scope="session")
def connected(store: Store, sidecar: SidecarOfShop) -> SidecarOfShop:
    """By the owner's own way: saving the settings page."""
    store.sql("DELETE FROM recado_sms_outbox")
    told = store.save_settings(
        {
            "connection": {
                "address": sidecar.url,
                "shop_id": sidecar.made["shop_id"],
                "api_token": sidecar.made["api_token"],
                "events_secret": sidecar.made["events_secret"],
            },
            "sending": {
                "mode": "3",
                "sender": "Loja da Ana",
                "contact": "(11) 4002-8922",
                "transactional_window": "always",
                "settle_seconds": "0",
                "cap_per_hour": "0",
                "cap_per_day": "0",
            },
        }
    )
    assert told == ["success: Recado works by these settings now."]
    store.flush()
    return sidecar


@pytest.fixture(scope="module")
def handset(connected: SidecarOfShop) -> Iterator[Phone]:
    """Where this shop's codes arrive."""
    with phone_for_codes(connected.installation, connected.made["shop_id"]) as handset:
        yield handset


@pytest.fixture(scope="session")
def browser(store: Store, browser: Browser) -> Browser:
    """The one for all, where there is a shop to visit."""
    return browser


@pytest.fixture
def shopper(browser: Browser) -> Iterator[Page]:
    page = patient(browser)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def owner(browser: Browser, store: Store) -> Iterator[Page]:
    page = patient(browser)
    page.goto(f"{store.url}/admin")
    page.fill("#username", store.ADMIN)
    page.fill("#login", store.PASSWORD)
    page.click(".action-login")
    page.wait_for_selector(".admin__menu")
    yield page
    page.context.close()


@pytest.fixture(scope="session")
def screens() -> Screens:
    return Screens(SCREENS)
