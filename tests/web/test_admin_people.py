"""Accounts of people: who gets in, how far, and what is written down of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select
from werkzeug.test import TestResponse

from sidecar.app import create_app
from sidecar.domain.address import AllowedAddresses
from sidecar.keeping.users import STEP_SECONDS
from sidecar.storage.audit import Doer
from sidecar.storage.tables import audit, messages, users
from sidecar.storage.users import Role
from sidecar.web.admin.guard import OF_EVERYBODY, PUBLIC, may_pass
from sidecar.web.admin.session import Who
from sidecar.wiring import Recado, utc_now

from .conftest import ShopCaller
from .pages import csrf_of, sign_in, text_of

BY = Doer("", "a test")
SECRET = "ten characters and more"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is asked of the database here, other tests ask of both kinds."""
    return sqlite_url


Enter = Callable[..., FlaskClient]


@pytest.fixture
def enter(app: Flask, recado: Recado) -> Enter:
    """Somebody with an account of their own, at the pages."""

    def enter(email: str = "ana@loja.example", role: Role = Role.OWNER, *shop_ids: str) -> FlaskClient:
        recado.users.add(BY, email, role, shop_ids, SECRET)
        client = app.test_client()
        assert login(client, email).status_code == 303
        return client

    return enter


def login(client: FlaskClient, email: str, password: str = SECRET, **options: Any) -> TestResponse:
    form = {"csrf": csrf_of(client.get("/admin/login", **options)), "email": email, "password": password}
    return client.post("/admin/login", data=form, **options)


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf": csrf_of(client.get("/admin/you")), **fields})


class TestAnOwner:
    @pytest.fixture
    def owner(self, enter: Enter, ana: ShopCaller, bob: ShopCaller) -> FlaskClient:
        return enter("ana@loja.example", Role.OWNER, ana.shop.id)

    def test_comes_home_to_their_shop(self, owner: FlaskClient, ana: ShopCaller) -> None:
        assert owner.get("/admin/").headers["Location"] == f"/admin/shops/{ana.shop.id}/"
        page = text_of(owner.get(f"/admin/shops/{ana.shop.id}/"))
        assert "Ana" in page
        assert "Bob" not in page

    def test_of_all_routes_passes_those_of_their_shop_and_no_other(
        self, app: Flask, owner: FlaskClient, ana: ShopCaller, bob: ShopCaller
    ) -> None:
        """Every route there is, walked with the id of another shop and with ids of that shop's things."""
        theirs = bob.message()["id"]
        ids = {"shop_id": bob.shop.id, "message_id": theirs, "filename": "recado.css"}
        token = csrf_of(owner.get("/admin/you"))
        adapter = app.url_map.bind("localhost")
        walked = 0
        for rule in app.url_map.iter_rules():
            if not rule.endpoint.startswith("admin.") or rule.endpoint in PUBLIC | OF_EVERYBODY:
                continue
            values = {**{name: ids.get(name, "x1") for name in rule.arguments}, **(rule.defaults or {})}
            path = adapter.build(rule.endpoint, values)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                form = {"csrf": token, "id": theirs, "action": "cancel", "role": "operator", "email": "x@x.example"}
                answer = owner.open(path, method=method, data=form if method == "POST" else None)
                assert answer.status_code == 404, (method, path)
                assert "Bob" not in text_of(answer), path
                walked += 1
        assert walked >= 15

    def test_with_their_shops_address_nothing_of_another_is_reached(
        self, owner: FlaskClient, recado: Recado, ana: ShopCaller, bob: ShopCaller
    ) -> None:
        theirs = bob.message(text="Secret of Bob")["id"]
        of_ana = f"/admin/shops/{ana.shop.id}"
        assert owner.get(f"{of_ana}/messages/{theirs}").status_code == 404
        assert "Secret of Bob" not in text_of(owner.get(f"{of_ana}/messages?q={theirs}"))
        assert "Secret of Bob" not in owner.get(f"{of_ana}/messages.csv?q={theirs}").get_data(as_text=True)
        assert "Secret of Bob" not in text_of(post(owner, f"{of_ana}/messages/plan", id=theirs, action="cancel"))
        post(owner, f"{of_ana}/messages/do", id=theirs, action="cancel", token="t")
        with recado.database.read() as connection:
            assert connection.scalar(select(messages.c.state).where(messages.c.id == theirs)) != "cancelled"

    @pytest.mark.parametrize("sign", ["%00", "%0A", "%C3%A9", "%20%00"])
    def test_signs_that_no_id_has_name_no_shop_and_not_all_of_them(
        self, owner: FlaskClient, app: Flask, sign: str
    ) -> None:
        assert sign_in(operator := app.test_client()).status_code == 303
        for page in ("messages", "messages.csv", "settings", "conversations"):
            assert owner.get(f"/admin/shops/{sign}/{page}").status_code == 404
            assert operator.get(f"/admin/shops/{sign}/{page}").status_code == 404

    def test_the_guard_knows_no_way_round(self, recado: Recado, enter: Enter, ana: ShopCaller) -> None:
        enter("eve@loja.example", Role.OWNER, ana.shop.id)
        user = recado.users.named("eve@loja.example")
        assert may_pass(Who(user), "admin.anything_new", {"shop_id": ana.shop.id})
        for arguments in ({}, {"shop_id": ""}, {"shop_id": "shop_bob"}, {"shop_id": None}):
            assert not may_pass(Who(user), "admin.anything_new", arguments)

    def test_of_several_shops_sees_each(self, enter: Enter, ana: ShopCaller, bob: ShopCaller) -> None:
        both = enter("two@loja.example", Role.OWNER, ana.shop.id, bob.shop.id)
        assert both.get(f"/admin/shops/{bob.shop.id}/").status_code == 200
        assert both.get(f"/admin/shops/{ana.shop.id}/").status_code == 200
        assert both.get("/admin/messages").status_code == 404


class TestSigningIn:
    def test_by_account(self, enter: Enter) -> None:
        operator = enter("op@recado.example", Role.OPERATOR)
        assert operator.get("/admin/").status_code == 200
        assert "op@recado.example" in text_of(operator.get("/admin/"))

    def test_the_admin_password_still_opens_without_a_name(self, enter: Enter, client: FlaskClient) -> None:
        enter("op@recado.example", Role.OPERATOR)
        assert sign_in(client).status_code == 303
        assert client.get("/admin/people").status_code == 200

    @pytest.mark.parametrize("email", ["op@recado.example", "nobody@recado.example"])
    def test_a_wrong_password_opens_nothing(self, enter: Enter, app: Flask, email: str) -> None:
        enter("op@recado.example", Role.OPERATOR)
        client = app.test_client()
        assert login(client, email, "wrong password").status_code == 403
        assert client.get("/admin/").status_code == 303

    def test_an_account_is_tried_from_many_addresses_in_vain(self, enter: Enter, app: Flask) -> None:
        enter("op@recado.example", Role.OPERATOR)
        client = app.test_client()
        for number in range(20):
            where = {"REMOTE_ADDR": f"192.0.2.{number + 1}"}
            assert login(client, "op@recado.example", "wrong", environ_base=where).status_code == 403
        elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
        assert login(client, "op@recado.example", environ_base=elsewhere).status_code == 429

    @pytest.mark.parametrize("change", ["disable", "set_password", "end_sessions", "remove"])
    def test_what_was_opened_ends_with(self, enter: Enter, recado: Recado, change: str) -> None:
        client = enter("op@recado.example", Role.OPERATOR)
        getattr(recado.users, change)(BY, recado.users.named("op@recado.example"))
        assert client.get("/admin/you").headers["Location"] == "/admin/login"

    def test_a_part_of_a_page_leads_to_the_door_too(self, client: FlaskClient) -> None:
        answer = client.get("/admin/messages", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/admin/login")


class TestTheAuthenticatorApp:
    def code(self, recado: Recado, steps: int = 0) -> str:
        sealed = recado.users.named("op@recado.example").totp_secret
        return TOTP(recado.vault.open(sealed)).generate_otp(int(utc_now().timestamp()) // STEP_SECONDS + steps)

    @pytest.fixture
    def client(self, enter: Enter, recado: Recado) -> FlaskClient:
        client = enter("op@recado.example", Role.OPERATOR)
        post(client, "/admin/you/totp")
        assert 'src="data:image/svg+xml' in client.get("/admin/you").get_data(as_text=True)
        assert post(client, "/admin/you/totp/confirm", code="000 000").status_code == 422
        assert not recado.users.named("op@recado.example").totp_on
        assert post(client, "/admin/you/totp/confirm", code=self.code(recado, -1)).status_code == 303
        return client

    def test_asks_for_a_code_after_the_password(self, app: Flask, client: FlaskClient, recado: Recado) -> None:
        other = app.test_client()
        assert login(other, "op@recado.example").headers["Location"] == "/admin/login/code"
        assert other.get("/admin/").status_code == 303
        form = {"csrf": csrf_of(other.get("/admin/login/code")), "code": "123456"}
        assert other.post("/admin/login/code", data=form).status_code == 403
        assert other.post("/admin/login/code", data={**form, "code": self.code(recado)}).status_code == 303
        assert other.get("/admin/").status_code == 200

    def test_a_code_serves_once(self, app: Flask, client: FlaskClient, recado: Recado) -> None:
        used = self.code(recado, -1)
        other = app.test_client()
        login(other, "op@recado.example")
        form = {"csrf": csrf_of(other.get("/admin/login/code")), "code": used}
        assert other.post("/admin/login/code", data=form).status_code == 403

    def test_codes_are_not_guessed(self, app: Flask, client: FlaskClient) -> None:
        other = app.test_client()
        login(other, "op@recado.example")
        form = {"csrf": csrf_of(other.get("/admin/login/code")), "code": "123456"}
        statuses = [other.post("/admin/login/code", data=form).status_code for _ in range(6)]
        assert statuses[-1] == 429

    def test_without_the_password_no_code_is_asked_for(self, app: Flask, client: FlaskClient) -> None:
        assert app.test_client().get("/admin/login/code").headers["Location"] == "/admin/login"

    def test_a_lost_one_is_forgotten_by_an_operator(self, app: Flask, client: FlaskClient, recado: Recado) -> None:
        user = recado.users.named("op@recado.example")
        other = app.test_client()
        sign_in(other)
        post(other, f"/admin/people/{user.id}/totp/end")
        assert not recado.users.named(user.email).totp_on


class TestPeople:
    def test_an_operator_adds_an_owner(self, inside: FlaskClient, app: Flask, ana: ShopCaller) -> None:
        answer = post(inside, "/admin/people", email="New@Loja.example", role="owner", shop=ana.shop.id)
        password = re.search(r'class="secret">([^<]+)<', answer.get_data(as_text=True))
        assert password
        new = app.test_client()
        assert login(new, "new@loja.example", password[1]).status_code == 303
        assert new.get("/admin/").headers["Location"] == f"/admin/shops/{ana.shop.id}/"
        assert password[1] not in text_of(inside.get("/admin/people"))

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"email": "no address", "role": "operator"}, "That is not an e-mail address."),
            ({"email": "a@b.example", "role": "owner"}, "An owner has a shop: say which."),
            ({"email": "a@b.example", "role": "owner", "shop": "shop_none"}, "There is no such shop."),
        ],
    )
    def test_what_does_not_do_is_told(self, inside: FlaskClient, fields: dict[str, str], words: str) -> None:
        answer = post(inside, "/admin/people", **fields)
        assert answer.status_code == 422
        assert words in text_of(answer)

    def test_nobody_changes_themselves_there(self, enter: Enter, recado: Recado) -> None:
        client = enter("op@recado.example", Role.OPERATOR)
        own = recado.users.named("op@recado.example").id
        for path in ("disable", "remove", "password", "shops"):
            assert post(client, f"/admin/people/{own}/{path}").status_code == 409

    def test_who_did_what_is_written_down(self, inside: FlaskClient, recado: Recado, ana: ShopCaller) -> None:
        post(inside, "/admin/people", email="a@b.example", role="owner", shop=ana.shop.id)
        post(inside, f"/admin/people/{recado.users.named('a@b.example').id}/disable", disabled="yes")
        with recado.database.read() as connection:
            rows = connection.execute(select(audit).order_by(audit.c.id)).all()
        assert [(row.who, row.action, row.subject) for row in rows] == [
            ("admin", "user.add", "a@b.example"),
            ("admin", "user.disable", "a@b.example"),
        ]
        page = text_of(inside.get("/admin/people/log"))
        assert "admin user.add a@b.example" in page
        assert "127.0.0.1" in page


class TestOneself:
    def test_a_new_password(self, enter: Enter, app: Flask) -> None:
        client = enter("op@recado.example", Role.OPERATOR)
        assert post(client, "/admin/you/password", current="wrong", new="another password").status_code == 403
        assert post(client, "/admin/you/password", current=SECRET, new="short").status_code == 422
        assert post(client, "/admin/you/password", current=SECRET, new="another password").status_code == 303
        assert client.get("/admin/").status_code == 200
        assert login(app.test_client(), "op@recado.example").status_code == 403
        assert login(app.test_client(), "op@recado.example", "another password").status_code == 303

    def test_a_language_goes_with_the_account(self, enter: Enter, app: Flask, recado: Recado) -> None:
        client = enter("op@recado.example", Role.OPERATOR)
        assert '<html lang="en">' in client.get("/admin/you").get_data(as_text=True)
        post(client, "/admin/you/language", language="zh_TW")
        again = app.test_client()
        login(again, "op@recado.example")
        assert '<html lang="zh-TW">' in again.get("/admin/you").get_data(as_text=True)
        assert post(client, "/admin/you/language", language="xx").status_code == 400

    @pytest.mark.parametrize(
        ("asked", "spoken"),
        [("pt-PT,pt;q=0.9", "pt-BR"), ("zh-HK", "zh-TW"), ("zh", "zh-CN"), ("de", "en"), ("fr-CA,en;q=0.5", "fr")],
    )
    def test_else_the_browser_chooses(self, client: FlaskClient, asked: str, spoken: str) -> None:
        page = client.get("/admin/login", headers={"Accept-Language": asked}).get_data(as_text=True)
        assert f'<html lang="{spoken}">' in page

    def test_who_has_no_account_is_told(self, inside: FlaskClient) -> None:
        assert post(inside, "/admin/you/password", current="x", new="y").status_code == 404


class TestFromWhere:
    @pytest.mark.parametrize(
        ("proxies", "headers", "status"), [(0, {}, 403), (1, {"X-Forwarded-For": "192.0.2.7"}, 303)]
    )
    def test_only_from_listed_addresses(
        self, recado: Recado, proxies: int, headers: dict[str, str], status: int
    ) -> None:
        allowed = AllowedAddresses.parse(["192.0.2.0/24", "2001:db8::/32"])
        settings = replace(recado.settings, admin_addresses=allowed, api_addresses=allowed, proxies=proxies)
        other = Recado(settings)
        client = create_app(other).test_client()
        assert client.get("/admin/", headers=headers).status_code == status
        assert client.get("/api/v1/settings", headers=headers).status_code == (403 if status == 403 else 401)
        assert client.get("/healthz").status_code == 200
        other.close()

    def test_a_forwarded_address_counts_for_nothing_without_a_proxy(self, recado: Recado) -> None:
        settings = replace(recado.settings, admin_addresses=AllowedAddresses.parse(["192.0.2.0/24"]))
        other = Recado(settings)
        answer = create_app(other).test_client().get("/admin/", headers={"X-Forwarded-For": "192.0.2.7"})
        assert answer.status_code == 403
        other.close()


def test_no_password_is_kept_as_it_is(enter: Enter, recado: Recado) -> None:
    enter("op@recado.example", Role.OPERATOR)
    with recado.database.read() as connection:
        kept = connection.execute(select(users)).one()
    assert kept.password_hash.startswith("$argon2id$")
    assert SECRET not in str(kept)
