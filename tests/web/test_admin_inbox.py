"""What failed, and another try for it."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from sidecar.storage.tables import inbox
from sidecar.wiring import Recado

from .conftest import AddFailed, Post, ShopCaller
from .pages import text_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these routes ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


class TestInbox:
    def states(self, recado: Recado) -> dict[str, str]:
        with recado.database.read() as connection:
            return {row.id: row.state for row in connection.execute(select(inbox.c.id, inbox.c.state))}

    def test_it_is_calm_when_nothing_failed(self, inside: FlaskClient) -> None:
        assert "Nothing has failed." in text_of(inside.get("/admin/inbox"))

    def test_what_failed_says_why(self, inside: FlaskClient, ana: ShopCaller, add_failed: AddFailed) -> None:
        add_failed(ana, note="not_json: The body <b> is not JSON.")
        answer = inside.get("/admin/inbox")
        page = text_of(answer)
        assert "Action The body <b> is not JSON. order.updated, 1 bytes in_1 Ana just now" in page
        assert "&lt;b&gt;" in answer.get_data(as_text=True)
        assert "Inbox 1 People" in page
        page = text_of(inside.get("/admin/inbox", headers={"Accept-Language": "pt-BR"}))
        assert "O que chegou foi cortado ou alterado no caminho. The body <b> is not JSON." in page

    def test_what_failed_before_is_a_page_further(
        self, inside: FlaskClient, ana: ShopCaller, add_failed: AddFailed
    ) -> None:
        for number in range(31):
            add_failed(ana, f"in_{number:02}")
        newest = inside.get("/admin/inbox").get_data(as_text=True)
        assert "in_01" in newest and "in_00" not in newest
        older = re.search(r'rel="next" href="([^"]+)"', newest)
        assert older
        page = inside.get(older[1]).get_data(as_text=True)
        assert "in_00" in page and "in_01<" not in page and 'rel="next"' not in page

    def test_one_is_replayed(
        self, inside: FlaskClient, post: Post, recado: Recado, ana: ShopCaller, add_failed: AddFailed
    ) -> None:
        add_failed(ana, "in_1")
        add_failed(ana, "in_2")
        answer = post("/admin/inbox/in_1/replay")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/admin/inbox")
        assert self.states(recado) == {"in_1": "received", "in_2": "failed"}
        assert "is being worked through again" in text_of(inside.get("/admin/inbox"))

    def test_all_are_replayed(self, post: Post, recado: Recado, ana: ShopCaller, add_failed: AddFailed) -> None:
        add_failed(ana, "in_1")
        add_failed(ana, "in_2")
        post("/admin/inbox/replay")
        assert self.states(recado) == {"in_1": "received", "in_2": "received"}

    def test_without_the_token_nothing_is_replayed(
        self, inside: FlaskClient, recado: Recado, ana: ShopCaller, add_failed: AddFailed
    ) -> None:
        add_failed(ana)
        for path in ("/admin/inbox/in_1/replay", "/admin/inbox/replay"):
            assert inside.post(path).status_code == 400
        assert self.states(recado) == {"in_1": "failed"}

    def test_what_is_gone_is_told(self, post: Post, recado: Recado) -> None:
        with recado.database.write() as connection:
            connection.execute(delete(inbox))
        for delivery_id in ("in_9", "%00"):
            assert post(f"/admin/inbox/{delivery_id}/replay").status_code == 404
