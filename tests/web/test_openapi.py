"""The document and the code say the same."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sidecar.domain.shop import ShopSettings
from sidecar.domain.status import MessageState
from sidecar.storage.messages import Step
from sidecar.web.api.refusals import MAX_BODY, REFUSALS
from sidecar.wiring import Recado, utc_now

from .conftest import ShopCaller, hear
from .json_schema import Checker

Json = dict[str, Any]
MOBILE = "+5511987654321"
TEXT = {"key": "order_placed", "locale": "en", "text": "Order {order_number}"}
SHOPPER = {"number": MOBILE, "ip": "203.0.113.7", "subject": "session-1"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is described does not depend on the database."""
    return sqlite_url


@pytest.fixture
def document(client: FlaskClient) -> Json:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: Json = answer.json
    return found


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_route_is_described_and_nothing_else(app: Flask, document: Json) -> None:
    routes = {
        (method, re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _ in operations(document)} == routes


def test_the_document_alone_is_unguarded(document: Json) -> None:
    assert document["security"] == [{"api_token": []}]
    unguarded = [path for _, path, operation in operations(document) if operation.get("security") == []]
    assert unguarded == ["/api/v1/openapi.json"]
    assert all("401" in operation["responses"] for _, path, operation in operations(document) if path not in unguarded)


def test_every_reference_leads_somewhere(document: Json) -> None:
    checker, found = Checker(document), 0

    def walk(part: Any) -> None:
        nonlocal found
        if isinstance(part, dict):
            if "$ref" in part:
                assert checker.resolve(part["$ref"])
                found += 1
            for inner in part.values():
                walk(inner)
        elif isinstance(part, list):
            for inner in part:
                walk(inner)

    walk(document)
    assert found > 20


def test_settings_and_states_are_all_described(document: Json) -> None:
    schemas = document["components"]["schemas"]
    assert set(schemas["ShopSettings"]["properties"]) == set(ShopSettings.model_fields)
    assert set(schemas["SettingsChange"]["properties"]) == set(ShopSettings.model_fields)
    assert "required" not in schemas["SettingsChange"]
    assert schemas["MessageState"]["enum"] == [state.value for state in MessageState]


def test_every_refusal_is_described_somewhere(document: Json) -> None:
    described = " ".join(
        answer["description"] for _, _, operation in operations(document) for answer in operation["responses"].values()
    )
    assert not [code for code in REFUSALS if f"`{code}`" not in described]


ASKED: list[tuple[str, str, str, Json]] = [
    ("GET", "/shop", "/shop", {}),
    ("POST", "/connection", "/connection", {}),
    ("POST", "/previews", "/previews", {"json": {"order": {"number": "12"}, "keys": ["order_placed"]}}),
    ("POST", "/previews", "/previews", {"json": {"text": "{x}"}}),
    ("POST", "/previews", "/previews", {"json": {"keys": ["x"]}}),
    ("GET", "/settings", "/settings", {}),
    ("PATCH", "/settings", "/settings", {"json": {"sender": "X"}}),
    ("PATCH", "/settings", "/settings", {"json": {"mode": 9}}),
    ("GET", "/templates", "/templates", {}),
    ("GET", "/balance", "/balance", {}),
    ("POST", "/privacy/export", "/privacy/export", {"json": {"number": MOBILE}}),
    ("POST", "/privacy/erase", "/privacy/erase", {"json": {"number": MOBILE}}),
    ("POST", "/privacy/erase", "/privacy/erase", {"json": {"number": "nobody"}}),
    ("POST", "/test-message", "/test-message", {"json": {"to": MOBILE}}),
    ("POST", "/test-message", "/test-message", {"json": {"to": MOBILE, "template": "x"}}),
    ("POST", "/messages", "/messages", {"json": {"to": MOBILE, "text": "Hi"}}),
    ("POST", "/messages", "/messages", {"json": {"to": "no number", "text": "Hi"}}),
    ("POST", "/messages", "/messages", {"json": {"to": MOBILE}}),
    ("POST", "/messages", "/messages", {"json": {"to": MOBILE, "text": "{x}"}}),
    ("POST", "/messages", "/messages", {"json": {"to": MOBILE, "text": ""}}),
    ("POST", "/messages", "/messages", {"data": b"{", "headers": {"Content-Type": "application/json"}}),
    ("POST", "/messages", "/messages", {"data": b"{}", "headers": {"Content-Type": "text/plain"}}),
    ("POST", "/messages", "/messages", {"json": {"to": "1" * MAX_BODY}}),
    ("POST", "/messages", "/messages", {"json": {"to": MOBILE, "text": "Hi"}, "headers": {"Idempotency-Key": " "}}),
    ("GET", "/messages", "/messages", {}),
    ("GET", "/messages", "/messages?limit=1", {}),
    ("GET", "/messages", "/messages?limit=0", {}),
    ("GET", "/messages/{message_id}", "/messages/{sent}", {}),
    ("GET", "/messages/{message_id}", "/messages/none", {}),
    ("GET", "/templates", "/templates?number=%2B33612345678", {}),
    ("GET", "/templates", "/templates?order=555", {}),
    ("GET", "/texts", "/texts", {}),
    ("POST", "/texts", "/texts", {"json": TEXT}),
    ("POST", "/texts", "/texts", {"json": {**TEXT, "locale": "de"}}),
    ("GET", "/texts/{text_id}", "/texts/{drafted}", {}),
    ("GET", "/texts/{text_id}", "/texts/none", {}),
    ("PATCH", "/texts/{text_id}", "/texts/{drafted}", {"json": {"text": "Hi"}}),
    ("POST", "/texts/{text_id}/submit", "/texts/{drafted}/submit", {}),
    ("POST", "/texts/{text_id}/submit", "/texts/none/submit", {}),
    ("GET", "/verifications", "/verifications", {}),
    ("POST", "/verifications", "/verifications", {"json": SHOPPER}),
    ("POST", "/verifications", "/verifications", {"json": {**SHOPPER, "number": "1"}}),
    ("POST", "/verifications", "/verifications", {"json": {**SHOPPER, "number": "+33612345678"}}),
    ("POST", "/verifications", "/verifications", {"json": {**SHOPPER, "ip": "x"}}),
    ("POST", "/verifications/{verification_id}/check", "/verifications/none/check", {"json": {"code": "123456"}}),
    ("POST", "/verifications/{verification_id}/check", "/verifications/none/check", {"json": {"code": ""}}),
    ("POST", "/verifications/{verification_id}/resend", "/verifications/none/resend", {}),
    ("GET", "/consents", f"/consents?number=%2B{MOBILE[1:]}", {}),
    ("GET", "/consents", "/consents?number=x", {}),
    ("GET", "/consents", "/consents", {}),
    ("POST", "/consents", "/consents", {"json": {"number": MOBILE, "purpose": "orders", "standing": "out"}}),
    ("POST", "/consents", "/consents", {"json": {"number": MOBILE, "purpose": "orders", "standing": "in"}}),
    ("POST", "/consents", "/consents", {"json": {"number": "1", "purpose": "orders", "standing": "out"}}),
    ("POST", "/consents", "/consents", {"json": {"number": MOBILE}}),
    ("GET", "/conversations", "/conversations", {}),
    ("GET", "/conversations", "/conversations?unread=true&limit=1", {}),
    ("GET", "/conversations", "/conversations?limit=x", {}),
    ("GET", "/conversations", "/conversations?order_id=7", {}),
    ("GET", "/conversations/{conversation_id}", "/conversations/{heard}", {}),
    ("GET", "/conversations/{conversation_id}", "/conversations/none", {}),
    ("POST", "/conversations/{conversation_id}/read", "/conversations/{heard}/read", {"json": {"up_to": "{heard}"}}),
    ("POST", "/conversations/{conversation_id}/read", "/conversations/{heard}/read", {"json": {}}),
    ("POST", "/conversations/{conversation_id}/messages", "/conversations/{heard}/messages", {"json": {"text": "Oi"}}),
    ("POST", "/conversations/{conversation_id}/messages", "/conversations/{heard}/messages", {"json": {}}),
    ("GET", "/tasks", "/tasks", {}),
    ("GET", "/tasks", "/tasks?limit=0", {}),
    ("POST", "/tasks/{task_id}/done", "/tasks/{task}/done", {}),
    ("POST", "/tasks/{task_id}/done", "/tasks/none/done", {}),
    ("POST", "/tasks/{task_id}/failed", "/tasks/{task}/failed", {"json": {"reason": "no order"}}),
    ("POST", "/tasks/{task_id}/failed", "/tasks/{task}/failed", {"json": {"why": 1}}),
    ("GET", "/openapi.json", "/openapi.json", {}),
]


@pytest.mark.parametrize(("method", "path", "url", "options"), ASKED)
def test_answers_are_as_described(
    document: Json, ana: ShopCaller, recado: Recado, method: str, path: str, url: str, options: Json
) -> None:
    sent = ana.message(order_id="7")["id"]
    ana.message(order_id="8")
    with recado.database.write() as connection:
        steps = [Step(ana.shop.id, sent, state) for state in (MessageState.SENDING, MessageState.ACCEPTED)]
        recado.messages.advance(connection, steps, utc_now())
    drafted = ana.post("/texts", TEXT).json["id"]
    heard, task = hear(recado, ana)
    for name, value in (("sent", sent), ("heard", heard), ("task", task), ("drafted", drafted)):
        url = url.replace(f"{{{name}}}", value)
        options = json.loads(json.dumps(options).replace(f"{{{name}}}", value)) if "json" in options else options
    answer = ana.call(method, url, **options)
    described = document["paths"][f"/api/v1{path}"][method.lower()]["responses"][str(answer.status_code)]
    schema = described["content"][answer.content_type]["schema"]
    assert list(Checker(document).faults(schema, answer.json)) == []
    if answer.status_code >= 400:
        assert f"`{answer.json['code']}`" in described["description"]


@pytest.mark.parametrize("body", [{"mode": 3, "staff_numbers": [MOBILE]}, {"sender": "X", "redirect_to": ""}])
def test_what_the_document_allows_is_taken(document: Json, ana: ShopCaller, body: Json) -> None:
    schema = {"$ref": "#/components/schemas/SettingsChange"}
    assert list(Checker(document).faults(schema, body)) == []
    assert ana.patch(body).status_code == 200


def test_what_the_document_forbids_is_refused(document: Json, ana: ShopCaller) -> None:
    for name, body in (
        ("SettingsChange", {"colour": "red"}),
        ("SettingsChange", {"settle_seconds": -1}),
        ("NewMessage", {"text": "Hi"}),
        ("NewMessage", {"to": MOBILE, "text": 5}),
    ):
        assert list(Checker(document).faults({"$ref": f"#/components/schemas/{name}"}, body)), body
        answer = ana.patch(body) if name == "SettingsChange" else ana.post("/messages", body)
        assert answer.status_code == 422, body


def test_the_allowances_are_told_as_they_are(document: Json, ana: ShopCaller) -> None:
    described = document["paths"]["/api/v1/test-message"]["post"]["description"]
    burst = int(re.search(r"send (\d+) at once", described)[1])  # type: ignore[index]
    answers = [ana.post("/test-message", {"to": MOBILE}).status_code for _ in range(burst + 1)]
    assert answers == [201] * burst + [429]
