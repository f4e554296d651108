"""Where shops deliver: verify, make durable, answer. What a delivery means is worked out later."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from connectors.woocommerce import signature, webhook
from connectors.woocommerce.webhook import DELIVERY_ID_HEADER, SIGNATURE_HEADER, TOPIC_HEADER
from sidecar.storage import inbox as inbox_storage
from sidecar.storage.tables import inbox
from sidecar.web.parts import WebParts
from sidecar.web.problems import Problem

WOOCOMMERCE = "woocommerce"
_MAX_HEADER = 80


def blueprint(parts: WebParts) -> Blueprint:
    bp = Blueprint("hooks", __name__)

    @bp.post("/hooks/woocommerce/<shop_id>")
    def woocommerce(shop_id: str) -> Response:
        secret = parts.webhook_secret(shop_id)
        if secret is None:
            _count(parts, "unknown_shop")
            raise Problem(404, "unknown_shop", "No shop has this address: copy it again from `recado shop show`.")
        body = _body(parts, shop_id)
        topic = request.headers.get(TOPIC_HEADER)
        if webhook.is_ping(topic, request.content_type, body):
            _count(parts, "ping")
            return Response(status=200)
        if not signature.verify(body, request.headers.get(SIGNATURE_HEADER), secret):
            _refuse(parts, shop_id, "bad_signature")
            raise Problem(
                401, "bad_signature", "The signature does not match: set the webhook's secret to this shop's own."
            )
        if webhook.is_draft(topic, body):
            _count(parts, "draft")
            return Response(status=200)
        parts.store(inbox, _row(parts, shop_id, body))
        parts.tally.accepted(shop_id, WOOCOMMERCE)
        _count(parts, "accepted")
        return Response(status=202)

    return bp


def _body(parts: WebParts, shop_id: str) -> bytes:
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        _refuse(parts, shop_id, "too_large")
        raise Problem(413, "too_large", "A delivery may have 1 MiB at most.") from None


def _row(parts: WebParts, shop_id: str, body: bytes) -> dict[str, object]:
    now = parts.clock()
    return {
        "shop_id": shop_id,
        "id": parts.new_id("in", now),
        "source": "webhook",
        "topic": request.headers.get(TOPIC_HEADER, "")[:_MAX_HEADER],
        "delivery_id": request.headers.get(DELIVERY_ID_HEADER, "")[:_MAX_HEADER],
        "body": body,
        "received_at": now,
        "state": inbox_storage.RECEIVED,
    }


def _refuse(parts: WebParts, shop_id: str, problem: str) -> None:
    parts.tally.refused(shop_id, WOOCOMMERCE, problem)
    _count(parts, problem)


def _count(parts: WebParts, answer: str) -> None:
    parts.counters.deliveries.labels(WOOCOMMERCE, answer).inc()
