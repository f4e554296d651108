"""Pages for people who open a link from a text: small, in their language, and good for one thing.

The link is the right to act. Opening it only shows what it is for, since phones and chat programs open links to
preview them; the button acts."""

from dataclasses import dataclass

from flask import Blueprint, Response, request

from sidecar.alerts.requests import CONFIRM_PAGE, Alerts
from sidecar.alerts.waves import ENDING_PAGE
from sidecar.catalog.pages import Words
from sidecar.catalog.values import clean
from sidecar.domain.shop import Shop
from sidecar.domain.stock import AlertState, StockRecord
from sidecar.storage.alerts import Alert
from sidecar.web.linked import guarded, locale_of_visitor, page


@dataclass(frozen=True, slots=True)
class Page:
    """`title`, `note` and `button` are names of words; without a button there is nothing to do."""

    title: str
    note: str = ""
    button: str = ""
    status: int = 200


_UNKNOWN = Page("unknown", "unknown_note", status=404)
_OVER = Page("over", "over_note")
_CONFIRM = Page("confirm", "confirm_note", "confirm_button")
_CONFIRMED = Page("confirmed")
_END = Page("end", "end_note", "end_button")
_ENDED = Page("ended")


def blueprint(alerts: Alerts) -> Blueprint:
    bp = guarded(Blueprint("people", __name__))

    @bp.route(f"/{CONFIRM_PAGE}/<token>", methods=["GET", "POST"])
    def confirm(token: str) -> Response:
        found = alerts.of_link(CONFIRM_PAGE, token)
        if found is None:
            return _unknown()
        shop, alert, record = found
        if request.method == "POST":
            alert = alerts.confirm(alert, "link")
            return _shown(_CONFIRMED if alert.is_confirmed else _OVER, shop, alert, record)
        return _shown(_confirming(alert), shop, alert, record)

    @bp.route(f"/{ENDING_PAGE}/<token>", methods=["GET", "POST"])
    def end(token: str) -> Response:
        found = alerts.of_link(ENDING_PAGE, token)
        if found is None:
            return _unknown()
        shop, alert, record = found
        if request.method == "POST":
            alerts.end_all(alert)
        return _shown(_ENDED if request.method == "POST" else _END, shop, alert, record)

    return bp


def _confirming(alert: Alert) -> Page:
    if alert.state is AlertState.PENDING:
        return _CONFIRM
    return _CONFIRMED if alert.is_confirmed else _OVER


def _shown(told: Page, shop: Shop, alert: Alert, record: StockRecord) -> Response:
    name = clean(shop.settings.sender or shop.name, 120)
    words = Words("alert", alert.locale, {"shop": name, "product": clean(record.name, 200)})
    return page("people.html", words.locale, told.status, page=told, words=words, shop=name, url=record.url)


def _unknown() -> Response:
    words = Words("alert", locale_of_visitor(), {})
    return page("people.html", words.locale, _UNKNOWN.status, page=_UNKNOWN, words=words)
