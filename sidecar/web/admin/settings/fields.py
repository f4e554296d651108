"""What can be set, how it is asked for and by whom: the fields of the form, by subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sidecar.domain.shop import Platform
from sidecar.web.admin.countries import countries, with_none
from sidecar.web.admin.language import _later
from sidecar.web.admin.purposes import NAMES
from sidecar.web.admin.settings.answers import Answers
from sidecar.web.admin.settings.delays import Delays
from sidecar.web.admin.settings.field import Check, Choice, Field, Lines
from sidecar.web.admin.settings.hours import Window
from sidecar.web.admin.settings.moment import Moment
from sidecar.web.admin.settings.picks import FoldedPicks, Picks, Status

_STATUSES = {
    Platform.WOOCOMMERCE: {
        "pending": _later("Pending payment"),
        "processing": _later("Processing"),
        "on-hold": _later("On hold"),
        "completed": _later("Completed"),
    },
    Platform.MAGENTO: {
        "new": _later("New"),
        "pending": _later("Pending payment"),
        "payment_review": _later("Payment review"),
        "processing": _later("Processing"),
        "holded": _later("On hold"),
        "complete": _later("Complete"),
    },
}
"""Those with which an order can be placed."""

_ANSWERED = {
    Platform.WOOCOMMERCE: {
        **_STATUSES[Platform.WOOCOMMERCE],
        "cancelled": _later("Cancelled"),
        "refunded": _later("Refunded"),
        "failed": _later("Failed"),
    },
    Platform.MAGENTO: {
        "pending": _later("Pending"),
        "processing": _later("Processing"),
        "canceled": _later("Cancelled"),
    },
}
"""Those that a customer's answer can bring an order to: Magento takes few from outside."""

_LANGUAGES = {
    "pt_BR": "Português (Brasil)",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "zh_CN": "简体中文",
    "zh_TW": "繁體中文",
}


@dataclass(frozen=True, slots=True)
class Group:
    title: Any
    fields: Sequence[Field]
    for_operators: bool = False


def _yes(name: str, label: Any, hint: Any = "") -> Field:
    return Check(name, label, hint)


FIRST = (
    _yes("stock_managed", _later("The shop counts its stock")),
    _yes("alerts_enabled", _later("Customers may ask to be told when a product is back")),
    Field("sender", _later("Sender"), _later("Opens every text.")),
    Field("contact", _later("Contact"), _later("Closes every text: phone or e-mail.")),
    Lines("staff_numbers", _later("Numbers of your staff"), _later("One a line, such as +5511912345678.")),
    Window(
        "transactional_window",
        _later("Sending hours"),
        _later("What falls outside waits for the next opening. Codes and the test text do not wait."),
    ),
)
GROUPS = (
    Group(
        _later("Language and place"),
        (
            Choice("locale", _later("Language of the texts"), choices=_LANGUAGES),
            Choice("country", _later("Country"), _later("For numbers without a country code."), choices=with_none),
            Field("timezone", _later("Time zone"), _later("Such as America/Sao_Paulo.")),
        ),
    ),
    Group(
        _later("When texts leave"),
        (
            Field("settle_seconds", _later("Seconds to wait whether an order changes again"), "", "number"),
            Field("spread_seconds", _later("Seconds over which held texts leave at the opening"), "", "number"),
            Window(
                "marketing_window",
                _later("Hours for advertising"),
                _later("Where the customer's country allows less, that holds."),
            ),
            Choice(
                "marketing_limits",
                _later("Legal hours for advertising"),
                choices={"careful": _later("as the careful keep them"), "legal": _later("up to what the law allows")},
            ),
            Delays(
                "delays",
                _later("Texts that leave later"),
                _later(
                    "So long after what they tell of; with an hour, at that hour then. Days are those of the calendar: "
                    "1 day at 10:00 is tomorrow at ten. 0 minutes: at once."
                ),
            ),
            Field("cap_per_hour", _later("Most texts to one number in an hour (0: no limit)"), "", "number"),
            Field("cap_per_day", _later("Most texts to one number in a day"), "", "number"),
            Field("cap_marketing_per_week", _later("Most advertising to one number in a week"), "", "number"),
        ),
    ),
    Group(
        _later("Which orders, and to whom"),
        (
            Picks("placed_statuses", _later("Statuses that mean an order is placed"), choices=_STATUSES, open=True),
            Field("placed_within_days", _later("An order older than so many days gets no thank-you"), "", "number"),
            Choice(
                "recipient",
                _later("Whose number is texted"),
                choices={"buyer": _later("the buyer's"), "receiver": _later("the one of the delivery address")},
            ),
            Field("phone_meta_key", _later("The order's own field that holds a mobile number"), ""),
            Picks(
                "staff_events",
                _later("Of what your staff is told"),
                _later("By text, to the numbers of your staff."),
                choices=NAMES,
            ),
            Choice(
                "order_consent",
                _later("Order texts"),
                choices={"implied": _later("go to every buyer"), "opt_in": _later("only to who ticked the box")},
            ),
            Moment(
                "told_from",
                _later("Changes before this moment are told to nobody"),
                _later("By the clock of the shop. Empty: all are told."),
            ),
        ),
    ),
    Group(
        _later("Words and links"),
        (
            _yes("plain_letters", _later("Letters may lose accents where that saves a part")),
            _yes("free_text", _later("Staff may write texts of their own by hand")),
            _yes("short_links", _later("Shorten links and count who opens them")),
            Lines("link_hosts", _later("Other sites that links may lead to"), _later("One a line.")),
            _yes("tracking_page", _later("Show a tracking page where the carrier has none")),
        ),
    ),
    Group(
        _later("Answers"),
        (
            Choice(
                "confirm_orders",
                _later("Ask customers to confirm by 1 or 2"),
                choices={
                    "never": _later("never"),
                    "cash_on_delivery": _later("cash on delivery"),
                    "always": _later("every order"),
                },
            ),
            Status("confirmed_status", _later("Status of an order that was confirmed"), choices=_ANSWERED),
            Status("cancelled_status", _later("Status of an order that was called off"), choices=_ANSWERED),
            Answers(
                "answers",
                _later("Answers to words"),
                _later(
                    "Who sends nothing but this word gets this text. Capital letters, accents and signs make no "
                    "difference. An empty word takes its line away."
                ),
            ),
        ),
    ),
    Group(
        _later("Alerts and codes"),
        (
            Field("alert_factor", _later("People told for each piece in stock"), "", "number"),
            Field("alert_pause_minutes", _later("Minutes until the next are told"), "", "number"),
            Choice(
                "alert_confirmation",
                _later("An alert is confirmed by"),
                choices={"link": _later("a link"), "code": _later("a code")},
            ),
            FoldedPicks(
                "code_countries",
                _later("Codes go to these countries only"),
                _later("None ticked: to the shop's own."),
                known=countries,
                near=lambda shop: (shop.settings.country,),
            ),
            Field("code_limit_per_hour", _later("Most codes in an hour"), "", "number"),
        ),
    ),
    Group(
        _later("The shop's own books"),
        (
            _yes("pull_events", _later("Fetch what the plugin could not deliver")),
            _yes("wake_queue", _later("Wake the shop's queue")),
            _yes("write_states", _later("Keep with each order in the shop what became of its texts")),
        ),
    ),
    Group(
        _later("For trying out"),
        (Field("redirect_to", _later("Send every text to this number instead"), "+5511912345678"),),
    ),
    Group(
        _later("Billing"),
        (
            Choice(
                "billing",
                _later("The shop"),
                choices={"unmetered": _later("is not counted"), "prepaid": _later("pays before it sends")},
            ),
        ),
        for_operators=True,
    ),
)


def fields_for(operator: bool) -> list[Field]:
    return [*FIRST, *(each for group in GROUPS if operator or not group.for_operators for each in group.fields)]
