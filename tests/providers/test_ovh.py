import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    Receipt,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.base import AccountContext, BalanceUnavailable, CallbackUnreadable, Provider
from sidecar.providers.ovh import signature
from sidecar.providers.registry import InvalidOptions, build

from .batch_contract import BAD, GOOD, BatchContract
from .contract import HASTY, INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase
from .server import Reaction, Request, Server, answer, hang_up, silence

OFFICIAL = json.loads((Path(__file__).parent / "vectors" / "ovh-send.json").read_text())
KEYS = OFFICIAL["fixed"]
SERVICE = "/sms/sms-ab12345-1"
OPTIONS = {
    "application_key": KEYS["application_key"],
    "application_secret": KEYS["application_secret"],
    "consumer_key": KEYS["consumer_key"],
    "service_name": "sms-ab12345-1",
    "sender": "ACME",
}
SHORT = {name: value for name, value in OPTIONS.items() if name != "sender"} | {"short_number": "true"}


class OvhServer(Server):
    """Tells OVH's time besides, and keeps apart who asked for it. `ahead`: in seconds; `dial` stands in for it."""

    ahead: float = 0.0
    dial: Reaction | None = None

    def __init__(self) -> None:
        super().__init__()
        self.asked_for_time: list[Request] = []

    def _reaction(self, request: Request) -> Reaction:
        if request.target.endswith("/auth/time"):
            self.asked_for_time.append(request)
            return self.dial or answer(200, int(NOW.timestamp() + self.ahead))
        return super()._reaction(request)


@pytest.fixture
def server() -> Iterator[OvhServer]:
    with OvhServer() as running:
        yield running


def report(ids: list[int], valid: list[str], invalid: list[str] | None = None) -> dict[str, Any]:
    return {"totalCreditsRemoved": len(valid), "invalidReceivers": invalid or [], "ids": ids, "validReceivers": valid}


def error(message: str = "No.", code: str | None = None, kind: str = "Client::BadRequest") -> dict[str, Any]:
    return {"class": kind, "message": message} | ({"errorCode": code} if code else {})


def called(**told: object) -> Callback:
    return Callback("GET", f"{STATUS_URL}?{urlencode(told)}")


class TestOvh(BatchContract):
    kind = "ovh"
    options: ClassVar = {
        **OPTIONS,
        "application_secret": "s3cret-AS",
        "consumer_key": "s3cret-CK",
        "batch_ids_in_order": "true",
    }
    secrets = ("s3cret-AS", "s3cret-CK")
    id_is_of_one_message = True
    accepted_body: ClassVar = report([27814656], [GOOD])
    accepted = Accepted("27814656", price=Decimal(1), currency="credits")
    batch_body: ClassVar = report([1, 2], [GOOD, BAD])
    batch = (Accepted("1"), Accepted("2"))
    mixed = (report([1], [GOOD], [BAD]), (Accepted("1"), Rejected("invalid_number", permanent=True)))
    receipts = (
        ReceiptCase("1", MessageState.SENT),
        ReceiptCase("2", MessageState.SENT),
        ReceiptCase("3", MessageState.SENT),
        ReceiptCase("6", MessageState.SENT),
        ReceiptCase("4", MessageState.DELIVERED),
        ReceiptCase("8", MessageState.EXPIRED, "expired"),
        ReceiptCase("5", MessageState.UNDELIVERED, "ptt_5"),
        ReceiptCase("23", MessageState.UNDELIVERED, "invalid_number"),
        ReceiptCase("24", MessageState.UNDELIVERED, "handset_unreachable"),
        ReceiptCase("28", MessageState.UNDELIVERED, "filtered"),
        ReceiptCase("29", MessageState.UNDELIVERED, "content_refused"),
        ReceiptCase("76", MessageState.UNDELIVERED, "blocked"),
        ReceiptCase("73", MessageState.UNDELIVERED, "unroutable"),
        ReceiptCase("25", MessageState.UNDELIVERED, "carrier_error"),
        ReceiptCase("999", MessageState.UNDELIVERED, "ptt_999", code="2"),
        ReceiptCase("999", MessageState.UNDELIVERED, "ptt_999", code="16"),
        ReceiptCase("lost", MessageState.UNDELIVERED, code="2"),
        ReceiptCase("999", None, code="1"),
        ReceiptCase("4", MessageState.DELIVERED, code="2"),
    )
    failures = (
        FailureCase(400, error(), Rejected("refused", permanent=True, code="Client::BadRequest")),
        FailureCase(409, error(), Rejected("refused", permanent=True, code="Client::BadRequest")),
        FailureCase(400, {"message": "No."}, Rejected("refused", permanent=True)),
        FailureCase(200, report([], [], [GOOD]), Rejected("invalid_number", permanent=True)),
        FailureCase(403, error(code="NOT_GRANTED_CALL"), Rejected("auth", permanent=False, code="NOT_GRANTED_CALL")),
        FailureCase(400, error(code="INVALID_KEY"), Rejected("auth", permanent=False, code="INVALID_KEY")),
        FailureCase(
            400, error(code="QUERY_TIME_OUT"), Rejected("misconfigured", permanent=False, code="QUERY_TIME_OUT")
        ),
        FailureCase(404, error(code="X"), Rejected("misconfigured", permanent=False, code="X")),
        FailureCase(460, error(code="X"), Rejected("account_suspended", permanent=False, code="X")),
        FailureCase(400, error("Not enough credits", "X"), Rejected("no_credit", permanent=False, code="X")),
        FailureCase(403, error("This credential does not exist", "X"), Rejected("auth", permanent=False, code="X")),
        FailureCase(429, error(code="X"), TemporarilyFailed("throttled", code="X")),
        FailureCase(503, error(code="X"), TemporarilyFailed("provider_down", code="X")),
        FailureCase(500, error(kind="Server::InternalServerError"), OutcomeUnknown("unclear_failure")),
        FailureCase(500, error("Credits could not be removed"), OutcomeUnknown("unclear_failure")),
        FailureCase(200, report([1, 2], [GOOD]), OutcomeUnknown("unreadable_answer")),
        FailureCase(200, report([], [GOOD]), OutcomeUnknown("unreadable_answer")),
        FailureCase(200, report([1], []), OutcomeUnknown("unreadable_answer")),
        FailureCase(200, report([1], [GOOD], [GOOD]), OutcomeUnknown("unreadable_answer")),
        FailureCase(200, report([], []), OutcomeUnknown("unreadable_answer")),
    )
    inbound = (
        InboundCase(
            Callback("GET", f"{INBOUND_URL}?{urlencode({'id': 7, 'sender': '+33612345678', 'message': 'Où ?'})}"),
            (Inbound("7", "+33612345678", "", "Où ?"),),
        ),
        InboundCase(
            Callback("POST", INBOUND_URL, body=urlencode({"id": 8, "sender": "0033612345678", "message": ""}).encode()),
            (Inbound("8", "+33612345678", "", ""),),
        ),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        return called(id=27814656, ptt=case.word, date="2025-11-22 16:00:00", description=case.code, descriptionDlr="")

    def test_the_balance(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, {"name": "sms-ab12345-1", "creditsLeft": 1234.5, "status": "enable"}))
        assert provider.balance() == Balance(Decimal("1234.5"), "credits")
        (request,) = server.requests
        assert (request.method, request.target) == ("GET", SERVICE)

    def test_a_batch_of_invalid_numbers_is_not_tried_number_by_number(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, report([], [], [GOOD, BAD])))
        assert [outcome.reason for outcome in provider.send_batch(self.together)] == ["invalid_number"] * 2  # type: ignore[union-attr]
        assert len(server.requests) == 1

    def test_a_batch_refused_whole_is_halved(self, provider: Provider, server: Server) -> None:
        server.script(answer(400, error()), answer(200, self.accepted_body), answer(400, error()))
        assert [type(outcome) for outcome in provider.send_batch(self.together)] == [Accepted, Rejected]
        assert len(server.requests) == 3

    @pytest.mark.parametrize(
        "body", [report([1], [GOOD]), report([1, 2], [GOOD, BAD], [BAD]), report([1, 2], [GOOD, "+33699999999"])]
    )
    def test_a_number_of_which_nothing_is_said_may_have_been_sent_to(
        self, provider: Provider, server: Server, body: object
    ) -> None:
        server.script(answer(200, body))
        first, second = provider.send_batch(self.together)
        assert first == Accepted("1")
        assert isinstance(second, OutcomeUnknown) and "validReceivers" in second.detail

    def test_numbers_are_the_same_however_ovh_writes_them(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, report([1], ["0033612345678"], ["33612345679"])))
        first, second = provider.send_batch(self.together)
        assert (type(first), type(second)) == (Accepted, Rejected)

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"application_secret": "s3cret\nkey"}, "application_secret: must be letters, digits and signs"),
            ({"consumer_key": ""}, "consumer_key: "),
            ({"application_key": "a b"}, "application_key: "),
            ({"service_name": "../me"}, "service_name: "),
            ({"sender": "Loja da Ana e do Zé"}, "sender: "),
            ({"sender": ""}, "give either sender or short_number=true"),
            ({"short_number": "yes"}, "give either sender or short_number=true"),
            ({"reply_fields": "id,sender"}, "reply_fields: "),
            ({"receipt_timezone": "Paris"}, "receipt_timezone: must be a time zone"),
        ],
    )
    def test_a_wrong_option_is_named(self, wrong: dict[str, str], words: str) -> None:
        with pytest.raises(InvalidOptions, match=words) as caught:
            build("ovh", {**OPTIONS, **wrong}, context())
        assert "s3cret" not in str(caught.value)


class TestTheIdsOfABatch:
    @staticmethod
    def provider(server: OvhServer, **more: str) -> Provider:
        return build("ovh", {**OPTIONS, **more, "base_url": server.url}, context(), PATIENT)

    def test_they_are_in_the_order_of_the_valid_numbers(self, server: OvhServer) -> None:
        server.script(answer(200, report([1, 2], [BAD, GOOD])))
        provider = self.provider(server, batch_ids_in_order="true")
        assert provider.capabilities.batch_size == 500
        assert provider.send_batch(TestOvh.together) == [Accepted("2"), Accepted("1")]

    def test_those_that_do_not_fit_the_numbers_are_nobody_s(self, server: OvhServer) -> None:
        server.script(answer(200, report([1, 2, 3], [GOOD, BAD])))
        provider = self.provider(server, batch_ids_in_order="true")
        assert provider.send_batch(TestOvh.together) == [Accepted(""), Accepted("")]

    def test_nobody_has_one_and_no_batch_is_asked_for_unless_we_are_told(self, server: OvhServer) -> None:
        server.script(answer(200, report([1, 2], [GOOD, BAD])))
        provider = self.provider(server)
        assert provider.capabilities.batch_size == 1
        assert provider.send_batch(TestOvh.together) == [Accepted(""), Accepted("")]


class TestTheSignature:
    @pytest.mark.parametrize("request_", OFFICIAL["requests"], ids=lambda request: request["method"])
    def test_it_equals_the_official_one(self, request_: dict[str, Any]) -> None:
        headers = dict(request_["headers"])
        signed = [KEYS["application_secret"], KEYS["consumer_key"], request_["method"], request_["url"]]
        signed += [request_["body"], headers["X-Ovh-Timestamp"]]
        assert signature(*signed) == headers["X-Ovh-Signature"]
        touched = [signature(*(*signed[:at], signed[at] + "x", *signed[at + 1 :])) for at in range(6)]
        assert len({headers["X-Ovh-Signature"], *touched}) == 7


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    # Host, length and signature are those of another server and another body; the name of the client is not ours to
    # claim; HTTP/1.1 keeps alive without saying so; 200 bytes need no compression.
    DIFFERENT = frozenset({"host", "content-length", "user-agent", "x-ovh-signature"})
    LEFT_OUT = frozenset({"connection"})
    CHANGED: ClassVar = {"accept-encoding": "identity"}
    HELLO = OutgoingMessage(id="msg_1", to="+33612345678", text="Hello é", validity_seconds=172800)

    def sent(self, server: OvhServer, *messages: OutgoingMessage, **options: str) -> Request:
        server.script(answer(200, report([1], [GOOD])))
        server.dial = answer(200, KEYS["timestamp"])
        when = AccountContext("acc_1", STATUS_URL, lambda: datetime.fromtimestamp(KEYS["timestamp"], UTC))
        provider = build("ovh", {**(options or OPTIONS), "base_url": f"{server.url}/1.0"}, when, PATIENT)
        provider.send_batch(messages)
        provider.close()
        return server.requests[-1]

    def job(self, server: OvhServer, *messages: OutgoingMessage, **options: str) -> Any:
        return json.loads(self.sent(server, *messages, **options).body)

    def compare(self, ours: Request, theirs: dict[str, Any]) -> None:
        assert (ours.method, ours.target) == (theirs["method"], theirs["target"])
        expected = {name.lower(): value for name, value in theirs["headers"]} | self.CHANGED
        headers = {name.lower(): value for name, value in ours.headers}
        assert set(headers) | self.LEFT_OUT == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_it_equals_the_official_one(self, server: OvhServer) -> None:
        theirs = OFFICIAL["requests"][0]
        ours = self.sent(server, self.HELLO)
        self.compare(ours, theirs)
        # The tag is for finding the message again when the answer is lost.
        body = ours.body.decode()
        assert body == theirs["body"].removesuffix("}") + ',"tag":"msg_1"}'

    def test_a_question_equals_the_official_one(self, server: OvhServer) -> None:
        when = AccountContext("acc_1", STATUS_URL, lambda: datetime.fromtimestamp(KEYS["timestamp"], UTC))
        server.dial = answer(200, KEYS["timestamp"])
        build("ovh", {**OPTIONS, "base_url": f"{server.url}/1.0"}, when, PATIENT).look_up(
            LostMessage("msg_1", GOOD, "Hello", NOW)
        )
        with pytest.raises(BalanceUnavailable):
            build("ovh", {**OPTIONS, "base_url": f"{server.url}/1.0"}, when, PATIENT).balance()
        self.compare(server.requests[-1], OFFICIAL["requests"][1])

    def test_what_arrives_is_what_was_signed(self, server: OvhServer) -> None:
        ours = self.sent(server, self.HELLO)
        signed = (KEYS["application_secret"], KEYS["consumer_key"], "POST", server.url + ours.target)
        parts = "+".join((*signed, ours.body.decode(), ours.header("X-Ovh-Timestamp") or ""))
        assert ours.header("X-Ovh-Signature") == "$1$" + hashlib.sha1(parts.encode()).hexdigest()

    def test_marketing_has_the_mention_of_stop(self, server: OvhServer) -> None:
        assert self.job(server, replace(self.HELLO, category="marketing"))["noStopClause"] is False

    def test_what_gsm_7_cannot_say_is_declared(self, server: OvhServer) -> None:
        assert self.job(server, replace(self.HELLO, text="Até já ✓", encoding="UCS-2"))["coding"] == "8bit"

    def test_the_shop_s_own_sender_goes_first(self, server: OvhServer) -> None:
        assert self.job(server, replace(self.HELLO, sender="LOJA ANA"))["sender"] == "LOJA ANA"

    def test_a_short_number_sends_without_a_name(self, server: OvhServer) -> None:
        job = self.job(server, replace(self.HELLO, sender="LOJA ANA"), **SHORT)
        assert job["senderForResponse"] is True
        assert "sender" not in job

    @pytest.mark.parametrize(
        ("seconds", "minutes"), [(1, 1), (60, 1), (119, 1), (120, 2), (172800, 2880), (10**6, 2880), (0, 1)]
    )
    def test_the_validity_is_kept_within_bounds(self, server: OvhServer, seconds: int, minutes: int) -> None:
        assert self.job(server, replace(self.HELLO, validity_seconds=seconds))["validityPeriod"] == minutes

    def test_without_a_validity_ovh_s_own_counts(self, server: OvhServer) -> None:
        assert "validityPeriod" not in self.job(server, replace(self.HELLO, validity_seconds=None))

    def test_a_batch_names_every_number_and_a_tag_of_its_own(self, server: OvhServer) -> None:
        job = self.job(server, self.HELLO, replace(self.HELLO, id="msg_2", to=BAD))
        assert (job["receivers"], job["tag"]) == ([GOOD, BAD], "batch-msg_1")


class TestTheClock:
    @pytest.fixture
    def now(self) -> list[datetime]:
        return [NOW]

    @pytest.fixture
    def provider(self, server: OvhServer, now: list[datetime]) -> Provider:
        server.script(answer(200, report([1], [GOOD])))
        when = AccountContext("acc_1", STATUS_URL, lambda: now[0])
        return build("ovh", {**OPTIONS, "base_url": f"{server.url}/1.0"}, when, HASTY)

    @staticmethod
    def timestamps(server: OvhServer) -> list[float]:
        return [float(request.header("X-Ovh-Timestamp") or 0) - NOW.timestamp() for request in server.requests]

    def test_requests_are_dated_by_ovh_s_clock(self, provider: Provider, server: OvhServer) -> None:
        server.ahead = 90
        provider.send(MESSAGE)
        assert self.timestamps(server) == [90]
        (asked,) = server.asked_for_time
        assert (asked.method, asked.target) == ("GET", "/1.0/auth/time")
        assert not [name for name, _ in asked.headers if name.lower().startswith("x-ovh")]

    def test_the_difference_is_kept_for_a_while(
        self, provider: Provider, server: OvhServer, now: list[datetime]
    ) -> None:
        server.ahead = -30
        for minutes in (0, 10):
            now[0] = NOW + timedelta(minutes=minutes)
            provider.send(MESSAGE)
        assert len(server.asked_for_time) == 1
        assert self.timestamps(server) == [-30, 570]

    @pytest.mark.parametrize("minutes", [11, -11])
    def test_it_is_asked_anew_when_our_clock_may_have_been_set(
        self, provider: Provider, server: OvhServer, now: list[datetime], minutes: int
    ) -> None:
        provider.send(MESSAGE)
        now[0] = NOW + timedelta(minutes=minutes)
        server.ahead = 5
        provider.send(MESSAGE)
        assert len(server.asked_for_time) == 2
        assert self.timestamps(server) == [0, 5]

    @pytest.mark.parametrize(
        "dial", [silence, hang_up, answer(500, b""), answer(404, b"1"), answer(200, b"noon"), answer(200, b"")]
    )
    def test_without_the_time_nothing_is_sent(self, provider: Provider, server: OvhServer, dial: Reaction) -> None:
        server.dial = dial
        outcome = provider.send(MESSAGE)
        assert isinstance(outcome, TemporarilyFailed) and outcome.reason == "unreachable"
        assert "time" in outcome.detail
        assert [type(outcome) for outcome in provider.send_batch(TestOvh.together)] == [TemporarilyFailed] * 2
        assert not server.requests
        with pytest.raises(BalanceUnavailable):
            provider.balance()

    def test_after_a_failure_it_is_asked_again(self, provider: Provider, server: OvhServer) -> None:
        server.dial = answer(503, b"")
        provider.send(MESSAGE)
        server.dial = None
        assert isinstance(provider.send(MESSAGE), Accepted)


class TestLookUp:
    LOST = LostMessage(MESSAGE.id, MESSAGE.to, MESSAGE.text, sent_after=NOW)

    @pytest.fixture
    def provider(self, server: OvhServer) -> Provider:
        return build("ovh", {**OPTIONS, "base_url": server.url}, context(), PATIENT)

    def shelves(self, server: OvhServer, jobs: list[Any], tagged: list[Any], dated: list[Any]) -> None:
        """Each thing is listed by its id, and shown when fetched; None where it is gone by then."""
        things = {"jobs": jobs, "tag": tagged, "receiver": dated}
        shown = {str(number): thing for shelf in things.values() for number, thing in shelf}

        def react(request: Request) -> Reaction:
            target = urlsplit(request.target)
            last = target.path.rpartition("/")[2]
            if last in ("jobs", "outgoing"):
                named = last if last == "jobs" else parse_qsl(target.query)[0][0]
                return answer(200, [number for number, _ in things[named]])
            return answer(200, shown[last]) if shown[last] else answer(404, error(kind="Client::NotFound"))

        server.react = react

    def sms(self, number: int, **told: object) -> tuple[int, dict[str, object]]:
        return number, {"id": number, "receiver": GOOD, "message": MESSAGE.text, "ptt": 0, "credits": 1, **told}

    @pytest.mark.parametrize(
        ("told", "found"),
        [
            ({"ptt": 0}, Found("5", MessageState.ACCEPTED)),
            ({"ptt": None}, Found("5", MessageState.ACCEPTED)),
            ({"ptt": 3}, Found("5", MessageState.SENT)),
            ({"ptt": 4}, Found("5", MessageState.DELIVERED)),
            ({"ptt": 23}, Found("5", MessageState.UNDELIVERED, "invalid_number")),
            ({"ptt": 8}, Found("5", MessageState.EXPIRED, "expired")),
            ({"ptt": 4, "message": "OVH rewrote it"}, Found("5", MessageState.DELIVERED)),
        ],
    )
    def test_found_by_its_tag(
        self, provider: Provider, server: OvhServer, told: dict[str, object], found: Found
    ) -> None:
        self.shelves(server, [], [self.sms(5, tag=MESSAGE.id, **told)], [])
        assert provider.look_up(self.LOST) == found

    def test_found_while_it_waits(self, provider: Provider, server: OvhServer) -> None:
        waiting = [
            self.sms(4, receiver=BAD),
            self.sms(5, message=MESSAGE.text + "\nSTOP 36111", receiver="0033612345678"),
        ]
        self.shelves(server, waiting, [], [])
        assert provider.look_up(self.LOST) == Found("5", MessageState.ACCEPTED)

    def test_found_in_a_batch_by_number_and_text(self, provider: Provider, server: OvhServer) -> None:
        self.shelves(server, [], [], [self.sms(5, tag="batch-msg_a", ptt=4)])
        assert provider.look_up(self.LOST) == Found("5", MessageState.DELIVERED)

    def test_what_is_nowhere_was_not_sent(self, provider: Provider, server: OvhServer) -> None:
        others = [self.sms(5, message="Loja da Ana: pedido 18 enviado.", tag="another"), self.sms(6, receiver=BAD)]
        self.shelves(server, others, [], others)
        assert provider.look_up(self.LOST) == NotFound()

    def test_what_left_the_waiting_meanwhile_is_found_among_the_sent(
        self, provider: Provider, server: OvhServer
    ) -> None:
        self.shelves(server, [(4, None)], [self.sms(5, tag=MESSAGE.id)], [])
        assert provider.look_up(self.LOST) == Found("5", MessageState.ACCEPTED)

    def test_what_was_sent_and_is_gone_cannot_tell(self, provider: Provider, server: OvhServer) -> None:
        self.shelves(server, [], [(5, None)], [])
        assert isinstance(provider.look_up(self.LOST), CannotTell)

    def test_it_asks_in_this_order(self, provider: Provider, server: OvhServer) -> None:
        self.shelves(server, [], [], [])
        assert provider.look_up(self.LOST) == NotFound()
        waiting, tagged, dated = (urlsplit(request.target) for request in server.requests)
        assert [part.path for part in (waiting, tagged, dated)] == [
            f"{SERVICE}/{place}" for place in ("jobs", "outgoing", "outgoing")
        ]
        assert dict(parse_qsl(tagged.query)) == {"tag": MESSAGE.id}
        since = (NOW - timedelta(minutes=1)).isoformat()
        assert dict(parse_qsl(dated.query)) == {"receiver": GOOD, "creationDatetime.from": since}
        assert all(request.header("X-Ovh-Signature") for request in server.requests)

    def test_a_long_list_cannot_tell(self, provider: Provider, server: OvhServer) -> None:
        self.shelves(server, [self.sms(number, receiver=BAD) for number in range(31)], [], [])
        assert provider.look_up(self.LOST) == CannotTell("too many messages to look through")
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "reaction", [silence, answer(500, b""), answer(200, b"{}"), answer(403, error()), answer(404, error())]
    )
    def test_no_answer_cannot_tell(self, server: OvhServer, reaction: Reaction) -> None:
        server.script(reaction)
        hasty = build("ovh", {**OPTIONS, "base_url": server.url}, context(), HASTY)
        outcome = hasty.look_up(self.LOST)
        assert isinstance(outcome, CannotTell) and not outcome.never

    def test_a_message_shown_strangely_cannot_tell(self, provider: Provider, server: OvhServer) -> None:
        self.shelves(server, [(5, {"id": 5, "receiver": GOOD})], [], [])
        assert isinstance(provider.look_up(self.LOST), CannotTell)


class TestCallbacks:
    @staticmethod
    def receipt(callback: Callback, **options: str) -> Receipt:
        (receipt,) = build("ovh", {**OPTIONS, **options}, context()).read_receipts(callback)
        return receipt

    def test_ovh_s_id_names_the_message(self) -> None:
        receipt = self.receipt(called(id=27814656, ptt=4))
        assert (receipt.provider_id, receipt.message_id, receipt.recipient) == ("27814656", None, None)

    def test_the_moment_is_told_only_where_the_zone_is_known(self) -> None:
        told = called(id=1, ptt=4, date="2025-07-14 16:00:00")
        assert self.receipt(told).at is None
        paris = self.receipt(told, receipt_timezone="Europe/Paris").at
        assert paris == datetime(2025, 7, 14, 16, 0, tzinfo=ZoneInfo("Europe/Paris"))

    @pytest.mark.parametrize("told", [{}, {"id": 1}, {"ptt": 4}, {"id": "", "ptt": 4}, {"id": 1, "ptt": ""}])
    def test_what_names_no_message_is_unreadable(self, told: dict[str, object]) -> None:
        with pytest.raises(CallbackUnreadable, match="names id and ptt"):
            self.receipt(called(**told))

    @given(st.dictionaries(st.sampled_from(["id", "ptt", "date", "description"]), st.text()))
    def test_any_receipt_reads_or_is_unreadable(self, told: dict[str, str]) -> None:
        query = {name: value.encode(errors="replace") for name, value in told.items()}
        try:
            assert self.receipt(called(**query), receipt_timezone="Europe/Paris").provider_id
        except CallbackUnreadable:
            assert not (told.get("id") and told.get("ptt"))

    def test_the_names_of_a_reply_s_parts_can_be_told(self) -> None:
        provider = build("ovh", {**OPTIONS, "reply_fields": "num,from,text"}, context())
        told = {"num": "9", "from": "33612345678", "text": "STOP", "id": "1", "sender": "38069", "message": "x"}
        callback = Callback("GET", f"{INBOUND_URL}?{urlencode(told)}")
        assert provider.read_inbound(callback) == [Inbound("9", "+33612345678", "", "STOP")]

    @pytest.mark.parametrize("sender", ["38069", "+38069", "0612345678", "ACME", ""])
    def test_a_reply_from_what_is_no_customer_s_number_is_unreadable(self, sender: str) -> None:
        told = {"id": "9", "sender": sender, "message": "STOP"}
        with pytest.raises(CallbackUnreadable, match="a reply is expected to hold id, sender, message"):
            build("ovh", OPTIONS, context()).read_inbound(Callback("GET", f"{INBOUND_URL}?{urlencode(told)}"))
