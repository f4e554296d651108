"""Where shops deliver: verify, make durable, answer. What a delivery means is worked out later."""

from flask import Blueprint, Response, request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from werkzeug.exceptions import RequestEntityTooLarge

from connectors.woocommerce import signature, webhook
from connectors.woocommerce.webhook import DELIVERY_ID_HEADER, SIGNATURE_HEADER, TOPIC_HEADER
from sidecar.storage import inbox as inbox_storage
from sidecar.storage.inbox import PLUGIN, WEBHOOK
from sidecar.storage.tables import inbox
from sidecar.web.bodies import read_body
from sidecar.web.parts import WebParts
from sidecar.web.problems import Problem

_EVENT_ID_HEADER = "webhook-id"
MAX_BODY = 1024 * 1024
_MAX_HEADER = 80


def blueprint(parts: WebParts) -> Blueprint:
    bp = Blueprint("hooks", __name__)

    @bp.post("/hooks/woocommerce/<shop_id>")
    def woocommerce(shop_id: str) -> Response:
        feed = Feed(parts, shop_id, WEBHOOK)
        secret = feed.secret(parts.webhook_secret(shop_id))
        body = feed.body()
        topic = request.headers.get(TOPIC_HEADER)
        if webhook.is_ping(topic, request.content_type, body):
            return feed.answered("ping")
        if not signature.verify(body, request.headers.get(SIGNATURE_HEADER), secret):
            raise feed.refused(401, "bad_signature", "Set the webhook's secret to this shop's own.")
        if webhook.is_draft(topic, body):
            return feed.answered("draft")
        return feed.keep(body, topic or "", request.headers.get(DELIVERY_ID_HEADER, ""))

    @bp.post("/hooks/events/<shop_id>")
    def events(shop_id: str) -> Response:
        feed = Feed(parts, shop_id, PLUGIN)
        secret = feed.secret(parts.events_secret(shop_id))
        body = feed.body()
        if not _is_genuine(body, secret):
            raise feed.refused(
                401, "bad_signature", "Sign by Standard Webhooks with this shop's events secret, at the right time."
            )
        return feed.keep(body, "", request.headers.get(_EVENT_ID_HEADER, ""))

    return bp


def _is_genuine(body: bytes, secret: str) -> bool:
    try:
        Webhook(secret).verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError, TypeError):
        # The library lets malformed headers and bodies through as errors of Python's own.
        return False
    return True


class Feed:
    """One delivery by one of a shop's ways, counted whatever becomes of it."""

    def __init__(self, parts: WebParts, shop_id: str, source: str) -> None:
        self._parts = parts
        self._shop_id = shop_id
        self._source = source

    def secret(self, found: str | None) -> str:
        if found is None:
            self._count("unknown_shop")
            raise Problem(404, "unknown_shop", "No shop has this address: copy it again from `recado shop show`.")
        return found

    def body(self) -> bytes:
        try:
            return read_body(MAX_BODY)
        except RequestEntityTooLarge:
            raise self.refused(413, "too_large", "A delivery may have 1 MiB at most.") from None

    def keep(self, body: bytes, topic: str, delivery_id: str) -> Response:
        """Put it on disk, then say so."""
        now = self._parts.clock()
        self._parts.store(
            inbox,
            {
                "shop_id": self._shop_id,
                "id": self._parts.new_id("in", now),
                "source": self._source,
                "topic": topic[:_MAX_HEADER],
                "delivery_id": delivery_id[:_MAX_HEADER],
                "body": body,
                "received_at": now,
                "state": inbox_storage.RECEIVED,
            },
        )
        self._parts.tally.accepted(self._shop_id, self._source)
        self._count("accepted")
        return Response(status=202)

    def answered(self, answer: str) -> Response:
        self._count(answer)
        return Response(status=200)

    def refused(self, status: int, code: str, advice: str) -> Problem:
        self._parts.tally.refused(self._shop_id, self._source, code)
        self._count(code)
        return Problem(status, code, advice)

    def _count(self, answer: str) -> None:
        self._parts.counters.deliveries.labels(self._source, answer).inc()
