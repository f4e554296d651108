"""Callbacks signed by the vendor's own library, and by nobody."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackRefused
from sidecar.providers.registry import build

from .contract import STATUS_URL, context
from .official import official
from .test_plivo import FORM, OPTIONS, TOKEN
from .test_twilio import read_vectors

v3 = official("plivo.utils.signature_v3")
utils = official("plivo.utils")

VECTORS = read_vectors("plivo.json")["vectors"]
NONCE = "12345678901234567890"
FIELDS = {"MessageUUID": "abc", "Status": "undelivered", "To": "33612345678"}
URL = f"{STATUS_URL}?9f86d081884c=msg_1&a="
WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
PLAIN = st.text(st.sampled_from("abcXYZ019-_ .&=+%"), max_size=8)


def accepts(callback: Callback, **options: str) -> bool:
    try:
        build("plivo", {**OPTIONS, **options}, context()).check_callback(callback)
    except CallbackRefused:
        return False
    return True


def theirs_v3(url: str, fields: dict[str, Any], method: str = "POST", token: str = TOKEN) -> str:
    construct = v3.construct_get_url if method == "GET" else v3.construct_post_url
    text = construct(url, dict(fields)).decode()
    return str(v3.get_signature_v3(token.encode(), text, NONCE.encode()).decode())


def signed(url: str, fields: dict[str, Any], signature: str, version: str = "V3") -> Callback:
    headers = {
        f"X-Plivo-Signature-{version}": signature,
        f"X-Plivo-Signature-{version.removeprefix('Ma-')}-Nonce": NONCE,
    }
    return Callback("POST", url, {**FORM, **headers}, urlencode(fields, doseq=True).encode())


def by_v2(url: str) -> str:
    text = url.partition("?")[0] + NONCE
    return base64.b64encode(hmac.digest(TOKEN.encode(), text.encode(), hashlib.sha256)).decode()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['scheme']} {vector.get('method', '')}")
class TestTheRecordedVectors:
    def callback(self, vector: dict[str, Any], **changed: str) -> Callback:
        headers = {name: value for name, value in vector.items() if name.startswith("X-Plivo")}
        fields = urlencode(vector.get("params", {}))
        if vector.get("method") == "GET":
            return Callback("GET", f"{changed.get('uri', vector['uri'])}?{changed.get('fields', fields)}", headers)
        body = changed.get("fields", fields).encode()
        return Callback("POST", changed.get("uri", vector["uri"]), {**FORM, **headers}, body)

    def test_they_are_accepted(self, vector: dict[str, Any]) -> None:
        assert accepts(self.callback(vector)) is vector["validates"]

    def test_for_another_account_they_are_not(self, vector: dict[str, Any]) -> None:
        assert not accepts(self.callback(vector), auth_token="another")

    def test_for_another_address_they_are_not(self, vector: dict[str, Any]) -> None:
        assert not accepts(self.callback(vector, uri=vector["uri"].replace("plivo", "olivp")))

    def test_with_another_nonce_they_are_not(self, vector: dict[str, Any]) -> None:
        genuine = self.callback(vector)
        headers = {name: value.replace("12345", "54321") for name, value in genuine.headers.items()}
        assert not accepts(Callback(genuine.method, genuine.url, headers, genuine.body))

    def test_with_other_fields_they_are_not(self, vector: dict[str, Any]) -> None:
        if vector["scheme"] == "V3":
            assert not accepts(self.callback(vector, fields="Status=delivered"))


@given(st.dictionaries(WORDS.filter(bool), WORDS | st.lists(WORDS, min_size=1, max_size=3), max_size=5), st.booleans())
def test_what_the_official_library_signs_is_accepted(fields: dict[str, Any], queried: bool) -> None:
    url = URL if queried else STATUS_URL
    assert accepts(signed(url, fields, theirs_v3(url, fields)))


@given(st.dictionaries(PLAIN.filter(bool), PLAIN, max_size=5))
def test_what_the_official_library_signs_by_get_is_accepted(fields: dict[str, str]) -> None:
    signature = theirs_v3(STATUS_URL, fields, "GET")
    headers = {"X-Plivo-Signature-V3": signature, "X-Plivo-Signature-V3-Nonce": NONCE}
    assert accepts(Callback("GET", f"{STATUS_URL}?{urlencode(fields)}", headers))


@given(
    st.sampled_from([URL, STATUS_URL, "https://ex.org/", "https://ex.org/?b=1"]),
    st.sampled_from([URL, STATUS_URL, "https://ex.org/", "https://ex.org/?b=1"]),
    st.sampled_from(["", "undelivered", "delivered"]),
)
def test_the_official_library_judges_alike(called: str, written: str, word: str) -> None:
    signature = theirs_v3(written, FIELDS)
    fields = {**FIELDS, "Status": word}
    judged = v3.validate_v3_signature("POST", called, NONCE, TOKEN, signature, dict(fields))
    assert accepts(signed(called, fields, signature)) == judged


@given(st.text(min_size=1), st.integers(0, 10**6))
def test_what_was_touched_on_the_way_is_refused(text: str, at: int) -> None:
    callback = signed(URL, FIELDS, theirs_v3(URL, FIELDS))
    touched = callback.body + b"&Extra=" + text.encode()
    assert not accepts(Callback("POST", callback.url, callback.headers, touched))
    signature = callback.headers["X-Plivo-Signature-V3"]
    at %= len(signature) - 2
    other = signature[:at] + ("A" if signature[at] != "A" else "B") + signature[at + 1 :]
    assert not accepts(signed(URL, FIELDS, other))


def test_one_right_signature_of_several_will_do() -> None:
    right = theirs_v3(URL, FIELDS)
    assert accepts(signed(URL, FIELDS, f"{theirs_v3(URL, FIELDS, token='old')}, {right}"))
    assert accepts(signed(URL, FIELDS, right, "Ma-V3"))
    assert not accepts(signed(URL, FIELDS, f"{right[:-2]},{right}x,,"))


def test_version_2_is_accepted_with_and_without_a_query() -> None:
    for url in (URL, STATUS_URL):
        assert utils.validate_signature(url, NONCE, by_v2(url), TOKEN)
        assert accepts(signed(url, FIELDS, by_v2(url), "V2"))
        assert accepts(signed(url, FIELDS, by_v2(url), "Ma-V2"))
        assert not accepts(signed(url.replace("tok_7", "tok_8"), FIELDS, by_v2(url), "V2"))


def test_one_version_s_signature_does_not_pass_for_the_other_s() -> None:
    assert not accepts(signed(URL, FIELDS, by_v2(URL), "V3"))
    assert not accepts(signed(URL, FIELDS, theirs_v3(URL, FIELDS), "V2"))


def test_no_signature_is_refused() -> None:
    assert not accepts(Callback("POST", STATUS_URL, FORM, b"Status=sent"))
    assert not accepts(signed(STATUS_URL, FIELDS, "\ud800"))
    assert not accepts(signed("https://ex.org/\ud800", FIELDS, "x"))
    assert not accepts(signed(STATUS_URL, {str(number): "x" for number in range(201)}, "x"))


def test_the_header_s_case_does_not_matter() -> None:
    callback = signed(URL, FIELDS, theirs_v3(URL, FIELDS))
    lower = {name.lower(): value for name, value in callback.headers.items()}
    assert accepts(Callback("POST", callback.url, lower, callback.body))
