"""Sending hours as fields of a form: whatever can be saved is shown, and comes back as it was."""

import pytest
from flask import get_template_attribute
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from sidecar.domain.window import DAYS, PRESETS, SendingWindow
from sidecar.web.admin.settings import hours
from sidecar.web.admin.settings.hours import Window
from tests.unit.clocks import WINDOWS
from tests.unit.test_window import written

from .pages import fields_of

NAME = "transactional_window"
FIELD = Window(NAME, "Sending hours")
ODD = [
    *PRESETS,
    "00:00-00:00",
    "no holidays FR; 09:00-12:00, 13:00-14:00,  15:00-16:00",
    "sat-mon 22:00-06:00;tue 00:00-00:00; no holidays",
    "wed,mon 14:00-18:00,09:00-12:00",
]
TEXTS = st.sampled_from(ODD) | WINDOWS.map(written).filter(lambda text: len(text) <= 300)


def form_of(text: str) -> MultiDict[str, str]:
    """As a browser would send it."""
    macro = get_template_attribute("admin/settings/_hours.html", "hours")
    form = fields_of(f"<form>{macro(FIELD, hours.shown(text), hours.day_names(), 'BR', '')}</form>")
    form[f"was-{NAME}"] = text
    return form


@given(TEXTS)
def test_what_nobody_touches_comes_back_in_the_words_it_was_saved_in(pages: None, text: str) -> None:
    assert FIELD.read(form_of(text)) == FIELD.was(form_of(text)) == text


@given(TEXTS)
def test_whatever_can_be_saved_comes_back_with_the_same_meaning(pages: None, text: str) -> None:
    form = form_of(text)
    del form[f"was-{NAME}"]
    assert SendingWindow.parse(FIELD.read(form)) == SendingWindow.parse(text)
    assert not hours.fault(hours.typed(form, NAME))


@given(TEXTS, st.sampled_from(DAYS))
def test_a_tick_taken_off_closes_that_day_and_no_other(pages: None, text: str, day: str) -> None:
    form = form_of(text)
    before = SendingWindow.parse(text)
    form[f"{NAME}-kind"] = "each"
    form.setlist(f"{NAME}-days", [name for name in form.getlist(f"{NAME}-days") if name != day])
    if not form.getlist(f"{NAME}-days"):
        assert "at least one day" in hours.fault(hours.typed(form, NAME))
        return
    after = SendingWindow.parse(FIELD.read(form))
    usual = SendingWindow.parse("09:00-18:00").week if hours.shown(text).kind == "always" else before.week
    assert after.week == tuple(() if name == day else usual[at] for at, name in enumerate(DAYS))
    assert after.closed_on == before.closed_on


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"every-until": ""}, "Every day: say from when until when"),
        ({"every-from": "", "every-until": ""}, "Every day: say from when until when"),
        ({"every-from": "nine"}, "Every day: say from when until when"),
        ({"kind": "each"}, ""),
        ({"kind": "each", "wed-from": ""}, "Wednesday: say from when until when"),
        ({"kind": "always", "every-from": "nine"}, ""),
        ({"holidays": "yes"}, ""),
        ({"holidays": "yes", "region": "de-by"}, ""),
        ({"holidays": "yes", "region": "Bavaria"}, "Name the country of the holidays by its code"),
        ({"region": "Bavaria"}, ""),
    ],
)
def test_what_is_wrong_is_told_where_it_is_and_what_is_made_of_it_is_refused(
    pages: None, typed: dict[str, str], sentence: str
) -> None:
    form = form_of("09:00-18:00")
    for name, value in typed.items():
        form[f"{NAME}-{name}"] = value
    told = hours.fault(hours.typed(form, NAME))
    assert told.startswith(sentence) and bool(told) == bool(sentence)
    if sentence:
        with pytest.raises(ValueError, match="is not a sending window"):
            SendingWindow.parse(FIELD.read(form))
    else:
        assert SendingWindow.parse(FIELD.read(form))


@pytest.mark.parametrize("changes", [{"kind": None}, {"kind": "whatever"}, {"kind": None, "was": "garbage"}], ids=str)
def test_a_form_that_does_not_ask_for_hours_changes_none(pages: None, changes: dict[str, str | None]) -> None:
    form = MultiDict({f"was-{NAME}": changes.pop("was", None) or "09:00-18:00"})
    form.update({f"{NAME}-{name}": value for name, value in changes.items() if value})
    assert FIELD.read(form) == FIELD.was(form)


def test_seven_days_that_all_differ_have_room(pages: None) -> None:
    form = form_of("00:00-00:00; no holidays")
    form[f"{NAME}-kind"] = "each"
    for number, day in enumerate(DAYS):
        form.setlist(f"{NAME}-{day}-from", [f"0{number}:00", "14:00"])
        form.setlist(f"{NAME}-{day}-until", ["12:00", f"{number + 15}:00"])
    assert [len(day) for day in SendingWindow.parse(FIELD.read(form)).week] == [2] * 7


def test_more_hours_than_are_kept_are_told_as_that(pages: None) -> None:
    form = MultiDict([(f"{NAME}-kind", "each")])
    for at, day in enumerate(DAYS):
        form.add(f"{NAME}-days", day)
        for hour in (6, 9, 12, 15):
            form.add(f"{NAME}-{day}-from", f"{hour:02}:{at:02}")
            form.add(f"{NAME}-{day}-until", f"{hour:02}:{at + 30}")
    assert hours.fault(hours.typed(form, NAME)).startswith("These are too many different hours")
    form.setlist(f"{NAME}-days", list(DAYS[:5]))
    assert not hours.fault(hours.typed(form, NAME))
