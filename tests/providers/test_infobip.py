import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.domain.exchange import DEFAULT_LIMITS
from sidecar.domain.message import LostMessage, OutgoingMessage
from sidecar.domain.outcome import (
    Accepted,
    Balance,
    Callback,
    CannotTell,
    Found,
    Inbound,
    NotFound,
    OutcomeUnknown,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import CallbackUnreadable, Provider
from sidecar.providers.infobip import Infobip
from sidecar.providers.registry import build

from .batch_contract import BATCH, BatchContract
from .contract import HASTY, INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase
from .server import Request, Server, answer, silence
from .test_twilio import read_vectors

OPTIONS = {"base_url": "https://4g2xk1.api.infobip.com", "api_key": "fakeInfobipKey", "sender": "ACME"}
STATUSES = {
    "MESSAGE_ACCEPTED": ("ACCEPTED", 0),
    "PENDING_ACCEPTED": ("PENDING", 26),
    "PENDING_ENROUTE": ("PENDING", 7),
    "PENDING_WAITING_DELIVERY": ("PENDING", 3),
    "DELIVERED_TO_OPERATOR": ("DELIVERED", 2),
    "DELIVERED_TO_HANDSET": ("DELIVERED", 5),
    "DELIVERED_TO_SATELLITE": ("DELIVERED", 999),
    "UNDELIVERABLE_REJECTED_OPERATOR": ("UNDELIVERABLE", 4),
    "UNDELIVERABLE_NOT_DELIVERED": ("UNDELIVERABLE", 9),
    "UNDELIVERABLE_NOT_SENT": ("UNDELIVERABLE", 31),
    "EXPIRED_EXPIRED": ("EXPIRED", 15),
    "EXPIRED_DLR_UNKNOWN": ("EXPIRED", 29),
    "SIGNALS_BLOCKED": ("EXPIRED", 87),
    "REJECTED_NETWORK": ("REJECTED", 6),
    "REJECTED_PREFIX_MISSING": ("REJECTED", 8),
    "REJECTED_DND": ("REJECTED", 10),
    "REJECTED_SOURCE": ("REJECTED", 11),
    "REJECTED_NOT_ENOUGH_CREDITS": ("REJECTED", 12),
    "REJECTED_DESTINATION_BLOCKLISTED": ("REJECTED", 14),
    "REJECTED_DESTINATION_NOT_REGISTERED": ("REJECTED", 18),
    "REJECTED_FLOODING_FILTER": ("REJECTED", 20),
    "REJECTED_SYSTEM_ERROR": ("REJECTED", 21),
    "REJECTED_DUPLICATE_MESSAGE_ID": ("REJECTED", 23),
    "REJECTED_MESSAGE_TOO_LONG": ("REJECTED", 25),
    "REJECTED_DESTINATION": ("REJECTED", 52),
    "REJECTED_BY_THE_MOON": ("REJECTED", 998),
}
ERRORS = {
    "NO_ERROR": (0, "OK"),
    "EC_UNKNOWN_SUBSCRIBER": (1, "HANDSET_ERRORS"),
    "EC_ABSENT_SUBSCRIBER": (27, "HANDSET_ERRORS"),
    "EC_CONTENT_BLOCKED": (603, "USER_ERRORS"),
    "EC_INVALID_PDU_FORMAT": (4096, "USER_ERRORS"),
    "EC_SC_BLOCKED_FOR_END_USER": (560, "OPERATOR_ERRORS"),
    "EC_UNKNOWN_MOBILE_OPERATOR": (633, "OPERATOR_ERRORS"),
    "EC_VP_EXPIRED": (4098, "OPERATOR_ERRORS"),
}


def status(name: str) -> dict[str, object]:
    group, number = STATUSES.get(name, (name, 997))
    return {"groupId": 1, "groupName": group, "id": number, "name": name, "description": "As it says."}


def taken(name: str, message: OutgoingMessage = MESSAGE) -> dict[str, object]:
    told = {"messageId": message.id, "status": status(name), "destination": message.to.removeprefix("+")}
    return {**told, "details": {"messageCount": 2}}


def sent(*entries: dict[str, object]) -> dict[str, object]:
    return {"bulkId": "2034072219640523072", "messages": list(entries)}


def report(name: str, code: str = "", **more: object) -> dict[str, object]:
    number, group = ERRORS[code or "NO_ERROR"]
    error = {"groupId": 1, "groupName": group, "id": number, "name": code, "description": "", "permanent": True}
    return {"messageId": MESSAGE.id, "to": "33612345678", "status": status(name), "error": error, **more}


def at_once(name: str, outcome: Rejected | TemporarilyFailed | OutcomeUnknown) -> FailureCase:
    return FailureCase(200, sent(taken(name)), outcome)


def refused(name: str, reason: str, *, permanent: bool = True) -> FailureCase:
    return at_once(name, Rejected(reason, permanent=permanent, code=str(STATUSES[name][1])))


def passing(name: str, reason: str) -> FailureCase:
    return at_once(name, TemporarilyFailed(reason, code=str(STATUSES[name][1])))


def api_error(code: str) -> dict[str, object]:
    violation = {"property": "messages[0].content", "violation": "must not be null"}
    return {"errorCode": code, "description": "No.", "action": "", "violations": [violation], "resources": []}


CALLBACKS = read_vectors("infobip-callbacks.json")
INBOUND = Callback("POST", INBOUND_URL, {}, json.dumps(CALLBACKS["inbound"]).encode())


class TestInfobip(BatchContract):
    kind = "infobip"
    options: ClassVar = OPTIONS
    secrets = ("fakeInfobipKey",)
    accepted_body: ClassVar = sent(taken("PENDING_ACCEPTED"))
    accepted = Accepted(MESSAGE.id, segments=2)
    batch_body: ClassVar = sent(taken("PENDING_ACCEPTED", BATCH[1]), taken("PENDING_ACCEPTED", BATCH[0]))
    batch = (Accepted("msg_a", segments=2), Accepted("msg_b", segments=2))
    mixed: ClassVar = (
        sent(taken("PENDING_ACCEPTED", BATCH[0]), taken("REJECTED_DESTINATION", BATCH[1])),
        (
            Accepted("msg_a", segments=2),
            Rejected("invalid_number", permanent=True, code="52", detail="REJECTED_DESTINATION As it says."),
        ),
    )
    receipts = (
        ReceiptCase("DELIVERED_TO_HANDSET", MessageState.DELIVERED),
        ReceiptCase("DELIVERED_TO_OPERATOR", MessageState.SENT),
        ReceiptCase("DELIVERED_TO_SATELLITE", MessageState.SENT),
        ReceiptCase("MESSAGE_ACCEPTED", MessageState.ACCEPTED),
        ReceiptCase("PENDING_ACCEPTED", MessageState.ACCEPTED),
        ReceiptCase("PENDING_ENROUTE", MessageState.SENT),
        ReceiptCase("PENDING_WAITING_DELIVERY", MessageState.SENT),
        ReceiptCase("EXPIRED_EXPIRED", MessageState.EXPIRED, "expired", "EC_VP_EXPIRED"),
        ReceiptCase("EXPIRED_DLR_UNKNOWN", MessageState.SENT),
        ReceiptCase("SIGNALS_BLOCKED", MessageState.UNDELIVERED, "filtered"),
        ReceiptCase("UNDELIVERABLE_NOT_DELIVERED", MessageState.UNDELIVERED, "invalid_number", "EC_UNKNOWN_SUBSCRIBER"),
        ReceiptCase(
            "UNDELIVERABLE_NOT_DELIVERED", MessageState.UNDELIVERED, "handset_unreachable", "EC_ABSENT_SUBSCRIBER"
        ),
        ReceiptCase("UNDELIVERABLE_REJECTED_OPERATOR", MessageState.UNDELIVERED, "opted_out", "EC_CONTENT_BLOCKED"),
        ReceiptCase("UNDELIVERABLE_REJECTED_OPERATOR", MessageState.UNDELIVERED, "refused", "EC_INVALID_PDU_FORMAT"),
        ReceiptCase(
            "UNDELIVERABLE_REJECTED_OPERATOR", MessageState.UNDELIVERED, "blocked", "EC_SC_BLOCKED_FOR_END_USER"
        ),
        ReceiptCase(
            "UNDELIVERABLE_REJECTED_OPERATOR", MessageState.UNDELIVERED, "carrier_error", "EC_UNKNOWN_MOBILE_OPERATOR"
        ),
        ReceiptCase("UNDELIVERABLE_NOT_SENT", MessageState.UNDELIVERED, "carrier_error"),
        ReceiptCase("REJECTED_NOT_ENOUGH_CREDITS", MessageState.UNDELIVERED, "no_credit"),
        ReceiptCase("REJECTED_DUPLICATE_MESSAGE_ID", None),
    )
    inbound = (
        InboundCase(
            INBOUND,
            (
                Inbound(
                    "817790313235066447",
                    "+33612345678",
                    "33757130000",
                    "ANA Obrigada!",
                    at=datetime(2025, 11, 22, 16, 0, tzinfo=UTC),
                ),
                Inbound(
                    "817790313235066448",
                    "+33612345679",
                    "33757130000",
                    "STOP",
                    at=datetime(2025, 11, 22, 16, 0, 1, tzinfo=UTC),
                ),
            ),
        ),
    )
    failures = (
        refused("REJECTED_NETWORK", "unroutable"),
        refused("REJECTED_PREFIX_MISSING", "invalid_number"),
        refused("REJECTED_DND", "blocked"),
        refused("REJECTED_DESTINATION_BLOCKLISTED", "opted_out"),
        refused("REJECTED_SOURCE", "sender_refused"),
        refused("REJECTED_DESTINATION_NOT_REGISTERED", "trial_restriction"),
        refused("REJECTED_MESSAGE_TOO_LONG", "content_refused"),
        refused("REJECTED_BY_THE_MOON", "refused"),
        refused("REJECTED_NOT_ENOUGH_CREDITS", "no_credit", permanent=False),
        passing("REJECTED_FLOODING_FILTER", "throttled"),
        passing("REJECTED_SYSTEM_ERROR", "provider_down"),
        at_once("REJECTED_DUPLICATE_MESSAGE_ID", OutcomeUnknown("unclear_failure")),
        at_once("UNDELIVERABLE_NOT_SENT", OutcomeUnknown("unclear_failure")),
        at_once("LEVITATING", OutcomeUnknown("unclear_failure")),
        FailureCase(200, sent(), OutcomeUnknown("unreadable_answer")),
        FailureCase(
            200, sent(taken("PENDING_ACCEPTED"), taken("PENDING_ACCEPTED")), OutcomeUnknown("unreadable_answer")
        ),
        FailureCase(400, api_error("E400"), Rejected("refused", permanent=True, code="E400")),
        FailureCase(401, api_error("E401"), Rejected("auth", permanent=False, code="E401")),
        FailureCase(403, api_error("E403"), Rejected("auth", permanent=False, code="E403")),
        FailureCase(429, api_error("E429"), TemporarilyFailed("throttled", code="E429")),
        FailureCase(500, api_error("E500"), OutcomeUnknown("unclear_failure")),
        FailureCase(400, {"description": "no code"}, OutcomeUnknown("unclear_failure")),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        return Callback("POST", STATUS_URL, {}, json.dumps({"results": [report(case.word, case.code)]}).encode())

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"balance": 47.79134, "currency": "EUR"}))
        assert provider.balance() == Balance(Decimal("47.79134"), "EUR")
        (request,) = server.requests
        assert (request.method, request.target) == ("GET", "/account/1/balance")

    def test_what_is_wrong_with_a_request_is_told(self, provider: Provider, server: Server) -> None:
        server.script(answer(400, api_error("E400")))
        outcome = provider.send(MESSAGE)
        assert isinstance(outcome, Rejected) and outcome.detail == "No. messages[0].content: must not be null"

    def test_segments_that_are_not_told(self, provider: Provider, server: Server) -> None:
        entry = {**taken("PENDING_ACCEPTED")}
        for details in ({}, {"details": {}}, {"details": {"messageCount": 0}}):
            server.script(answer(200, sent({"messageId": "m", "status": entry["status"], **details})))
            assert provider.send(MESSAGE) == Accepted("m", segments=None)

    def test_numbers_refused_by_name_are_not_asked_about_again(self, provider: Provider, server: Server) -> None:
        """Their ids count as used, so that a second request would be told of repetitions only."""
        server.script(answer(200, sent(*(taken("REJECTED_DESTINATION", message) for message in BATCH))))
        outcomes = provider.send_batch(BATCH)
        assert all(isinstance(outcome, Rejected) and outcome.permanent for outcome in outcomes)
        assert len(server.requests) == 1

    def test_a_batch_refused_as_a_whole_is_halved(self, provider: Provider, server: Server) -> None:
        good = sent(taken("PENDING_ACCEPTED", BATCH[0]))
        server.script(answer(400, api_error("E400")), answer(200, good), answer(400, api_error("E400")))
        first, second = provider.send_batch(BATCH)
        assert isinstance(first, Accepted) and isinstance(second, Rejected)

    def test_a_number_that_an_answer_leaves_out_is_unknown(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, sent(taken("PENDING_ACCEPTED", BATCH[1]))))
        first, second = provider.send_batch(BATCH)
        assert isinstance(first, OutcomeUnknown) and isinstance(second, Accepted)

    def test_the_answer_to_the_largest_batch_can_be_read(self, server: Server) -> None:
        size = Infobip.capabilities.batch_size
        messages = [replace(MESSAGE, id=f"{MESSAGE.id[:-4]}{n:04}", to=f"+33612{n:06}") for n in range(size)]
        wordy = {**status("REJECTED_DND"), "description": "x" * 300, "action": "y" * 200}
        server.script(answer(200, sent(*({**taken("REJECTED_DND", each), "status": wordy} for each in messages))))
        provider = build("infobip", {**OPTIONS, "base_url": server.url}, context(), DEFAULT_LIMITS)
        assert all(isinstance(outcome, Rejected) for outcome in provider.send_batch(messages))
        provider.close()


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    # Host and length are those of another server and another message; the client's name is not ours to claim.
    DIFFERENT = frozenset({"host", "content-length", "user-agent"})

    def sent(self, server: Server, *messages: OutgoingMessage, **options: str) -> Request:
        server.script(answer(200, sent()))
        made = build("infobip", {**OPTIONS, "base_url": server.url, **options}, context("https://ex.org/cb"), PATIENT)
        made.send_batch(messages)
        made.close()
        return server.requests[0]

    def body(self, server: Server, *messages: OutgoingMessage, **options: str) -> Any:
        return json.loads(self.sent(server, *messages, **options).body)

    def official(self) -> Any:
        (request,) = read_vectors("infobip-send.json")["requests"]
        return request

    PAIR: ClassVar = (
        OutgoingMessage(id="my-1", to="+41793026727", text="Hello é", validity_seconds=43200),
        OutgoingMessage(id="my-2", to="+41793026728", text="Hello é", validity_seconds=43200),
    )

    def test_its_headers_equal_the_official_ones(self, server: Server) -> None:
        ours, theirs = self.sent(server, *self.PAIR), self.official()
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        headers = {name.lower(): value for name, value in ours.headers}
        expected = {name.lower(): value for name, value in theirs["headers"]}
        assert set(headers) == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_its_body_equals_the_official_one(self, server: Server) -> None:
        expected = self.official()["body_json"]
        message = expected["messages"][0]
        # Every message has our id, which makes further data for the report needless.
        message["destinations"][1]["messageId"] = "my-2"
        del message["webhooks"]["callbackData"]
        # Infobip names the bulk itself; the number of parts is wanted in the answer.
        expected["options"] = {"includeSmsCountInResponse": True}
        assert self.body(server, *self.PAIR) == expected

    def test_one_message(self, server: Server) -> None:
        (message,) = self.body(server, MESSAGE)["messages"]
        assert message["destinations"] == [{"to": "33612345678", "messageId": MESSAGE.id}]
        assert "options" not in message

    @pytest.mark.parametrize(("asked", "minutes"), [(0, 1), (119, 1), (120, 2), (172800, 2880), (999_999, 2880)])
    def test_the_validity_is_kept_within_bounds(self, server: Server, asked: int, minutes: int) -> None:
        (message,) = self.body(server, replace(MESSAGE, validity_seconds=asked))["messages"]
        assert message["options"]["validityPeriod"] == {"amount": minutes, "timeUnit": "MINUTES"}

    def test_a_batch_lasts_as_long_as_the_first_of_it_to_expire(self, server: Server) -> None:
        pair = [replace(message, validity_seconds=seconds) for message, seconds in zip(BATCH, (600, 300), strict=True)]
        (message,) = self.body(server, *pair)["messages"]
        assert message["options"]["validityPeriod"]["amount"] == 5

    def test_the_shop_s_own_sender_goes_first(self, server: Server) -> None:
        (message,) = self.body(server, replace(MESSAGE, sender="LojaDaAna"))["messages"]
        assert message["sender"] == "LojaDaAna"

    def test_a_number_as_sender_is_written_like_all_numbers(self, server: Server) -> None:
        (message,) = self.body(server, MESSAGE, sender="+41793026700")["messages"]
        assert message["sender"] == "41793026700"

    @settings(max_examples=30)
    @given(st.text())
    def test_any_text_arrives_whole(self, text: str) -> None:
        with Server() as server:
            (message,) = self.body(server, replace(MESSAGE, text=text))["messages"]
            assert message["content"] == {"text": text}


class TestLookUp:
    LOST = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, sent_after=NOW - timedelta(minutes=6))

    @pytest.fixture
    def provider(self, server: Server) -> Provider:
        return build("infobip", {**OPTIONS, "base_url": server.url}, context(), PATIENT)

    def test_it_asks_like_the_official_library(self, provider: Provider, server: Server) -> None:
        (theirs,) = read_vectors("infobip-logs.json")["requests"]
        server.script(answer(200, {"results": []}))
        provider.look_up(replace(self.LOST, id="msg_1"))
        (ours,) = server.requests
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        assert {name.lower() for name, _ in ours.headers} == {name.lower() for name, _ in theirs["headers"]}

    @pytest.mark.parametrize(
        ("shown", "found"),
        [
            ([report("PENDING_ENROUTE")], Found(MESSAGE.id, MessageState.SENT)),
            ([report("DELIVERED_TO_HANDSET")], Found(MESSAGE.id, MessageState.DELIVERED)),
            ([report("REJECTED_DESTINATION")], Found(MESSAGE.id, MessageState.UNDELIVERED, "invalid_number")),
            ([report("EXPIRED_EXPIRED")], Found(MESSAGE.id, MessageState.EXPIRED, "expired")),
            ([report("LEVITATING")], Found(MESSAGE.id, MessageState.ACCEPTED)),
            (
                [report("REJECTED_DUPLICATE_MESSAGE_ID"), report("DELIVERED_TO_OPERATOR")],
                Found(MESSAGE.id, MessageState.SENT),
            ),
            ([report("REJECTED_NOT_ENOUGH_CREDITS"), report("PENDING_ENROUTE")], Found(MESSAGE.id, MessageState.SENT)),
        ],
    )
    def test_found_in_its_state(
        self, provider: Provider, server: Server, shown: list[dict[str, object]], found: Found
    ) -> None:
        server.script(answer(200, {"results": shown}))
        assert provider.look_up(self.LOST) == found

    def test_what_the_logs_do_not_know_did_not_arrive(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"results": []}))
        assert provider.look_up(self.LOST) == NotFound()

    @pytest.mark.parametrize(
        ("age", "answered"),
        [
            (timedelta(minutes=4, seconds=59), CannotTell("Infobip's logs may not show it yet")),
            (timedelta(minutes=5), NotFound()),
            (timedelta(hours=47), NotFound()),
            (timedelta(hours=47, seconds=1), CannotTell("Infobip's logs do not reach back so far", never=True)),
        ],
    )
    def test_silence_of_the_logs_counts_only_while_they_are_complete(
        self, provider: Provider, server: Server, age: timedelta, answered: object
    ) -> None:
        server.script(answer(200, {"results": []}))
        assert provider.look_up(replace(self.LOST, sent_after=NOW - age)) == answered

    def test_how_long_the_logs_take_is_the_account_s_matter(self, server: Server) -> None:
        options = {**OPTIONS, "base_url": server.url, "logs_settle_minutes": "10"}
        server.script(answer(200, {"results": []}))
        assert isinstance(build("infobip", options, context(), PATIENT).look_up(self.LOST), CannotTell)

    @pytest.mark.parametrize(
        "shown",
        [
            [report("REJECTED_DUPLICATE_MESSAGE_ID")],
            [{**report("PENDING_ENROUTE"), "messageId": "msg_other"}],
            [report("PENDING_ENROUTE"), {**report("PENDING_ENROUTE"), "messageId": "msg_other"}],
        ],
    )
    def test_logs_that_do_not_answer_the_question(
        self, provider: Provider, server: Server, shown: list[dict[str, object]]
    ) -> None:
        server.script(answer(200, {"results": shown}))
        assert isinstance(provider.look_up(self.LOST), CannotTell)

    @pytest.mark.parametrize(
        "reaction",
        [silence, answer(500, b""), answer(404, b""), answer(401, b"{}"), answer(200, b"{}"), answer(200, b"[]")],
    )
    def test_no_answer_cannot_tell(self, server: Server, reaction: Any) -> None:
        server.script(reaction)
        hasty = build("infobip", {**OPTIONS, "base_url": server.url}, context(), HASTY)
        assert isinstance(hasty.look_up(self.LOST), CannotTell)


class TestCallbacks:
    PROVIDER = build("infobip", OPTIONS, context())

    def test_several_reports_in_one_callback(self) -> None:
        body = json.dumps(CALLBACKS["delivery"]).encode()
        receipts = self.PROVIDER.read_receipts(Callback("POST", STATUS_URL, {}, body))
        assert [(each.message_id, each.state, each.reason) for each in receipts] == [
            ("msg_1", MessageState.DELIVERED, ""),
            ("msg_2", MessageState.UNDELIVERED, "invalid_number"),
            ("msg_3", MessageState.EXPIRED, "expired"),
        ]
        assert receipts[0].at == datetime(2025, 11, 22, 15, 0, 5, 250_000, tzinfo=UTC)

    def test_one_half_report_makes_the_callback_unreadable(self) -> None:
        body = json.dumps({"results": [report("DELIVERED_TO_HANDSET"), {"messageId": "msg_2"}]}).encode()
        with pytest.raises(CallbackUnreadable, match=r"results\.1\.status: Field required"):
            self.PROVIDER.read_receipts(Callback("POST", STATUS_URL, {}, body))

    def test_nothing_to_tell_is_nothing(self) -> None:
        empty = Callback("POST", STATUS_URL, {}, b'{"results": []}')
        assert self.PROVIDER.read_receipts(empty) == []
        assert self.PROVIDER.read_inbound(empty) == []

    def test_a_report_without_error_or_moment(self) -> None:
        bare = {"messageId": "msg_1", "status": status("UNDELIVERABLE_NOT_DELIVERED"), "doneAt": "soon"}
        for error in ({}, {"error": None}):
            body = json.dumps({"results": [{**bare, **error}]}).encode()
            (receipt,) = self.PROVIDER.read_receipts(Callback("POST", STATUS_URL, {}, body))
            assert (receipt.reason, receipt.at) == ("carrier_error", None)

    def test_a_report_at_the_address_for_messages_is_named(self) -> None:
        body = json.dumps(CALLBACKS["delivery"]).encode()
        with pytest.raises(CallbackUnreadable, match=r"results\.0\.from: Field required"):
            self.PROVIDER.read_inbound(Callback("POST", INBOUND_URL, {}, body))
