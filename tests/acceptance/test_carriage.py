"""A text goes by the first account that can carry it: with the provider's own template where it wants one, inside the
conversation where that is open, under a sender that the country lets through. Where none can, it is said at once."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from sidecar.codes import Asked
from sidecar.dispatch.balances import Balances
from sidecar.domain.capabilities import SenderKind
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.message import OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import Accepted, Balance, OutcomeUnknown, Rejected, SendOutcome
from sidecar.intake import byhand
from sidecar.providers.base import BalanceUnavailable
from sidecar.storage import accounts, texts
from sidecar.storage.tables import messages, replies
from sidecar.storage.texts import ALL_SHOPS, TextCode
from tests.world import MARIA, NOON, ObedientProvider, World, new_message, order

PARAMETERS = (("name", "first_name"), ("2", "order_number"))


def know(world: World, key: str = "order_placed", shop_id: str = ALL_SHOPS, **fields: Any) -> None:
    known = TextCode(shop_id, key, "pt_BR", "obedient", "T_1", "pt_BR", PARAMETERS)
    with world.database.write() as connection:
        texts.save_code(connection, replace(known, **fields))


def place(world: World, number: int = 101, **fields: Any) -> dict[str, Any]:
    world.deliver("order.created", order("processing", order_id=number, **fields))
    world.settle(rounds=1)
    return world.all_messages()[-1]


@pytest.fixture
def whatsapp(world: World) -> ObedientProvider:
    """First on the route, before the shop's own SMS account."""
    provider = world.add_account("acc_whatsapp", channel="whatsapp")
    provider.capabilities = replace(provider.capabilities, channels=frozenset({"whatsapp"}))
    world.route("acc_whatsapp", "acc_shop_one")
    return provider


@pytest.fixture
def templates_only(world: World) -> None:
    world.provider.capabilities = replace(world.provider.capabilities, templates_only=frozenset({"sms"}))


class TestTemplates:
    def test_a_text_leaves_as_the_provider_knows_it(self, world: World, templates_only: None) -> None:
        know(world)
        message = place(world)
        [sent] = world.provider.sent
        assert sent.template == ProviderTemplate("T_1", "pt_BR", (("name", "Maria"), ("2", "101")))
        told = {"code": "T_1", "language": "pt_BR", "parameters": [["name", "Maria"], ["2", "101"]]}
        assert message["provider_template"] == told
        assert [step.get("provider_template") for step in world.timeline(message)][-1] == "T_1"

    def test_one_that_it_does_not_know_is_refused_at_once(self, world: World, templates_only: None) -> None:
        message = place(world)
        assert (message["status"], message["reason"]) == ("suppressed", "no_template")
        assert world.provider.sent == []

    def test_or_goes_by_the_next_account(self, world: World, templates_only: None) -> None:
        other = world.add_account("acc_other")
        world.route("acc_shop_one", "acc_other")
        assert place(world)["status"] == "accepted"
        assert (len(other.sent), world.provider.sent, other.sent[0].template) == (1, [], None)

    def test_nothing_leaves_with_a_value_missing(self, world: World, templates_only: None) -> None:
        know(world)
        message = place(world, billing={"country": "BR", "phone": "11 91234-5678"})
        assert (message["status"], message["reason"]) == ("suppressed", "template_incomplete")

    def test_a_shop_s_own_words_go_by_a_template_of_its_own_only(self, world: World, templates_only: None) -> None:
        know(world)
        words = ("order_placed", "pt_BR", "Oba! {order_number}")
        own = texts.OwnText("shop_one", "txt_1", *words, "transactional", 24, (), "approved", NOON)
        with world.database.write() as connection:
            texts.add(connection, own)
        assert place(world)["reason"] == "no_template"
        know(world, shop_id="shop_one", code="T_OWN")
        assert place(world, 102)["status"] == "accepted"
        assert world.provider.sent[0].template.code == "T_OWN"  # type: ignore[union-attr]

    def test_what_stands_around_a_text_can_be_put_in_too(self, world: World, templates_only: None) -> None:
        know(world, parameters=(("header", "sender"), ("1", "contact"), ("2", "greeting")))
        place(world)
        sent = world.provider.sent[0].template
        assert sent and dict(sent.parameters) == {"header": "Loja", "1": "x@loja.example", "2": "Oi, Maria!"}

    def test_a_code_is_sealed_in_its_parameters_too(self, world: World, templates_only: None) -> None:
        know(world, key="one_time_code", parameters=(("code", "code"),))
        world.codes.ask(world.shop, Asked(MARIA, "198.51.100.7", "checkout"))
        code = f"{world.draws[0]:06}"
        with world.database.read() as connection:
            [row] = connection.execute(select(messages)).all()
        assert code not in str(row._mapping)
        assert row.templates["obedient"]["parameters"] == [["code", "******"]]
        world.dispatch()
        assert world.provider.sent[0].template == ProviderTemplate("T_1", "pt_BR", (("code", code),))
        with world.database.read() as connection:
            assert connection.scalar(select(messages.c.sealed)) is None

    def test_a_preview_tells_them(self, world: World) -> None:
        know(world)
        with world.database.read() as connection:
            [found] = byhand.previews(connection, world.shop, keys=["order_placed"])
        assert found.templates["obedient"].code == "T_1"

    def test_an_account_that_takes_over_has_its_own(self, world: World, whatsapp: ObedientProvider) -> None:
        know(world)
        whatsapp.outcomes = [Rejected("auth", permanent=False)]
        assert place(world)["status"] == "accepted"
        assert whatsapp.sent[0].template
        assert world.provider.sent[0].template is None, "by SMS it is free text"


class TestConversation:
    def test_free_text_goes_by_whatsapp_for_a_day_after_the_customer_wrote(
        self, world: World, whatsapp: ObedientProvider
    ) -> None:
        assert place(world, 101)["channel"] == "sms"
        world.hear("oi", account_id="acc_whatsapp")
        world.callbacks.work()
        assert place(world, 102)["channel"] == "whatsapp"
        world.clock.forward(hours=24, minutes=1)
        late = place(world, 103)
        assert late["channel"] == "sms"
        assert "acc_whatsapp" not in str(world.timeline(late)), "it was not even tried"
        assert ([m.text for m in whatsapp.sent], len(world.provider.sent)) == ([whatsapp.sent[0].text], 2)

    def test_a_word_to_another_account_or_from_another_number_opens_nothing(
        self, world: World, whatsapp: ObedientProvider
    ) -> None:
        world.hear("oi", account_id="acc_shop_one")
        world.hear("oi", sender="+5511987654321", account_id="acc_whatsapp")
        world.callbacks.work()
        assert place(world)["channel"] == "sms"

    def test_what_waited_until_it_was_over_takes_the_next_account(
        self, world: World, whatsapp: ObedientProvider
    ) -> None:
        world.hear("oi", account_id="acc_whatsapp")
        world.callbacks.work()
        world.deliver("order.created", order("processing"))
        world.reception.work()
        assert world.all_messages()[0]["channel"] == "whatsapp"
        world.clock.forward(hours=25)
        world.chores.beat()
        world.dispatch()
        [message] = world.all_messages()
        assert (message["channel"], message["status"], whatsapp.sent) == ("sms", "accepted", [])

    def test_with_a_template_it_need_not_be_open(self, world: World, whatsapp: ObedientProvider) -> None:
        know(world)
        assert place(world)["channel"] == "whatsapp"


class TestWays:
    def test_no_account_that_could_not_carry_it_is_asked_again(self, world: World, whatsapp: ObedientProvider) -> None:
        know(world)
        whatsapp.outcomes = [Rejected("not_on_whatsapp", permanent=True)] * 3
        world.provider.outcomes = [Rejected("sender_refused", permanent=True)] * 3
        message = place(world)
        assert (message["status"], message["reason"]) == ("rejected", "sender_refused")
        assert (len(whatsapp.sent), len(world.provider.sent)) == (1, 1)

    def test_it_may_wait_for_one_that_is_out_of_order(self, world: World, whatsapp: ObedientProvider) -> None:
        know(world)
        world.provider.outcomes = [Rejected("auth", permanent=False)] * 2
        whatsapp.outcomes = [Rejected("not_on_whatsapp", permanent=True)]
        assert place(world)["status"] == "queued"
        world.clock.forward(minutes=2)
        world.dispatch()
        assert world.all_messages()[0]["status"] == "queued"
        world.clock.forward(minutes=2)
        world.dispatch()
        assert (world.all_messages()[0]["status"], len(whatsapp.sent)) == ("accepted", 1)


class TestSenders:
    @pytest.fixture(autouse=True)
    def _named(self, world: World) -> None:
        world.provider.sender = "LojaDaAna"

    def test_a_country_that_lets_no_such_sender_through_is_not_tried(self, world: World) -> None:
        message = place(world)
        assert (message["status"], message["reason"]) == ("suppressed", "sender_unregistered")

    def test_one_that_is_set_for_it_is_used(self, world: World) -> None:
        with world.database.write() as connection:
            accounts.change(connection, "acc_shop_one", senders={"BR": "AnaBrasil"})
        message = place(world)
        assert [sent.sender for sent in world.provider.sent] == ["AnaBrasil"]
        assert world.timeline(message)[-1]["sender"] == "AnaBrasil"

    def test_the_fallback_and_why_are_told(self, world: World) -> None:
        with world.database.write() as connection:
            accounts.change(connection, "acc_shop_one", senders={"BR": "28777", "": "+12025550123"})
        message = place(world)
        step = world.timeline(message)[-1]
        told = [step[name] for name in ("sender", "instead_of_sender", "sender_reason")]
        assert told == ["+12025550123", "28777", "sender_unsupported"]

    def test_a_batch_to_several_countries_is_split_by_sender(self, world: World) -> None:
        batches: list[list[OutgoingMessage]] = []

        class Batching(ObedientProvider):
            capabilities = replace(
                ObedientProvider.capabilities, batch_size=10, senders=frozenset({SenderKind.NAME, SenderKind.NUMBER})
            )
            sender = "LojaDaAna"

            def send_batch(self, together: Any) -> list[SendOutcome]:
                batches.append(list(together))
                return [OutcomeUnknown(message.to) for message in together]

        world.provider = Batching()
        with world.database.write() as connection:
            accounts.change(connection, "acc_shop_one", senders={"BR": "AnaBrasil"})
            numbers = {f"+551191234{n:04}": "BR" for n in range(3)} | {f"+3361234{n:04}": "FR" for n in range(3)}
            rows = [
                new_message(
                    n, to=to, country=country, text="Back", batch_key="b", expires_at=NOON + timedelta(hours=1 + n)
                )
                for n, (to, country) in enumerate(numbers.items())
            ]
            world.messages.add(connection, rows, world.clock())
        world.dispatch()
        assert sorted((batch[0].sender, len(batch)) for batch in batches) == [("", 3), ("AnaBrasil", 3)]
        assert all(message["reason"] == message["to"] for message in world.all_messages()), "each its own outcome"


class TestWhatProvidersTell:
    def test_who_stops_advertising_on_whatsapp_goes_on_getting_the_rest(
        self, world: World, whatsapp: ObedientProvider
    ) -> None:
        whatsapp.outcomes = [Rejected("opted_out", permanent=True)]
        told = {"channel": "whatsapp", "account_id": "acc_whatsapp", "templates": _A_TEMPLATE}
        world.clock.forward(days=1)  # advertising rests on Sundays
        world.chores.beat()
        with world.database.write() as connection:
            world.messages.add(connection, [new_message(1, category="marketing", **told)], world.clock())
        world.dispatch()
        with world.database.read() as connection:
            standings = world.consents.standings(connection, [("shop_one", MARIA)])["shop_one", MARIA]
        assert standings == {Purpose.MARKETING: Standing.OUT}

    def test_an_id_with_a_nul_in_it_loses_nothing(self, world: World) -> None:
        world.provider.outcomes = [Accepted("P-\0strange")]
        message = place(world)
        assert (message["status"], message["provider_id"]) == ("accepted", "P-strange")
        told = {"id": "P-\0strange", "state": "delivered", "reason": "odd\0"}
        world.call_back("status", told, "acc_shop_one")
        world.call_back(
            "inbound", {"id": "IN\0", "from": MARIA, "text": "o\0i", "answers": "P-\0strange"}, "acc_shop_one"
        )
        world.callbacks.work()
        assert world.all_messages()[0]["status"] == "delivered"
        with world.database.read() as connection:
            assert [(row.provider_id, row.text) for row in connection.execute(select(replies))] == [("IN", "oi")]


_A_TEMPLATE = {"obedient": {"code": "T_1", "language": "pt_BR", "parameters": []}}


class TestBalances:
    def test_low_credit_is_told_once_each_time_it_falls(self, world: World) -> None:
        provider = Telling()
        world.provider = provider
        asking = Balances(world.database, world.provider_of, world.clock)
        with world.database.write() as connection:
            accounts.change(connection, "acc_shop_one", low_balance=Decimal(20))
        found = []
        for amount in ("25.5", "19.99", "3", "40", "7"):
            provider.left = Decimal(amount)
            with capture_logs() as told:
                asking.ask()
                asking.ask()
            world.clock.forward(minutes=11)
            found.append([entry["event"] for entry in told])
        low = "a provider account is low on credit"
        assert found == [[], [low], [], [], [low]]
        assert provider.asked == 5, "not more often than every ten minutes"
        with world.database.read() as connection:
            [account] = accounts.several(connection, ["acc_shop_one"])
        assert (account.balance, account.balance_unit, account.is_low) == (Decimal(7), "EUR", True)

    def test_one_that_does_not_tell_keeps_what_it_told(self, world: World) -> None:
        provider = Telling()
        world.provider = provider
        asking = Balances(world.database, world.provider_of, world.clock)
        assert asking.ask() == 1
        provider.left = None
        world.clock.forward(minutes=11)
        assert asking.ask() == 0
        with world.database.read() as connection:
            [account] = accounts.several(connection, ["acc_shop_one"])
        assert account.balance == Decimal(100)


class Telling(ObedientProvider):
    capabilities = replace(ObedientProvider.capabilities, balance=True)

    def __init__(self) -> None:
        super().__init__()
        self.left: Decimal | None = Decimal(100)
        self.asked = 0

    def balance(self) -> Balance:
        self.asked += 1
        if self.left is None:
            raise BalanceUnavailable("out of order")
        return Balance(self.left, "EUR")
