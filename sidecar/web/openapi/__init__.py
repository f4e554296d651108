"""The API described for machines and people: an OpenAPI 3.1 document, made from the code that answers."""

from sidecar import __version__
from sidecar.web.api.parts import ShopApi
from sidecar.web.api.refusals import REFUSALS
from sidecar.web.openapi import (
    alerts,
    balance,
    connection,
    consents,
    conversations,
    messages,
    previews,
    privacy,
    settings,
    tasks,
    texts,
    verifications,
)
from sidecar.web.openapi.words import TEXT, WHOLE, Json, object_of, operation

PARTS = (
    connection,
    settings,
    previews,
    balance,
    messages,
    alerts,
    consents,
    conversations,
    tasks,
    privacy,
    verifications,
    texts,
)


def document(api: ShopApi) -> Json:
    described = {path: methods for part in PARTS for path, methods in part.paths(api).items()}
    schemas = {name: schema for part in PARTS for name, schema in part.schemas().items()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Recado",
            "version": __version__,
            "description": "What a shop asks of its Recado sidecar. Numbers in answers are masked. Errors are "
            "`application/problem+json` with a stable `code`.",
        },
        "servers": [{"url": api.public_url}],
        "security": [{"api_token": []}],
        "paths": {
            **described,
            "/api/v1/openapi.json": {"get": {**operation("This document", {"type": "object"}), "security": []}},
        },
        "components": {
            "securitySchemes": {"api_token": {"type": "http", "scheme": "bearer", "description": "`rct_…`"}},
            "schemas": {**schemas, "Problem": _problem()},
        },
    }


def _problem() -> Json:
    problem = object_of(
        {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "code": {"type": "string", "description": "Stable; new ones may be added.", "examples": list(REFUSALS)},
            "detail": TEXT,
        }
    )
    errors = {"type": "object", "additionalProperties": TEXT, "description": "A sentence for each field at fault."}
    return {**problem, "properties": {**problem["properties"], "errors": errors}}
