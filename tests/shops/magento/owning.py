"""What an owner does on the settings page."""

from playwright.sync_api import Page, TimeoutError

from .store import Store

_READY = "window.jQuery && jQuery('#save').data('uiButton') && jQuery('#config-edit-form').data('validator')"
_PATIENCE_MS = 20_000


def settings_page(store: Store, owner: Page) -> None:
    owner.goto(f"{store.url}/admin/admin/system_config/edit/section/recado_sms")
    _have_scripts(owner)
    owner.wait_for_selector("#recado-state li.good, #recado-state li.bad")
    for group in ("texts", "alerts", "checkout"):
        if not owner.is_visible(f"#recado_sms_{group}"):
            # The page's header floats above what was scrolled to.
            owner.locator(f"#recado_sms_{group}-head").evaluate("head => head.click()")


def _have_scripts(owner: Page) -> None:
    """Where the scripts are quicker than the page, Magento's own theme calls for `collapse` before it is there, and no
    button of the page works: people load it again."""
    for _ in range(5):
        try:
            owner.wait_for_function(_READY, timeout=_PATIENCE_MS)
        except TimeoutError:
            owner.reload()
        else:
            return


def save(owner: Page) -> str:
    """What the page then says; to do more there, open it anew."""
    with owner.expect_navigation():
        owner.click("#save")
    owner.wait_for_selector("#messages .message")
    return owner.inner_text("#messages")


def set_value(owner: Page, field: str, value: str) -> None:
    """As a person would, who first takes the tick off "Use system value"."""
    inherit = owner.locator(f"#recado_sms_{field}_inherit")
    if inherit.count() and inherit.is_checked():
        # As above: a click by its place may meet the header.
        inherit.evaluate("tick => tick.click()")
    target = owner.locator(f"#recado_sms_{field}")
    target.select_option(value) if target.evaluate("e => e.tagName") == "SELECT" else target.fill(value)
