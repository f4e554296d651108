"""A shop's settings on the pages: shown, saved, and refused beside the field."""

import re
from typing import Any, ClassVar

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from sidecar.catalog.kinds import kinds
from sidecar.domain.backoffice import ShopProblem
from sidecar.domain.shop import Platform, ShopSettings
from sidecar.storage import shops
from sidecar.storage.tables import audit
from sidecar.web.admin.purposes import NAMES
from sidecar.web.admin.settings.fields import fields_for
from sidecar.wiring import Recado

from .conftest import AddShop, ShopCaller
from .pages import csrf_of, fields_of, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(f"/admin{path}", data={"csrf": csrf_of(client.get("/admin/you")), **fields})


def saved(recado: Recado, shop: ShopCaller) -> ShopSettings:
    with recado.database.read() as connection:
        return shops.several(connection, {shop.shop.id})[shop.shop.id].settings


class TestSettings:
    WEEKDAYS: ClassVar[dict[str, Any]] = {
        "transactional_window__kind": "each",
        "transactional_window__days": ["mon", "tue", "wed", "thu", "fri"],
    }

    def form(self, inside: FlaskClient, shop: ShopCaller, **changes: str | list[str] | None) -> MultiDict[str, str]:
        """As the page shows them, with these typed in (`__` stands for a dash); None takes ticks off."""
        where = f"/admin/shops/{shop.shop.id}/settings"
        form = fields_of(inside.get(where).get_data(as_text=True), where)
        for name, value in changes.items():
            form.poplist(name.replace("__", "-"))
            if value:
                form.setlist(name.replace("__", "-"), [value] if isinstance(value, str) else value)
        return form

    def save(self, inside: FlaskClient, shop: ShopCaller, **changes: str | list[str] | None) -> TestResponse:
        return inside.post(f"/admin/shops/{shop.shop.id}/settings", data=self.form(inside, shop, **changes))

    def test_every_setting_stands_on_the_page(self) -> None:
        assert {each.name for each in fields_for(operator=True)} | {"mode", "texts_off"} == set(
            ShopSettings.model_fields
        )

    def test_what_is_not_touched_stays_and_nothing_is_saved_by_looking(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        before = saved(recado, ana)
        assert "fault" not in inside.get(f"/admin/shops/{ana.shop.id}/settings").text
        assert self.save(inside, ana).status_code == 303
        assert saved(recado, ana) == before

    def test_what_an_owner_types_is_saved(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        typed: dict[str, Any] = {
            "mode": "2",
            "sender": "Casa da Ana",
            **self.WEEKDAYS,
            "transactional_window__mon-from": ["09:00", "14:00"],
            "transactional_window__mon-until": ["12:00", "18:00"],
            "transactional_window__holidays": "yes",
            "staff_numbers": "+5511912345678\r\n +5511987654321 \r\n",
            "delays": "order_completed = 2d at 10:00",
            "country": "pt",
            "code_countries": "br\r\nPT",
            "alert_factor": "1.5",
            "short_links": None,
            "write_states": "yes",
            "staff_events": ["order_shipped", "order_placed"],
            "placed_statuses": ["processing", "pending"],
            "placed_statuses__other": "paid-by-hand, collected",
        }
        assert self.save(inside, ana, **typed).status_code == 303
        now = saved(recado, ana)
        assert (int(now.mode), now.sender) == (2, "Casa da Ana")
        assert now.transactional_window == "mon 09:00-12:00,14:00-18:00; tue-fri 09:00-18:00; no holidays"
        assert now.staff_numbers == ("+5511912345678", "+5511987654321")
        assert (now.delays, now.alert_factor) == ({"order_completed": "2d at 10:00"}, 1.5)
        assert (now.short_links, now.write_states) == (False, True)
        assert (now.country, now.code_countries) == ("PT", ("BR", "PT"))
        assert now.staff_events == ("order_placed", "order_shipped")
        assert now.placed_statuses == ("processing", "pending", "paid-by-hand", "collected")
        shown = self.form(inside, ana).getlist("placed_statuses")
        assert sorted(shown) == sorted(now.placed_statuses), "what is not known by name is ticked, too"
        with recado.database.read() as connection:
            deed = connection.execute(select(audit.c.action, audit.c.detail)).one()
        assert (deed.action, "sender" in deed.detail["changed"]) == ("shop.settings", True)

    def test_what_somebody_else_saved_meanwhile_stays(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        where, opened = f"/admin/shops/{ana.shop.id}/settings", self.form(inside, ana)
        self.save(
            inside,
            ana,
            mode="1",
            sender="Casa da Ana",
            write_states="yes",
            staff_numbers="+5511912345678",
            **self.WEEKDAYS,
        )
        opened["contact"] = "x" * 200
        refused = inside.post(where, data=opened)
        assert refused.status_code == 422
        again = fields_of(refused.get_data(as_text=True), where)
        assert again == opened
        again["contact"] = "(11) 5555"
        assert inside.post(where, data=again).status_code == 303
        now = saved(recado, ana)
        assert (int(now.mode), now.sender, now.write_states) == (1, "Casa da Ana", True)
        assert now.transactional_window == "mon-fri 09:00-18:00"
        assert (now.staff_numbers, now.contact) == (("+5511912345678",), "(11) 5555")

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"mode": "6"}, "Choose another mode, or tick what this one needs."),
            ({"mode": "6", "stock_managed": "yes"}, "Choose another mode, or tick what this one needs."),
            (
                {"transactional_window__kind": "same", "transactional_window__every-from": ["9h", ""]},
                "Every day: say from when",
            ),
            ({**WEEKDAYS, "transactional_window__days": []}, "Tick at least one day"),
            (
                {"transactional_window__holidays": "yes", "transactional_window__region": "XX"},
                "The holidays of that place are not known: name another.",
            ),
            ({"placed_statuses": []}, "Tick at least one."),
            ({"staff_numbers": "11 91234"}, "“11 91234” cannot be read here. One a line, such as +5511912345678."),
            (
                {
                    "marketing_window__kind": "same",
                    "marketing_window__every-from": ["22:00", ""],
                    "marketing_window__every-until": ["23:00", ""],
                },
                "In the shop's country no advertising may leave in these hours",
            ),
            ({"sender": "x" * 41}, "At most 40 letters."),
            ({"alert_factor": "0"}, "Write a number above 0, at most 10."),
            ({"timezone": "Brasilia"}, "“Brasilia” cannot be read here. Such as America/Sao_Paulo."),
            ({"settle_seconds": "soon"}, "Write a number from 0 to 86,400."),
            ({"answers": " = hours"}, "No customer could write “”"),
        ],
    )
    def test_what_is_refused_is_told_beside_it_and_nothing_typed_is_lost(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado, typed: dict[str, Any], words: str
    ) -> None:
        before = saved(recado, ana)
        answer = self.save(inside, ana, contact="fale@ana.example", **typed)
        assert (answer.status_code, words in text_of(answer)) == (422, True)
        where = f"/admin/shops/{ana.shop.id}/settings"
        assert fields_of(answer.text, where) == self.form(inside, ana, contact="fale@ana.example", **typed)
        assert saved(recado, ana) == before

    @pytest.mark.parametrize(
        ("ticked", "lacking"),
        [
            ({}, ["switch that on", "switch them on"]),
            ({"stock_managed": True}, ["switch them on"]),
            ({"alerts_enabled": True}, ["switch that on"]),
            ({"stock_managed": True, "alerts_enabled": True}, []),
        ],
    )
    def test_why_modes_with_alerts_cannot_be_chosen_is_said_beforehand(
        self, inside: FlaskClient, add_shop: AddShop, ticked: dict[str, bool], lacking: list[str]
    ) -> None:
        shop = add_shop("Ana", **ticked)
        page = inside.get(f"/admin/shops/{shop.shop.id}/settings").text
        told = re.findall(r'<p class="feed doubt needs-\w+">([^<]+)</p>', page)
        assert ('<p class="hint needs-any">Modes 4, 5, 6 cannot be chosen yet.</p>' in page) == bool(lacking)
        assert [next(words for words in lacking if words in sentence) for sentence in told] == lacking
        assert (self.save(inside, shop, mode="6").status_code == 303) == (not lacking), "as saving has it"

    def test_every_number_that_is_none_is_answered_with_those_that_are(
        self, inside: FlaskClient, ana: ShopCaller
    ) -> None:
        numbers = [each.name for each in fields_for(operator=True) if each.kind == "number"]
        answer = self.save(inside, ana, **dict.fromkeys(numbers, "soon"))
        assert text_of(answer).count("Write a number ") == len(numbers)

    def test_what_is_wrong_is_told_in_the_language_of_who_typed_it(self, inside: FlaskClient, ana: ShopCaller) -> None:
        where, form = f"/admin/shops/{ana.shop.id}/settings", self.form(inside, ana, settle_seconds="logo", country="B")
        answer = inside.post(where, data=form, headers={"Accept-Language": "pt-BR"})
        assert "Escreva um número de 0 a 86.400." in text_of(answer)
        assert "“B” não é válido aqui. Duas letras" in text_of(answer)

    def test_statuses_are_those_of_the_shops_own_system(
        self, inside: FlaskClient, add_shop: AddShop, recado: Recado
    ) -> None:
        magento = add_shop("Carla", platform=Platform.MAGENTO, placed_statuses=("holded", "processing"))
        words = text_of(inside.get(f"/admin/shops/{magento.shop.id}/settings"))
        assert "Payment review" in words and "Pending payment" in words
        assert self.save(inside, magento, contact="oi@carla.example").status_code == 303
        assert saved(recado, magento).placed_statuses == ("holded", "processing"), "as it was, the first first"

    def test_all_that_can_be_ticked_by_name_is_what_the_staff_can_be_told_of(self) -> None:
        by_hand = {"information_needed", "return_approved", "order_confirmed_reply", "order_cancel_reply"}
        about_orders = {key for key, kind in kinds().items() if "order" in kind.context and kind.category != "staff"}
        assert set(NAMES) == about_orders - by_hand

    def test_modes_with_alerts_are_saved_with_what_they_need(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        assert self.save(inside, ana, mode="6", stock_managed="yes", alerts_enabled="yes").status_code == 303
        assert int(saved(recado, ana).mode) == 6

    def test_the_shops_address_is_the_operators_to_change(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        where = f"/shop-keys/{ana.shop.id}"
        assert post(inside, where, url="https://nova.example").status_code == 303
        with recado.database.read() as connection:
            assert shops.several(connection, {ana.shop.id})[ana.shop.id].url == "https://nova.example"
        with recado.database.write() as connection:
            shops.give(connection, recado.vault, ana.shop.id, "https://nova.example", {"consumer_key": "ck_1"})
        with pytest.raises(ShopProblem, match="just moved"):
            recado.back_offices.reach.keys_of(ana.shop)
        moved = post(inside, where, url="https://other.example")
        told = "The keys kept for nova.example would go to other.example" in text_of(moved)
        assert (moved.status_code, told) == (422, True)
        refused = post(inside, where, url="nowhere")
        assert (refused.status_code, "is not a shop&#39;s address" in refused.text) == (422, True)
