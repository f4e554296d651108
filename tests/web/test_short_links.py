"""Links in texts: short ones that lead on and are counted, and the page about a parcel."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from sidecar.catalog.context import Context
from sidecar.catalog.kinds import kind_of
from sidecar.catalog.pages import Words
from sidecar.catalog.templates import Template
from sidecar.domain import phone
from sidecar.intake.wish import Wish
from sidecar.policy.occasion import Entrance
from sidecar.storage.tables import messages, short_links
from sidecar.wiring import Recado, utc_now
from tests.acceptance.processes import wait_until

from .conftest import AddShop, ShopCaller

MARIA, POLISH = "+5511987654321", "+48512345678"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 Version/17.0 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-A146M) AppleWebKit/537.36 Chrome/120.0.0.0 Mobile Safari/537.36"
PREVIEW = "WhatsApp/2.23.20.0 A"
CARRIER = "https://rastreamento.correios.com.br/app/index.php?objetos=LB1BR"
SHIPPED = Template(kind_of("order_shipped"), "en", "It left: {tracking_number} {tracking_url}")
OFFER = Template(kind_of("information_needed"), "en", "Look: {link}")


def write(recado: Recado, shop: ShopCaller, template: Template, to: str = MARIA, **told: Any) -> str:
    """A text of this shop as the desk lays it out; its words."""
    devices = told.pop("devices", {})
    occasion = told.pop("occasion", "1")
    wish = Wish(
        shop=shop.shop,
        entrance=Entrance.MANUAL,
        event="status_changed",
        dedupe_key=occasion,
        template=template,
        context=Context(**told),
        number=phone.read(to, ""),
        event_at=utc_now(),
        order_id="7",
        devices=devices,
    )
    now = utc_now()
    with recado.database.write() as connection:
        message = recado.stationery.desk(connection, {shop.shop.id}, {(shop.shop.id, to)}, now).write(wish)
        recado.messages.add(connection, [message], now)
    return str(message.columns["text"])


def path(text: str, kind: str) -> str:
    return f"/{kind}/" + text.rpartition(f"/{kind}/")[2].split()[0]


def opened(recado: Recado) -> int:
    with recado.database.read() as connection:
        return int(connection.scalar(select(short_links.c.opens)) or 0)


def test_a_link_leads_on_and_is_counted_when_a_person_opens_it(
    recado: Recado, client: FlaskClient, ana: ShopCaller
) -> None:
    text = write(recado, ana, SHIPPED, tracking_number="LB1BR", tracking_url=CARRIER)
    assert CARRIER not in text
    where = path(text, "l")
    for agent in (PREVIEW, "curl/8.0", ""):
        assert client.get(where, headers={"User-Agent": agent}).headers["Location"] == CARRIER
    client.head(where, headers={"User-Agent": PHONE})
    assert opened(recado) == 0
    for _ in range(2):
        answer = client.get(where, headers={"User-Agent": PHONE})
        assert (answer.status_code, answer.headers["Location"]) == (302, CARRIER)
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    wait_until(lambda: opened(recado) == 2, 10)
    with recado.database.read() as connection:
        message_id = connection.scalar(select(messages.c.id))
    [step] = [step for step in ana.get(f"/messages/{message_id}").json["timeline"] if step["state"] == "opened"]
    assert (step["link"], step["opens"]) == (CARRIER, 2)


def test_the_target_is_chosen_by_what_one_holds_in_the_hand(
    recado: Recado, client: FlaskClient, ana: ShopCaller
) -> None:
    devices = {"ios": "https://shop.example/ios", "android": "https://shop.example/android"}
    text = write(recado, ana, OFFER, link="https://shop.example/", devices=devices)
    where = path(text, "l")
    targets = [client.get(where, headers={"User-Agent": agent}).headers["Location"] for agent in (PHONE, ANDROID, "")]
    assert targets == ["https://shop.example/ios", "https://shop.example/android", "https://shop.example/"]


def test_a_text_by_hand_takes_a_link_and_where_it_leads_by_device(client: FlaskClient, ana: ShopCaller) -> None:
    links = {"link": "https://shop.example/", "link_ios": "https://shop.example/ios"}
    text = ana.message(text="Look: {link}", **links)["text"]
    assert client.get(path(text, "l"), headers={"User-Agent": PHONE}).headers["Location"] == links["link_ios"]
    refused = ana.post("/messages", {"to": MARIA, "text": "Look: {link}", "link": "javascript:alert(1)"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["link"])


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://shop.example.evil.example/",
        "https://evil.example/?https://shop.example/",
        "https://shop.example@evil.example/",
        "https://user@shop.example/",
    ],
)
def test_a_link_to_anywhere_else_stays_as_the_shop_wrote_it(recado: Recado, ana: ShopCaller, url: str) -> None:
    text = write(recado, ana, OFFER, link=url)
    assert "/l/" not in text
    with recado.database.read() as connection:
        assert connection.execute(select(short_links)).all() == []


def test_a_shop_names_further_hosts_and_may_switch_short_links_off(recado: Recado, add_shop: AddShop) -> None:
    named = add_shop("Ana", link_hosts=["parcels.example"])
    assert "/l/" in write(recado, named, OFFER, link="https://track.parcels.example/7")
    off = add_shop("Bob", short_links=False)
    assert "https://shop.example/7" in write(recado, off, OFFER, link="https://shop.example/7")


def test_no_short_link_goes_where_they_are_refused(recado: Recado, ana: ShopCaller) -> None:
    assert "https://shop.example/7" in write(recado, ana, OFFER, to=POLISH, link="https://shop.example/7")


def test_the_same_occasion_has_the_same_link(recado: Recado, ana: ShopCaller) -> None:
    first = write(recado, ana, OFFER, link="https://shop.example/7", occasion="a")
    assert write(recado, ana, OFFER, link="https://shop.example/7", occasion="a") == first
    assert write(recado, ana, OFFER, link="https://shop.example/7", occasion="b") != first


def test_a_parcel_without_a_page_gets_one_in_the_shops_name(
    recado: Recado, client: FlaskClient, ana: ShopCaller
) -> None:
    told = {"tracking_number": "X<1>9", "carrier": "Zé & Filhos", "number": "1042"}
    text = write(recado, ana, Template(kind_of("order_shipped"), "pt_BR", SHIPPED.text), **told)
    where = path(text, "t")
    answer = client.get(where, headers={"User-Agent": PHONE})
    page = answer.text
    assert answer.status_code == 200 and 'lang="pt-BR"' in page
    assert Words("parcel", "pt_BR", {"number": "1042"})["title"] in page
    assert "X&lt;1&gt;9" in page and "Zé &amp; Filhos" in page and "Ana" in page
    assert 'href="tel:1140028922"' in page
    assert "enviado" in page.lower()
    way_out = page.split('class="small"><a href="')[1].split('"')[0]
    assert client.get("/o/" + way_out.rpartition("/o/")[2]).status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    wait_until(lambda: opened(recado) == 1, 10)


def test_without_the_setting_a_parcel_has_its_number_only(recado: Recado, add_shop: AddShop) -> None:
    text = write(recado, add_shop("Ana", tracking_page=False), SHIPPED, tracking_number="LB1BR")
    assert "/t/" not in text and "LB1BR" in text


@pytest.mark.parametrize("kind", ["l", "t"])
def test_links_that_are_none_and_links_that_are_over_say_so(
    recado: Recado, client: FlaskClient, ana: ShopCaller, kind: str
) -> None:
    unknown = client.get(f"/{kind}/AAAAAAAAAAA", headers={"Accept-Language": "fr"})
    assert unknown.status_code == 404 and Words("parcel", "fr", {})["unknown"] in unknown.text
    told = {"tracking_number": "LB1BR", **({"tracking_url": CARRIER} if kind == "l" else {})}
    where = path(write(recado, ana, SHIPPED, **told), kind)
    other = {"l": "t", "t": "l"}[kind]
    assert client.get(where.replace(f"/{kind}/", f"/{other}/")).status_code == 404
    with recado.database.write() as connection:
        connection.execute(update(short_links).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert client.get(where).status_code == 410


def test_links_go_with_the_number_that_is_erased(recado: Recado, client: FlaskClient, ana: ShopCaller) -> None:
    where = path(write(recado, ana, SHIPPED, tracking_number="LB1BR", tracking_url=CARRIER), "l")
    with recado.database.write() as connection:
        connection.execute(update(messages).values(state="delivered"))
    assert ana.post("/privacy/erase", {"number": MARIA}).status_code == 200
    assert client.get(where).status_code == 404


def test_a_link_lasts_for_ninety_days(recado: Recado, ana: ShopCaller) -> None:
    write(recado, ana, SHIPPED, tracking_number="LB1BR", tracking_url=CARRIER)
    with recado.database.read() as connection:
        row = connection.execute(select(short_links)).one()
    lasts: timedelta = row.expires_at - row.created_at
    assert lasts == timedelta(days=90) and isinstance(row.created_at, datetime)
