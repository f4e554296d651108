"""What every provider must hold to; `http_contract` adds what one reached over HTTP must."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.exchange import Limits
from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import (
    Callback,
    Inbound,
    Receipt,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import AccountContext, CallbackRefused, CallbackUnreadable, Provider
from sidecar.providers.registry import PROVIDERS, build

NOW = datetime(2025, 11, 22, 15, 0, tzinfo=UTC)
STATUS_URL = "https://sidecar.example.org/callbacks/acc_1/tok_7/status"
INBOUND_URL = "https://sidecar.example.org/callbacks/acc_1/tok_7/inbound"
MESSAGE = OutgoingMessage(
    id="msg_019300000000123456789abcdef", to="+33612345678", text="Loja da Ana: pedido 17 enviado. Até já!"
)
PATIENT = Limits(pool_size=8, answer_bytes=64 * 1024)
HASTY = Limits(pool_size=4, connect_seconds=0.3, total_seconds=0.4, answer_bytes=64 * 1024)
UNREADABLE = [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"a=b", b"a=1&" * 500, b"{" * 5000, b'{"unexpected": true}']


def context(status_url: str = STATUS_URL) -> AccountContext:
    return AccountContext("acc_1", status_url, lambda: NOW, INBOUND_URL)


@dataclass(frozen=True)
class ReceiptCase:
    """A word of the vendor, perhaps with its error code, and the receipt it must give."""

    word: str
    state: MessageState | None
    reason: str = ""
    code: str = ""


@dataclass(frozen=True)
class InboundCase:
    """A callback as the vendor makes it, and the customers' messages in it."""

    callback: Callback
    messages: tuple[Inbound, ...]


class ProviderContract:
    """`message` is one that the provider takes. `id_is_of_one_message`: where receipts name only the provider's id,
    no two recipients share one."""

    kind: ClassVar[str]
    message: ClassVar[OutgoingMessage] = MESSAGE
    id_is_of_one_message: ClassVar[bool] = False
    options: ClassVar[dict[str, str]]
    message: ClassVar[OutgoingMessage] = MESSAGE
    secrets: ClassVar[tuple[str, ...]] = ()
    receipts: ClassVar[tuple[ReceiptCase, ...]]
    inbound: ClassVar[tuple[InboundCase, ...]] = ()

    def make(self, status_url: str = STATUS_URL) -> Provider:
        return build(self.kind, self.options, context(status_url))

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        raise NotImplementedError

    def read(self, case: ReceiptCase) -> Receipt:
        (receipt,) = self.make().read_receipts(self.receipt_callback(case))
        return receipt

    def test_it_is_in_the_registry_under_its_own_name(self) -> None:
        assert PROVIDERS[self.kind].kind == self.kind

    def test_receipts_of_every_status(self) -> None:
        for case in self.receipts:
            receipt = self.read(case)
            assert (receipt.state, receipt.word, receipt.reason) == (case.state, case.word, case.reason), case
            assert receipt.provider_id

    def test_every_reported_state_has_a_case(self) -> None:
        states = {case.state for case in self.receipts}
        assert states >= {MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERED}

    def test_a_word_the_vendor_adds_one_day_is_kept(self) -> None:
        receipt = self.read(ReceiptCase("teleported", None))
        assert (receipt.state, receipt.word) == (None, "teleported")

    def test_a_receipt_told_twice_reads_the_same(self) -> None:
        assert self.read(self.receipts[0]) == self.read(self.receipts[0])

    def test_a_receipt_finds_its_message(self) -> None:
        receipt = self.read(self.receipts[0])
        by_ours = receipt.message_id == self.message.id or receipt.recipient == self.message.to
        assert by_ours or self.id_is_of_one_message

    @pytest.mark.parametrize(
        "body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b"a=b", b"{" * 5000, b"&" * 500 + b"a=1" * 500]
    )
    def test_an_unreadable_receipt_is_named_so(self, body: bytes) -> None:
        with pytest.raises(CallbackUnreadable):
            self.make().read_receipts(Callback("POST", STATUS_URL, body=body))

    def test_customers_messages_are_read_where_the_provider_brings_them(self) -> None:
        provider = self.make()
        assert provider.capabilities.inbound == bool(self.inbound)
        for case in self.inbound:
            assert provider.read_inbound(case.callback) == list(case.messages), case
            assert all(re.fullmatch(r"\+[1-9][0-9]{4,14}", message.sender) for message in case.messages)

    def test_one_address_tells_receipts_and_messages_apart(self) -> None:
        provider = self.make()
        if provider.capabilities.one_callback_address:
            assert provider.read_inbound(self.receipt_callback(self.receipts[0])) == []
            assert [provider.read_receipts(case.callback) for case in self.inbound] == [[]] * len(self.inbound)

    @pytest.mark.parametrize("body", UNREADABLE)
    def test_an_unreadable_message_is_named_so(self, body: bytes) -> None:
        with pytest.raises(CallbackUnreadable):
            self.make().read_inbound(Callback("POST", INBOUND_URL, body=body))

    def test_nothing_else_escapes_from_mangled_messages(self) -> None:
        if not self.inbound:
            return

        @given(st.sampled_from(self.inbound), st.integers(0, 500), st.integers(0, 20), st.binary(max_size=20))
        def survives(case: InboundCase, at: int, cut: int, dirt: bytes) -> None:
            genuine = case.callback
            self._swallow(replace(genuine, body=genuine.body[:at] + dirt + genuine.body[at + cut :]))

        survives()

    def test_nothing_else_escapes_from_strange_callbacks(self) -> None:
        @given(st.text(), st.dictionaries(st.text(), st.text(), max_size=3), st.binary())
        def survives(url: str, headers: dict[str, str], body: bytes) -> None:
            self._swallow(Callback("POST", url, headers, body))

        survives()

    def test_nothing_else_escapes_from_mangled_callbacks(self) -> None:
        @given(st.sampled_from(self.receipts), st.integers(0, 500), st.integers(0, 20), st.binary(max_size=20))
        def survives(case: ReceiptCase, at: int, cut: int, dirt: bytes) -> None:
            genuine = self.receipt_callback(case)
            self._swallow(replace(genuine, body=genuine.body[:at] + dirt + genuine.body[at + cut :]))

        survives()

    def _swallow(self, callback: Callback) -> None:
        provider = self.make()
        with suppress(CallbackRefused):
            provider.handshake(callback)
            provider.check_callback(callback)
        with suppress(CallbackUnreadable):
            receipts = provider.read_receipts(callback)
            assert all(receipt.provider_id and receipt.word is not None for receipt in receipts)
        with suppress(CallbackUnreadable):
            assert all(message.sender for message in provider.read_inbound(callback))

    def test_secrets_are_not_shown(self) -> None:
        provider = self.make()
        shown = repr(provider) + repr(vars(provider)) + str(vars(provider))
        assert not [secret for secret in self.secrets if secret in shown]

    def test_closing_twice_does_no_harm(self) -> None:
        provider = self.make()
        provider.close()
        provider.close()
