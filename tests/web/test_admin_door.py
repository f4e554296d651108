"""Who gets into the operator's pages, and for how long."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient

from sidecar.app import admin_desk, create_app
from sidecar.web import admin, problems
from sidecar.web.admin.guard import MAX_FORM, PUBLIC
from sidecar.web.admin.session import LIFETIME, Door
from sidecar.wiring import Recado, utc_now

from .conftest import SECRET_KEY, Post, settings_in
from .pages import PASSWORD, csrf_of, sign_in, text_of

ANY_ID = {
    "shop_id": "shop_ana",
    "user_id": "usr_1",
    "of_shop": "shop_ana",
    "conversation_id": "rpl_1",
    "message_id": "msg_1",
    "alert_id": "alr_1",
    "text_id": "txt_1",
    "decision": "approve",
    "key": "order_placed",
    "account_id": "acc_1",
    "delivery_id": "in_1",
    "filename": "recado.css",
    "anything": "else",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The door asks no database."""
    return sqlite_url


def admin_routes(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and a path, for each route of the pages."""
    adapter = app.url_map.bind("localhost")
    return [
        (rule.endpoint, method, adapter.build(rule.endpoint, {name: ANY_ID[name] for name in rule.arguments}))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/admin")
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


class TestTheDoor:
    def test_nothing_is_shown_outside(self, app: Flask) -> None:
        guarded = [route for route in admin_routes(app) if route[0] not in PUBLIC]
        assert len(guarded) >= 7
        for _, method, path in guarded:
            answer = app.test_client().open(path, method=method)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/login"), path

    def test_every_form_needs_its_token(self, app: Flask, inside: FlaskClient) -> None:
        posts = [path for _, method, path in admin_routes(app) if method == "POST"]
        assert len(posts) >= 4
        for path in posts:
            for form in ({}, {"csrf": ""}, {"csrf": "x" * 32}):
                assert inside.post(path, data={"password": PASSWORD, **form}).status_code == 400, path
        assert inside.get("/admin/").status_code == 200

    def test_a_login_form_of_another_session_is_refused(self, app: Flask, client: FlaskClient) -> None:
        stolen = csrf_of(app.test_client().get("/admin/login"))
        client.get("/admin/login")
        answer = client.post("/admin/login", data={"csrf": stolen, "password": PASSWORD})
        assert answer.status_code == 400
        assert "http://127.0.0.1:8000" in text_of(answer)

    def test_the_password_opens(self, client: FlaskClient) -> None:
        answer = sign_in(client)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/")
        assert client.get("/admin/").status_code == 200

    @pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), "é" * 1000])
    def test_anything_else_does_not(self, client: FlaskClient, password: str) -> None:
        answer = sign_in(client, password)
        assert answer.status_code == 403
        assert "not the password" in text_of(answer)
        assert client.get("/admin/").status_code == 303

    def test_a_form_that_is_too_large_is_not_read(self, client: FlaskClient) -> None:
        assert sign_in(client, "x" * MAX_FORM).status_code == 413

    def test_it_leads_to_the_page_that_was_wanted(self, client: FlaskClient) -> None:
        client.get("/admin/inbox")
        assert sign_in(client).headers["Location"] == "/admin/inbox"

    def test_no_address_from_outside_is_followed(self, client: FlaskClient) -> None:
        client.get("/admin//evil.example/")
        client.get("/admin/%2F%2Fevil.example")
        assert sign_in(client).headers["Location"].startswith("/admin/")

    def test_signing_out_closes(self, inside: FlaskClient, post: Post) -> None:
        assert post("/admin/logout").headers["Location"] == "/admin/login"
        assert inside.get("/admin/").status_code == 303

    def test_a_get_does_not_sign_out(self, inside: FlaskClient) -> None:
        inside.get("/admin/logout")
        assert inside.get("/admin/").status_code == 200

    def test_who_is_in_is_not_asked_again(self, inside: FlaskClient) -> None:
        assert inside.get("/admin/login").headers["Location"] == "/admin/"

    def test_an_empty_password_opens_nothing(self, recado: Recado) -> None:
        assert not Door(SECRET_KEY, "", "http://x", utc_now, recado.users).is_password("")


class TestTheCookie:
    def cookie(self, client: FlaskClient) -> str:
        return sign_in(client).headers["Set-Cookie"]

    def test_it_is_kept_from_scripts_and_other_sites(self, client: FlaskClient) -> None:
        cookie = self.cookie(client)
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Secure" not in cookie

    def test_under_https_it_travels_by_https_only(self, tmp_path: Path, database_url: str) -> None:
        recado = Recado(settings_in(tmp_path, database_url, public_url="https://sms.example.org"))
        client = create_app(recado).test_client()
        assert "Secure" in self.cookie_under(client)
        recado.close()

    @staticmethod
    def cookie_under(client: FlaskClient) -> str:
        return sign_in(client, base_url="https://sms.example.org").headers["Set-Cookie"]

    @pytest.mark.parametrize(("with_own_key", "status"), [(True, 200), (False, 303)])
    def test_the_secret_key_itself_signs_nothing(
        self, app: Flask, client: FlaskClient, with_own_key: bool, status: int
    ) -> None:
        sign_in(client)
        with client.session_transaction() as session:
            known = dict(session)
        assert PASSWORD not in str(known)
        signer = Flask("signer")
        signer.secret_key = app.secret_key if with_own_key else SECRET_KEY
        serializer = SecureCookieSessionInterface().get_signing_serializer(signer)
        assert serializer
        stranger = app.test_client()
        stranger.set_cookie("recado_admin", str(serializer.dumps(known)))
        assert stranger.get("/admin/").status_code == status

    def test_the_token_is_renewed_at_the_door(self, client: FlaskClient) -> None:
        before = csrf_of(client.get("/admin/login"))
        sign_in(client)
        assert csrf_of(client.get("/admin/")) != before


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 22, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class TestHowLongItStaysOpen:
    def client(self, recado: Recado, clock: Clock, key: str = SECRET_KEY, password: str = PASSWORD) -> FlaskClient:
        app = Flask("sidecar.web", static_folder=None)
        problems.install(app)
        door = Door(key, password, "http://localhost", clock, recado.users)
        admin.install(app, replace(admin_desk(recado), door=door, clock=clock))
        return app.test_client()

    def status_with_the_cookie_of(self, opened: FlaskClient, other: FlaskClient) -> int:
        cookie = opened.get_cookie("recado_admin")
        assert cookie
        other.set_cookie("recado_admin", cookie.value)
        return other.get("/admin/").status_code

    def test_twelve_hours_and_not_longer_however_much_it_is_used(self, recado: Recado) -> None:
        clock = Clock()
        client = self.client(recado, clock)
        sign_in(client)
        for hours in range(11):
            clock.now += timedelta(hours=1)
            assert client.get("/admin/").status_code == 200, hours
        clock.now += timedelta(hours=1)
        assert client.get("/admin/").status_code == 303
        assert timedelta(hours=12) == LIFETIME

    def test_until_the_password_changes(self, recado: Recado) -> None:
        clock = Clock()
        opened = self.client(recado, clock)
        sign_in(opened)
        assert self.status_with_the_cookie_of(opened, self.client(recado, clock)) == 200
        assert self.status_with_the_cookie_of(opened, self.client(recado, clock, password="another")) == 303

    def test_until_the_secret_key_changes(self, recado: Recado) -> None:
        clock = Clock()
        opened = self.client(recado, clock)
        sign_in(opened)
        assert self.status_with_the_cookie_of(opened, self.client(recado, clock, key="another" * 6)) == 303


class TestGuessing:
    def test_after_five_wrong_tries_even_the_right_password_waits(self, client: FlaskClient) -> None:
        assert [sign_in(client, "wrong").status_code for _ in range(5)] == [403] * 5
        answer = sign_in(client)
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 5
        assert "Too many wrong passwords" in text_of(answer)
        assert client.get("/admin/").status_code == 303

    def test_other_addresses_do_not_wait(self, client: FlaskClient) -> None:
        for _ in range(6):
            sign_in(client, "wrong")
        assert sign_in(client, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 303

    def test_a_header_does_not_make_another_address(self, client: FlaskClient) -> None:
        for number in range(6):
            answer = sign_in(client, "wrong", headers={"X-Forwarded-For": f"192.0.2.{number}"})
        assert answer.status_code == 429

    def test_the_right_password_forgives(self, client: FlaskClient) -> None:
        for _ in range(4):
            sign_in(client, "wrong")
        sign_in(client)
        assert [sign_in(client.application.test_client(), "wrong").status_code for _ in range(5)] == [403] * 5
