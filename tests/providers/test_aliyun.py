import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.message import LostMessage, OutgoingMessage, ProviderTemplate
from sidecar.domain.outcome import (
    Accepted,
    Callback,
    CannotTell,
    Found,
    Inbound,
    LookUp,
    NotFound,
    OutcomeUnknown,
    Receipt,
    Rejected,
    TemporarilyFailed,
)
from sidecar.domain.status import MessageState
from sidecar.providers.aliyun import Aliyun
from sidecar.providers.aliyun_signature import authorization
from sidecar.providers.base import AccountContext, CallbackUnreadable, Provider
from sidecar.providers.registry import InvalidOptions, build

from .batch_contract import BatchContract
from .contract import HASTY, INBOUND_URL, MESSAGE, NOW, PATIENT, STATUS_URL, InboundCase, ReceiptCase, context
from .http_contract import FailureCase
from .server import Request, Server, answer, silence

VECTORS = json.loads((Path(__file__).parent / "vectors" / "aliyun.json").read_text())
SIGNED = [vector for vector in VECTORS["vectors"] if vector["scheme"] == "ACS3-HMAC-SHA256"]
BIZ = "900619746936498440^0"
KEY, SECRET = VECTORS["access_key_id"], VECTORS["access_key_secret"]
OPTIONS = {"access_key_id": KEY, "access_key_secret": SECRET, "sign_name": "阿里云测试"}
SENT = {"Code": "OK", "Message": "OK", "BizId": BIZ, "RequestId": "F655A8D5-B967-440B-8683-DAD6FF8DE990"}
TEMPLATE = ProviderTemplate("SMS_154950909", "zh-CN", (("code", "1234"),))
TEXT = replace(MESSAGE, to="+8613800138000", template=TEMPLATE)
NUMBER_SHARE = "isv.BUSINESS_LIMIT_CONTROL"


def error(code: str) -> dict[str, str]:
    return {"Code": code, "Message": "No.", "RequestId": "A90E4451-FED7-49D2-87C8-00700A8C4D0D"}


def refused(code: str, reason: str, *, permanent: bool = True, status: int = 200) -> FailureCase:
    return FailureCase(status, error(code), Rejected(reason, permanent=permanent, code=code))


def passing(code: str, reason: str, status: int = 200) -> FailureCase:
    return FailureCase(status, error(code), TemporarilyFailed(reason, code=code))


def unclear(code: str, status: int = 200) -> FailureCase:
    return FailureCase(status, error(code), OutcomeUnknown("unclear_failure"))


def fields_of(request: Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.target).query, strict_parsing=True))


class TestAliyun(BatchContract):
    kind = "aliyun"
    options: ClassVar = OPTIONS
    secrets = (SECRET,)
    message = TEXT
    accepted_body: ClassVar = SENT
    accepted = Accepted(BIZ)
    together: ClassVar = [replace(TEXT, id="msg_a"), replace(TEXT, id="msg_b", to="+8613800138009")]
    batch_body: ClassVar = SENT
    batch = (Accepted(BIZ), Accepted(BIZ))
    refused_status = 200
    refused_body: ClassVar = error("isv.MOBILE_NUMBER_ILLEGAL")
    receipts = (
        ReceiptCase("DELIVERED", MessageState.DELIVERED),
        ReceiptCase("REQUEST_SUCCESS", MessageState.SENT),
        ReceiptCase("MOBILE_NOT_ON_SERVICE", MessageState.UNDELIVERED, "handset_unreachable"),
        ReceiptCase("MOBILE_IN_BLACK", MessageState.UNDELIVERED, "blocked"),
        ReceiptCase("USER_REJECT", MessageState.UNDELIVERED, "opted_out"),
        ReceiptCase("INVALID_NUMBER", MessageState.UNDELIVERED, "invalid_number"),
        ReceiptCase("isv.BUSINESS_LIMIT_CONTROL", MessageState.UNDELIVERED, "throttled"),
        ReceiptCase("MI:0055", MessageState.UNDELIVERED),
        ReceiptCase("", MessageState.UNDELIVERED),
    )
    failures = (
        refused("isv.MOBILE_NUMBER_ILLEGAL", "invalid_number"),
        refused("isv.DOMESTIC_NUMBER_NOT_SUPPORTED", "region_not_enabled"),
        refused("isv.SMS_TEMPLATE_ILLEGAL", "template_refused"),
        refused("isv.SMS_CONTENT_ILLEGAL", "content_refused"),
        refused("isv.SMS_SIGNATURE_ILLEGAL", "sender_refused"),
        refused("isv.INVALID_PARAMETERS", "refused"),
        refused("isv.SOMETHING_NEW", "refused"),
        refused("isv.SOMETHING_NEW", "refused", status=400),
        refused("isv.AMOUNT_NOT_ENOUGH", "no_credit", permanent=False),
        refused("isv.OUT_OF_SERVICE", "no_credit", permanent=False),
        refused("isv.ACCOUNT_ABNORMAL", "account_suspended", permanent=False),
        refused("isp.RAM_PERMISSION_DENY", "auth", permanent=False),
        refused("InvalidAccessKeyId.NotFound", "auth", permanent=False, status=404),
        refused("SignatureDoesNotMatch", "auth", permanent=False, status=400),
        refused("Forbidden.RAM", "auth", permanent=False, status=403),
        refused("InvalidTimeStamp.Expired", "misconfigured", permanent=False, status=400),
        refused("isv.DAY_LIMIT_CONTROL", "misconfigured", permanent=False),
        refused("isv.DENY_IP_RANGE", "misconfigured", permanent=False),
        passing(NUMBER_SHARE, "throttled"),
        passing("isv.BUSINESS_LIMIT_HOUR", "throttled"),
        passing("Throttling.User", "throttled", 400),
        passing("ServiceUnavailable", "provider_down", 503),
        unclear("isp.SYSTEM_ERROR"),
        unclear("isp.GATEWAY_ERROR", 400),
        unclear("InternalError", 400),
        unclear("InternalError", 500),
        unclear("SignatureNonceUsed", 400),
        unclear("OK", 400),
        unclear("Newfangled.Word"),
        FailureCase(200, {**SENT, "Code": "isv.OUT_OF_SERVICE"}, OutcomeUnknown("unreadable_answer")),
        FailureCase(200, {"Code": "OK", "Message": "OK"}, OutcomeUnknown("unreadable_answer")),
    )
    inbound = (
        InboundCase(
            Callback(
                "POST",
                INBOUND_URL,
                {"Content-Type": "application/json"},
                json.dumps(
                    [
                        {
                            "phone_number": "13800138000",
                            "send_time": "2025-11-22 23:00:00",
                            "content": "R",
                            "sign_name": "阿里云测试",
                            "dest_code": "1234",
                            "sequence_id": 1234567890,
                        },
                        {"phone_number": "+8613900139000", "content": "谢谢", "sequence_id": "1234567891"},
                    ]
                ).encode(),
            ),
            (
                Inbound("1234567890", "+8613800138000", "1234", "R"),
                Inbound("1234567891", "+8613900139000", "", "谢谢"),
            ),
        ),
    )

    def receipt_callback(self, case: ReceiptCase) -> Callback:
        success = None if case.state is None else case.state is MessageState.DELIVERED
        return reported(err_code=case.word, success=success, out_id=TEXT.id)

    def test_alibaba_is_thanked_as_it_wishes(self) -> None:
        thanks = Aliyun.acknowledgement
        assert (thanks.status, thanks.content_type) == (200, "application/json")
        assert json.loads(thanks.body) == {"code": 0, "msg": "接收成功"}

    @pytest.mark.parametrize(
        "number", ["+85212345678", "+33612345678", "+861012345678", "+86138001380000", "+12025550123"]
    )
    def test_other_numbers_are_refused_before_any_request(
        self, provider: Provider, server: Server, number: str
    ) -> None:
        outcome = provider.send(replace(TEXT, to=number))
        assert isinstance(outcome, Rejected) and (outcome.reason, outcome.permanent) == ("wrong_country", True)
        assert not server.requests

    def test_free_text_is_refused_before_any_request(self, provider: Provider, server: Server) -> None:
        outcome = provider.send(replace(TEXT, template=None))
        assert isinstance(outcome, Rejected) and (outcome.reason, outcome.permanent) == ("no_template", True)
        assert not server.requests

    def test_a_batch_whose_template_is_refused_is_not_tried_number_by_number(
        self, provider: Provider, server: Server
    ) -> None:
        server.script(answer(200, error("isv.SMS_TEMPLATE_ILLEGAL")))
        outcomes = provider.send_batch([replace(TEXT, to=f"+861380013800{number}") for number in range(8)])
        assert {type(outcome) for outcome in outcomes} == {Rejected}
        assert len(server.requests) == 1

    def test_a_batch_in_which_a_number_had_its_share_may_have_gone_in_part(
        self, provider: Provider, server: Server
    ) -> None:
        server.script(answer(200, error(NUMBER_SHARE)))
        assert [type(outcome) for outcome in provider.send_batch(self.together)] == [OutcomeUnknown, OutcomeUnknown]
        server.script(answer(400, error("Throttling.User")))
        assert {type(outcome) for outcome in provider.send_batch(self.together)} == {TemporarilyFailed}

    def test_a_batch_too_long_for_the_way_is_halved(self, provider: Provider, server: Server) -> None:
        server.script(answer(414, b"<html>URI Too Long</html>"), answer(200, SENT))
        assert provider.send_batch(self.together) == [Accepted(BIZ), Accepted(BIZ)]
        assert [fields_of(request)["OutId"] for request in server.requests] == ["batch-msg_a", "msg_a", "msg_b"]

    def test_foreigners_leave_a_batch_and_the_rest_goes(self, provider: Provider, server: Server) -> None:
        server.script(answer(200, SENT))
        first, second, third = provider.send_batch([TEXT, replace(TEXT, to="+33612345678"), self.together[1]])
        assert (first, third) == (Accepted(BIZ), Accepted(BIZ))
        assert isinstance(second, Rejected)
        assert fields_of(server.requests[0])["PhoneNumbers"] == "13800138000,13800138009"

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"access_key_id": "LTAI key"}, "access_key_id: "),
            ({"access_key_secret": "fake\nkey"}, "access_key_secret: must be letters, digits and signs"),
            ({"sign_name": ""}, "sign_name: "),
            ({"receipt_timezone": "China"}, "receipt_timezone: must be a time zone"),
        ],
    )
    def test_a_wrong_option_is_named(self, wrong: dict[str, str], words: str) -> None:
        with pytest.raises(InvalidOptions, match=words) as caught:
            build("aliyun", {**OPTIONS, **wrong}, context())
        assert "fake" not in str(caught.value)


class TestTheSignature:
    @staticmethod
    def signed(vector: dict[str, Any], secret: str = SECRET, **touched: str) -> str:
        request = vector["request"]
        headers = {name.lower(): value for name, value in request["headers"]}
        named = vector["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
        query = touched.pop("query", urlsplit(request["target"]).query)
        return authorization(KEY, secret, query, {name: headers[name] for name in named} | touched)

    @pytest.mark.parametrize("vector", SIGNED, ids=lambda vector: vector["name"])
    def test_it_equals_the_official_one(self, vector: dict[str, Any]) -> None:
        assert self.signed(vector) == vector["authorization"]

    @pytest.mark.parametrize("vector", SIGNED, ids=lambda vector: vector["name"])
    def test_it_signs_all_there_is(self, vector: dict[str, Any]) -> None:
        touched = [
            self.signed(vector, secret=SECRET + "0"),
            self.signed(vector, query="TemplateCode=SMS_2"),
            self.signed(vector, host="dysmsapi.example.com"),
            *(
                self.signed(vector, **{f"x-acs-{name}": "another"})
                for name in ("action", "content-sha256", "date", "signature-nonce", "version", "extra")
            ),
        ]
        assert len({vector["authorization"], *touched}) == 1 + len(touched)


class TestTheRequest:
    """Beside what the vendor's own library sends."""

    OFFICIAL: ClassVar = next(vector["request"] for vector in SIGNED if vector["name"] == "SendSms")
    # The host is another, and the signature with it; the name of the client is not ours to claim.
    DIFFERENT = frozenset({"host", "authorization", "user-agent"})
    ORDER = OutgoingMessage(id="abc-1", to="+8613800138000", text="1234", template=TEMPLATE)

    def sent(self, server: Server, *messages: OutgoingMessage) -> Request:
        server.script(answer(200, SENT))
        china = ZoneInfo("Asia/Shanghai")
        official = AccountContext("acc_1", STATUS_URL, lambda: datetime(2026, 1, 2, 11, 4, 5, tzinfo=china))
        options = Aliyun.Options.model_validate({**OPTIONS, "base_url": server.url})
        provider = Aliyun(options, official, PATIENT, nonce=lambda: VECTORS["nonce"])
        provider.send_batch(messages)
        provider.close()
        return server.requests[-1]

    def test_it_equals_the_official_one(self, server: Server) -> None:
        ours = self.sent(server, self.ORDER)
        assert (ours.method, ours.target, ours.body) == ("POST", self.OFFICIAL["target"], b"")
        headers = {name.lower(): value for name, value in ours.headers}
        expected = {name.lower(): value for name, value in self.OFFICIAL["headers"]}
        assert set(headers) == set(expected)
        comparable = set(headers) - self.DIFFERENT
        assert {name: headers[name] for name in comparable} == {name: expected[name] for name in comparable}

    def test_it_is_signed_as_it_arrives(self, server: Server) -> None:
        ours = self.sent(server, self.ORDER)
        official = dict(self.OFFICIAL["headers"])["Authorization"].partition("SignedHeaders=")[2].partition(",")[0]
        received = {name: ours.header(name) or "" for name in official.split(";")}
        expected = authorization(KEY, SECRET, urlsplit(ours.target).query, received)
        assert ours.header("Authorization") == expected
        assert f"SignedHeaders={official}," in expected

    def test_the_host_is_named_as_alibaba_sees_it(self, server: Server) -> None:
        assert self.sent(server, self.ORDER).header("host") == server.url.removeprefix("http://")

    def test_the_shop_s_own_signature_goes_first(self, server: Server) -> None:
        assert fields_of(self.sent(server, replace(self.ORDER, sender="安娜的店")))["SignName"] == "安娜的店"

    def test_a_template_without_gaps_is_sent_without_parameters(self, server: Server) -> None:
        ours = self.sent(server, replace(self.ORDER, template=ProviderTemplate("SMS_1", "zh-CN")))
        assert "TemplateParam" not in fields_of(ours)

    def test_what_fills_the_gaps_is_kept_to_the_letter(self, server: Server) -> None:
        filled = (("name", 'Ana "é" & 安娜 ~*+/'), ("order", "17"))
        ours = self.sent(server, replace(self.ORDER, template=ProviderTemplate("SMS_1", "zh-CN", filled)))
        assert json.loads(fields_of(ours)["TemplateParam"]) == dict(filled)
        assert "+" not in ours.target, "a blank is signed as %20"

    def test_a_thousand_numbers_are_one_request(self, server: Server) -> None:
        many = [replace(self.ORDER, id=f"msg_{n}", to=f"+861380013{n:04}") for n in range(1000)]
        fields = fields_of(self.sent(server, *many))
        assert fields["PhoneNumbers"].split(",") == [message.to[3:] for message in many]
        assert fields["OutId"] == "batch-msg_0"
        assert len(server.requests) == 1

    def test_no_two_requests_share_a_nonce(self, server: Server) -> None:
        provider = build("aliyun", {**OPTIONS, "base_url": server.url}, context())
        provider.send(TEXT)
        provider.send(TEXT)
        first, second = (request.header("x-acs-signature-nonce") for request in server.requests)
        assert first and second and first != second


class TestLookUp:
    LOST = LostMessage(TEXT.id, TEXT.to, TEXT.text, sent_after=NOW - timedelta(minutes=6))

    @pytest.fixture
    def provider(self, server: Server) -> Provider:
        return build("aliyun", {**OPTIONS, "base_url": server.url}, context(), PATIENT)

    def detail(self, reference: str | None = TEXT.id, status: int = 1, code: str | None = None) -> dict[str, Any]:
        told = {"PhoneNum": "13800138000", "SendDate": "2025-11-22 22:54:00", "TemplateCode": TEMPLATE.code}
        content = f"【阿里云测试】{TEXT.text}"
        return {**told, "OutId": reference, "SendStatus": status, "ErrCode": code, "Content": content}

    def page(self, *details: dict[str, Any], total: int | None = None) -> Any:
        told = {"Code": "OK", "Message": "OK", "TotalCount": str(len(details) if total is None else total)}
        return answer(200, {**told, "SmsSendDetailDTOs": {"SmsSendDetailDTO": list(details)}})

    @pytest.mark.parametrize(
        ("status", "code", "found"),
        [
            (1, None, Found("", MessageState.ACCEPTED)),
            (3, "DELIVERED", Found("", MessageState.DELIVERED)),
            (2, "MOBILE_IN_BLACK", Found("", MessageState.UNDELIVERED, "blocked")),
            (2, "isv.AMOUNT_NOT_ENOUGH", Found("", MessageState.UNDELIVERED, "no_credit")),
            (2, "REQUEST_SUCCESS", Found("", MessageState.SENT)),
            (7, None, Found("", MessageState.ACCEPTED)),
        ],
    )
    def test_found_by_our_reference(
        self, provider: Provider, server: Server, status: int, code: str | None, found: Found
    ) -> None:
        server.script(self.page(self.detail("another"), self.detail(None), self.detail(status=status, code=code)))
        assert provider.look_up(self.LOST) == found

    def test_a_known_id_is_kept(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.detail()))
        assert provider.look_up(replace(self.LOST, provider_id=BIZ)) == Found(BIZ, MessageState.ACCEPTED)

    def test_others_messages_are_not_it(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.detail("another"), self.detail(None), self.detail("")))
        assert provider.look_up(self.LOST) == NotFound()
        server.script(answer(200, {"Code": "OK", "TotalCount": 0}))
        assert provider.look_up(self.LOST) == NotFound()

    def test_in_a_batch_the_text_tells(self, provider: Provider, server: Server) -> None:
        server.script(self.page(self.detail("batch-msg_a", status=3)))
        assert provider.look_up(self.LOST) == Found("", MessageState.DELIVERED)
        server.script(self.page({**self.detail("batch-msg_a"), "Content": "【阿里云测试】另一条"}))
        assert provider.look_up(self.LOST) == CannotTell("it may be in one of that day's batches", never=True)

    def test_what_alibaba_may_not_list_yet_is_not_asked_for(self, provider: Provider, server: Server) -> None:
        early = replace(self.LOST, sent_after=NOW - timedelta(minutes=4))
        assert provider.look_up(early) == CannotTell("Alibaba may not list it yet")
        assert not server.requests

    @pytest.mark.parametrize(
        ("sent_after", "days"),
        [
            # 15:00 in the world is 23:00 in China; the day of the one or the other may be meant.
            (datetime(2025, 11, 22, 3, 0, tzinfo=UTC), ["20251122"]),
            (datetime(2025, 11, 21, 15, 57, tzinfo=UTC), ["20251121", "20251122"]),
            (datetime(2025, 11, 21, 23, 58, tzinfo=UTC), ["20251121", "20251122"]),
            (datetime(2025, 11, 21, 20, 0, tzinfo=UTC), ["20251121", "20251122"]),
            (datetime(2025, 11, 22, 0, 0, 30, tzinfo=UTC), ["20251121", "20251122"]),
        ],
    )
    def test_every_day_it_may_be_booked_on_is_asked_for(
        self, provider: Provider, server: Server, sent_after: datetime, days: list[str]
    ) -> None:
        server.script(self.page())
        assert provider.look_up(replace(self.LOST, sent_after=sent_after)) == NotFound()
        assert [fields_of(request)["SendDate"] for request in server.requests] == days
        first = fields_of(server.requests[0])
        del first["SendDate"]
        assert first == {"PhoneNumber": "13800138000", "PageSize": "50", "CurrentPage": "1"}
        assert server.requests[0].header("x-acs-action") == "QuerySendDetails"

    def test_a_list_cut_short_cannot_tell(self, provider: Provider, server: Server) -> None:
        server.script(self.page(*[self.detail("another")] * 50, total=51))
        assert isinstance(provider.look_up(self.LOST), CannotTell)

    @pytest.mark.parametrize(
        "reaction", [silence, answer(500, b""), answer(200, b"{}"), answer(200, error("isv.X")), answer(403, b"{}")]
    )
    def test_no_answer_cannot_tell(self, server: Server, reaction: Any) -> None:
        server.script(reaction)
        hasty = build("aliyun", {**OPTIONS, "base_url": server.url}, context(), HASTY)
        outcome = hasty.look_up(self.LOST)
        assert isinstance(outcome, CannotTell) and not outcome.never

    def test_no_answer_whatever_raises(self, provider: Provider, server: Server) -> None:
        @given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=5))
        def survives(details: object) -> None:
            told = {"Code": "OK", "TotalCount": 1, "SmsSendDetailDTOs": {"SmsSendDetailDTO": details}}
            server.script(answer(200, told))
            assert isinstance(provider.look_up(self.LOST), LookUp)

        survives()


class TestReceipts:
    def read(self, callback: Callback, **options: str) -> list[Receipt]:
        return build("aliyun", {**OPTIONS, **options}, context()).read_receipts(callback)

    def test_one_call_reports_on_several(self) -> None:
        first, second = reported(phone_number="13800138000"), reported(phone_number="13900139000", success=False)
        both = json.dumps([*json.loads(first.body), *json.loads(second.body)]).encode()
        receipts = self.read(replace(first, body=both))
        assert [receipt.recipient for receipt in receipts] == ["+8613800138000", "+8613900139000"]
        assert [receipt.state for receipt in receipts] == [MessageState.DELIVERED, MessageState.UNDELIVERED]
        assert {(receipt.provider_id, receipt.message_id) for receipt in receipts} == {(BIZ, None)}

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("13800138000", "+8613800138000"),
            ("8613800138000", "+8613800138000"),
            ("008613800138000", "+8613800138000"),
            ("+8613800138000", "+8613800138000"),
            ("85212345678", "+85212345678"),
        ],
    )
    def test_numbers_are_read_however_they_are_written(self, written: str, read: str) -> None:
        (receipt,) = self.read(reported(phone_number=written))
        assert receipt.recipient == read

    @pytest.mark.parametrize("written", ["138****1111", "", "+", "0123456", "13800138000x"])
    def test_what_is_no_number_is_unreadable(self, written: str) -> None:
        with pytest.raises(CallbackUnreadable, match=r"0\.phone_number") as caught:
            self.read(reported(phone_number=written))
        assert not written or written not in str(caught.value)

    def test_a_message_that_arrived_has_no_reason(self) -> None:
        assert self.read(reported(err_code="MOBILE_IN_BLACK"))[0].reason == ""

    def test_the_moment_is_told_only_where_the_zone_is_known(self) -> None:
        assert self.read(reported())[0].at is None
        china = self.read(reported(), receipt_timezone="Asia/Shanghai")[0].at
        assert china == datetime(2025, 11, 22, 23, 0, 5, tzinfo=ZoneInfo("Asia/Shanghai"))


def reported(**told: object) -> Callback:
    report = {
        "phone_number": "13800138000",
        "send_time": "2025-11-22 23:00:00",
        "report_time": "2025-11-22 23:00:05",
        "success": True,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": BIZ,
        **told,
    }
    return Callback("POST", STATUS_URL, {"Content-Type": "application/json"}, json.dumps([report]).encode())
