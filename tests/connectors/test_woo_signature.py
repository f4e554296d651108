import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.woocommerce.signature import sign, verify
from connectors.woocommerce.webhook import SIGNATURE_HEADER
from tests.connectors.woo_recording import DELIVERIES, SECRET, body_of, headers_of

SIGNED = [seq for seq in DELIVERIES if SIGNATURE_HEADER in headers_of(seq)]


def parts(seq: int) -> tuple[bytes, str]:
    return body_of(seq), headers_of(seq)[SIGNATURE_HEADER]


def test_every_signed_delivery_of_the_real_shop_verifies() -> None:
    assert (len(DELIVERIES), len(SIGNED)) == (176, 173)
    for seq in SIGNED:
        body, signature = parts(seq)
        assert verify(body, signature, SECRET), seq
        assert sign(body, SECRET) == signature


def test_fact_8_the_signature_is_over_the_raw_bytes_not_the_json() -> None:
    body, signature = parts(SIGNED[0])
    written_anew = json.dumps(json.loads(body), separators=(",", ":"), ensure_ascii=False).encode()
    assert json.loads(written_anew) == json.loads(body)
    assert not verify(written_anew, signature, SECRET)


def test_fact_8_two_identical_bodies_have_one_signature() -> None:
    bodies: dict[bytes, set[str]] = {}
    for seq in SIGNED:
        body, signature = parts(seq)
        bodies.setdefault(body, set()).add(signature)
    assert len(bodies) < len(SIGNED)
    assert all(len(signatures) == 1 for signatures in bodies.values())


@pytest.mark.parametrize("secret", ["lab-secret-2025", "lab-secret-2026 ", "LAB-SECRET-2026", ""])
def test_another_secret_is_refused(secret: str) -> None:
    body, signature = parts(SIGNED[0])
    assert not verify(body, signature, secret)


def test_a_changed_byte_anywhere_is_refused() -> None:
    body, signature = parts(SIGNED[0])
    for place in range(len(body)):
        changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
        assert not verify(changed, signature, SECRET)


def test_an_empty_secret_verifies_not_even_its_own_signature() -> None:
    assert not verify(b"{}", sign(b"{}", ""), "")


@pytest.mark.parametrize("header", [None, "", " ", "sha256=abc", "=", "é", "署名", "\ud800", "\0", "A" * 100_000])
def test_garbage_in_the_header_is_refused_quietly(header: str | None) -> None:
    assert verify(b"{}", header, SECRET) is False


def test_a_header_with_something_around_the_signature_is_refused() -> None:
    body, signature = parts(SIGNED[0])
    for header in (signature + "\n", signature.rstrip("="), signature.swapcase(), signature + "é"):
        assert not verify(body, header, SECRET)


@given(st.binary(), st.text(min_size=1, alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_is_signed_verifies(body: bytes, secret: str) -> None:
    assert verify(body, sign(body, secret), secret)
    assert not verify(body + b" ", sign(body, secret), secret)


@given(st.binary(), st.none() | st.text())
def test_no_header_ever_raises(body: bytes, header: str | None) -> None:
    assert verify(body, header, SECRET) is (header == sign(body, SECRET))
