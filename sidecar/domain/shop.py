"""A shop and the settings its owner may change, under the same names everywhere (flags, API, columns)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


Window = Annotated[str, AfterValidator(_readable_window)]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
Locale = Annotated[str, Field(pattern=r"^[a-z]{2,3}([_-][A-Za-z]{2,4})*$")]
Timezone = Annotated[str, AfterValidator(_known_timezone)]
E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{5,14}$")]


class ShopSettings(BaseModel):
    """`settle_seconds`: how long a change may be overtaken by the next one before its text leaves.
    `placed_within_days`: an order older than this when first seen gets no thank-you (0: no limit); a shop
    that edits old orders in bulk must not text all their customers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = Mode.DISABLED
    sender: str = Field("", max_length=40)
    contact: str = Field("", max_length=60)
    country: Country = ""
    locale: Locale = "en"
    timezone: Timezone = "UTC"
    transactional_window: Window = "09:00-18:00"
    marketing_window: Window = "09:00-18:00"
    settle_seconds: int = Field(60, ge=0, le=86_400)
    placed_statuses: tuple[str, ...] = Field(PLACED_STATUSES[Platform.WOOCOMMERCE], min_length=1)
    placed_within_days: int = Field(30, ge=0, le=3650)
    staff_numbers: tuple[E164, ...] = ()
    billing: Literal["unmetered", "prepaid"] = "unmetered"
    stock_managed: bool = False
    alerts_enabled: bool = False
    alert_factor: float = Field(1.0, gt=0, le=10)
    redirect_to: E164 | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Shop:
    id: str
    platform: Platform
    name: str
    url: str
    settings: ShopSettings
