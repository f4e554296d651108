"""What people agreed to."""

from typing import Annotated, Literal

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from sidecar.consent.agreeing import Agreement, ConsentRefused, Register
from sidecar.domain.consent import Purpose, Standing
from sidecar.domain.phone import mask
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.asking import Asked
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import Refusal

Written = Annotated[str, Field(min_length=1, max_length=200, description="A number as people write it.")]
CountryOrNone = Annotated[str, Field(pattern=r"^([A-Z]{2})?$", description="Where it was written; else the shop's.")]


class NewConsent(Asked):
    """A yes or a no. `wording` is what the person was shown, and a yes needs it; `ip` is theirs."""

    number: Written
    country: CountryOrNone = ""
    purpose: Literal["orders", "stock_alerts", "marketing"]
    standing: Literal["in", "out"]
    source: Literal["checkout", "account", "form", "import", "shop"] = "shop"
    wording: str = Field("", max_length=2000)
    ip: Annotated[str, Field(max_length=45, pattern=r"^[0-9a-fA-F:.]*$")] = ""
    locale: Annotated[str, Field(max_length=12, pattern=r"^[A-Za-z_-]*$")] = ""


class ConsentQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Written
    country: CountryOrNone = ""


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/consents")
    def add_consent() -> Response:
        asked = asking.checked(NewConsent, asking.json_body())
        told = Agreement(
            asked.number,
            asked.country,
            Purpose(asked.purpose),
            Standing(asked.standing),
            asked.source,
            asked.wording.replace("\0", ""),
            asked.ip,
            asked.locale,
        )
        try:
            stands = api.agreements.say(the_shop(), told)
        except ConsentRefused as refused:
            raise Refusal(refused.code, str(refused)) from None
        return as_json({"purpose": asked.purpose, "standing": str(stands)}, 201)

    @bp.get("/consents")
    def consents() -> Response:
        asked = asking.checked(ConsentQuery, request.args.to_dict())
        # A plus sign that nobody encoded arrives as a space.
        number = f"+{asked.number.strip()}" if asked.number.startswith(" ") else asked.number
        try:
            return as_json(_shown(api.agreements.of(the_shop(), number, asked.country)))
        except ConsentRefused as refused:
            raise Refusal(refused.code, str(refused)) from None


def _shown(register: Register) -> dict[str, object]:
    told = ("purpose", "standing", "source", "wording", "locale", "ip", "evidence")
    history = [{"at": row.at.isoformat(), **{name: getattr(row, name) for name in told}} for row in register.history]
    standings = {str(purpose): str(standing) for purpose, standing in register.standings.items()}
    return {"number": mask(register.number.e164), "standings": standings, "history": history}
