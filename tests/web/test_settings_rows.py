"""Settings of several rows, as fields of a form: whatever can be saved is shown, and comes back as it was."""

from typing import Any

import pytest
from flask import get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from sidecar.domain.delay import Delay
from sidecar.domain.shop import Platform, Shop, ShopSettings
from sidecar.web.admin.purposes import NAMES
from sidecar.web.admin.settings.answers import Answers
from sidecar.web.admin.settings.delays import Delays
from sidecar.web.admin.settings.field import Around, Field
from sidecar.web.admin.settings.moment import Moment

from .pages import fields_of

DELAYS, ANSWERS, MOMENT = Delays("delays", ""), Answers("answers", ""), Moment("told_from", "")
SHOP = Shop("shop", Platform.WOOCOMMERCE, "Ana", "https://ana.example", ShopSettings(timezone="America/Sao_Paulo"))
CLOCKS = st.times().map(lambda at: f" at {at:%H:%M}")
WAITS = st.builds(lambda count, unit: f"{count}{unit}", st.integers(0, 90), st.sampled_from("mhd"))
DELAY = st.builds(str.__add__, WAITS, CLOCKS) | WAITS | CLOCKS.map(str.strip)
KEYS = st.sampled_from([*NAMES, "own_text", "birthday"])
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)


def form_of(field: Field, saved: Any) -> MultiDict[str, str]:
    """As a browser would send it."""
    macro = get_template_attribute("admin/settings/_rows.html", field.kind)
    form = fields_of(f"<form>{macro(field, field.drawn(Around(SHOP), saved, None))}</form>")
    form[f"was-{field.name}"] = field.write(saved)
    return form


@given(st.dictionaries(KEYS, DELAY))
def test_delays_that_nobody_touches_come_back_in_the_words_they_were_saved_in(pages: None, saved: Any) -> None:
    form = form_of(DELAYS, saved)
    assert DELAYS.read(form) == DELAYS.was(form) == saved
    assert DELAYS.fault(form) == ""


@given(st.dictionaries(KEYS, DELAY))
def test_whatever_delay_can_be_saved_comes_back_with_the_same_meaning(pages: None, saved: Any) -> None:
    form = form_of(DELAYS, saved)
    del form["was-delays"]
    read = DELAYS.read(form)
    assert {key: Delay.parse(text) for key, text in read.items()} == {k: Delay.parse(text) for k, text in saved.items()}


@pytest.mark.parametrize(
    ("count", "unit", "at", "delay"),
    [
        ("", "h", "", None),
        ("0", "m", "", "0m"),
        ("2", "d", "10:00", "2d at 10:00"),
        ("", "d", "08:00", "at 08:00"),
        ("30", "m", "", "30m"),
    ],
)
def test_a_row_is_a_delay(pages: None, count: str, unit: str, at: str, delay: str | None) -> None:
    form = form_of(DELAYS, {"order_placed": "5m", "own_text": "1h"})
    for part, value in (("count", count), ("unit", unit), ("at", at)):
        form[f"delays-order_placed-{part}"] = value
    assert DELAYS.read(form) == {**({"order_placed": delay} if delay else {}), "own_text": "1h"}
    assert DELAYS.fault(form) == ""


@given(st.dictionaries(WORDS, KEYS, max_size=5))
def test_answers_that_nobody_touches_come_back_as_they_were(pages: None, saved: Any) -> None:
    form = form_of(ANSWERS, saved)
    assert ANSWERS.read(form) == ANSWERS.was(form) == saved


@pytest.mark.parametrize("field", [DELAYS, ANSWERS], ids=["delays", "answers"])
@pytest.mark.parametrize("was", ['{"order_placed": "5m"}', "garbage", "[1]", ""])
def test_a_form_that_does_not_ask_for_them_changes_none(pages: None, field: Field, was: str) -> None:
    form = MultiDict({f"was-{field.name}": was})
    assert field.read(form) == field.was(form)


@pytest.mark.parametrize(
    "saved", ["", "2026-11-25T09:00:00+00:00", "2026-11-25T09:00:59.5-03:00", "20261125T090000Z", "0001-01-01T00:00Z"]
)
def test_a_moment_that_nobody_touches_comes_back_as_it_was(saved: str) -> None:
    form = MultiDict({"was-told_from": saved, "was-timezone": "America/Sao_Paulo"})
    form["told_from"] = MOMENT.drawn(Around(SHOP), saved, None)
    assert MOMENT.read(form) == saved


@pytest.mark.parametrize("zone", ["", "nowhere", "../etc", "\0"])
def test_a_moment_by_no_clock_is_refused_as_it_was_typed(zone: str) -> None:
    form = MultiDict({"told_from": "2026-11-25T09:00", "was-told_from": "", "was-timezone": zone})
    with pytest.raises(ValueError, match="told_from"):
        ShopSettings(told_from=MOMENT.read(form))


def test_an_emptied_word_takes_its_line_away_though_its_text_still_stands_there(pages: None) -> None:
    saved = {"horario": "opening_hours", "prazo": "order_status"}
    form = MultiDict([("was-answers", ANSWERS.write(saved))])
    for word, key in (("", "opening_hours"), ("prazo", "order_status"), ("", "")):
        form.add("answers-word", word)
        form.add("answers-text", key)
    assert (ANSWERS.fault(form), ANSWERS.read(form)) == ("", {"prazo": "order_status"})
