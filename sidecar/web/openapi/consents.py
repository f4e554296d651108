"""What people agreed to, described."""

from sidecar.domain.spoken import NewConsent
from sidecar.web.api.consents import ConsentQuery
from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import (
    MOMENT,
    READING,
    TEXT,
    WITH_BODY,
    Json,
    asked,
    object_of,
    operation,
    query_parameters,
    ref,
)

PURPOSE: Json = {"type": "string", "enum": ["orders", "stock_alerts", "marketing"]}
STANDING: Json = {"type": "string", "enum": ["in", "out", "pending"]}


def paths(_api: ShopApi) -> Json:
    new, stands = ref("NewConsent"), object_of({"purpose": PURPOSE, "standing": STANDING})
    codes = (*WITH_BODY, "bad_field", "bad_number", "wording_needed", "said_stop")
    pending = "`pending` until the person has confirmed by text, where their country wants that for advertising."
    number = {"name": "number", "in": "query", "required": True, "schema": TEXT}
    others = [parameter for parameter in query_parameters(ConsentQuery) if parameter["name"] != "number"]
    return {
        "/api/v1/consents": {
            "post": operation("Record a yes or a no", stands, codes, body=new, status=201, description=pending),
            "get": operation(
                "What a number agreed to",
                ref("Consents"),
                (*READING, "bad_field", "bad_number"),
                parameters=[number, *others],
            ),
        }
    }


def schemas() -> Json:
    change = object_of(
        {
            "at": MOMENT,
            "purpose": PURPOSE,
            "standing": STANDING,
            "source": TEXT,
            "wording": TEXT,
            "locale": TEXT,
            "ip": TEXT,
            "evidence": TEXT,
        }
    )
    standings = {"type": "object", "additionalProperties": STANDING, "description": "By purpose."}
    told = {"number": TEXT, "standings": standings, "history": {"type": "array", "items": change}}
    return {"NewConsent": asked(NewConsent), "Consents": object_of(told)}
