"""What a provider that takes several numbers in one request must hold to besides."""

from dataclasses import replace
from typing import ClassVar

import pytest

from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, OutcomeUnknown, Rejected, SendOutcome, TemporarilyFailed
from sidecar.providers.base import Provider

from .contract import MESSAGE
from .http_contract import NOWHERE, HttpProviderContract
from .server import Reaction, Server, answer, reset, silence, truncated

GOOD, BAD = "+33612345678", "+33612345679"
BATCH = [replace(MESSAGE, id="msg_a", to=GOOD), replace(MESSAGE, id="msg_b", to=BAD)]


class BatchContract(HttpProviderContract):
    """`batch_body` answers the batch `together` of which both are taken, `batch` says what it must give.
    `mixed`: the same for an answer that takes the first and refuses the second, or None where such a batch is
    refused whole; then `refused_body` and `refused_status` are that refusal."""

    together: ClassVar[list[OutgoingMessage]] = BATCH
    batch_body: ClassVar[object]
    batch: ClassVar[tuple[SendOutcome, SendOutcome]]
    mixed: ClassVar[tuple[object, tuple[SendOutcome, SendOutcome]] | None] = None
    refused_status: ClassVar[int] = 400
    refused_body: ClassVar[object] = None

    def test_a_batch_is_one_request(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, self.batch_body))
        assert provider.send_batch(self.together) == list(self.batch)
        assert len(server.requests) == 1
        assert provider.capabilities.batch_size > 1

    def test_a_batch_with_one_bad_number(self, provider: Provider, server: Server) -> None:
        if self.mixed:
            body, expected = self.mixed
            server.script(answer(200, body))
            assert provider.send_batch(self.together) == list(expected)
        else:
            refusal = answer(self.refused_status, self.refused_body)
            server.script(refusal, answer(200, self.accepted_body), refusal)
            first, second = provider.send_batch(self.together)
            assert isinstance(first, Accepted) and isinstance(second, Rejected) and second.permanent
            assert len(server.requests) == 3

    @pytest.mark.parametrize("reaction", [silence, reset, truncated(200, b"x" * 100)])
    def test_a_lost_answer_leaves_a_whole_batch_unknown(
        self, hasty: Provider, server: Server, reaction: Reaction
    ) -> None:
        server.script(reaction)
        outcomes = hasty.send_batch(self.together)
        assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown, OutcomeUnknown]
        assert len(server.requests) == 1

    def test_an_answer_about_other_numbers_leaves_a_batch_unknown(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, self.batch_body))
        first = self.together[0]
        strangers = [replace(first, id=f"msg_{number}", to=f"{first.to[:-2]}5{number}") for number in range(3)]
        assert all(isinstance(outcome, OutcomeUnknown | Accepted) for outcome in provider.send_batch(strangers))

    def test_messages_to_one_number_go_alone(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, self.accepted_body))
        first = self.together[0]
        assert provider.send_batch([first, replace(first, id="msg_c")]) == [self.accepted, self.accepted]
        assert len(server.requests) == 2

    def test_a_batch_with_one_message_that_cannot_go(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, self.accepted_body))
        first, second = provider.send_batch([replace(self.together[1], channel="pigeon"), self.message])
        assert isinstance(first, Rejected) and first.reason == "wrong_channel"
        assert second == self.accepted

    def test_a_batch_to_nowhere_is_certainly_not_sent(self) -> None:
        outcomes = self.connect(NOWHERE).send_batch(self.together)
        assert [type(outcome) for outcome in outcomes] == [TemporarilyFailed, TemporarilyFailed]
