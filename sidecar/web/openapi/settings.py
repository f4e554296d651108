"""The shop's settings and its texts, described."""

from sidecar.catalog import templates
from sidecar.domain.shop import ShopSettings
from sidecar.web.api.parts import ShopApi
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
            "get": operation("The approved texts, filled with a sample order", ref("Templates"), READING)
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
        "Templates": object_of({"locale": TEXT, "templates": {"type": "array", "items": _template()}}),
    }


def _change_of(settings: Json) -> Json:
    properties = {
        name: {key: value for key, value in schema.items() if key != "default"}
        for name, schema in settings["properties"].items()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _template() -> Json:
    return object_of(
        {
            "key": {"type": "string", "enum": list(templates.keys())},
            "category": TEXT,
            "text": TEXT,
            "encoding": ENCODING,
            "segments": WHOLE,
            "credits": {"type": "integer", "description": "What it would cost; 0 for a shop that does not prepay."},
            "price": {"type": ["string", "null"], "description": "Where the shop's country has a tariff with one."},
            "currency": TEXT_OR_NULL,
        }
    )
