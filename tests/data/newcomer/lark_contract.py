"""Lark holds to the contract, and writes what its own client was seen to write."""

import json
from pathlib import Path
from typing import ClassVar

from sidecar.domain.outcome import Accepted, Callback, Rejected, TemporarilyFailed
from sidecar.domain.status import MessageState
from sidecar.providers.base import Provider

from .contract import STATUS_URL, ReceiptCase
from .http_contract import FailureCase, HttpProviderContract
from .server import Server, answer

SAMPLE = Path(__file__).parent / "vectors" / "lark-send.json"


class TestLark(HttpProviderContract):
    kind = "lark"
    options: ClassVar = {"key": "s33d", "sender": "LojaDaAna"}
    secrets = ("s33d",)
    accepted_body: ClassVar = {"flight": "fl_1"}
    accepted = Accepted("fl_1")
    receipts = (
        ReceiptCase("flying", MessageState.SENT),
        ReceiptCase("landed", MessageState.DELIVERED),
        ReceiptCase("lost", MessageState.UNDELIVERED, "carrier_error"),
    )
    failures = (
        FailureCase(400, {"code": "no_nest"}, Rejected("invalid_number", permanent=True, code="no_nest")),
        FailureCase(402, {"code": "no_seed"}, Rejected("no_credit", permanent=False, code="no_seed")),
        FailureCase(403, {"code": "strange_bird"}, Rejected("auth", permanent=False, code="strange_bird")),
        FailureCase(409, {"code": "flapping"}, TemporarilyFailed("throttled", code="flapping")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        report = {"flight": "fl_1", "word": case.word, "reference": self.message.id}
        return Callback("POST", STATUS_URL, body=json.dumps([report]).encode())

    def test_the_request_is_the_recorded_one(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, self.accepted_body))
        provider.send(self.message)
        [request] = server.requests
        assert (request.method, request.target) == ("POST", "/flights")
        assert json.loads(request.body) == json.loads(SAMPLE.read_text(encoding="utf-8"))
