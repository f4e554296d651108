"""What is known when a text is filled."""

from dataclasses import dataclass

from sidecar.catalog.languages import Language


@dataclass(frozen=True, slots=True)
class Context:
    """What a text may say, all as the shop wrote it: cleaned only when a text is filled. What is not known stays
    empty. `items` is what was bought, or how many; `delivery_date` is an ISO date, or words; links are whole
    addresses; `domain` is the host of the page that asks for the code, `minutes` how long that is valid;
    `status_name` is what the shop calls a status of its own."""

    number: str = ""
    first_name: str = ""
    status: str = ""
    total: str = ""
    currency: str = ""
    shop: str = ""
    customer_name: str = ""
    items: str = ""
    payment_method: str = ""
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    delivery_date: str = ""
    pickup_place: str = ""
    document: str = ""
    note: str = ""
    product: str = ""
    product_url: str = ""
    link: str = ""
    code: str = ""
    domain: str = ""
    minutes: int = 0
    status_name: str = ""


def sample_context(language: Language) -> Context:
    """An order as it might be, in which everything is known."""
    return Context(
        number="10482",
        status="processing",
        total="149.90",
        shop="Example Shop",
        tracking_number="908172635445",
        tracking_url="https://track.example/908172635445",
        delivery_date="2026-11-24",
        product_url="https://shop.example/p/10482",
        link="https://shop.example/a/7Kq2",
        code="482913",
        domain="shop.example",
        minutes=5,
        status_name="processing",
        **language.samples,
    )
