"""What is wrong in the description of a gateway is said when it is saved, in a sentence for each mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackUnreadable
from sidecar.providers.gateway_document import Form, Json, Nothing, Text, misplaced, read, vocabulary
from sidecar.providers.gateway_options import GatewayOptions
from sidecar.providers.registry import InvalidOptions, build, read_options
from tests.architecture.source import ROOT

from .contract import STATUS_URL, context

BODY = '{"to": "{to}", "text": "{text}"}'
MINIMAL = {"base_url": "https://sms.example.com", "body": BODY, "success_at": "OK*{value}"}
RECEIPTS = {"id_at": "OK {value}", "receipt_id": "id", "receipt_status": "s", "states": '{"delivered": ["D"]}'}


def complaint(**options: str) -> str:
    with pytest.raises(InvalidOptions) as caught:
        build("http", {**MINIMAL, **options}, context())
    return str(caught.value)


def test_little_describes_a_gateway() -> None:
    provider = build("http", MINIMAL, context())
    assert not provider.capabilities.receipts
    with pytest.raises(CallbackUnreadable, match="no option says"):
        provider.read_receipts(Callback("POST", STATUS_URL, body=b"id=1&status=DELIVRD"))
    provider.close()


def test_what_is_needed_is_asked_for() -> None:
    with pytest.raises(InvalidOptions, match=r"http needs the option base_url\. http needs the option body\."):
        read_options("http", {})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"base_url": "http://sms.example.com"}, "http: base_url: must begin with https://"),
        ({"base_url": "https://sms.example.com/?a=b"}, "http: base_url: must hold a host"),
        ({"path": "send"}, "http: path: "),
        ({"path": "/send here"}, "http: path: "),
        ({"path": "/send#x"}, "http: path: "),
        ({"path": "@evil.example"}, "http: path: "),
        ({"path": "/{to}"}, "http: path: {to} cannot stand here."),
        ({"method": "PUT"}, "http: method: Input should be 'GET' or 'POST'."),
        ({"method": "GET", "format": "json"}, "http: method GET needs the format form: it has no body."),
        ({"body": "to={to}&text={text}"}, "http: body must be JSON."),
        ({"body": '["{to}", "{text}"]'}, "http: body must be a JSON object of texts, like "),
        ({"body": '{"to": "{to}", "text": "{text}", "n": 1}'}, "http: body must be a JSON object of texts, like "),
        ({"body": '{"to": "{to}"}'}, "http: body holds neither {text} nor {text_hex}."),
        ({"body": '{"text": "{text}"}'}, "http: body holds neither {to} nor {to_digits} nor {to_00}."),
        ({"body_ucs2": '{"text": "{text}"}'}, "http: body_ucs2 holds neither {to} nor {to_digits} nor {to_00}."),
        ({"body": '{"to": "{to}", "text": "{text} {tetx}"}'}, "http: body: there is no placeholder {tetx}."),
        ({"body": '{"to": "{to:number}", "text": "{text}"}'}, "http: body: {to} is no number."),
        ({"format": "json", "body": "{to} {text}"}, "http: body must be JSON."),
        ({"format": "json", "body": "[" * 100_000 + "{to}{text}"}, "http: body must be JSON."),
        ({"format": "xml", "body": "<a>{to}{text}</b>"}, "http: body must be XML, without entities of its own."),
        ({"format": "xml", "body": '<!DOCTYPE a [<!ENTITY b "c">]><a>{to}{text}</a>'}, "http: body must be XML"),
        ({"format": "xml", "body": "<a>{to}<![CDATA[{text}]]></a>"}, "http: body must not hold placeholders in CDATA"),
        ({"format": "xml", "body": "<a>{to}{text}<!-- {id} --></a>"}, "http: body must not hold placeholders in CDATA"),
        ({"format": "xml", "body": "<{to}>{text}</{to}>"}, "http: body must be XML"),
        ({"body_field": "XML"}, "http: body_field is for json and xml: a form has its fields already."),
        ({"content_type": "text/xml\nX: y"}, "http: content_type: "),
        ({"charset": "utf-7"}, "http: charset: "),
        ({"headers": "X: y"}, "http: headers: Invalid JSON"),
        ({"headers": '{"X Y": "z"}'}, "must be a header's name"),
        ({"headers": '{"Content-Length": "5"}'}, "must be a header's name, and not one of those that are set anyway"),
        ({"headers": '{"X": "a\\nY: b"}'}, "http: headers: X must be letters, digits and signs on one line."),
        ({"headers": '{"X": "{id}"}'}, "http: headers: X: {id} cannot stand here."),
        ({"auth": "basic"}, "http: username is used and not given. password is used and not given."),
        ({"auth": "bearer"}, "http: token is used and not given."),
        ({"auth": "bearer", "token": "s3cret\nX: y"}, "http: token must be letters, digits and signs without spaces."),
        ({"token": "s3cret"}, "http: token is given and used nowhere."),
        ({"path": "/{password}"}, "http: password is used and not given."),
        (
            {"auth": "bearer", "token": "s3cret", "headers": '{"authorization": "x"}'},
            "http: auth and an Authorization header do not go together.",
        ),
        ({"max_characters": "0"}, "http: max_characters: "),
        ({"answer": "html"}, "http: answer: "),
        ({"success_at": ""}, "http: success_at or id_at must say how an accepted message is told from a refused one."),
        ({"success_at": "", "id_at": "{value}", "success_is": '["1"]'}, "http: success_is needs success_at."),
        ({"success_at": "{value}"}, "http: success_at {value} fits every answer: success_is must say which are good."),
        ({"success_at": "OK"}, "http: success_at must be the text with {value} in it once, and * for what varies."),
        ({"id_at": "{value} {value}"}, "http: id_at must be the text with {value} in it once"),
        ({"answer": "json"}, "http: success_at must be a path like messages.0.id."),
        ({"answer": "xml", "success_at": "a//b"}, "http: success_at must be a path like answer/message/@id."),
        ({"answer": "xml", "success_at": "a/../b"}, "http: success_at must be a path like answer/message/@id."),
        ({"answer": "xml", "success_at": "a[1]"}, "http: success_at must be a path like answer/message/@id."),
        ({"success_is": "ok"}, "http: success_is: Invalid JSON"),
        ({"success_is": '[""]'}, "http: success_is.0: must be a word, or the beginning of one with * after it."),
        ({"success_is": '["*"]'}, "http: success_is.0: must be a word, or the beginning of one with * after it."),
        ({"faults": '{"refused": ["*"]}', "error_at": "{value}"}, "http: faults.refused.0: must be a word, or the"),
        ({"price_at": "{value} EUR"}, "http: price_at and currency need each other."),
        ({"currency": "EUR"}, "http: price_at and currency need each other."),
        ({"currency": "euro"}, "http: currency: "),
        ({"faults": '{"auth": ["1"]}'}, "http: error_at must say where an error stands."),
        ({"other_errors": "refused"}, "http: error_at must say where an error stands."),
        ({"error_text_at": "*{value}"}, "http: error_at must say where an error stands."),
        ({"faults": '{"bad_luck": ["1"]}', "error_at": "{value}"}, "http: faults.bad_luck."),
        ({"faults": '{"auth": ["1"], "blocked": ["1"]}', "error_at": "{value}"}, "http: faults: 1 has two meanings."),
        ({"faults": '{"auth": ["HTTP 200"]}', "error_at": "{value}"}, "http: faults: HTTP 200 must be a status from"),
        ({"callbacks": "text"}, "http: callbacks: "),
        ({"receipt_id": "id"}, "http: receipt_status must say where a receipt's word stands."),
        ({"states": '{"delivered": ["1"]}'}, "http: receipt_status must say where a receipt's word stands."),
        ({**RECEIPTS, "states": "{}"}, "http: states must say what the words of receipts mean."),
        ({**RECEIPTS, "states": '{"held": ["1"]}'}, "http: states.held."),
        ({**RECEIPTS, "states": '{"sent": ["1"], "read": ["1"]}'}, "http: states: 1 has two meanings."),
        ({**RECEIPTS, "receipt_id": ""}, "http: receipt_id or receipt_reference must say which message a receipt is"),
        ({**RECEIPTS, "id_at": ""}, "http: receipt_id needs id_at: nothing else connects a receipt with its message."),
        (
            {**RECEIPTS, "receipt_reference": "ref"},
            "http: receipt_reference needs {id} in the body: the gateway cannot",
        ),
        ({**RECEIPTS, "receipt_error": "a b"}, "http: receipt_error must be a parameter's name."),
        (
            {**RECEIPTS, "callbacks": "json", "receipt_id": "a..b"},
            "http: receipt_id must be a path like messages.0.id.",
        ),
        ({"inbound_from": "from"}, "http: inbound_id, inbound_from and inbound_text need each other."),
        ({"inbound_to": "to"}, "http: inbound_id, inbound_from and inbound_text need each other."),
        ({"inbound_hex": "bin"}, "inbound_hex and inbound_coding need each other."),
        ({"one_callback_address": "yes"}, "http: one_callback_address needs receipt_status and inbound_from."),
        ({"items_at": "events"}, "http: items_at is for json and xml: a form has no lists."),
        ({"items_at": "a b", "callbacks": "json"}, "http: items_at must be a path like messages.0.id."),
        ({"items_at": "a/@b", "callbacks": "xml"}, "http: items_at must be a path to entries, not to an attribute."),
        ({"balance_path": "/b"}, "http: balance_path and balance_at need each other."),
        ({"balance_at": "left {value}"}, "http: balance_path and balance_at need each other."),
        ({"balance_path": "/{id}", "balance_at": "{value}"}, "http: balance_path: {id} cannot stand here."),
        ({"acknowledgement_type": "html"}, "http: acknowledgement_type: "),
        ({"colour": "blue"}, "http has no option colour; it has acknowledgement, acknowledgement_type, answer, "),
    ],
)
def test_each_mistake_has_its_sentence(options: dict[str, str], words: str) -> None:
    complained = complaint(**options)
    assert words in complained
    assert complained.endswith(".") and "s3cret" not in complained


@pytest.mark.parametrize(
    "options",
    [
        RECEIPTS,
        {"items_at": "a/b", "callbacks": "json"},
        {"balance_path": "/b", "balance_at": "left", "balance_format": "json"},
        {"faults": '{"auth": ["HTTP 401"]}'},
        {"answer": "xml", "success_at": "a/@b", "error_at": "a/c, a/d/@e"},
        {"headers": '{"Authorization": "Key {token}"}', "token": "s3cret"},
        {"format": "xml", "body": "<a b='{to}'>{text}</a>"},
    ],
)
def test_what_goes_together(options: dict[str, str]) -> None:
    build("http", {**MINIMAL, **options}, context()).close()


def test_several_mistakes_have_several_sentences() -> None:
    complained = complaint(body='{"to": "{to}"}', price_at="{value}", receipt_id="id")
    assert complained == (
        "http: body holds neither {text} nor {text_hex}. price_at and currency need each other. "
        "receipt_status must say where a receipt's word stands. "
        "receipt_id needs id_at: nothing else connects a receipt with its message."
    )


def test_a_body_with_a_secret_in_it_is_not_shown() -> None:
    options = GatewayOptions.model_validate(
        {**MINIMAL, "body": '{"to":"{to}","text":"{text}","key":"s3cret"}', "headers": '{"X-Key": "s3cret"}'}
    )
    assert "s3cret" not in repr(options)
    assert "s3cret" not in complaint(body='{"to": "{to}", "key": "s3cret"}', headers='{"X-Key": "s3cret\\n"}')


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "text", "value"),
        [
            ('Success "{value}"', 'Success "07033084-5cfd"', "07033084-5cfd"),
            ('Success "{value}"', 'Success "a" "b"', 'a" "b'),
            ('Success "{value}"', 'Error "No route found"', None),
            ("1701|*|{value}", "1701|33612345678|bc5f", "bc5f"),
            ("1701|*|{value}", "1701|bc5f", None),
            ("{value}|*", "1025|", "1025"),
            ("{value}|*", "|1025", None),
            ("*ID: {value}\n*", "x\nID: 7 \ny", "7"),
            ("{value}", " all of it ", "all of it"),
            ("*a*a{value}a*b", "xaxayabab", "y"),
            ("({value})", "(.*)", ".*"),
        ],
    )
    def test_text(self, place: str, text: str, value: str | None) -> None:
        assert Text(text.strip()).value(place) == value

    @given(st.text(alphabet="ab|", max_size=300), st.lists(st.text(alphabet="ab|", max_size=3), max_size=12))
    def test_no_text_takes_long(self, text: str, literals: list[str]) -> None:
        place = "*".join([*literals, "{value}"])
        value = Text(text * 6).value(place)
        assert value is None or value in text * 6

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("a.b", "1"),
            ("a.c", "true"),
            ("a.d", None),
            ("a", None),
            ("a.b.c", None),
            ("l.0.x", "y"),
            ("l.1.x", None),
            ("l.-1.x", None),
            ("l.²", None),
            ("n", "0.5"),
        ],
    )
    def test_json(self, place: str, value: str | None) -> None:
        document = Json({"a": {"b": 1, "c": True, "d": None}, "l": [{"x": "y"}], "n": 0.5})
        assert document.value(place) == value

    def test_a_list_at_the_root_holds_the_items(self) -> None:
        items = read("json", b'[{"a": 1}, {"a": 2}]', "utf-8").items("")
        assert [item.value("a") for item in items] == ["1", "2"]
        assert read("json", b'{"a": 1}', "utf-8").items("") == [Json({"a": 1})]
        assert read("json", b'{"a": 1}', "utf-8").items("a") == []

    def test_xml(self) -> None:
        body = b'<s:A xmlns:s="urn:x" xmlns="urn:y"><B c="d"> e </B><B c="f"/><!-- g --></s:A>'
        document = read("xml", body, "utf-8")
        assert [document.value(place) for place in ("A/B", "A/B/@c", "A/*", "*/B")] == [" e ", "d", " e ", " e "]
        assert [document.value(place) for place in ("B", "A/@c", "A/C", "a/b")] == [None, None, None, None]
        assert [item.value("@c") for item in document.items("A/B")] == ["d", "f"]

    def test_a_form(self) -> None:
        assert Form({"a": ["1", "2"]}).value("a") == "1"
        assert Form({}).value("a") is None

    @given(st.sampled_from(["json", "xml", "text"]), st.binary(max_size=200), st.text(min_size=1, max_size=20))
    def test_whatever_is_written_is_read_or_not_and_nothing_else(self, kind: str, body: bytes, place: str) -> None:
        document = read(kind, body, "utf-8")  # type: ignore[arg-type]
        if misplaced(kind, place) is None:  # type: ignore[arg-type]
            value = document.value(place)
            assert value is None or isinstance(value, str)
            assert isinstance(document.items("" if kind == "text" else place), list)

    @pytest.mark.parametrize("kind", ["json", "xml"])
    @pytest.mark.parametrize("body", [b"", b"{", b"<", b"[" * 100_000, b"<a>" * 100_000, b"\xff\xfe", b"\x00"])
    def test_what_cannot_be_read_holds_nothing(self, kind: str, body: bytes) -> None:
        assert read(kind, body, "utf-8") == Nothing()  # type: ignore[arg-type]


def test_the_longest_beginning_counts_and_the_whole_word_before_it() -> None:
    meaning = vocabulary({"a": ["E*"], "b": ["E7*", "X"], "c": ["E71"]})
    assert [meaning(word) for word in ("E1", "E72", "E71", "E", "X", "X1", "")] == ["a", "b", "c", "a", "b", None, None]


def test_the_options_are_in_the_page_about_them() -> None:
    page = (ROOT / "docs" / "providers" / "http.md").read_text(encoding="utf-8")
    told = {line.split("|")[1].strip(" `") for line in page.splitlines() if line.startswith("| `")}
    assert told >= set(GatewayOptions.model_fields)
