"""What people told a shop, as the shop passes it on: by the API in that moment, or later as an event, where we could
not be reached. Both are read by the same models."""

from ipaddress import ip_address
from itertools import islice
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from sidecar.domain.reading import Unreadable
from sidecar.domain.shop import Country, Locale

MOST_CONSENTS = 5


def _is_web_address(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("write it with https:// in front")
    return url


def is_address(ip: str) -> str:
    try:
        return str(ip_address(ip))
    except ValueError:
        raise ValueError("write it as 203.0.113.7 or 2001:db8::7") from None


To = Annotated[str, Field(min_length=1, max_length=200, description="A number as people write it.")]
Id = Annotated[str, Field(pattern=r"^[!-~]{1,64}$", description="The shop's own id.")]
Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
Words = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
WrittenIn = Annotated[Country, Field(description="Where the number was written; else the shop's.")]
PurposeWord = Literal["orders", "stock_alerts", "marketing"]


class Told(BaseModel):
    """No field too many, and none of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class NewAlert(Told):
    """What a shop passes on of a customer or guest who wants to be told. `wording`: what they agreed to, word for word;
    `ip`: their address, not the shop's. Both are kept as proof."""

    product_id: Id
    variation_id: Id | None = None
    name: Annotated[Line, Field(min_length=1, max_length=200, description="What the product is called.")]
    url: Annotated[Line, Field(max_length=500, description="Where it can be bought."), AfterValidator(_is_web_address)]
    number: To
    country: WrittenIn = ""
    locale: Locale | None = None
    wording: Annotated[Words, Field(min_length=1)]
    ip: Annotated[str, Field(max_length=45), AfterValidator(is_address)]
    customer_id: Id | None = None


class EndedAlert(Told):
    """Somebody waits no more."""

    id: Id


class NewConsent(Told):
    """A yes or a no. `wording` is what the person was shown, and a yes needs it; `ip` is theirs. Told twice with the
    same `evidence`, the shop's own id of this saying, it counts once."""

    number: To
    country: WrittenIn = ""
    purpose: PurposeWord
    standing: Literal["in", "out"]
    source: Literal["checkout", "account", "form", "import", "shop"] = "shop"
    wording: Words = ""
    ip: Annotated[str, Field(max_length=45, pattern=r"^[0-9a-fA-F:.]*$")] = ""
    locale: Annotated[str, Field(max_length=12, pattern=r"^[A-Za-z_-]*$")] = ""
    evidence: Id | None = None


class OrderConsent(BaseModel):
    """What the buyer ticked at the checkout, kept with the order; about the number that is texted about it."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)

    purpose: PurposeWord
    wording: Annotated[Words, Field(min_length=1)]
    ip: Annotated[str, Field(max_length=45, pattern=r"^[0-9a-fA-F:.]*$")] = ""
    locale: Annotated[str, Field(max_length=12, pattern=r"^[A-Za-z_-]*$")] = ""


Spoken = NewAlert | EndedAlert | NewConsent

KINDS: dict[str, type[NewAlert] | type[EndedAlert] | type[NewConsent]] = {
    "alert.asked": NewAlert,
    "alert.ended": EndedAlert,
    "consent.said": NewConsent,
}


def read(kind: str, data: dict[str, object]) -> Spoken:
    """From the `data` of an event of one of the `KINDS`. Raises `Unreadable`."""
    try:
        return KINDS[kind].model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_context=False, include_url=False)[0]
        field, fault = ".".join(map(str, first["loc"])), first["msg"].removeprefix("Value error, ")
        raise Unreadable("bad_field", f"The event's `{field}` is wrong: {fault}.") from None


def order_consents(told: object) -> tuple[OrderConsent, ...]:
    """Those that can be read; an order is worth more than its ticks."""
    found = (_order_consent(each) for each in islice(told, MOST_CONSENTS)) if isinstance(told, list) else ()
    return tuple(consent for consent in found if consent)


def _order_consent(told: object) -> OrderConsent | None:
    try:
        return OrderConsent.model_validate(told)
    except ValidationError:
        return None
