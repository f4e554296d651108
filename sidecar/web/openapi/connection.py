"""How a plugin connects, and how the shop stands, described."""

from sidecar.domain.shop import Platform
from sidecar.policy.switch import Sending
from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import MOMENT_OR_NULL, READING, TEXT, WHOLE, Json, object_of, operation, ref


def paths(_api: ShopApi) -> Json:
    return {
        "/api/v1/shop": {"get": operation("Who the shop is, and how it stands", ref("ShopStanding"), READING)},
        "/api/v1/connection": {
            "post": {
                **operation("What a plugin needs to connect", ref("Connection"), READING),
                "description": "The connection code is the sidecar's address, `#`, and the api_token: with it the "
                "plugin asks here for the secret by which it signs what it reports.",
            }
        },
    }


def schemas() -> Json:
    feed = object_of({"last_accepted_at": MOMENT_OR_NULL})
    standing: Json = {
        "shop_id": TEXT,
        "name": TEXT,
        "platform": {"enum": [str(platform) for platform in Platform]},
        "url": TEXT,
        "version": {"type": "string", "description": "Of the sidecar."},
        "events_url": {"type": "string", "description": "Where the plugin reports."},
        "mode": WHOLE,
        "sending": {"enum": [str(position) for position in Sending], "description": "The operator's sending switch."},
        "route": {"type": "array", "items": TEXT, "description": "Kinds of the provider accounts, first choice first."},
        "billing": {"enum": ["unmetered", "prepaid"]},
        "balance": {"type": ["integer", "null"], "description": "Credits; null for a shop that does not prepay."},
        "low": {"type": "boolean"},
        "settings": ref("ShopSettings"),
        "feeds": {"type": "object", "additionalProperties": feed, "description": "By the way reports came in."},
    }
    return {"ShopStanding": object_of(standing), "Connection": object_of({**standing, "events_secret": TEXT})}
