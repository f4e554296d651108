"""What several vendors write alike, read in one place."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from sidecar.domain.outcome import Callback
from sidecar.providers.base import CallbackUnreadable
from sidecar.providers.formats import iso_moment, json_body, phone_number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("5511987654321", "+5511987654321"),
        ("+5511987654321", "+5511987654321"),
        ("2906722", "+2906722"),
        ("123456789012345", "+123456789012345"),
        ("1234567890123456", ""),
        ("290672", ""),
        ("005511987654321", "+5511987654321"),
        (" 5511987654321", "+5511987654321"),
        ("0612345678", ""),
        ("++5511987654321", ""),
        ("55 11 98765-4321", ""),
        ("５５１１９８７６５４３２１", ""),
        ("Vodafone", ""),
        ("", ""),
    ],
)
def test_a_phone_number_is_read_with_or_without_its_plus(written: str, number: str) -> None:
    assert phone_number(written) == number


@pytest.mark.parametrize(
    "written",
    ["2025-11-22T12:00:05.250-0300", "2025-11-22T12:00:05.250-03:00", "2025-11-22T15:00:05.250Z"],
)
def test_a_moment_is_read_as_vendors_write_it(written: str) -> None:
    assert iso_moment(written) == datetime(2025, 11, 22, 15, 0, 5, 250_000, tzinfo=UTC)


@pytest.mark.parametrize("written", [None, "", "soon", "2025-11-22T12:00:05", "2025-11-22"])
def test_a_moment_without_a_zone_or_form_is_none(written: str | None) -> None:
    assert iso_moment(written) is None


@given(st.text())
def test_no_text_is_too_strange_to_be_asked_for_a_moment_or_a_number(text: str) -> None:
    assert iso_moment(text) is None or iso_moment(text).tzinfo  # type: ignore[union-attr]
    assert phone_number(text).removeprefix("+").isascii()


class Note(BaseModel):
    pages: list[int]


def test_a_json_body_is_read_or_named_by_what_does_not_fit() -> None:
    assert json_body(Callback("POST", "", body=b'{"pages": [1, 2]}'), Note) == Note(pages=[1, 2])
    with pytest.raises(CallbackUnreadable, match=r"pages\.1: Input should be a valid integer"):
        json_body(Callback("POST", "", body=b'{"pages": [1, "s3cret"]}'), Note)
    with pytest.raises(CallbackUnreadable, match="the body: Invalid JSON"):
        json_body(Callback("POST", "", body=b"s3cret"), Note)


@pytest.mark.parametrize("body", [b'{"pages": ["s3cret"]}', b'{"s3cret": 1}', b"s3cret", b"\xff"])
def test_what_does_not_fit_is_not_repeated(body: bytes) -> None:
    with pytest.raises(CallbackUnreadable) as caught:
        json_body(Callback("POST", "", body=body), Note)
    assert "s3cret" not in str(caught.value)
