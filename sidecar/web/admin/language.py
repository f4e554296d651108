"""In which language a page speaks: the account's, else the browser's."""

from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, g, request
from flask_babel import Babel, get_locale, get_translations, gettext, lazy_gettext, ngettext

from sidecar.catalog.languages import nearest_locale, speaks

LANGUAGES = {
    "en": "English",
    "pt_BR": "Português (Brasil)",
    "es": "Español",
    "fr": "Français",
    "zh_CN": "简体中文",
    "zh_TW": "繁體中文",
}
CATALOGS = Path(__file__).parents[1] / "translations"


def areas() -> list[str]:
    """The catalogs, one for each area of the pages, so that two people can work on two areas."""
    return sorted({path.stem for path in CATALOGS.glob("*/LC_MESSAGES/*.mo")}) or ["frame"]


def install(app: Flask) -> None:
    names = areas()
    Babel(
        app,
        default_locale="en",
        default_domain=";".join(names),
        default_translation_directories=";".join(str(CATALOGS) for _ in names),
        locale_selector=chosen,
    )
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda sentence: _translations().ugettext(sentence),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )


def _translations() -> Any:
    """Looked up once a request: a page has hundreds of sentences."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def chosen() -> str:
    who = g.get("who")
    if who and who.language in LANGUAGES:
        return str(who.language)
    asked = (code for code, _quality in request.accept_languages if speaks(code))
    return nearest_locale(next(asked, "en"))


def current() -> Locale:
    known: Locale | None = get_locale()
    return known or Locale("en")


def current_code() -> str:
    """As the catalogue of texts calls it."""
    return nearest_locale(str(current()))


def _(sentence: str, **values: object) -> str:
    """The sentence in the language of who reads. The name is one that translators' tools look for, as are the next."""
    return str(gettext(sentence, **values))


def _n(one: str, many: str, count: int, **values: object) -> str:
    return str(ngettext(one, many, count, **values))


def _later(sentence: str) -> Any:
    """For what is written down before anybody reads: it is translated when it is shown."""
    return lazy_gettext(sentence)
