"""The link in a text by which people end the texts of a shop."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from sidecar.catalog.context import Context
from sidecar.catalog.farewell import _WORDS
from sidecar.catalog.kinds import kind_of
from sidecar.catalog.languages import locales
from sidecar.catalog.templates import Template
from sidecar.domain import phone
from sidecar.domain.consent import Purpose, Standing
from sidecar.intake.wish import Wish
from sidecar.policy.occasion import Entrance
from sidecar.storage.consents import Saying
from sidecar.storage.tables import consent_log, messages
from sidecar.wiring import Recado, utc_now

from .conftest import ShopCaller

MARIA = "+5511987654321"
ADVERT = Template(kind_of("new_product"), "pt_BR", "Novidade! Para sair: {link}")
EVERYTHING_OUT = dict.fromkeys(Purpose, Standing.OUT)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What these routes ask of a database is tried on both kinds by the tests behind them."""
    return sqlite_url


def _advertise(recado: Recado, shop: ShopCaller) -> tuple[str, str]:
    """A marketing text to Maria; its text and the path of the link in it."""
    now = utc_now()
    person = (shop.shop.id, MARIA)
    wish = Wish(
        shop=shop.shop,
        entrance=Entrance.MANUAL,
        event="manual",
        dedupe_key=f"advert:{now}",
        template=ADVERT,
        context=Context(""),
        number=phone.read(MARIA, ""),
        event_at=now,
    )
    with recado.database.write() as connection:
        recado.consents.record(connection, [Saying(*person, Purpose.MARKETING, Standing.IN, "checkout")], now)
        message = recado.stationery.desk(connection, {shop.shop.id}, {person}, now).write(wish)
        waiting = {**message.columns, "state": "held", "reason": "", "due_at": now + timedelta(hours=9)}
        recado.messages.add(connection, [type(message)(waiting, message.why)], now)
    text = str(message.columns["text"])
    return text, "/o/" + text.partition("/o/")[2].split()[0]


def _standings(recado: Recado, shop: ShopCaller) -> dict[Purpose, Standing]:
    person = (shop.shop.id, MARIA)
    with recado.database.read() as connection:
        return dict(recado.consents.standings(connection, [person]).get(person, {}))


def test_opening_the_link_ends_nothing_and_pressing_the_button_does(
    recado: Recado, ana: ShopCaller, client: FlaskClient
) -> None:
    text, path = _advertise(recado, ana)
    assert "http://127.0.0.1:8000/o/" in text
    page = client.get(path)
    assert page.status_code == 200 and '<html lang="pt-BR">' in page.text and "Parar as mensagens de Ana?" in page.text
    assert client.head(path).status_code == 200
    assert _standings(recado, ana) == {Purpose.MARKETING: Standing.IN}
    for _ in range(2):
        done = client.post(path, data={"stop": "all"})
        assert "Pronto. Você não vai mais receber mensagens de Ana." in done.text
    assert _standings(recado, ana) == EVERYTHING_OUT
    with recado.database.read() as connection:
        told = connection.execute(select(consent_log).where(consent_log.c.source == "link")).all()
        states = connection.execute(select(messages.c.state, messages.c.reason)).all()
    assert len(told) == len(Purpose) and {row.ip for row in told} == {"127.0.0.1"}
    assert states == [("cancelled", "opted_out")]


def test_advertising_alone_can_be_ended(recado: Recado, ana: ShopCaller, client: FlaskClient) -> None:
    _, path = _advertise(recado, ana)
    assert "publicidade" in client.post(path, data={"stop": "advertising"}).text
    assert _standings(recado, ana) == {Purpose.MARKETING: Standing.OUT}
    assert client.post(path).status_code == 200
    assert _standings(recado, ana) == EVERYTHING_OUT


def test_the_page_is_kept_by_nobody_and_runs_nothing(recado: Recado, ana: ShopCaller, client: FlaskClient) -> None:
    _, path = _advertise(recado, ana)
    for answer in (client.get(path), client.post(path), client.get("/o/none")):
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Cache-Control"] == "no-store" and answer.headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers and MARIA[3:] not in answer.text


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), str.swapcase])
def test_a_link_that_we_did_not_make_ends_nothing(
    recado: Recado, ana: ShopCaller, client: FlaskClient, change: "type[str]"
) -> None:
    _, path = _advertise(recado, ana)
    forged = "/o/" + change(path.removeprefix("/o/"))
    answer = client.post(forged, headers={"Accept-Language": "fr-CA"})
    assert answer.status_code == 404 and "Ce lien ne fonctionne pas." in answer.text
    assert _standings(recado, ana) == {Purpose.MARKETING: Standing.IN}


def test_a_link_made_for_something_else_ends_nothing(recado: Recado, ana: ShopCaller, client: FlaskClient) -> None:
    _advertise(recado, ana)
    with recado.database.read() as connection:
        message_id = connection.scalar(select(messages.c.id))
    assert client.post(f"/o/{recado.links.token('a', str(message_id))}").status_code == 404


def test_every_language_has_every_word() -> None:
    assert set(_WORDS) == set(locales())
    assert len({frozenset(said) for said in _WORDS.values()}) == 1
    for said in _WORDS.values():
        assert all("{shop}" in said[name] for name in ("ask", "done_all", "done_advertising"))
