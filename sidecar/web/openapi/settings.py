"""The shop's settings and its texts, described."""

from sidecar.domain.shop import ShopSettings
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.settings import TemplateQuery
from sidecar.web.openapi.words import (
    ENCODING,
    READING,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    WITH_BODY,
    Json,
    object_of,
    operation,
    query_parameters,
    ref,
    without_title,
)


def paths(_api: ShopApi) -> Json:
    settings, change = ref("ShopSettings"), ref("SettingsChange")
    refused = (*WITH_BODY, "bad_setting")
    return {
        "/api/v1/settings": {
            "get": operation("The shop's settings", settings, READING),
            "patch": operation("Change some settings; answers all of them", settings, refused, body=change),
        },
        "/api/v1/templates": {
            "get": operation(
                "What the shop can send, its own approved texts included, filled with a sample or a real order",
                ref("Templates"),
                (*READING, "bad_field", "unknown_order", "bad_number"),
                parameters=query_parameters(TemplateQuery),
            )
        },
    }


def schemas() -> Json:
    made = ShopSettings.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    found = {name: without_title(schema) for name, schema in made.pop("$defs", {}).items()}
    settings = without_title(made)
    return {
        **found,
        "ShopSettings": settings,
        "SettingsChange": _change_of(settings),
        "Templates": object_of(
            {"locale": TEXT, "country": _COUNTRY, "templates": {"type": "array", "items": _template()}}
        ),
    }


_COUNTRY: Json = {"type": "string", "description": "Of the number, else the shop's: what the prices are for."}


def _change_of(settings: Json) -> Json:
    properties = {
        name: {key: value for key, value in schema.items() if key != "default"}
        for name, schema in settings["properties"].items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _template() -> Json:
    return object_of(
        {
            "key": TEXT,
            "locale": TEXT,
            "own": {"type": "boolean", "description": "In the shop's own words."},
            "category": TEXT,
            "text": TEXT,
            "encoding": ENCODING,
            "segments": WHOLE,
            "unknown": {"type": "array", "items": TEXT, "description": "Placeholders that would stay empty."},
            "provider_templates": {
                "type": "object",
                "additionalProperties": ref("ProviderTemplate"),
                "description": "By kind of provider, the template it would go as where the account wants one.",
            },
            "credits": {"type": "integer", "description": "What it would cost; 0 for a shop that does not prepay."},
            "price": {"type": ["string", "null"], "description": "Where the country has a tariff with one."},
            "currency": TEXT_OR_NULL,
        }
    )
