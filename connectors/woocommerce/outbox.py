"""What the shop's plugin could not deliver by itself: fetched from its outbox, which only the shop's secret opens."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook

from connectors.reading.asking import asked
from connectors.woocommerce.rest import decoded, problem_of
from sidecar.domain.backoffice import NO_PLUGIN, Found, Handed, ShopProblem
from sidecar.domain.exchange import Answer, Exchange

ROUTE = "/?rest_route=/recado/v1/outbox"
"""Found whatever the shop's permalinks are."""
_UNAUTHORISED, _NOT_FOUND = 401, 404
_NOTHING_THERE = (_NOT_FOUND, 405)


class PluginOutbox:
    def __init__(self, exchange: Exchange, secret: str, clock: Callable[[], datetime]) -> None:
        self._exchange = exchange
        self._secret = secret
        self._clock = clock

    def take(self, most: int, done: Sequence[str], request_id: str) -> Handed:
        body = json.dumps({"take": most, "done": list(done)}, separators=(",", ":"))
        now = self._clock()
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "webhook-id": request_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self._secret).sign(request_id, now, body),
        }
        answer = asked(self._exchange, "POST", ROUTE, headers, body.encode())
        if not answer.ok or not answer.body.lstrip().startswith(b"{"):
            raise self._problem(answer)
        return _handed(decoded(answer))

    def _problem(self, answer: Answer) -> ShopProblem:
        """A shop without the plugin answers like a shop: by an error of its REST interface, or by its front page."""
        if answer.ok or answer.status in _NOTHING_THERE:
            return ShopProblem(NO_PLUGIN, "The shop does not have our plugin, or it is switched off.")
        if answer.status == _UNAUTHORISED:
            return ShopProblem(
                "plugin_refused", "The plugin is not connected with this sidecar: paste its connection code in again."
            )
        return problem_of(answer)


def _handed(told: Any) -> Handed:
    entries = told.get("events") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise ShopProblem(NO_PLUGIN, "Something else than our plugin answers at its address.")
    events = [
        Found(entry["id"], "", entry["body"].encode("utf-8", "surrogatepass"), event_id=entry["id"])
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and isinstance(entry.get("body"), str)
    ]
    return Handed(events, str(told.get("plugin") or "")[:20])
