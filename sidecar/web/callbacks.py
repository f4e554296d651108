"""Where providers report: check that it is they, make durable, acknowledge. Work comes later."""

import hmac

from flask import Blueprint, Response, request

from sidecar.domain.outcome import Callback
from sidecar.providers.base import Acknowledgement, CallbackRefused
from sidecar.storage import callbacks as callback_storage
from sidecar.storage.tables import callbacks
from sidecar.web.bodies import read_body
from sidecar.web.parts import WebParts
from sidecar.web.problems import Problem

MAX_BODY = 1024 * 1024


def blueprint(parts: WebParts) -> Blueprint:
    bp = Blueprint("callbacks", __name__)

    @bp.route("/callbacks/<account_id>/<token>/status", methods=["GET", "POST"])
    def status(account_id: str, token: str) -> Response:
        return _taken(parts, account_id, token, callback_storage.STATUS)

    @bp.route("/callbacks/<account_id>/<token>/inbound", methods=["GET", "POST"])
    def inbound(account_id: str, token: str) -> Response:
        return _taken(parts, account_id, token, callback_storage.INBOUND)

    return bp


def _taken(parts: WebParts, account_id: str, token: str, kind: str) -> Response:
    expected = parts.callback_token(account_id)
    if expected is None or not hmac.compare_digest(token.encode(), expected.encode()):
        raise Problem(404, "unknown_callback", "No provider account has this callback address.")
    provider = parts.provider_of(account_id)
    callback = Callback(request.method, parts.public_url_of(request), dict(request.headers), read_body(MAX_BODY))
    try:
        if greeting := provider.handshake(callback):
            return _acknowledged(greeting)
        provider.check_callback(callback)
    except CallbackRefused:
        parts.counters.callbacks.labels(provider.kind, "refused").inc()
        raise Problem(401, "bad_signature", "The signature does not match this account's credentials.") from None
    parts.store(callbacks, _row(parts, account_id, callback, kind))
    parts.counters.callbacks.labels(provider.kind, "accepted").inc()
    return _acknowledged(provider.acknowledgement)


def _acknowledged(answer: Acknowledgement) -> Response:
    return Response(answer.body, answer.status, content_type=answer.content_type)


def _row(parts: WebParts, account_id: str, callback: Callback, kind: str) -> dict[str, object]:
    now = parts.clock()
    return {
        "account_id": account_id,
        "id": parts.new_id("cb", now),
        "kind": kind,
        "method": callback.method,
        "url": callback.url,
        "headers": {"Content-Type": callback.headers.get("Content-Type", "")},
        "body": callback.body,
        "received_at": now,
        "state": callback_storage.RECEIVED,
    }
