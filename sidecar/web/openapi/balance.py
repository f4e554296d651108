"""How the shop pays, described."""

from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import MOMENT, READING, TEXT, TEXT_OR_NULL, WHOLE, Json, object_of, operation, ref

_YES_OR_NO: Json = {"type": "boolean"}


def paths(_api: ShopApi) -> Json:
    summary = "How the shop pays; what it may spend now, and what it has bought that counts later"
    return {"/api/v1/balance": {"get": operation(summary, ref("Balance"), READING)}}


def schemas() -> Json:
    coming = object_of({"credits": WHOLE, "counts_from": MOMENT})
    account = object_of({"name": TEXT, "balance": TEXT_OR_NULL, "unit": TEXT, "low": _YES_OR_NO})
    return {
        "Balance": object_of(
            {
                "billing": {"enum": ["unmetered", "prepaid"]},
                "balance": {
                    "type": ["integer", "null"],
                    "description": "Credits; null for a shop that does not prepay.",
                },
                "low": {**_YES_OR_NO, "description": "Whether it is less than the operator finds enough."},
                "waiting": {**WHOLE, "description": "Messages held as `no_credit`."},
                "coming": {"type": "array", "items": coming},
                "accounts": {
                    "type": "array",
                    "items": account,
                    "description": "Accounts at providers by which this shop alone sends, as they last told.",
                },
            }
        )
    }
