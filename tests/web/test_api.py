"""The shops' API, asked over HTTP."""

from functools import partial
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sidecar.catalog.kinds import kind_of
from sidecar.catalog.templates import keys
from sidecar.domain.segments import count
from sidecar.domain.shop import ShopSettings
from sidecar.storage import shops
from sidecar.storage.tables import messages
from sidecar.web.api.refusals import MAX_BODY
from sidecar.wiring import Recado

from .conftest import AddShop, ShopCaller, together

MOBILE = "+5511987654321"
LANDLINE = "+551140028922"


class TestWhoMayAsk:
    def test_every_route_but_the_document_needs_a_token(self, app: Flask, client: FlaskClient) -> None:
        guarded = 0
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith("/api/v1") and rule.endpoint != "api.openapi_document":
                for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                    answer = client.open(rule.rule.replace("<message_id>", "msg_1"), method=method)
                    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), rule
                    guarded += 1
        assert guarded >= 8

    @pytest.mark.parametrize("value", ["", "Bearer", "Bearer ", "Bearer rct_wrong", "Basic cmN0Og==", "rct_wrong"])
    def test_what_is_no_known_token_is_refused(self, client: FlaskClient, ana: ShopCaller, value: str) -> None:
        answer = client.get("/api/v1/settings", headers={"Authorization": value})
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.json["code"] == "unauthorized"

    def test_the_scheme_may_be_written_small(self, client: FlaskClient, ana: ShopCaller) -> None:
        assert client.get("/api/v1/settings", headers={"Authorization": f"bearer {ana.token}"}).status_code == 200

    def test_a_token_is_only_a_token_whole(self, client: FlaskClient, ana: ShopCaller) -> None:
        for cut in (ana.token[:-1], ana.token.upper(), shops.digest(ana.token)):
            assert client.get("/api/v1/settings", headers={"Authorization": f"Bearer {cut}"}).status_code == 401

    def test_answers_are_not_kept_by_caches(self, ana: ShopCaller, client: FlaskClient) -> None:
        assert ana.get("/settings").headers["Cache-Control"] == "no-store"
        assert client.get("/api/v1/settings").headers["Cache-Control"] == "no-store"


class TestSettings:
    def test_they_have_the_names_they_have_everywhere(self, ana: ShopCaller) -> None:
        assert list(ana.get("/settings").json) == list(ShopSettings.model_fields)

    def test_a_change_is_saved_and_leaves_the_others_alone(self, ana: ShopCaller) -> None:
        answer = ana.patch({"sender": "Ana & Co", "settle_seconds": 0})
        assert answer.status_code == 200
        after = ana.get("/settings").json
        assert answer.json == after
        assert (after["sender"], after["settle_seconds"], after["contact"]) == ("Ana & Co", 0, "(11) 4002-8922")

    def test_what_was_read_can_be_written_back(self, ana: ShopCaller) -> None:
        before = ana.get("/settings").json
        assert ana.patch(before).json == before

    @pytest.mark.parametrize(
        ("change", "name", "words"),
        [
            ({"mode": 7}, "mode", "from 0 to 6"),
            ({"timezone": "Mars/Olympus"}, "timezone", "America/Sao_Paulo"),
            ({"transactional_window": "9-18"}, "transactional_window", "09:00-18:00"),
            ({"settle_seconds": -1}, "settle_seconds", "0"),
            ({"colour": "red"}, "colour", "no such setting"),
            ({"mode": 6}, "mode", "switch on stock management"),
            ({"mode": 6, "stock_managed": True}, "mode", "switch on availability alerts"),
        ],
    )
    def test_what_cannot_be_saved_is_told_by_field_and_nothing_is_saved(
        self, ana: ShopCaller, change: dict[str, Any], name: str, words: str
    ) -> None:
        before = ana.get("/settings").json
        answer = ana.patch({"sender": "Other", **change})
        assert (answer.status_code, answer.json["code"]) == (422, "bad_setting")
        assert words in answer.json["errors"][name]
        assert ana.get("/settings").json == before

    def test_a_mode_with_alerts_is_saved_with_all_it_needs(self, ana: ShopCaller) -> None:
        assert ana.patch({"mode": 6, "stock_managed": True, "alerts_enabled": True}).json["mode"] == 6

    def test_a_shop_cannot_release_itself_from_prepaying(self, add_shop: AddShop) -> None:
        prepaid = add_shop("Pre", billing="prepaid")
        assert "operator" in prepaid.patch({"billing": "unmetered"}).json["errors"]["billing"]
        assert prepaid.get("/balance").json["billing"] == "prepaid"
        assert prepaid.patch({"billing": "prepaid", "sender": "P"}).status_code == 200

    def test_changes_made_at_once_are_all_kept(self, ana: ShopCaller, app: Flask) -> None:
        def change(name: str) -> None:
            own = ShopCaller(ana.shop, ana.token, app.test_client())
            for number in range(8):
                own.patch({name: f"{name} {number}"})

        together([partial(change, name) for name in ("sender", "contact")])
        after = ana.get("/settings").json
        assert (after["sender"], after["contact"]) == ("sender 7", "contact 7")

    def test_one_shop_changes_only_itself(self, ana: ShopCaller, bob: ShopCaller) -> None:
        ana.patch({"sender": "Changed"})
        assert bob.get("/settings").json["sender"] == "Bob"


class TestTemplates:
    def test_each_is_filled_as_it_would_be_sent(self, ana: ShopCaller) -> None:
        answer = ana.get("/templates").json
        assert [template["key"] for template in answer["templates"]] == list(keys())
        for template in answer["templates"]:
            assert template["text"].startswith("Ana: ")
            assert template["text"].endswith(" (11) 4002-8922") == kind_of(template["key"]).contact
            assert "{" not in template["text"]
            counted = count(template["text"])
            assert (template["encoding"], template["segments"]) == (counted.encoding, counted.segments)

    def test_they_are_in_the_shops_language(self, ana: ShopCaller, bob: ShopCaller) -> None:
        hers, his = (shop.get("/templates").json["templates"][0]["text"] for shop in (ana, bob))
        assert "obrigado" in hers
        assert "thank you" in his


class TestBodies:
    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        """A body that is refused never reaches it."""
        return sqlite_url

    ASKED = (("PATCH", "/settings"), ("POST", "/test-message"), ("POST", "/messages"))

    @pytest.mark.parametrize(("method", "path"), ASKED)
    @pytest.mark.every_case_on_both
    @pytest.mark.parametrize(
        ("body", "content_type", "status", "code"),
        [
            (b"{", "application/json", 400, "bad_json"),
            (b"", "application/json", 400, "bad_json"),
            (b"[1]", "application/json", 400, "bad_json"),
            (b'{"to": NaN}', "application/json", 400, "bad_json"),
            (b'{"to": "\\ud800"}', "application/json", 400, "bad_json"),
            (b'{"to": "\xff"}', "application/json", 400, "bad_json"),
            (b"[" * 50_000, "application/json", 400, "bad_json"),
            (b"to=1", "application/x-www-form-urlencoded", 415, "not_json"),
            (b"{}", "text/plain", 415, "not_json"),
            (b"{}", "", 415, "not_json"),
            (b" " * MAX_BODY + b"{}", "application/json", 413, "too_large"),
        ],
    )
    def test_what_is_no_fitting_json_object_is_refused(
        self, ana: ShopCaller, method: str, path: str, body: bytes, content_type: str, status: int, code: str
    ) -> None:
        answer = ana.call(method, path, data=body, headers={"Content-Type": content_type})
        assert (answer.status_code, answer.json["code"]) == (status, code)
        assert answer.content_type == "application/problem+json"

    @pytest.mark.parametrize("path", ["/test-message", "/messages"])
    @pytest.mark.parametrize(
        ("body", "name"),
        [
            ({}, "to"),
            ({"to": ""}, "to"),
            ({"to": 5511987654321}, "to"),
            ({"to": "1" * 201}, "to"),
            ({"to": MOBILE, "tmplate": "order_placed"}, "tmplate"),
            ({"to": MOBILE, "template": ["order_placed"]}, "template"),
        ],
    )
    def test_fields_that_do_not_fit_are_named(self, ana: ShopCaller, path: str, body: Any, name: str) -> None:
        answer = ana.post(path, body)
        assert (answer.status_code, answer.json["code"]) == (422, "bad_field")
        assert answer.json["errors"][name].startswith(f"{name}: ")

    def test_the_limit_is_the_same_for_bodies_in_chunks(self, ana: ShopCaller) -> None:
        for size, status in ((MAX_BODY, 200), (MAX_BODY + 1, 413), (MAX_BODY * 3, 413)):
            answer = ana.call(
                "PATCH",
                "/settings",
                input_stream=BytesIO(b'{"sender": "X"}'.ljust(size)),
                headers={"Content-Type": "application/json", "Transfer-Encoding": "chunked"},
                environ_overrides={"wsgi.input_terminated": True},
            )
            assert answer.status_code == status, size

    def test_a_charset_does_no_harm(self, ana: ShopCaller) -> None:
        headers = {"Content-Type": "application/json; charset=utf-8"}
        assert ana.call("PATCH", "/settings", data=b'{"sender": "X"}', headers=headers).status_code == 200


def test_a_failing_database_shows_nothing_of_itself(ana: ShopCaller, recado: Recado) -> None:
    with recado.database.write() as connection:
        messages.drop(connection)
    answer = ana.get("/messages")
    assert (answer.status_code, answer.json["code"]) == (503, "database_down")
    assert "sqlite" not in answer.get_data(as_text=True).lower()
