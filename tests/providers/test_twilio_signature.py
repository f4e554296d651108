"""Callbacks signed by the vendor's own library, and by nobody."""

import hashlib
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackRefused
from sidecar.providers.registry import build

from .contract import STATUS_URL, context
from .test_twilio import FORM, OPTIONS, SID, TOKEN, read_vectors


def signed(url: str, fields: dict[str, str], secret: str = TOKEN) -> Callback:
    signature = RequestValidator(secret).compute_signature(url, fields)
    return Callback("POST", url, {**FORM, "X-Twilio-Signature": signature}, urlencode(fields).encode())


def accepts(callback: Callback, **options: str) -> bool:
    try:
        build("twilio", {**OPTIONS, **options}, context()).check_callback(callback)
    except CallbackRefused:
        return False
    return True


@pytest.mark.parametrize("vector", read_vectors("twilio.json")["vectors"], ids=lambda vector: vector["name"])
def test_the_official_vectors(vector: dict[str, Any]) -> None:
    headers = {name: value for name, value in vector.items() if name.startswith("X-Twilio")}
    is_json = "body" in vector
    body = vector["body"] if is_json else urlencode(vector["params"])
    headers |= {"Content-Type": "application/json"} if is_json else FORM
    callback = Callback("POST", vector["url"], headers, body.encode())
    assert accepts(callback, auth_token="12345678901234567890123456789012") is vector["validates"]


def test_a_shared_key_signs_instead_of_the_token() -> None:
    url, fields = STATUS_URL, {"MessageStatus": "sent"}
    signature = RequestValidator("shared-key").compute_signature(url, fields, "HMAC_SHA256")
    settings_header = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_x,algorithm=HMAC_SHA256"}
    headers = {**FORM, **settings_header, "X-Twilio-Signature": signature}
    callback = Callback("POST", url, headers, urlencode(fields).encode())
    assert accepts(callback, webhook_shared_key="shared-key")
    assert not accepts(callback)
    assert accepts(signed(url, fields), webhook_shared_key="shared-key")
    weak = {**headers, **dict.fromkeys(settings_header, "algorithm=MD5")}
    assert not accepts(Callback("POST", url, weak, callback.body))


@given(
    st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=5),
    st.sampled_from(["https://ex.org/a?b=c", "https://ex.org:443/a", "https://ex.org:8443/", "http://ex.org:80/ü?x"]),
)
def test_what_the_official_library_signs_is_accepted(fields: dict[str, str], url: str) -> None:
    assert accepts(signed(url, fields))


@given(st.text(min_size=1), st.integers(0, 10**6))
def test_what_was_touched_on_the_way_is_refused(text: str, at: int) -> None:
    callback = signed(STATUS_URL, {"MessageStatus": "undelivered", "MessageSid": SID})
    touched = callback.body + b"&Extra=" + text.encode()
    assert not accepts(Callback("POST", callback.url, callback.headers, touched))
    signature = callback.headers["X-Twilio-Signature"]
    at %= len(signature) - 2
    other = signature[:at] + ("A" if signature[at] != "A" else "B") + signature[at + 1 :]
    assert not accepts(Callback("POST", callback.url, {**FORM, "X-Twilio-Signature": other}, callback.body))


@pytest.mark.parametrize("called", ["https://ex.org/a?b=c", "https://ex.org:443/a?b=c"])
@pytest.mark.parametrize("written", ["https://ex.org/a?b=c", "https://ex.org:443/a?b=c"])
def test_the_default_port_may_be_signed_or_not(called: str, written: str) -> None:
    callback = signed(written, {"MessageStatus": "sent"})
    assert accepts(Callback("POST", called, callback.headers, callback.body))


@given(
    st.sampled_from(["https", "http"]),
    st.sampled_from(["ex.org", "ex.org:443", "ex.org:80", "ex.org:8443"]),
    st.sampled_from(["ex.org", "ex.org:443", "ex.org:80", "ex.org:8443"]),
    st.sampled_from(["", "b", "undelivered"]),
)
def test_the_official_library_judges_alike(scheme: str, called: str, written: str, word: str) -> None:
    callback = signed(f"{scheme}://{written}/a?b=c", {"MessageStatus": "undelivered"})
    url, fields = f"{scheme}://{called}/a?b=c", {"MessageStatus": word}
    ours = accepts(Callback("POST", url, callback.headers, urlencode(fields).encode()))
    theirs = RequestValidator(TOKEN).validate(url, fields, callback.headers["X-Twilio-Signature"])
    assert ours == theirs


def test_another_address_is_refused() -> None:
    callback = signed("https://ex.org/a", {"MessageStatus": "sent"})
    for url in (
        "https://ex.org/b",
        "https://ex.com/a",
        "http://ex.org/a",
        "https://ex.org/a?",
        "https://ex.org/a?b",
    ):
        assert not accepts(Callback("POST", url, callback.headers, callback.body)), url


def test_another_account_s_signature_is_refused() -> None:
    assert not accepts(signed(STATUS_URL, {"MessageStatus": "sent"}, secret="another"))


def test_no_signature_is_refused() -> None:
    assert not accepts(Callback("POST", STATUS_URL, FORM, b"MessageStatus=sent"))
    assert not accepts(Callback("POST", STATUS_URL, {**FORM, "X-Twilio-Signature": "\ud800"}, b"a=b"))


def test_the_header_s_case_does_not_matter() -> None:
    callback = signed(STATUS_URL, {"MessageStatus": "sent"})
    lower = {name.lower(): value for name, value in callback.headers.items()}
    assert accepts(Callback("POST", callback.url, lower, callback.body))


def test_repeated_and_empty_fields_are_signed() -> None:
    class Fields(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    signature = RequestValidator(TOKEN).compute_signature(STATUS_URL, Fields(B=["2", "1", "2", "5", "4", "3"], A=[""]))
    headers = {**FORM, "X-Twilio-Signature": signature}
    assert accepts(Callback("POST", STATUS_URL, headers, b"B=2&A=&B=1&B=2&B=5&B=4&B=3"))


def test_a_json_body_counts_by_its_hash() -> None:
    body = b'{"a": 1}'
    url = f"{STATUS_URL}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature}
    assert accepts(Callback("POST", url, headers, body))
    assert not accepts(Callback("POST", url, headers, body + b" "))


def test_an_address_alone_does_not_vouch_for_a_json_body() -> None:
    signature = RequestValidator(TOKEN).compute_signature(STATUS_URL, {})
    headers = {"Content-Type": "application/json", "X-Twilio-Signature": signature}
    assert accepts(Callback("GET", STATUS_URL, headers))
    assert not accepts(Callback("POST", STATUS_URL, headers, b'{"a": 1}'))
