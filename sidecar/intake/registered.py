"""By which templates the providers know a shop's texts, filled with what a text is filled with."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from sidecar.catalog.compose import ComposedText
from sidecar.catalog.context import Context
from sidecar.catalog.registered import is_built_in, values_for
from sidecar.catalog.templates import Template
from sidecar.domain.message import ProviderTemplate
from sidecar.domain.shop import Shop
from sidecar.storage import texts
from sidecar.storage.texts import ALL_SHOPS, TextCode


class Registered:
    """Asks the database once, when first needed."""

    def __init__(self, connection: Connection, shop_ids: Collection[str]) -> None:
        self._connection = connection
        self._shop_ids = shop_ids
        self._codes: dict[tuple[str, str, str, str], TextCode] | None = None

    def kinds(self, shop: Shop, template: Template) -> set[str]:
        """The kinds of providers that know this text."""
        return {kind for *_, kind in self._known() if self.code(shop, template, kind)}

    def code(self, shop: Shop, template: Template, kind: str) -> TextCode | None:
        """The shop's own. One for all shops says what the built-in text says, and not what a shop has made of it."""
        own = self._known().get((shop.id, template.key, template.locale, kind))
        if own or not is_built_in(template):
            return own
        return self._known().get((ALL_SHOPS, template.key, template.locale, kind))

    def filled(
        self, shop: Shop, template: Template, context: Context, composed: ComposedText, kinds: Iterable[str]
    ) -> dict[str, ProviderTemplate]:
        """For these kinds of providers, those of which every value is known: with an empty one providers refuse the
        message."""
        found: dict[str, ProviderTemplate] = {}
        for kind in sorted(kinds):
            code = self.code(shop, template, kind)
            values = _values(code, shop, template, context, composed) if code else {}
            if code and all(values.values()):
                parameters = tuple((theirs, values[ours]) for theirs, ours in code.parameters)
                found[kind] = ProviderTemplate(code.code, code.language, parameters)
        return found

    def _known(self) -> dict[tuple[str, str, str, str], TextCode]:
        if self._codes is None:
            found = texts.codes_of(self._connection, {ALL_SHOPS, *self._shop_ids})
            self._codes = {(code.shop_id, code.key, code.locale, code.provider): code for code in found}
        return self._codes


def _values(code: TextCode, shop: Shop, template: Template, context: Context, composed: ComposedText) -> dict[str, str]:
    names = [ours for _, ours in code.parameters]
    return values_for(names, template, composed, context, shop.settings.sender, shop.settings.contact)
