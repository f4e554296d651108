"""The shops' own texts: from a draft to what customers read, and nothing unapproved at any entrance."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from sidecar.codes import Asked
from sidecar.domain.refused import Refused
from sidecar.domain.shop import Shop
from sidecar.intake import byhand
from sidecar.intake.byhand import WishRefused
from sidecar.keeping.approval import Draft
from sidecar.storage import orders
from sidecar.storage.tables import texts as texts_table
from sidecar.storage.texts import OwnText
from tests.world import World, order

MARIA = "+5511912345678"
PLACED = Draft("order_placed", "pt_BR", "{greeting}recebemos o pedido {order_number}. Valeu!")


def approved(world: World, written: Draft, shop: Shop | None = None) -> OwnText:
    return world.approval.approve(world.approval.offer(shop or world.shop, written).id)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def placed(world: World, number: int = 101) -> str:
    world.deliver("order.created", order("processing", order_id=number))
    world.settle(rounds=1)
    return str(world.all_messages()[-1]["text"])


def by_hand(world: World, key: str | None = None, text: str | None = None, order_id: str | None = None) -> str:
    byhand.send(
        world.database,
        world.intake,
        world.shop,
        lambda connection: byhand.wish(connection, world.shop, MARIA, key, text, order_id),
    )
    return str(world.all_messages()[-1]["text"])


class TestOnlyWhatIsApprovedLeaves:
    """At each entrance, in each state of the shop's own text."""

    def change(self, world: World) -> str:
        return placed(world)

    def staff(self, world: World) -> str:
        world.configure(staff_numbers=["+5511900000001"])
        placed(world)
        return str(world.all_messages()[-1]["text"])

    def manual(self, world: World) -> str:
        return by_hand(world, "order_placed", order_id="101")

    def button(self, world: World) -> str:
        byhand.send(
            world.database,
            world.intake,
            world.shop,
            lambda connection: byhand.test_wish(connection, world.shop, MARIA, "order_placed"),
        )
        return str(world.all_messages()[-1]["text"])

    def code(self, world: World) -> str:
        world.codes.ask(world.shop, Asked(MARIA, "203.0.113.7", "s1"))
        return str(world.all_messages()[-1]["text"])

    def preview(self, world: World) -> str:
        with world.database.read() as connection:
            return " ".join(found.filled.text for found in byhand.previews(connection, world.shop))

    ENTRANCES = pytest.mark.parametrize(
        ("entrance", "written"),
        [
            (change, PLACED),
            (staff, Draft("staff_new_order", "pt_BR", "Valeu! Pedido {order_number}")),
            (manual, PLACED),
            (button, PLACED),
            (code, Draft("one_time_code", "pt_BR", "Valeu! Seu codigo: {code}")),
            (preview, PLACED),
        ],
        ids=["change", "staff", "manual", "test", "code", "preview"],
    )

    @ENTRANCES
    @pytest.mark.parametrize("state", ["draft", "submitted", "refused", "approved", "replaced"])
    def test_in_each_state(self, world: World, state: str, entrance: Callable[..., str], written: Draft) -> None:
        bring_to(world, written, state)
        assert ("Valeu" in entrance(self, world)) is (state == "approved")


def bring_to(world: World, written: Draft, state: str) -> None:
    text = world.approval.draft(world.shop, written)
    if state != "draft":
        world.approval.submit(world.shop, text.id)
    if state == "refused":
        world.approval.refuse(text.id, "Too informal.")
    if state in ("approved", "replaced"):
        world.approval.approve(text.id)
    if state == "replaced":
        approved(world, replace(written, text=written.text.replace("Valeu!", "Obrigada!")))
    assert world.approval.find(text.id)[0].state == state


def test_another_shop_keeps_its_own_words(world: World) -> None:
    other = world.add_shop("shop_two")
    approved(world, PLACED, other)
    assert "Valeu" not in placed(world)


def test_a_text_is_for_its_own_language(world: World) -> None:
    approved(world, PLACED)
    with world.database.read() as connection:
        found = byhand.previews(connection, replace_locale(world.shop, "fr"), keys=["order_placed"])
    assert not found[0].is_own and "merci" in found[0].filled.text.lower()


def replace_locale(shop: Shop, locale: str) -> Shop:
    return replace(shop, settings=shop.settings.model_copy(update={"locale": locale}))


def test_a_text_of_its_own_making_can_be_sent_by_hand(world: World) -> None:
    approved(world, Draft("gift_wrapped", "pt_BR", "Pedido {order_number} embrulhado para presente.", "transactional"))
    placed(world)
    assert by_hand(world, "gift_wrapped", order_id="101") == "Loja: Pedido 101 embrulhado para presente. x@loja.example"
    message = world.all_messages()[-1]
    assert (message["template"], message["status"]) == ("gift_wrapped", "queued")


def test_words_of_its_own_last_as_long_as_the_catalogues(world: World) -> None:
    """A code of five minutes is of no use tomorrow, whoever worded it."""
    approved(world, Draft("one_time_code", "pt_BR", "Seu codigo: {code}", validity_hours=100))
    world.codes.ask(world.shop, Asked(MARIA, "203.0.113.7", "s1"))
    (message,) = world.all_messages()
    assert message["expires_at"] < "2026-11-22T15:10"


class TestLife:
    def test_each_step_from_each_state(self, world: World) -> None:
        steps: dict[str, Callable[[OwnText], object]] = {
            "change": lambda text: world.approval.change(world.shop, text.id, "Oi"),
            "submit": lambda text: world.approval.submit(world.shop, text.id),
            "approve": lambda text: world.approval.approve(text.id),
            "refuse": lambda text: world.approval.refuse(text.id, "No."),
        }
        allowed = {
            "draft": {"change", "submit"},
            "submitted": {"approve", "refuse"},
            "refused": {"change"},
            "approved": set(),
            "replaced": set(),
        }
        for state, fitting in allowed.items():
            for name, step in steps.items():
                bring_to(world, PLACED, state)
                wanted = {"replaced": "replaced"}.get(state, state)
                text = next(text for text in world.approval.several() if text.state == wanted)
                if name in fitting:
                    step(text)
                else:
                    assert refusal(lambda step=step, text=text: step(text)) == "wrong_state", (state, name)

    def test_a_refused_text_says_why_until_it_is_written_anew(self, world: World) -> None:
        text = world.approval.offer(world.shop, PLACED)
        assert world.approval.refuse(text.id, " Too informal. ").reason == "Too informal."
        anew = world.approval.change(world.shop, text.id, "{greeting}recebemos o pedido {order_number}.")
        assert (anew.state, anew.reason, anew.flags) == ("draft", "", ())
        assert world.approval.submit(world.shop, text.id).state == "submitted"

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
    def test_nobody_is_refused_without_a_reason(self, world: World, reason: str) -> None:
        text = world.approval.offer(world.shop, PLACED)
        assert refusal(lambda: world.approval.refuse(text.id, reason)) == "bad_reason"

    def test_another_shops_text_is_unknown(self, world: World) -> None:
        other, text = world.add_shop("shop_two"), world.approval.draft(world.shop, PLACED)
        assert refusal(lambda: world.approval.submit(other, text.id)) == "unknown_text"
        assert refusal(lambda: world.approval.change(other, text.id, "x")) == "unknown_text"
        assert refusal(lambda: world.approval.find(text.id, other)) == "unknown_text"
        assert world.approval.several(other) == []

    @pytest.mark.parametrize(
        ("written", "code"),
        [
            (replace(PLACED, locale="de"), "unknown_language"),
            (replace(PLACED, category="marketing"), "bad_category"),
            (Draft("mine", "en", "Hi", "code"), "bad_category"),
            (Draft("mine", "en", "Hi", "staff"), "bad_category"),
            (Draft("free_text", "en", "Hi"), "bad_key"),
        ],
    )
    def test_what_can_never_be_submitted_is_refused_at_once(self, world: World, written: Draft, code: str) -> None:
        assert refusal(lambda: world.approval.draft(world.shop, written)) == code

    @pytest.mark.parametrize("text", ["", "{tracking_url}", "{nonsense}", "Loja: oi", "x" * 700])
    def test_what_is_faulty_stays_a_draft(self, world: World, text: str) -> None:
        draft = world.approval.draft(world.shop, replace(PLACED, text=text))
        with pytest.raises(Refused) as refused:
            world.approval.submit(world.shop, draft.id)
        assert refused.value.code == "text_faulty" and refused.value.problems
        assert world.approval.find(draft.id)[0].state == "draft"
        assert refusal(lambda: world.approval.offer(world.shop, replace(PLACED, text=text))) == "text_faulty"
        assert len(world.approval.several()) == 1

    def test_advertising_in_an_order_text_is_flagged_for_the_operator(self, world: World) -> None:
        text = world.approval.offer(world.shop, replace(PLACED, text="Pedido {order_number}: aproveite o desconto!"))
        assert len(text.flags) == 1 and "desconto" in text.flags[0]

    def test_however_many_are_approved_at_once_one_stands(self, world: World) -> None:
        waiting = [world.approval.offer(world.shop, PLACED) for _ in range(4)]
        threads = [threading.Thread(target=world.approval.approve, args=(text.id,)) for text in waiting]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        states = sorted(text.state for text in world.approval.several())
        assert states == ["approved", "replaced", "replaced", "replaced"]


class TestByHandAboutARealOrder:
    def test_what_is_known_of_it_is_filled_in(self, world: World) -> None:
        world.deliver("order.created", order(order_id=101, number="A-77"))
        world.settle(rounds=1)
        assert "Maria" in by_hand(world, "order_placed", order_id="101")
        text = by_hand(world, text="Oi {first_name}, pedido {order_number}: {total}", order_id="101")
        assert "Maria" in text and "A-77" in text and "34,90" in text

    def test_of_an_unknown_order_only_its_id_is_known(self, world: World) -> None:
        assert "#555" in by_hand(world, "order_completed", order_id="555")
        with pytest.raises(WishRefused) as refused:
            by_hand(world, text="{total}", order_id="555")
        assert refused.value.code == "facts_needed"

    def test_another_shops_order_tells_nothing(self, world: World) -> None:
        world.add_shop("shop_two")
        world.deliver("order.created", order(order_id=101), shop_id="shop_two")
        world.settle(rounds=1)
        assert "Maria" not in by_hand(world, "order_placed", order_id="101")

    def test_the_customers_own_language_is_used(self, world: World) -> None:
        placed(world)
        with world.database.write() as connection:
            record = orders.lock(connection, [("shop_one", "101")])["shop_one", "101"]
            facts = {**record.facts, "locale": "fr_FR"}
            orders.save(connection, {("shop_one", "101"): replace(record, facts=facts)})
        assert "commande" in by_hand(world, "order_placed", order_id="101")

    def test_free_texts_only_while_the_shop_allows_them(self, world: World) -> None:
        by_hand(world, text="Oi")
        world.shop = replace(world.shop, settings=world.shop.settings.model_copy(update={"free_text": False}))
        with pytest.raises(WishRefused) as refused:
            by_hand(world, text="Oi")
        assert refused.value.code == "free_text_off"
        by_hand(world, "order_placed", order_id="5")


class TestPreviews:
    def test_with_a_sample_every_text_is_whole(self, world: World) -> None:
        with world.database.read() as connection:
            found = byhand.previews(connection, world.shop)
        assert len(found) > 30 and not [preview.unknown for preview in found if preview.unknown]

    def test_with_a_real_order_and_what_is_not_known_of_it(self, world: World) -> None:
        placed(world)
        with world.database.read() as connection:
            first, second = byhand.previews(connection, world.shop, "101", ["order_placed", "one_time_code"])
        assert "Maria" in first.filled.text and first.unknown == ()
        assert second.unknown == ("code",)

    def test_of_an_order_nobody_has_told(self, world: World) -> None:
        with world.database.read() as connection, pytest.raises(WishRefused) as refused:
            byhand.previews(connection, world.shop, "nope")
        assert refused.value.code == "unknown_order"


def test_a_text_that_a_later_version_cannot_fill_gives_way_to_the_built_in_one(world: World) -> None:
    approved(world, PLACED)
    with world.database.write() as connection:
        connection.execute(update(texts_table).values(text="{greeting}{a_word_of_old} {order_number}"))
    assert "Recebemos o seu pedido #101" in placed(world)
    assert world.failed() == []
