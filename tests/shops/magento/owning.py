"""What an owner does on the settings page."""

from playwright.sync_api import Page

from .store import Store


def settings_page(store: Store, owner: Page) -> None:
    owner.goto(f"{store.url}/admin/admin/system_config/edit/section/recado_sms")
    owner.wait_for_selector("#recado-state li.good, #recado-state li.bad")
    for group in ("texts", "alerts", "checkout"):
        if not owner.is_visible(f"#recado_sms_{group}"):
            # The page's header floats above what was scrolled to.
            owner.locator(f"#recado_sms_{group}-head").evaluate("head => head.click()")


def save(owner: Page) -> str:
    # Before its scripts are there, the page takes a click for none.
    owner.wait_for_load_state("networkidle")
    owner.click("#save")
    owner.wait_for_selector("#messages .message")
    return owner.inner_text("#messages")


def set_value(owner: Page, field: str, value: str) -> None:
    """As a person would, who first takes the tick off "Use system value"."""
    inherit = owner.locator(f"#recado_sms_{field}_inherit")
    if inherit.count() and inherit.is_checked():
        inherit.uncheck(force=True)
    target = owner.locator(f"#recado_sms_{field}")
    target.select_option(value) if target.evaluate("e => e.tagName") == "SELECT" else target.fill(value)
