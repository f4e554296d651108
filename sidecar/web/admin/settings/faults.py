"""What is wrong with a setting, said in the language of who typed it."""

from werkzeug.datastructures import MultiDict

from sidecar.domain.shop import ShopSettings
from sidecar.policy import hours_check
from sidecar.policy.saving import PREPAID, UNREADABLE, UNSAYABLE, Detail, SettingsRefused
from sidecar.web.admin.language import _, _later
from sidecar.web.admin.settings.field import Field
from sidecar.web.admin.shown import number

_SENTENCES = {
    hours_check.WHOSE_HOLIDAYS: _later("Whose holidays? Name their country here, or set the shop's."),
    hours_check.UNKNOWN_HOLIDAYS: _later("The holidays of that place are not known: name another."),
    hours_check.NEVER_OPEN: _later("These hours do not open within two weeks: choose others."),
    hours_check.AGAINST_THE_LAW: _later(
        "In the shop's country no advertising may leave in these hours: choose others."
    ),
    UNSAYABLE: _later("No customer could write “%(value)s”: give a word with letters or digits."),
    PREPAID: _later("A shop cannot release itself from prepaying: ask its operator."),
    UNREADABLE: _later("“%(value)s” cannot be read here."),
}
_SHOWN = 60


def sentences(refused: SettingsRefused, fields: list[Field], form: MultiDict[str, str]) -> dict[str, str]:
    """By setting; in the words of the rule where there are no others."""
    by_name = {field.name: field for field in fields}
    return {
        name: _sentence(by_name[name], refused.details.get(name), form) or told if name in by_name else told
        for name, told in refused.problems.items()
    }


def _sentence(field: Field, detail: Detail | None, form: MultiDict[str, str]) -> str:
    if own := field.fault(form):
        return own
    if detail is None:
        return ""
    if detail.code == UNREADABLE and (bounds := _bounds(field)):
        return bounds
    value = detail.value if len(detail.value) <= _SHOWN else f"{detail.value[:_SHOWN]}…"
    said = str(_SENTENCES[detail.code]) % {"value": value}
    return f"{said} {field.hint}".strip() if detail.code == UNREADABLE else said


def _bounds(field: Field) -> str:
    """Between which numbers, or of how many letters, as the settings themselves have it."""
    limits = _limits(field.name)
    if field.kind in ("text", "status") and "max_length" in limits:
        return _("At most %(most)s letters.", most=number(limits["max_length"]))
    if field.kind != "number":
        return ""
    most = number(limits["le"])
    if "gt" in limits:
        return _("Write a number above %(least)s, at most %(most)s.", least=number(limits["gt"]), most=most)
    return _("Write a number from %(least)s to %(most)s.", least=number(limits["ge"]), most=most)


def _limits(name: str) -> dict[str, float]:
    known, kinds = ShopSettings.model_fields[name].metadata, ("ge", "gt", "le", "max_length")
    return {kind: getattr(each, kind) for each in known for kind in kinds if hasattr(each, kind)}
