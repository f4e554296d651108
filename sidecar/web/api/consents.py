"""What people agreed to."""

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict

from sidecar.consent.agreeing import Register, agreement
from sidecar.domain.phone import mask
from sidecar.domain.spoken import NewConsent, To, WrittenIn
from sidecar.web.api import asking
from sidecar.web.api.answers import as_json, the_shop
from sidecar.web.api.parts import ShopApi


class ConsentQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: To
    country: WrittenIn = ""


def install(bp: Blueprint, api: ShopApi) -> None:
    @bp.post("/consents")
    def add_consent() -> Response:
        asked = asking.checked(NewConsent, asking.json_body())
        stands = api.agreements.say(the_shop(), agreement(asked))
        return as_json({"purpose": asked.purpose, "standing": str(stands)}, 201)

    @bp.get("/consents")
    def consents() -> Response:
        asked = asking.checked(ConsentQuery, request.args.to_dict())
        # A plus sign that nobody encoded arrives as a space.
        number = f"+{asked.number.strip()}" if asked.number.startswith(" ") else asked.number
        return as_json(_shown(api.agreements.of(the_shop(), number, asked.country)))


def _shown(register: Register) -> dict[str, object]:
    told = ("purpose", "standing", "source", "wording", "locale", "ip", "evidence")
    history = [{"at": row.at.isoformat(), **{name: getattr(row, name) for name in told}} for row in register.history]
    standings = {str(purpose): str(standing) for purpose, standing in register.standings.items()}
    return {"number": mask(register.number.e164), "standings": standings, "history": history}
