"""A shop's settings on the pages: shown, saved, and refused beside the field."""

import re
from typing import Any, ClassVar

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from sidecar.catalog.kinds import kinds
from sidecar.domain.shop import Platform, ShopSettings
from sidecar.storage import shops
from sidecar.storage.tables import audit
from sidecar.web.admin.purposes import NAMES
from sidecar.web.admin.settings.fields import fields_for
from sidecar.wiring import Recado

from .conftest import AddShop, ShopCaller
from .pages import fields_of, options_of, text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these pages ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def saved(recado: Recado, shop: ShopCaller) -> ShopSettings:
    with recado.database.read() as connection:
        return shops.several(connection, {shop.shop.id})[shop.shop.id].settings


def filled(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Without rows in which nothing stands, of which there are always some more."""
    return {name: [value for value in values if value] for name, values in form.lists() if any(values)}


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
            "delays__order_completed__count": "2",
            "delays__order_completed__unit": "d",
            "delays__order_completed__at": "10:00",
            "country": "PT",
            "code_countries": ["BR", "PT"],
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
            ({"answers__text": ["order_status"]}, "Write the word that customers send, with letters or digits."),
            ({"answers__word": ["horas"]}, "Choose the text that answers “horas”."),
            ({"answers__word": ["¡!"], "answers__text": ["order_status"]}, "Write the word that customers send"),
            (
                {"answers__word": ["Horas", "horas!"], "answers__text": ["order_status", "order_placed"]},
                "“horas!” stands there twice.",
            ),
            ({"delays__order_placed__count": "soon"}, "New order: write a number, up to 90 days in all, or an hour"),
            ({"delays__order_shipped__count": "91", "delays__order_shipped__unit": "d"}, "Parcel sent: write a number"),
            ({"delays__delivered__at": "9h"}, "Parcel delivered: write a number"),
            ({"told_from": "yesterday"}, "Write a day and an hour, such as 2026-11-25 09:00."),
        ],
    )
    def test_what_is_refused_is_told_beside_it_and_nothing_typed_is_lost(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado, typed: dict[str, Any], words: str
    ) -> None:
        before = saved(recado, ana)
        answer = self.save(inside, ana, contact="fale@ana.example", **typed)
        assert (answer.status_code, words in text_of(answer)) == (422, True)
        where = f"/admin/shops/{ana.shop.id}/settings"
        kept = filled(fields_of(answer.text, where))
        assert kept == filled(self.form(inside, ana, contact="fale@ana.example", **typed))
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
        where, form = (
            f"/admin/shops/{ana.shop.id}/settings",
            self.form(inside, ana, settle_seconds="logo", timezone="B"),
        )
        answer = inside.post(where, data=form, headers={"Accept-Language": "pt-BR"})
        assert "Escreva um número de 0 a 86.400." in text_of(answer)
        assert "“B” não é válido aqui. Como America/Sao_Paulo" in text_of(answer)

    @pytest.mark.parametrize(
        ("platform", "chosen", "status"),
        [
            (Platform.WOOCOMMERCE, {"cancelled_status": "cancelled"}, "cancelled"),
            (Platform.WOOCOMMERCE, {"cancelled_status__other": " called-off "}, "called-off"),
            (
                Platform.WOOCOMMERCE,
                {"cancelled_status": "cancelled", "cancelled_status__other": "called-off"},
                "called-off",
            ),
            (Platform.MAGENTO, {"cancelled_status": "canceled"}, "canceled"),
            (Platform.MAGENTO, {"cancelled_status": ""}, ""),
        ],
    )
    def test_an_answer_leads_to_a_status_that_is_chosen_or_written(
        self, inside: FlaskClient, add_shop: AddShop, recado: Recado, platform: Platform, chosen: Any, status: str
    ) -> None:
        shop = add_shop("Carla", platform=platform, cancelled_status="held-by-hand")
        offered = options_of(inside.get(f"/admin/shops/{shop.shop.id}/settings").text, "cancelled_status")
        assert {"", "held-by-hand", chosen.get("cancelled_status", "")} <= set(offered)
        assert self.save(inside, shop, **chosen).status_code == 303
        assert saved(recado, shop).cancelled_status == status
        assert self.form(inside, shop)["cancelled_status"] == status, "what is the shop's own is offered, too"

    def test_a_word_gets_an_answer_and_an_empty_word_takes_its_line_away(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        ana.post("/texts", {"key": "opening_hours", "locale": "pt_BR", "text": "Das 9 às 18 h."})
        page = inside.get(f"/admin/shops/{ana.shop.id}/settings").text
        assert options_of(page, "answers-text")[:3] == ["", "opening_hours", "order_placed"]
        typed: dict[str, Any] = {
            "answers__word": ["horas", "pedido=?"],
            "answers__text": ["opening_hours", "order_status"],
        }
        assert self.save(inside, ana, **typed).status_code == 303
        assert saved(recado, ana).answers == {"horas": "opening_hours", "pedido=?": "order_status"}
        assert self.save(inside, ana, contact="oi@ana.example").status_code == 303
        typed = {"answers__word": ["", "pedido=?"], "answers__text": ["", "order_placed"]}
        assert self.save(inside, ana, **typed).status_code == 303
        assert saved(recado, ana).answers == {"pedido=?": "order_placed"}

    def test_a_moment_is_one_of_the_clock_that_the_page_showed_it_by(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        assert self.save(inside, ana, told_from="2026-11-25T09:00", timezone="Asia/Tokyo").status_code == 303
        assert saved(recado, ana).told_from == "2026-11-25T12:00:00+00:00"
        assert self.form(inside, ana)["told_from"] == "2026-11-25T21:00"
        assert self.save(inside, ana, told_from="", contact="oi@ana.example").status_code == 303
        assert saved(recado, ana).told_from == ""

    def test_countries_are_ticked_by_name_and_those_far_away_are_folded(
        self, inside: FlaskClient, ana: ShopCaller, recado: Recado
    ) -> None:
        assert self.save(inside, ana, code_countries=["FR"]).status_code == 303
        page = inside.get(f"/admin/shops/{ana.shop.id}/settings", headers={"Accept-Language": "pt-BR"}).text
        near, far = page.split("Outros países")
        assert near.count('name="code_countries"') == 2 and "Brasil" in near and "França" in near
        assert "Alemanha" in far and far.index("África do Sul") < far.index("Alemanha") < far.index("Zâmbia")

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
