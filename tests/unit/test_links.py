"""Links in texts: short, ours, and for one purpose."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.domain.ids import new_id
from sidecar.links import Links
from sidecar.storage.fingerprints import Fingerprints
from tests.world import NOON

LINKS = Links(Fingerprints(b"our key"), "https://r.example")
IDS = st.from_regex(r"alr_[0-9a-f]{27}", fullmatch=True)


@given(IDS)
def test_a_token_leads_back_to_its_id(our_id: str) -> None:
    token = LINKS.token("a", our_id)
    assert LINKS.read("a", "alr", token) == our_id
    assert len(token) == 29 and token.isascii() and token.isalnum()
    assert LINKS.to("a", our_id) == f"https://r.example/a/{token}"


@given(IDS)
def test_it_is_good_for_its_purpose_and_from_us_only(our_id: str) -> None:
    token = LINKS.token("a", our_id)
    assert LINKS.read("e", "alr", token) is None
    assert Links(Fingerprints(b"another key"), "").read("a", "alr", token) is None


@given(IDS, st.integers(0, 28), st.sampled_from("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
def test_no_letter_of_it_can_be_changed(our_id: str, at: int, letter: str) -> None:
    token = LINKS.token("a", our_id)
    changed = token[:at] + letter + token[at + 1 :]
    assert LINKS.read("a", "alr", changed) == (our_id if changed == token else None)


@given(st.text())
def test_anything_else_is_no_token(told: str) -> None:
    assert LINKS.read("a", "alr", told) is None


def test_an_id_as_we_make_them_has_a_link_and_another_has_none() -> None:
    LINKS.to("a", new_id("alr", NOON, random.getrandbits))
    with pytest.raises(ValueError, match="no id of ours"):
        LINKS.to("a", "alr_1")
