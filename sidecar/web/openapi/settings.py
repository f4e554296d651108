"""The shop's settings, its texts, and how it pays, described."""

from sidecar.catalog import templates
from sidecar.domain.shop import ShopSettings
from sidecar.web.api.parts import ShopApi
from sidecar.web.openapi.words import (
    ENCODING,
    READING,
    TEXT,
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
        "/api/v1/balance": {
            "get": operation(
                "How the shop pays: an unmetered one has no balance here",
                object_of({"billing": {"enum": ["unmetered", "prepaid"]}}),
                READING,
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
        }
    )
