"""The gateways of docs/providers/http.md, with the very options that stand there, against servers that behave as
those gateways are documented to."""

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from defusedxml import ElementTree

from sidecar.domain.message import OutgoingMessage
from sidecar.domain.outcome import Accepted, Balance, Callback, Inbound, OutcomeUnknown, Rejected, TemporarilyFailed
from sidecar.domain.status import MessageState
from sidecar.providers.base import Provider
from sidecar.providers.registry import build
from tests.architecture.source import ROOT

from .contract import INBOUND_URL, MESSAGE, PATIENT, STATUS_URL, context
from .server import Reaction, Request, Server, answer

TEXT = replace(MESSAGE, text="Loja da Ana: pedido 17 é seu & chegou", sender="LojaDaAna", validity_seconds=7200)
CHINESE = replace(TEXT, text="您的訂單 17 已出貨", encoding="UCS-2")
UUID = "07033084-5cfd-4812-90a4-e4d24ffb6e3d"


def described(name: str) -> dict[str, str]:
    """The options that the page gives to `recado provider add http --name <name>`."""
    page = (ROOT / "docs" / "providers" / "http.md").read_text(encoding="utf-8")
    (command,) = re.findall(rf"^\$ (recado provider add http --name {name} .*?)^```", page, re.DOTALL | re.MULTILINE)
    words = shlex.split(command)
    pairs = [word.partition("=") for flag, word in pairwise(words) if flag == "--option"]
    return {key: value for key, _, value in pairs}


@pytest.fixture
def connect(server: Server) -> Iterator[Callable[..., Provider]]:
    made: list[Provider] = []

    def connected(name: str, react: Callable[[Request], Reaction], **changed: str) -> Provider:
        server.react = react
        options = {**described(name), "base_url": server.url, **changed}
        made.append(build("http", options, context(), PATIENT))
        return made[-1]

    yield connected
    for provider in made:
        provider.close()


@pytest.mark.parametrize("name", ["jasmin", "kannel", "pswin"])
def test_the_page_s_own_address_does(name: str) -> None:
    build("http", described(name), context()).close()


def fields_of(request: Request) -> dict[str, str]:
    written = request.body.decode() or urlsplit(request.target).query
    return {name: values[0] for name, values in parse_qs(written, keep_blank_values=True, strict_parsing=True).items()}


class Jasmin:
    """`/send` and `/balance`, by its manual and its own validation of arguments."""

    ARGUMENTS = frozenset(
        {
            *(
                "to",
                "from",
                "coding",
                "username",
                "password",
                "priority",
                "sdt",
                "validity-period",
                "tags",
                "custom_tlvs",
            ),
            *("dlr", "dlr-url", "dlr-level", "dlr-method", "content", "hex-content"),
        }
    )

    def __init__(self, refusal: tuple[int, str] | None = None) -> None:
        self.refusal = refusal
        self.sent: list[tuple[str, str, dict[str, str]]] = []

    def __call__(self, request: Request) -> Reaction:
        fields, path = fields_of(request), urlsplit(request.target).path
        if (fields.get("username"), fields.get("password")) != ("ana", "fake-pass"):
            return self.error(403, f"Authentication failure for username:{fields.get('username')}")
        if path == "/balance":
            return answer(200, {"balance": 100.0, "sms_count": "ND"})
        if path != "/send":
            return answer(404, b"No Such Resource")
        if unknown := set(fields) - self.ARGUMENTS:
            return self.error(400, f"Argument [{unknown.pop()}] is unknown.")
        if not re.fullmatch(r"\+?\d+", fields["to"]) or not re.fullmatch(r"\d+", fields["validity-period"]):
            return self.error(400, "Argument [to] has an invalid value: [?].")
        if ("content" in fields) == ("hex-content" in fields):
            return self.error(400, "content and hex-content cannot be used both in same request.")
        if self.refusal:
            return self.error(*self.refusal)
        text = (
            fields["content"] if fields["coding"] == "0" else bytes.fromhex(fields["hex-content"]).decode("utf-16-be")
        )
        self.sent.append((fields["to"], text, fields))
        return answer(200, f'Success "{UUID}"'.encode(), Content_Type="text/plain")

    def error(self, status: int, words: str) -> Reaction:
        return answer(status, f'Error "{words}"'.encode())


class TestJasmin:
    @pytest.mark.parametrize("message", [TEXT, CHINESE])
    def test_a_message_goes_whole(self, connect: Any, message: OutgoingMessage) -> None:
        gateway = Jasmin()
        assert connect("jasmin", gateway).send(message) == Accepted(UUID)
        ((to, text, fields),) = gateway.sent
        assert (to, text) == ("33612345678", message.text)
        assert (fields["from"], fields["validity-period"]) == ("LojaDaAna", "120")
        assert (fields["dlr"], fields["dlr-level"], fields["dlr-url"]) == ("yes", "3", STATUS_URL)

    @pytest.mark.parametrize(
        ("refusal", "outcome"),
        [
            ((403, "Authorization failed for username:ana"), Rejected("auth", permanent=False)),
            ((403, "Cannot charge submit_sm, check RouterPB log file for details"), Rejected("no_credit", False)),
            ((403, "User throughput exceeded"), TemporarilyFailed("throttled")),
            ((412, "No route found"), Rejected("unroutable", permanent=True)),
            ((400, "Argument [from] has an invalid value: [?]."), Rejected("refused", permanent=True)),
            ((500, "Cannot send submit_sm, check SMPPClientManagerPB log"), TemporarilyFailed("provider_down")),
            ((500, "Unknown error: ?"), OutcomeUnknown("unclear_failure")),
        ],
    )
    def test_each_refusal(self, connect: Any, refusal: tuple[int, str], outcome: Any) -> None:
        refused = connect("jasmin", Jasmin(refusal)).send(TEXT)
        assert (type(refused), refused.reason) == (type(outcome), outcome.reason)
        assert getattr(refused, "permanent", None) == getattr(outcome, "permanent", None)

    def test_a_wrong_password(self, connect: Any) -> None:
        refused = connect("jasmin", Jasmin(), password="wrong").send(TEXT)
        assert (refused.reason, refused.permanent) == ("auth", False)

    def test_the_balance(self, connect: Any) -> None:
        assert connect("jasmin", Jasmin()).balance() == Balance(Decimal("100.0"), "credits")

    @pytest.mark.parametrize(
        ("word", "level", "state", "reason"),
        [
            ("ESME_ROK", 1, MessageState.SENT, ""),
            ("ESME_RINVNUMDESTS", 1, MessageState.UNDELIVERED, ""),
            ("ACCEPTD", 3, MessageState.SENT, ""),
            ("DELIVRD", 3, MessageState.DELIVERED, ""),
            ("UNDELIV", 3, MessageState.UNDELIVERED, "error_017"),
            ("EXPIRED", 3, MessageState.EXPIRED, "expired"),
            ("UNKNOWN", 3, None, ""),
        ],
    )
    def test_receipts(self, connect: Any, word: str, level: int, state: MessageState | None, reason: str) -> None:
        provider = connect("jasmin", Jasmin())
        fields = {"id": UUID, "message_status": word, "level": str(level), "connector": "demo_cid"}
        if level == 3:
            fields |= {"id_smsc": "2567", "subdate": "1311022338", "donedate": "1311022338", "sub": "001"}
            fields |= {"dlvrd": "001", "err": "017" if word == "UNDELIV" else "000", "text": "Loja da Ana: pedido"}
        (receipt,) = provider.read_receipts(Callback("POST", STATUS_URL, body=urlencode(fields).encode()))
        assert (receipt.provider_id, receipt.state, receipt.reason) == (UUID, state, reason)
        assert provider.acknowledgement.body == "ACK/Jasmin"

    @pytest.mark.parametrize(
        ("content", "coding", "text"),
        [("STOP".encode("ascii"), "0", "STOP"), ("退订".encode("utf-16-be"), "8", "退订")],
    )
    def test_customers_messages(self, connect: Any, content: bytes, coding: str, text: str) -> None:
        fields = {"id": UUID, "from": "+33612345678", "to": "38000", "origin-connector": "smppc", "priority": "1"}
        body = urlencode({**fields, "coding": coding, "content": content, "binary": content.hex()}).encode()
        messages = connect("jasmin", Jasmin()).read_inbound(Callback("POST", INBOUND_URL, body=body))
        assert messages == [Inbound(UUID, "+33612345678", "38000", text)]


class Kannel:
    """`sendsms`, by the table of reply codes in its user guide and the words of its source."""

    def __init__(self, refusal: tuple[int, str] | None = None) -> None:
        self.reply = refusal or (202, "0: Accepted for delivery")
        self.sent: list[dict[str, str]] = []

    def __call__(self, request: Request) -> Reaction:
        fields = fields_of(request)
        if (request.method, urlsplit(request.target).path) != ("GET", "/cgi-bin/sendsms"):
            return answer(404, b"")
        if (fields["username"], fields["password"]) != ("ana", "fake-pass"):
            return answer(403, b"Authorization failed for sendsms")
        if not fields.get("to"):
            return answer(400, b"Empty receiver number not allowed, rejected")
        self.sent.append(fields)
        return answer(self.reply[0], self.reply[1].encode())

    def receipt(self, mask: int) -> Callback:
        """Kannel fetches the address it was given, with the state in place of %d."""
        return Callback("GET", self.sent[-1]["dlr-url"].replace("%d", str(mask)))


class TestKannel:
    @pytest.mark.parametrize(("message", "coding"), [(TEXT, "0"), (CHINESE, "2")])
    def test_a_message_goes_whole_and_its_receipts_find_it(self, connect: Any, message: Any, coding: str) -> None:
        gateway = Kannel()
        provider = connect("kannel", gateway)
        assert provider.send(message) == Accepted("")
        (sent,) = gateway.sent
        assert (sent["to"], sent["from"], sent["text"]) == ("+33612345678", "LojaDaAna", message.text)
        assert (sent["coding"], sent["charset"], sent["validity"]) == (coding, "UTF-8", "120")
        states = {1: MessageState.DELIVERED, 2: MessageState.UNDELIVERED, 4: MessageState.ACCEPTED}
        for mask, state in {**states, 8: MessageState.SENT, 16: MessageState.UNDELIVERED}.items():
            (receipt,) = provider.read_receipts(gateway.receipt(mask))
            assert (receipt.message_id, receipt.state, receipt.word) == (MESSAGE.id, state, str(mask))

    @pytest.mark.parametrize("words", ["3: Queued for later delivery", "Sent.", "Sent. Message splits: 2"])
    def test_other_words_for_taken(self, connect: Any, words: str) -> None:
        assert connect("kannel", Kannel((202, words))).send(TEXT) == Accepted("")

    @pytest.mark.parametrize(
        ("refusal", "outcome", "reason"),
        [
            ((403, "Not routable. Do not try again."), Rejected, "unroutable"),
            ((400, "Number(s) has/have been denied by white- and/or black-lists."), Rejected, "blocked"),
            ((400, "Sender missing and no global set, rejected"), Rejected, "sender_refused"),
            ((400, "DLR-URL field misformed, rejected"), Rejected, "misconfigured"),
            ((400, "Charset or body misformed, rejected"), Rejected, "refused"),
            ((503, "Temporal failure, try again later."), TemporarilyFailed, "provider_down"),
            ((500, "Sending failed."), OutcomeUnknown, "unclear_failure"),
            ((202, "Something new"), OutcomeUnknown, "unclear_failure"),
        ],
    )
    def test_each_refusal(self, connect: Any, refusal: tuple[int, str], outcome: type, reason: str) -> None:
        refused = connect("kannel", Kannel(refusal)).send(TEXT)
        assert (type(refused), refused.reason) == (outcome, reason)

    def test_a_wrong_password(self, connect: Any) -> None:
        refused = connect("kannel", Kannel(), password="wrong").send(TEXT)
        assert (refused.reason, refused.permanent) == ("auth", False)

    def test_customers_messages(self, connect: Any) -> None:
        fields = urlencode({"id": UUID, "from": "+33612345678", "to": "38000", "text": "Já chegou?"})
        messages = connect("kannel", Kannel()).read_inbound(Callback("GET", f"{INBOUND_URL}?{fields}"))
        assert messages == [Inbound(UUID, "+33612345678", "38000", "Já chegou?")]


class PSWin:
    """The XML interface, by its wiki: what is posted must be XML with a session, and all answers are 200."""

    def __init__(self, status: str = "OK", info: str = "") -> None:
        self.status, self.info = status, info
        self.sent: list[dict[str, str]] = []

    def __call__(self, request: Request) -> Reaction:
        session = ElementTree.fromstring(request.body)
        if session.tag != "SESSION" or request.header("Content-Type") != "text/xml":
            return answer(400, b"")
        if (session.findtext("CLIENT"), session.findtext("PW")) != ("ana", "fake-pass"):
            return self.reply("FAIL", "Invalid username or password", "")
        (message,) = session.findall("MSGLST/MSG")
        self.sent.append({element.tag: element.text for element in message})
        told = f"<ID>{message.findtext('ID')}</ID><REF>984342374</REF>" if self.status == "OK" else "<ID>1</ID>"
        told += f"<STATUS>{self.status}</STATUS><INFO>{self.info}</INFO>"
        return self.reply("OK", "", f"<MSGLST><MSG>{told}</MSG></MSGLST>")

    def reply(self, logon: str, reason: str, rest: str) -> Reaction:
        head = '<?xml version="1.0"?>\n<!DOCTYPE SESSION SYSTEM "pswincom_submit_response.dtd">\n'
        session = f"<SESSION>\n<LOGON>{logon}</LOGON>\n<REASON>{reason}</REASON>\n{rest}</SESSION>"
        return answer(200, (head + session).encode(), Content_Type="text/xml")

    def report(self, *states: str) -> Callback:
        told = "".join(
            f"<MSG><ID>{number}</ID><REF>98434237{number}</REF><RCV>33612345678</RCV><STATE>{state}</STATE>"
            "<DELIVERYTIME>2006.02.23 15:23:23</DELIVERYTIME></MSG>"
            for number, state in enumerate(states, start=1)
        )
        head = '<?xml version="1.0"?><!DOCTYPE MSGLST SYSTEM "pswincom_report_request.dtd">'
        return Callback("POST", STATUS_URL, body=f"{head}<MSGLST>{told}</MSGLST>".encode())


class TestPSWin:
    def test_a_message_goes_whole(self, connect: Any) -> None:
        gateway = PSWin()
        assert connect("pswin", gateway).send(TEXT) == Accepted("984342374")
        (sent,) = gateway.sent
        assert (sent["TEXT"], sent["RCV"], sent["SND"], sent["TTL"]) == (TEXT.text, "33612345678", "LojaDaAna", "120")
        assert (sent["RCPREQ"], "OP" in sent) == ("Y", False)

    def test_what_latin_letters_cannot_write_goes_in_hexadecimal(self, connect: Any) -> None:
        gateway = PSWin()
        assert connect("pswin", gateway).send(CHINESE) == Accepted("984342374")
        (sent,) = gateway.sent
        assert (bytes.fromhex(sent["TEXT"]).decode("utf-16-be"), sent["OP"]) == (CHINESE.text, "9")

    def test_a_refused_logon_is_the_account_s(self, connect: Any) -> None:
        refused = connect("pswin", PSWin(), password="wrong").send(TEXT)
        assert refused == Rejected("auth", permanent=False, code="FAIL", detail="Invalid username or password")

    def test_a_refused_message_is_its_own(self, connect: Any) -> None:
        refused = connect("pswin", PSWin("FAIL", "Invalid receiver")).send(TEXT)
        assert refused == Rejected("refused", permanent=True, code="OK FAIL", detail="Invalid receiver")

    def test_a_good_logon_alone_says_nothing(self, connect: Any) -> None:
        gateway = PSWin()
        unclear = connect("pswin", lambda _request: gateway.reply("OK", "", "")).send(TEXT)
        assert isinstance(unclear, OutcomeUnknown)

    def test_receipts(self, connect: Any) -> None:
        provider = connect("pswin", PSWin())
        words = ("DELIVRD", "EXPIRED", "UNDELIV", "BARREDT", "FAILED", "UNKNOWN")
        receipts = provider.read_receipts(PSWin().report(*words))
        assert [receipt.word for receipt in receipts] == list(words)
        failed = MessageState.UNDELIVERED
        states = [MessageState.DELIVERED, MessageState.EXPIRED, failed, failed, failed, None]
        assert [receipt.state for receipt in receipts] == states
        assert [receipt.reason for receipt in receipts] == ["", "expired", "unroutable", "blocked", "", ""]
        assert {receipt.recipient for receipt in receipts} == {"+33612345678"}
        assert receipts[0].provider_id == "984342371"
        acknowledged = ElementTree.fromstring(provider.acknowledgement.body)
        assert acknowledged.findtext("MSG/STATUS") == "OK"
