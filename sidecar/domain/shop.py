"""A shop and the settings its owner may change, under the same names everywhere (flags, API, columns)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sidecar.domain.delay import Delay
from sidecar.domain.mode import Mode
from sidecar.domain.window import SendingWindow


class Platform(StrEnum):
    WOOCOMMERCE = "woocommerce"
    MAGENTO = "magento"


PLACED_STATUSES: dict[Platform, tuple[str, ...]] = {
    Platform.WOOCOMMERCE: ("processing", "on-hold", "completed"),
    Platform.MAGENTO: ("new", "processing", "payment_review"),
}


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone name such as America/Sao_Paulo") from None
    return name


def _readable_window(text: str) -> str:
    SendingWindow.parse(text)
    return text


def _readable_delay(text: str) -> str:
    Delay.parse(text)
    return text


def _whole_moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        moment = None
    if text and (moment is None or moment.tzinfo is None):
        raise ValueError(f"{text!r} is not a moment such as 2026-11-25T09:00:00+00:00")
    return text


Moment = Annotated[str, AfterValidator(_whole_moment)]
Wait = Annotated[str, AfterValidator(_readable_delay)]
Window = Annotated[str, AfterValidator(_readable_window)]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}([_-][A-Za-z]{2,4})*$")]
Timezone = Annotated[str, AfterValidator(_known_timezone)]
Host = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=100)]
Word = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,60}$")]
E164_PATTERN = re.compile(r"\+[1-9][0-9]{5,14}")
E164 = Annotated[str, Field(pattern=rf"^{E164_PATTERN.pattern}$")]


class ShopSettings(BaseModel):
    """`settle_seconds`: how long a change may be overtaken by the next one before its text leaves.
    `placed_within_days`: an order older than this when first seen gets no thank-you (0: no limit); a shop
    that edits old orders in bulk must not text all their customers.

    `told_from`: what changed in the shop before this moment is noted and told to nobody.

    `spread_seconds`: over how long after an opening what was held is let go, so that it does not burst.
    `texts_off`: keys of texts this shop does not send by itself. `recipient`: whose number is texted, the buyer's or
    the one given with the delivery address; `phone_meta_key`: the order's own field that holds a mobile number,
    before either. `staff_events`: keys of the texts of which the staff numbers are told.
    `short_links`: links in texts lead by way of ours, to the shop, to carriers and to `link_hosts`;
    `tracking_page`: a parcel that no carrier's page shows gets one of ours. `order_consent`: whether order texts
    need an opt-in. Caps count texts to one number; 0 means none.
    `delays`: by text key, how long after its event a text leaves. `plain_letters`: letters outside GSM-7 may lose
    their accents where that saves a segment. `alert_pause_minutes`: how long buyers have before the next wave.
    `pull_events`: what the shop's plugin could not deliver is fetched; `wake_queue`: so is done in the shop what waits
    for a visitor; `write_states`: orders in the shop hold what became of their messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = Mode.DISABLED
    sender: str = Field("", max_length=40)
    contact: str = Field("", max_length=60)
    country: Country = ""
    locale: Locale = "en"
    timezone: Timezone = "UTC"
    transactional_window: Window = "09:00-18:00"
    marketing_window: Window = "09:00-18:00"
    marketing_limits: Literal["careful", "legal"] = "careful"
    settle_seconds: int = Field(60, ge=0, le=86_400)
    spread_seconds: int = Field(300, ge=0, le=7200)
    delays: dict[Word, Wait] = Field(default_factory=dict)
    placed_statuses: tuple[str, ...] = Field(PLACED_STATUSES[Platform.WOOCOMMERCE], min_length=1)
    placed_within_days: int = Field(30, ge=0, le=3650)
    told_from: Moment = ""
    texts_off: tuple[Word, ...] = ()
    plain_letters: bool = True
    free_text: bool = True
    short_links: bool = True
    link_hosts: tuple[Host, ...] = ()
    tracking_page: bool = True
    recipient: Literal["buyer", "receiver"] = "buyer"
    phone_meta_key: str = Field("", max_length=64)
    staff_numbers: tuple[E164, ...] = ()
    staff_events: tuple[Word, ...] = ("order_placed",)
    order_consent: Literal["implied", "opt_in"] = "implied"
    cap_per_hour: int = Field(6, ge=0, le=1000)
    cap_per_day: int = Field(12, ge=0, le=1000)
    cap_marketing_per_week: int = Field(2, ge=0, le=100)
    confirm_orders: Literal["never", "cash_on_delivery", "always"] = "never"
    confirmed_status: str = Field("", max_length=64)
    cancelled_status: str = Field("", max_length=64)
    answers: dict[str, Word] = Field(default_factory=dict)
    billing: Literal["unmetered", "prepaid"] = "unmetered"
    stock_managed: bool = False
    alerts_enabled: bool = False
    alert_factor: float = Field(1.0, gt=0, le=10)
    alert_pause_minutes: int = Field(60, ge=1, le=10_080)
    alert_confirmation: Literal["link", "code"] = "link"
    code_countries: tuple[Country, ...] = ()
    code_limit_per_hour: int = Field(200, ge=1, le=100_000)
    pull_events: bool = True
    wake_queue: bool = True
    write_states: bool = False
    redirect_to: E164 | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Shop:
    id: str
    platform: Platform
    name: str
    url: str
    settings: ShopSettings
