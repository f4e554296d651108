"""Asking a shop for the orders that changed: every order that is there is shown, whatever moves meanwhile."""

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.woocommerce.poller import Poller
from connectors.woocommerce.rest import Keys, Rest
from sidecar.domain.backoffice import Found, Page, ShopProblem
from tests.stock import all_shown
from tests.woo import FakeWoo, answer, recorded
from tests.world import NOON, order

SECOND = timedelta(seconds=1)


def poller(shop: FakeWoo) -> Poller:
    return Poller(Rest("https://shop.example", Keys("ck_1", "cs_1"), shop))


def shown(pages: list[Page]) -> list[int]:
    return [json.loads(found.body)["id"] for page in pages for found in page.found]


def all_since(shop: FakeWoo, since: datetime, size: int = 100) -> list[Page]:
    return list(poller(shop).orders(since, size))


def changed(number: int, seconds: float, status: str = "processing") -> dict[str, Any]:
    return order(status, order_id=number, modified=NOON + seconds * SECOND)


def test_the_fake_lists_what_the_real_shop_listed() -> None:
    rows = recorded("orders-modified_after-gmt")
    shop = FakeWoo()
    shop.put(*rows, changed(7, -86_400 * 30))
    pages = all_since(shop, datetime(2026, 11, 22, 12, 50, 1, tzinfo=UTC))
    assert shown(pages) == [row["id"] for row in rows]


def test_the_second_that_is_asked_from_is_part_of_the_answer() -> None:
    """Finding 28: `modified_after` leaves it out."""
    shop = FakeWoo()
    shop.put(changed(1, -1), changed(2, 0), changed(3, 1))
    assert shown(all_since(shop, NOON)) == [2, 3]


def test_moments_are_named_in_utc_without_an_offset_and_said_to_be_so() -> None:
    """Finding 28: naive moments are the shop's own time unless `dates_are_gmt` says otherwise."""
    shop = FakeWoo()
    all_since(shop, NOON)
    for _, _, query in shop.asked:
        assert (query["modified_after"], query["dates_are_gmt"]) == ("2026-11-22T14:59:59", "true")


def test_every_page_is_asked_for_from_where_the_one_before_ended() -> None:
    """Finding 27: no page numbers, which skip what moves; and no look beyond the last page."""
    shop = FakeWoo()
    shop.put(*(changed(number, number) for number in range(1, 8)))
    pages = all_since(shop, NOON, size=3)
    assert sorted(set(shown(pages))) == [1, 2, 3, 4, 5, 6, 7]
    assert not [query for _, _, query in shop.asked if "page" in query]
    assert pages[-1].up_to == NOON + 6 * SECOND


def test_an_order_that_changes_while_pages_are_read_hides_no_other() -> None:
    shop = FakeWoo()
    shop.put(*(changed(number, number) for number in range(1, 8)))

    def first_moves_to_the_end(_method: str, _path: str, query: dict[str, str]) -> None:
        if query["status"] == "any" and query["modified_after"] > "2026-11-22T15:00:00":
            shop.put(changed(1, 60))

    shop.before = first_moves_to_the_end
    assert sorted(set(shown(all_since(shop, NOON, size=3)))) == [1, 2, 3, 4, 5, 6, 7]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=25), st.integers(2, 4), st.randoms(use_true_random=False))
def test_no_order_is_hidden_however_many_share_a_second(seconds: list[int], size: int, chance: Random) -> None:
    """After a change in bulk more orders share a second than a page holds, and some change again meanwhile."""
    shop = FakeWoo()
    shop.put(*(changed(number + 1, second) for number, second in enumerate(seconds)))

    def one_moves_to_the_end(*_: object) -> None:
        if len(shop.asked) < 30 and chance.random() < 0.5:
            shop.put(changed(chance.randint(1, len(seconds)), 10 + len(shop.asked)))

    shop.before = one_moves_to_the_end
    seen, up_to = {}, NOON
    for page in poller(shop).orders(NOON, size):
        seen |= {found.key: found.modified_at for found in page.found}
        up_to = page.up_to or up_to
    missed = {n: row for n, row in shop.orders.items() if seen.get(str(n)) != moment_of(row) <= up_to}
    assert not missed


def moment_of(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["date_modified_gmt"] + "+00:00")


def test_trashed_orders_are_shown_and_say_nothing_of_how_far_we_are() -> None:
    """Findings 17 and 28: they leave the list of all."""
    shop = FakeWoo()
    shop.put(changed(1, 5), changed(2, 50, "trash"))
    pages = all_since(shop, NOON)
    assert [(json.loads(p.found[0].body)["status"], p.up_to) for p in pages] == [
        ("trash", None),
        ("processing", NOON + 4 * SECOND),
    ]


def test_what_somebody_types_at_the_checkout_is_not_kept() -> None:
    """Finding 16, where a plugin shows drafts in the list."""
    shop = FakeWoo(before=lambda *_: answer(200, [changed(1, 5, "checkout-draft")]))
    assert shown(all_since(shop, NOON)) == []


def test_a_shop_that_does_not_know_the_parameter_is_refused_and_not_read_from_the_beginning() -> None:
    shop = FakeWoo(before=lambda *_: answer(200, [changed(1, -86_400)]))
    with pytest.raises(ShopProblem) as problem:
        all_since(shop, NOON)
    assert problem.value.code == "too_old"


def test_a_variation_is_asked_for_by_itself_and_shown_with_its_whole_name() -> None:
    """Findings 22 and 25: the list shows no variations."""
    shop = FakeWoo(products={11: recorded("product-one"), 21: recorded("variation-via-products")})
    found = all_shown(poller(shop).stock([("11", ""), ("19", "21"), ("404", ""), ("../orders", "")]))
    told = [(each.key, each.topic, json.loads(each.body).get("name")) for each in found]
    assert told == [
        ("11:", "product.updated", "Caneca Azul 2"),
        ("19:21", "product.updated", "Tênis Corrida - 40"),
        ("404:", "product.deleted", None),
    ]


def test_a_product_that_cannot_be_shown_keeps_no_other_from_being_shown() -> None:
    """A plugin that breaks on one product answers 500 for it alone."""
    shop = FakeWoo(
        products={11: recorded("product-one")},
        before=lambda _method, where, _query: answer(500, {}) if where.endswith("/12") else None,
    )
    told = dict(poller(shop).stock([("12", ""), ("11", "")]))
    assert isinstance(problem := told["12", ""], ShopProblem) and problem.code == "shop_failing"
    assert isinstance(told["11", ""], Found)
