"""Wishes to be told when a product is back: asked by a shop for its customers, confirmed by whoever has the number."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from sidecar.alerts.codes import AlertCodes
from sidecar.catalog.context import Context
from sidecar.catalog.languages import nearest_locale
from sidecar.domain import phone
from sidecar.domain.codes import MINUTES
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.ids import new_id
from sidecar.domain.phone import NoNumber, Number
from sidecar.domain.shop import Shop
from sidecar.domain.spoken import NewAlert
from sidecar.domain.stock import AlertState, StockRecord
from sidecar.intake.desk import Stationery
from sidecar.intake.wish import Wish
from sidecar.intake.wording import Wording
from sidecar.links import Links
from sidecar.policy.modes import objection_to_alert
from sidecar.policy.occasion import Entrance
from sidecar.storage import alerts as storage
from sidecar.storage import occasions, shops, stock
from sidecar.storage.alerts import Alert
from sidecar.storage.consents import Saying
from sidecar.storage.database import Database
from sidecar.storage.messages import Messages

REQUEST = "request"
"""The event of a text that asks somebody to confirm their wish."""

CONFIRM_PAGE = "a"
CONFIRM_WITHIN = timedelta(hours=24)
WAITS_FOR = timedelta(days=90)
ASKED_AGAIN_AFTER = timedelta(minutes=10)
MOST_PER_ADDRESS, ADDRESS_PERIOD = 10, timedelta(hours=1)
MOST_PER_NUMBER, NUMBER_PERIOD = 5, timedelta(days=1)
MOST_SHOWN = 200

log = structlog.get_logger()


class AlertRefused(Exception):
    """`code` is stable; `field` is what was asked for wrongly, empty where it is none of the fields."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


class Alerts:
    """`ask` and what follows it. The same number for the same thing is the same wish, however often it is asked."""

    def __init__(
        self,
        database: Database,
        messages: Messages,
        stationery: Stationery,
        codes: AlertCodes,
        links: Links,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._messages = messages
        self._stationery = stationery
        self._codes = codes
        self._links = links
        self._clock = clock

    def ask(self, shop: Shop, asked: NewAlert) -> Alert:
        """The wish, which stands once it is confirmed. A number that said no to the shop is not told from others: its
        wish is never confirmed, since it gets no text. Raises `AlertRefused`."""
        with self._database.write() as connection:
            alert = self.ask_within(connection, shop, asked)
            self._database.ring(connection)
        return alert

    def ask_within(self, connection: Connection, shop: Shop, asked: NewAlert) -> Alert:
        settings, now = shop.settings, self._clock()
        if objection := objection_to_alert(settings.mode, settings.stock_managed, settings.alerts_enabled):
            raise AlertRefused(objection)
        number = _number(shop, asked.number, asked.country)
        alert = self._one_wish(connection, shop, asked, number, now)
        if alert.state is AlertState.PENDING:
            self._have_confirmed(connection, shop, alert, number, now)
        return alert

    def confirm(self, alert: Alert, source: str) -> Alert:
        """Whoever has the number agrees. Twice is once."""
        with self._database.write() as connection:
            self._codes.came_by_link(connection, alert)
            return self._confirm(connection, alert, source)

    def check(self, shop: Shop, alert_id: str, code: str) -> Alert:
        """Confirm by the code in the text. Raises `AlertRefused`; a wrong code is counted."""
        with self._database.write() as connection:
            alert = self._known(connection, shop, alert_id)
            right = self._codes.is_right(connection, alert, code)
            confirmed = self._confirm(connection, alert, "code") if right and alert.is_open else alert
        if not right:
            raise AlertRefused("wrong_code", "code")
        return confirmed

    def end(self, shop: Shop, alert_id: str) -> Alert:
        """By the shop. One that is over stays as it ended. Raises `AlertRefused`."""
        with self._database.write() as connection:
            return self.end_within(connection, shop, alert_id)

    def end_within(self, connection: Connection, shop: Shop, alert_id: str) -> Alert:
        self._known(connection, shop, alert_id)
        storage.end(connection, shop.id, {alert_id}, "by_shop", self._clock())
        return self._known(connection, shop, alert_id)

    def end_all(self, alert: Alert) -> None:
        """By the person, from the link in a text: whatever they still wait for in this shop."""
        with self._database.write() as connection:
            storage.end_of_people(connection, {(alert.shop_id, alert.number)}, "by_link", self._clock())

    def of_person(self, shop: Shop, to: str, country: str, customer_id: str) -> list[Alert]:
        """Newest first, by number or by the shop's own id of the customer. Raises `AlertRefused`."""
        number = _number(shop, to, country) if to else None
        with self._database.read() as connection:
            return storage.of_person(connection, shop.id, number.e164 if number else "", customer_id, MOST_SHOWN)

    def of_link(self, purpose: str, token: str) -> tuple[Shop, Alert, StockRecord] | None:
        """What a link in a text is about."""
        alert_id = self._links.read(purpose, "alr", token)
        with self._database.read() as connection:
            alert = storage.find(connection, alert_id) if alert_id else None
            shop = shops.several(connection, {alert.shop_id}).get(alert.shop_id) if alert else None
            if alert is None or shop is None:
                return None
            return shop, alert, stock.find(connection, alert.stock_key) or StockRecord()

    def _one_wish(self, connection: Connection, shop: Shop, asked: NewAlert, number: Number, now: datetime) -> Alert:
        self._get_to_know(connection, shop, asked)
        key = shop.id, asked.product_id, asked.variation_id or ""
        if standing := storage.open_one(connection, key, number.e164):
            return standing
        if storage.asked_from(connection, shop.id, asked.ip, now - ADDRESS_PERIOD) >= MOST_PER_ADDRESS:
            raise AlertRefused("too_many_requests")
        if storage.asked_for(connection, shop.id, number.e164, now - NUMBER_PERIOD) >= MOST_PER_NUMBER:
            raise AlertRefused("too_many_requests")
        fresh = self._new(shop, asked, number, now)
        storage.add(connection, fresh)
        return storage.open_one(connection, key, number.e164) or fresh

    def _new(self, shop: Shop, asked: NewAlert, number: Number, now: datetime) -> Alert:
        return Alert(
            shop_id=shop.id,
            id=new_id("alr", now, self._stationery.random_bits),
            product_id=asked.product_id,
            variation_id=asked.variation_id or "",
            number=number.e164,
            customer_id=asked.customer_id or "",
            locale=nearest_locale(asked.locale or shop.settings.locale),
            wording=asked.wording,
            ip=asked.ip,
            state=AlertState.PENDING,
            reason="",
            wave=0,
            place=0,
            created_at=now,
            confirmed_at=None,
            texted_at=None,
            ended_at=None,
            expires_at=now + CONFIRM_WITHIN,
        )

    def _get_to_know(self, connection: Connection, shop: Shop, asked: NewAlert) -> None:
        """Until the shop has told of the product itself, it is what the wish calls it."""
        shelf = stock.lock(connection, [(shop.id, asked.product_id)]).get((shop.id, asked.product_id), {})
        variation = asked.variation_id or ""
        known = shelf.get(variation, StockRecord())
        if known.modified_at is None:
            wished = replace(known, name=asked.name or known.name, url=asked.url or known.url)
            stock.save(connection, {(shop.id, asked.product_id, variation): wished})

    def _have_confirmed(self, connection: Connection, shop: Shop, alert: Alert, number: Number, now: datetime) -> None:
        """Once, and once more for who asks again later: the text may have got lost."""
        again = now - alert.created_at >= ASKED_AGAIN_AFTER
        dedupe_key = f"alert:{alert.id}:{'again' if again else 'ask'}"
        if occasions.is_taken(connection, shop.id, dedupe_key):
            return
        if objection := self._codes.objection(connection, shop.settings, alert, number):
            log.warning("the confirmation of an alert was refused", shop_id=shop.id, reason=objection)
            raise AlertRefused(objection)
        code = self._codes.new() if shop.settings.alert_confirmation == "code" else ""
        wish = self._request(connection, shop, alert, number, code, dedupe_key)
        message = self._stationery.desk(connection, {shop.id}, {(shop.id, number.e164)}, now).write(wish)
        self._messages.add(connection, [message], now)
        self._codes.keep(connection, alert, number, code, message.refused)

    def _request(
        self, connection: Connection, shop: Shop, alert: Alert, number: Number, code: str, dedupe_key: str
    ) -> Wish:
        record = stock.find(connection, alert.stock_key) or StockRecord()
        asking = Context(
            number="",
            shop=shop.settings.sender or shop.name,
            product=record.name,
            product_url=record.url,
            link="" if code else self._links.to(CONFIRM_PAGE, alert.id),
            code=code,
            minutes=MINUTES,
        )
        key = "alert_confirm_code" if code else "alert_confirm_link"
        return Wish(
            shop=shop,
            entrance=Entrance.REQUEST,
            event=REQUEST,
            dedupe_key=dedupe_key,
            template=Wording(connection, {shop.id}).text(shop, key, alert.locale),
            context=asking,
            number=number,
            event_at=self._clock(),
            subject_id=alert.id,
            why={"source": "shop"},
        )

    def _known(self, connection: Connection, shop: Shop, alert_id: str) -> Alert:
        if alert := storage.find(connection, alert_id, shop.id):
            return alert
        raise AlertRefused("unknown_alert")

    def _confirm(self, connection: Connection, alert: Alert, source: str) -> Alert:
        now = self._clock()
        if alert.expires_at > now and storage.confirm(connection, alert, now, now + WAITS_FOR):
            agreed = Saying(
                alert.shop_id,
                alert.number,
                Purpose.STOCK_ALERTS,
                Standing.IN,
                source,
                alert.wording,
                alert.locale,
                alert.ip,
                alert.id,
            )
            self._stationery.consents.record(connection, [agreed], now)
            stock.wake(connection, [alert.stock_key], now)
            self._database.ring(connection)
        return storage.find(connection, alert.id, alert.shop_id) or alert


def _number(shop: Shop, written: str, country: str) -> Number:
    number = phone.read(written, country or shop.settings.country)
    if isinstance(number, NoNumber):
        raise AlertRefused(number.reason, "number")
    return number
