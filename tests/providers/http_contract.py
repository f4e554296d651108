"""What every provider reached over HTTP must hold to, on real sockets."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.exchange import Limits
from sidecar.domain.outcome import (
    Accepted,
    OutcomeUnknown,
    Rejected,
    SendOutcome,
    TemporarilyFailed,
)
from sidecar.providers.base import BalanceUnavailable, Provider
from sidecar.providers.registry import build

from .contract import HASTY, PATIENT, ProviderContract, context
from .server import (
    Reaction,
    Server,
    answer,
    drip_body,
    drip_headers,
    garbage,
    hang_up,
    huge,
    huge_unannounced,
    raw,
    reset,
    silence,
    truncated,
    truncated_chunks,
)

NOWHERE = "http://127.0.0.1:1"
FIELDS = ["code", "message", "sid", "status", "sms_ticket", "number_of_contacts", "error_code"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), inner),
    max_leaves=6,
)
HARDLY_HTTP = [
    b"",
    b"HTTP",
    b"HTTP/1.1 abc\r\n",
    b"HTTP/1.1 201 Created\r\nContent-Length: 7, 9\r\n\r\n",
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
    b"HTTP/1.1 201 Created\r\n" + b"X-Many: yes\r\n" * 200,
    b"HTTP/1.1 201 Created\r\nX-Long: " + b"x" * 70_000,
    b"HTTP/9.9 201 Created\r\n\r\n",
]


@dataclass(frozen=True)
class FailureCase:
    """An answer that is no acceptance, and the outcome it must give; details are not compared."""

    status: int
    body: object
    outcome: SendOutcome


class HttpProviderContract(ProviderContract):
    accepted_body: ClassVar[object]
    accepted: ClassVar[Accepted]
    failures: ClassVar[tuple[FailureCase, ...]]

    @pytest.fixture
    def provider(self, server: Server) -> Iterator[Provider]:
        made = self.connect(server.url)
        yield made
        made.close()

    @pytest.fixture
    def hasty(self, server: Server) -> Iterator[Provider]:
        made = self.connect(server.url, HASTY)
        yield made
        made.close()

    def connect(self, base_url: str, limits: Limits = PATIENT) -> Provider:
        return build(self.kind, {**self.options, "base_url": base_url}, context(), limits)

    def throttled(self, provider: Provider, server: Server, **headers: str) -> TemporarilyFailed:
        server.script(answer(429, b"slow down", **headers))
        outcome = provider.send(self.message)
        assert isinstance(outcome, TemporarilyFailed)
        return outcome

    def test_accepted(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, self.accepted_body))
        assert provider.send(self.message) == self.accepted
        assert len(server.requests) == 1

    def test_each_failure(self, provider: Provider, server: Server) -> None:
        for case in self.failures:
            server.script(answer(case.status, case.body))
            outcome = provider.send(self.message)
            assert _bare(outcome) == case.outcome, case

    def test_a_channel_it_does_not_serve_is_refused_before_a_request(self, provider: Provider, server: Server) -> None:
        outcomes = provider.send_batch([replace(self.message, channel="pigeon")] * 2)
        assert all(isinstance(outcome, Rejected) and outcome.permanent for outcome in outcomes)
        assert server.requests == []

    def test_throttling_says_how_long(self, provider: Provider, server: Server) -> None:
        assert self.throttled(provider, server, Retry_After="17").retry_after == 17
        assert self.throttled(provider, server, Retry_After="Sat, 22 Nov 2025 15:01:30 GMT").retry_after == 90
        assert self.throttled(provider, server, Retry_After="Sat, 22 Nov 2025 14:00:00 GMT").retry_after == 0
        assert self.throttled(provider, server, Retry_After="soon").retry_after is None
        assert self.throttled(provider, server).reason == "throttled"

    def test_a_refused_connection_is_certainly_not_sent(self) -> None:
        outcome = self.connect(NOWHERE).send(self.message)
        assert isinstance(outcome, TemporarilyFailed) and outcome.reason == "unreachable"

    @pytest.mark.parametrize(
        "reaction",
        [
            silence,
            reset,
            hang_up,
            garbage,
            huge,
            huge_unannounced,
            drip_body,
            drip_headers,
            truncated(201, b"x" * 100),
            truncated_chunks,
        ],
    )
    def test_a_lost_answer_leaves_the_outcome_unknown(
        self, hasty: Provider, server: Server, reaction: Reaction
    ) -> None:
        server.script(reaction)
        outcome = hasty.send(self.message)
        assert isinstance(outcome, OutcomeUnknown) and outcome.reason == "answer_lost"
        assert len(server.requests) == 1, "sent again, or not at all"

    @pytest.mark.parametrize(
        "body", [b"", b"{", b"null", b"[]", b'{"unexpected": true}', b"<html>Welcome!</html>", b"\xff"]
    )
    def test_an_acceptance_that_cannot_be_read_is_kept(self, provider: Provider, server: Server, body: bytes) -> None:
        server.script(answer(201, body))
        outcome = provider.send(self.message)
        assert isinstance(outcome, OutcomeUnknown) and outcome.reason == "unreadable_answer"
        assert body[:400].decode(errors="replace") in outcome.detail

    def test_no_answer_whatever_raises(self, provider: Provider, server: Server) -> None:
        @given(st.sampled_from([200, 201, 204, 304, 400, 422, 500, 503, 999]), JSON.map(json.dumps) | st.text())
        def survives(status: int, body: str) -> None:
            server.script(answer(status, body.encode(errors="replace")))
            assert isinstance(provider.send(self.message), SendOutcome)

        survives()

    def test_not_even_one_that_is_hardly_http(self, provider: Provider, server: Server) -> None:
        @given(st.sampled_from(HARDLY_HTTP), st.binary(max_size=30))
        def survives(head: bytes, rest: bytes) -> None:
            server.script(raw(head + rest))
            assert isinstance(provider.send(self.message), OutcomeUnknown)

        survives()

    def test_a_kept_answer_is_cut(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, b"x" * 60_000))
        outcome = provider.send(self.message)
        assert isinstance(outcome, OutcomeUnknown) and len(outcome.detail) < 600

    @pytest.mark.parametrize("status", [500, 502, 504, 520])
    def test_a_server_error_of_unknown_origin_may_have_been_sent(
        self, provider: Provider, server: Server, status: int
    ) -> None:
        server.script(answer(status, b"<html>Bad Gateway</html>"))
        assert isinstance(provider.send(self.message), OutcomeUnknown)

    @pytest.mark.parametrize(
        ("status", "outcome"),
        [
            (401, Rejected("auth", permanent=False, code="401")),
            (403, Rejected("auth", permanent=False, code="403")),
            (402, Rejected("no_credit", permanent=False, code="402")),
            (302, Rejected("misconfigured", permanent=False, code="302")),
            (404, Rejected("misconfigured", permanent=False, code="404")),
            (413, Rejected("refused", permanent=True, code="413")),
            (414, Rejected("refused", permanent=True, code="414")),
            (429, TemporarilyFailed("throttled", code="429")),
            (503, TemporarilyFailed("provider_down", code="503")),
        ],
    )
    def test_a_status_that_speaks_for_itself(
        self, provider: Provider, server: Server, status: int, outcome: SendOutcome
    ) -> None:
        server.script(answer(status, b"<html>No</html>", Location="http://127.0.0.1:1/"))
        assert _bare(provider.send(self.message)) == outcome

    def test_another_channel_is_refused_before_any_request(self, provider: Provider, server: Server) -> None:
        outcome = provider.send(replace(self.message, channel="pigeon"))
        assert outcome == Rejected("wrong_channel", permanent=True, detail=f"{self.kind} does not send pigeon.")
        assert not server.requests

    def test_many_threads_share_it(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, self.accepted_body))
        with ThreadPoolExecutor(8) as threads:
            outcomes = list(threads.map(provider.send, [self.message] * 80))
        assert set(outcomes) == {self.accepted}
        assert len(server.requests) == 80

    def test_connections_are_kept(self, provider: Provider, server: Server) -> None:
        server.script(answer(201, self.accepted_body))
        for _ in range(5):
            provider.send(self.message)
        assert server.connections == 1

    def test_the_balance_can_be_unavailable(self, hasty: Provider, server: Server) -> None:
        for reaction in (answer(401, b"no"), answer(200, b"{}"), garbage, silence):
            server.script(reaction)
            with pytest.raises(BalanceUnavailable):
                hasty.balance()


def _bare(outcome: SendOutcome) -> SendOutcome:
    return outcome if isinstance(outcome, Accepted) else replace(outcome, detail="")
