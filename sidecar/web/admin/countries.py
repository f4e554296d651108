"""Countries by their names, in the language of who reads."""

from functools import lru_cache

from babel import Locale

from sidecar.domain import phone
from sidecar.policy.keywords import plain
from sidecar.web.admin import language
from sidecar.web.admin.language import _


def countries() -> dict[str, str]:
    return _sorted(str(language.current()))


def with_none() -> dict[str, str]:
    return {"": _("none"), **countries()}


@lru_cache(maxsize=16)
def _sorted(locale: str) -> dict[str, str]:
    names = Locale.parse(locale).territories
    known = {code: str(names.get(code, code)) for code in phone.countries()}
    return dict(sorted(known.items(), key=lambda each: plain(each[1])))
