"""A sidecar and a visitor for each test."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from .site import Site
from .visitor import Visitor


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, object, object]:
    """Python 3.11 cannot parse a source inside the greenlet in which the browser is driven, as pytest does to show
    where a test failed: a plain traceback needs none."""
    style, item.config.option.tbstyle = item.config.option.tbstyle, "native"
    try:
        return (yield)
    finally:
        item.config.option.tbstyle = style


@pytest.fixture
def site(tmp_path: Path, sqlite_url: str) -> Iterator[Site]:
    site = Site(tmp_path / "data", sqlite_url)
    site.start()
    yield site
    site.stop()


@pytest.fixture
def operator(browser: Browser, site: Site) -> Iterator[Visitor]:
    visitor = Visitor(browser, site).sign_in()
    yield visitor
    visitor.close()
