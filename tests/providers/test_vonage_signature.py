"""Callbacks signed by the vendor's own libraries, and by nobody."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.outcome import Callback
from sidecar.providers.base import AccountContext, CallbackRefused
from sidecar.providers.registry import build

from .contract import INBOUND_URL, STATUS_URL
from .official import official
from .test_twilio import read_vectors
from .test_vonage import FORM, JSON, KEY, OPTIONS, SECRET, WAYS, by_form, by_json
from .test_vonage_messages import OPTIONS as MESSAGES_OPTIONS
from .test_vonage_messages import PEM, PUBLIC, UUID, claims_of

auth = official("vonage_http_client.auth")
their_jwt = official("vonage_jwt")

VECTORS = read_vectors("vonage.json")
SIGNED = 1790000000
THEN = datetime.fromtimestamp(SIGNED, UTC)
SHARED = "fakeSignatureSecret0123456789fakeSignatureSecret"
METHODS = ["md5", "sha1", "sha256", "sha512"]
WORDS = st.text(st.characters(codec="utf-8"), max_size=8)
FIELDS = {"msisdn": "33612345678", "messageId": "0A", "status": "failed", "timestamp": str(SIGNED), "nonce": "n"}


def accepts(callback: Callback, now: datetime = THEN, **options: str) -> bool:
    given = {**OPTIONS, "signature_secret": SHARED, "signature_method": "sha256", **options}
    try:
        build("vonage", given, AccountContext("acc_1", STATUS_URL, lambda: now, INBOUND_URL)).check_callback(callback)
    except CallbackRefused:
        return False
    return True


def theirs(method: str, secret: str = SHARED) -> Any:
    return auth.Auth(api_key=KEY, api_secret=SECRET, signature_secret=secret, signature_method=method)


def signed(fields: dict[str, str], method: str = "sha256", secret: str = SHARED) -> dict[str, str]:
    return {**fields, "sig": theirs(method, secret).sign_params(dict(fields))}


def named(method: str) -> str:
    return "md5_hash" if method.startswith("MD5") else method.removeprefix("HMAC-")


@pytest.mark.parametrize("vector", VECTORS["sms_api_signatures"], ids=lambda vector: vector["method"])
@pytest.mark.parametrize("way", WAYS)
class TestTheRecordedSignatures:
    def options(self, vector: dict[str, Any]) -> dict[str, str]:
        return {"signature_secret": vector["signature_secret"], "signature_method": named(vector["method"])}

    def test_they_are_accepted(self, vector: dict[str, Any], way: Any) -> None:
        for sig in (vector["sig"], vector["sig"].upper()):
            assert accepts(way({**vector["params"], "sig": sig}), **self.options(vector))

    def test_with_other_fields_they_are_not(self, vector: dict[str, Any], way: Any) -> None:
        for name in vector["params"]:
            changed = {**vector["params"], name: vector["params"][name] + "1", "sig": vector["sig"]}
            assert not accepts(way(changed), **self.options(vector)), name
        assert not accepts(way({**vector["params"], "more": "", "sig": vector["sig"]}), **self.options(vector))

    def test_by_another_secret_or_method_they_are_not(self, vector: dict[str, Any], way: Any) -> None:
        callback, options = way({**vector["params"], "sig": vector["sig"]}), self.options(vector)
        assert not accepts(callback, **{**options, "signature_secret": "another"})
        others = {*METHODS, "md5_hash"} - {options["signature_method"]}
        assert not any(accepts(callback, **{**options, "signature_method": other}) for other in others)


@given(st.dictionaries(WORDS.filter(bool), WORDS, max_size=5), st.sampled_from(METHODS), st.sampled_from(WAYS))
def test_what_the_official_library_signs_is_accepted(fields: dict[str, str], method: str, way: Any) -> None:
    fields = {**fields, "timestamp": str(SIGNED), "messageId": "0A"}
    fields.pop("sig", None)
    assert accepts(way(signed(fields, method)), signature_method=method)


@given(st.sampled_from(["failed", "delivered", "fai&led", "fai=led", "fai_led"]), st.sampled_from(["n", "m", ""]))
def test_the_official_library_judges_alike(word: str, nonce: str) -> None:
    genuine = signed({**FIELDS, "status": "fai=led"})
    told = {**genuine, "status": word, "nonce": nonce}
    assert accepts(by_form(told)) == theirs("sha256").check_signature(dict(told))


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.integers(0, 10**6))
def test_what_was_touched_on_the_way_is_refused(text: str, at: int) -> None:
    genuine = signed(FIELDS)
    assert not accepts(by_form({**genuine, "extra": text}))
    at %= len(genuine["sig"])
    other = genuine["sig"][:at] + ("a" if genuine["sig"][at] != "a" else "b") + genuine["sig"][at + 1 :]
    assert not accepts(by_form({**genuine, "sig": other}))


def test_no_signature_is_refused() -> None:
    assert accepts(by_form(signed(FIELDS)))
    for callback in (
        by_form(FIELDS),
        by_form({**FIELDS, "sig": ""}),
        Callback("POST", STATUS_URL, FORM),
        Callback("POST", STATUS_URL, JSON, b'{"a": ['),
        Callback("POST", STATUS_URL, FORM, b"\xff"),
        by_form(signed({**FIELDS, "timestamp": ""})),
        by_form(signed({**FIELDS, "timestamp": "9" * 40})),
        by_form(signed({name: value for name, value in FIELDS.items() if name != "timestamp"} | {"timestamp": "soon"})),
    ):
        assert not accepts(callback), callback


def test_without_a_secret_nothing_is_asked() -> None:
    build("vonage", OPTIONS, AccountContext("acc_1", STATUS_URL, lambda: THEN)).check_callback(by_form(FIELDS))


@pytest.mark.parametrize(("hours", "fresh"), [(-26, False), (-24, True), (0, True), (24, True), (26, False)])
def test_a_signature_is_good_for_as_long_as_vonage_repeats_itself(hours: int, fresh: bool) -> None:
    now = THEN + timedelta(hours=hours)
    assert accepts(by_form(signed(FIELDS)), now) is fresh
    assert accepts(bearing(claims()), now) is fresh


BODY = json.dumps({"message_uuid": UUID, "status": "undeliverable", "timestamp": "2026-09-21T13:33:20Z"}).encode()


def claims(body: bytes = BODY, **more: object) -> dict[str, object]:
    hashed = hashlib.sha256(body).hexdigest()
    own = {"iat": SIGNED, "jti": UUID, "iss": "Vonage", "payload_hash": hashed, "api_key": KEY}
    return {**own, **more}


def bearing(claimed: dict[str, object], secret: str = SHARED, algorithm: str = "HS256", body: bytes = BODY) -> Callback:
    token = jwt.encode(claimed, secret, algorithm=algorithm)
    return Callback("POST", STATUS_URL, {**JSON, "Authorization": f"Bearer {token}"}, body)


class TestTheMessagesApi:
    (VECTOR,) = VECTORS["messages_api_jwt"]

    def recorded(self, **changed: str) -> Callback:
        vector = {**self.VECTOR, **changed}
        name, _, value = vector["header"].partition(": ")
        return Callback("POST", STATUS_URL, {**JSON, name: value}, vector["raw_body"].encode())

    def test_the_recorded_token_is_accepted(self) -> None:
        assert accepts(self.recorded(), signature_secret=self.VECTOR["signature_secret"])
        assert accepts(self.recorded(), **MESSAGES_OPTIONS, signature_secret=self.VECTOR["signature_secret"])

    def test_by_another_secret_or_for_another_body_it_is_not(self) -> None:
        secret = self.VECTOR["signature_secret"]
        assert not accepts(self.recorded(), signature_secret=secret[::-1])
        other = self.VECTOR["raw_body"].replace("delivered", "rejected")
        assert not accepts(self.recorded(raw_body=other), signature_secret=secret)
        assert not accepts(self.recorded(raw_body=self.VECTOR["raw_body"] + " "), signature_secret=secret)

    def test_the_official_library_agrees(self) -> None:
        genuine = bearing(claims())
        token = genuine.headers["Authorization"].removeprefix("Bearer ")
        assert accepts(genuine)
        # Theirs looks at the clock of the day, and a token of tomorrow is not yet good to it.
        with_past = bearing(claims(iat=1700000000)).headers["Authorization"].removeprefix("Bearer ")
        assert their_jwt.verify_signature(with_past, SHARED)
        assert not their_jwt.verify_signature(token, SHARED[::-1])

    def test_our_requests_bear_what_the_official_library_bears(self) -> None:
        client = their_jwt.JwtClient(MESSAGES_OPTIONS["application_id"], PEM)
        token = client.generate_application_jwt({"iat": SIGNED}).decode()
        claimed = claims_of(token, PUBLIC)
        assert set(claimed) == {"application_id", "iat", "jti", "exp"}
        assert (claimed["iat"], claimed["exp"]) == (SIGNED, SIGNED + 900)

    @pytest.mark.parametrize(
        "changed",
        [
            {"payload_hash": hashlib.sha256(BODY + b" ").hexdigest()},
            {"payload_hash": None},
            {"payload_hash": ["x"]},
            {"payload_hash": ""},
            {"iat": None},
            {"iat": "soon"},
            {"iat": 10**40},
        ],
    )
    def test_claims_that_do_not_vouch_are_refused(self, changed: dict[str, object]) -> None:
        assert not accepts(bearing(claims(**changed)))

    def test_a_token_without_the_body_s_hash_is_refused(self) -> None:
        assert not accepts(bearing({name: value for name, value in claims().items() if name != "payload_hash"}))
        assert not accepts(bearing({name: value for name, value in claims().items() if name != "iat"}))

    def test_only_the_documented_algorithm_will_do(self) -> None:
        head, payload, _ = bearing(claims()).headers["Authorization"].split(".")
        unsigned = "Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + payload
        for bearer in (f"{unsigned}.", unsigned, f"{head}.{payload}.", head, "Bearer", "Bearer ", "", "Basic YTpi"):
            assert not accepts(Callback("POST", STATUS_URL, {**JSON, "Authorization": bearer}, BODY)), bearer
        assert not accepts(bearing(claims(), SHARED * 2, "HS512"), signature_secret=SHARED * 2)
        assert not accepts(bearing(claims(), PEM, "RS256"))

    def test_the_scheme_is_part_of_it(self) -> None:
        genuine = bearing(claims())
        token = genuine.headers["Authorization"].removeprefix("Bearer ")
        for written, good in (
            (f"bearer {token}", True),
            (f"Bearer  {token}", True),
            (f"Basic {token}", False),
            (token, False),
        ):
            assert accepts(Callback("POST", STATUS_URL, {"authorization": written}, BODY)) is good, written

    @given(st.integers(0, 10**6), st.binary(min_size=1, max_size=5))
    def test_what_was_touched_on_the_way_is_refused(self, at: int, dirt: bytes) -> None:
        genuine = bearing(claims())
        at %= len(BODY)
        touched = BODY[:at] + dirt + BODY[at:]
        assert not accepts(Callback("POST", STATUS_URL, genuine.headers, touched))

    def test_one_api_s_signature_does_not_pass_for_the_other_s(self) -> None:
        spoken = {**FIELDS, "message_uuid": UUID}
        assert not accepts(by_json(signed(spoken)))
        token = bearing(claims(urlencode(FIELDS).encode())).headers
        assert not accepts(Callback("POST", STATUS_URL, token, urlencode(FIELDS).encode()))

    def test_the_method_is_the_sms_api_s_alone(self) -> None:
        options = {**MESSAGES_OPTIONS, "signature_secret": SHARED}
        provider = build("vonage", options, AccountContext("acc_1", STATUS_URL, lambda: THEN))
        provider.check_callback(bearing(claims()))
        with pytest.raises(CallbackRefused, match="no signature_method"):
            provider.check_callback(by_form(signed(FIELDS)))


def test_secrets_are_not_in_the_reasons() -> None:
    options = {**OPTIONS, "signature_secret": SHARED, "signature_method": "md5_hash"}
    provider = build("vonage", options, AccountContext("acc_1", STATUS_URL, lambda: THEN))
    for callback in (by_form(FIELDS), bearing(claims(), "z" * 40), by_form({**FIELDS, "timestamp": "x"})):
        with pytest.raises(CallbackRefused) as caught:
            provider.check_callback(callback)
        assert not re.search("fakeSignature|fakeSecret", str(caught.value))
