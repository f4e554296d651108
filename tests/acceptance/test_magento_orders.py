"""Orders as real Magento stores keep them, found by the poller, and the texts that come of them. Findings are those of
the study of running stores, by section and number."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acceptance.test_magento_feeds import Store
from tests.magento import recorded
from tests.world import World

TYPED = [
    ("BR", "(11) 98765-4321", "+5511987654321"),
    ("FR", "06 12 34 56 78", "+33612345678"),
    ("GB", "07700 900123", "+447700900123"),
    ("US", "+1 (212) 555-0147", "+12125550147"),
]


@pytest.fixture
def store(world: World) -> Store:
    world.clock.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    return Store(world, module=False, poller=True)


def place(store: Store, number: int, country: str, phone: str | None) -> None:
    """A virtual order has the billing address alone."""
    billing = {**recorded("order_virtual_pending")["billing_address"], "country_id": country, "telephone": phone}
    order = {**recorded("order_virtual_pending"), "entity_id": number, "billing_address": billing}
    store.fake.orders.append(order)
    store.change(number, "new", "pending", None)


def told(world: World, *what: str) -> list[tuple[Any, ...]]:
    return [tuple(message[name] for name in what) for message in world.all_messages()]


def test_finding_2_4_numbers_are_read_as_people_of_that_country_type_them(world: World, store: Store) -> None:
    for number, (country, phone, _) in enumerate(TYPED, 1):
        place(store, number, country, phone)
    assert told(world, "to", "status") == [(e164, "accepted") for _, _, e164 in TYPED]


def test_finding_2_4_what_is_no_number_is_shown_with_its_reason_and_stops_nothing(world: World, store: Store) -> None:
    """Magento takes "00" and forty zeros, and a shop may ask for no number at all."""
    for number, phone in enumerate(("00", "0" * 40, None), 1):
        place(store, number, "US", phone)
    place(store, 4, *TYPED[0][:2])
    assert told(world, "order_id", "status", "reason") == [
        ("1", "suppressed", "invalid_number"),
        ("2", "suppressed", "invalid_number"),
        ("3", "suppressed", "no_number"),
        ("4", "accepted", ""),
    ]


def test_finding_1_3_a_status_of_the_merchants_own_is_called_as_the_store_calls_it(world: World) -> None:
    """REST tells nobody; the module does, in the language of the store view."""
    store = Store(world, module=True, poller=False)
    store.change(1, "new", "pending", None)
    store.change(1, "processing", "pronto_retirada", ("new", "pending"), status_label="Pronto para retirada")
    _, text = (message["text"] for message in world.all_messages())
    assert "Pronto para retirada" in text


def test_finding_2_11_what_another_program_does_to_an_order_is_told_whatever_its_state_allows(
    world: World, store: Store
) -> None:
    """By POST /V1/orders, past Magento's own steps: complete without an invoice, with the state as it was, and back."""
    place(store, 1, *TYPED[0][:2])
    store.change(1, "new", "complete", None)
    store.change(1, "new", "processing", None)
    assert told(world, "template", "status") == [
        ("order_placed", "accepted"),
        ("order_completed", "accepted"),
        ("order_processing", "accepted"),
    ]
