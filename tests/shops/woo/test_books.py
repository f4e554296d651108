"""What customers answer and what became of their texts, written into the books of a real shop: by the plugin, and by
the shop's keys."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.processes import wait_until

from .checkout import buy
from .shop import WooShop
from .sidecars import ShopSidecar

ANSWERS_1 = "(11) 91234-9909"
"""The simulated customer behind a number that ends so answers 1."""
_BOOKS = "do_action( 'recado_books' ); return 1;"
_ORDER = """$o = wc_get_order( {} );
return array( $o->get_status(), array_column( wc_get_order_notes( array( 'order_id' => {} ) ), 'content' ) );"""


@pytest.fixture
def settings(connected: ShopSidecar) -> Iterator[Any]:
    shop_id = connected.made["shop_id"]

    def change(*flags: str) -> None:
        connected.installation.json("shop", "set", shop_id, "--unchecked", *flags)

    yield change
    change("--confirm-orders", "never", "--confirmed-status", "", "--write-states", "false")


def test_the_plugin_notes_an_answer_once_and_brings_the_order_to_its_status(
    shop: WooShop, connected: ShopSidecar, settings: Any
) -> None:
    settings("--confirm-orders", "always", "--confirmed-status", "completed")
    order = buy(shop.url, shop.facts["goods"]["simple"], {}, phone=ANSWERS_1).order_id

    def written() -> tuple[str, list[str]]:
        shop.php(_BOOKS)
        status, notes = shop.php(_ORDER.format(order, order))
        return status, [note for note in notes if "<!-- " in note]

    wait_until(lambda: written()[0] == "completed", 60, 1)
    status, notes = written()
    # The simulated customer answers the next text, too, which is a note of its own.
    confirmed = [note for note in notes if "confirmou o pedido" in note or "confirmed the order" in note]
    assert (status, len(confirmed), len(set(notes))) == ("completed", 1, len(notes))


def test_the_orders_hold_what_became_of_their_texts_where_the_shop_wants_that(
    shop: WooShop, connected: ShopSidecar, settings: Any
) -> None:
    keys = shop.facts["keys"]
    given = ("--consumer-key", keys["consumer_key"], "--consumer-secret", keys["consumer_secret"])
    settings("--write-states", "true", *given)
    order = buy(shop.url, shop.facts["goods"]["simple"], {}, phone="(11) 91234-5677").order_id
    look = f"return wc_get_order( {order} )->get_meta( '_recado_messages' );"
    told = wait_until(lambda: [row for row in shop.php(look) or [] if "delivered" in row.values()], 150, 3)
    assert "order_placed" in str(told)
