"""The operator's pages, seen through HTTP."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from sidecar.domain.status import MessageState
from sidecar.ledger.counting import Days
from sidecar.storage import feeds, workers
from sidecar.storage.messages import Step
from sidecar.storage.tables import accounts, inbox, messages
from sidecar.web.admin.frame import HEADERS
from sidecar.wiring import Recado, utc_now

from .conftest import AddFailed, AddShop, ShopCaller
from .pages import sign_in, text_of


class TestEveryPage:
    @pytest.fixture
    def paths(self, ana: ShopCaller, add_failed: AddFailed) -> list[str]:
        add_failed(ana)
        sent = ana.message()["id"]
        of_ana = f"/admin/shops/{ana.shop.id}"
        everywhere = ["/admin/", "/admin/messages", "/admin/inbox", "/admin/people", "/admin/people/log", "/admin/you"]
        return [*everywhere, f"{of_ana}/", f"{of_ana}/messages", f"{of_ana}/messages/{sent}", "/admin/x"]

    def test_has_the_guarding_headers(self, client: FlaskClient, paths: list[str]) -> None:
        answers = [client.get("/admin/login"), client.get("/admin/"), client.post("/admin/login"), sign_in(client)]
        answers += [client.get(path) for path in paths]
        for answer in answers:
            assert HEADERS.items() <= dict(answer.headers).items()
            assert answer.headers["Cache-Control"] == "no-store"
        assert "unsafe" not in HEADERS["Content-Security-Policy"]

    def test_has_scripts_and_styles_in_files_only(self, inside: FlaskClient, paths: list[str]) -> None:
        for path in paths:
            page = inside.get(path).get_data(as_text=True)
            assert not re.search(r"<script>|<style|\sstyle=|\son\w+=|javascript:", page, re.IGNORECASE), path
            assert re.findall(r'<script src="(/admin/static/)', page), path

    def test_speaks_its_language_and_has_one_heading(self, inside: FlaskClient, paths: list[str]) -> None:
        for path in paths:
            page = inside.get(path).get_data(as_text=True)
            assert '<html lang="en">' in page
            assert page.count("<h1") == 1, path

    def test_is_html_even_when_there_is_none(self, inside: FlaskClient) -> None:
        answer = inside.get("/admin/nonsense")
        assert (answer.status_code, answer.mimetype) == (404, "text/html")

    def test_and_the_style_sheet_is_there_for_all(self, client: FlaskClient) -> None:
        with client.get("/admin/static/recado.css") as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/css")

    def test_a_failing_database_is_told_in_words(self, inside: FlaskClient, recado: Recado) -> None:
        with recado.database.write() as connection:
            inbox.drop(connection)
            messages.drop(connection)
        answer = inside.get("/admin/")
        assert (answer.status_code, answer.mimetype) == (500, "text/html")
        assert "recado doctor" in text_of(answer)
        assert "sqlite" not in text_of(answer).lower()


def test_the_root_leads_to_the_pages(client: FlaskClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


class TestOverview:
    def test_without_a_shop_it_says_so(self, inside: FlaskClient) -> None:
        page = text_of(inside.get("/admin/"))
        assert "No shop yet." in page
        assert "none has run yet" in page
        assert "no phone is texted" in page

    def test_a_shop_at_a_glance(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        ana.message()
        ana.message(to="+551140028922")
        page = text_of(inside.get("/admin/"))
        assert "3 Status change" in page
        assert "Nothing delivered yet." in page
        assert "Sends by Ana's account." in page
        Days(recado.database, utc_now).count((0,))
        page = text_of(inside.get(f"/admin/shops/{ana.shop.id}/"))
        assert "Messages today 2 2 in 30 days" in page
        assert "1 not sent today: The number is a land line" in page
        assert "The number is a land line" in text_of(inside.get("/admin/messages"))

    def test_numbers_are_masked(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        sent = ana.message()
        with recado.database.write() as connection:
            answered = Step(ana.shop.id, sent["id"], MessageState.REJECTED, {}, {"answer": "+5511987654321 is bad"})
            recado.messages.advance(connection, [answered], utc_now())
        for path in ("/admin/messages", f"/admin/shops/{ana.shop.id}/messages/{sent['id']}"):
            page = inside.get(path).get_data(as_text=True)
            assert "+55•••••4321" in page
            assert "987654321" not in page

    def test_a_worker_that_lives_and_one_that_died(self, inside: FlaskClient, recado: Recado) -> None:
        with recado.database.write() as connection:
            workers.sign_in(connection, "wrk_1", "host", 1, utc_now())
        assert "Worker alive" in text_of(inside.get("/admin/"))
        with recado.database.write() as connection:
            workers.beat(connection, "wrk_1", utc_now() - timedelta(minutes=5))
        assert "Worker silent; last heard of 5 minutes ago" in text_of(inside.get("/admin/"))

    def test_the_health_of_a_feed(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        now = utc_now()
        with recado.database.write() as connection:
            feeds.note(connection, ana.shop.id, "webhook", 7, 0, "", now - timedelta(minutes=3))
        assert "Last delivery by webhooks: 3 minutes ago 7 taken" in text_of(inside.get("/admin/"))
        with recado.database.write() as connection:
            feeds.note(connection, ana.shop.id, "plugin", 0, 2, "bad_signature", now)
        page = text_of(inside.get("/admin/"))
        assert "The last delivery by the plugin was refused:" in page
        assert "0 taken, 2 refused" in page

    def test_an_account_that_the_provider_refuses(self, inside: FlaskClient, ana: ShopCaller, recado: Recado) -> None:
        with recado.database.write() as connection:
            connection.execute(update(accounts).values(problem="no_credit", problem_at=utc_now()))
        page = text_of(inside.get("/admin/"))
        assert re.search(r"Ana's account [^.]*credit[^.]*\. just now", page), page

    def test_a_shop_without_a_route(self, inside: FlaskClient, add_shop: AddShop) -> None:
        add_shop("Lone", routed=False)
        assert "Has no provider account to send by." in text_of(inside.get("/admin/"))

    def test_names_and_texts_from_outside_do_no_harm(self, inside: FlaskClient, add_shop: AddShop) -> None:
        evil = add_shop("<img src=x onerror=alert(1)>")
        sent = evil.message(text="<script>alert(1)</script>", order_id='"><i>')
        for path in ("/admin/", "/admin/messages", f"/admin/messages/{sent['id']}"):
            page = inside.get(path, follow_redirects=True).get_data(as_text=True)
            assert "<script>" not in page
            assert "<img" not in page
            assert '"><i>' not in page

    def test_a_shop_whose_alerts_pause_says_so(self, inside: FlaskClient, add_shop: AddShop) -> None:
        add_shop("Ona", mode=5, stock_managed=True, alerts_enabled=True)
        assert "Availability alerts are off in the shop" not in text_of(inside.get("/admin/"))
        add_shop("Pia", mode=5, stock_managed=True)
        assert "Availability alerts are off in the shop" in text_of(inside.get("/admin/"))
