"""Which text a shop uses for what: its own approved one, else the built-in one."""

from collections.abc import Collection

from sqlalchemy import Connection

from sidecar.catalog import templates
from sidecar.catalog.kinds import Kind, UnknownTemplate, kinds, own_kind
from sidecar.catalog.languages import nearest_locale
from sidecar.catalog.templates import Template
from sidecar.domain.shop import Shop
from sidecar.storage import texts
from sidecar.storage.types import AnyRow


class Wording:
    """The texts of some shops, as approved when this was made."""

    def __init__(self, connection: Connection, shop_ids: Collection[str]) -> None:
        self._own = {
            (row.shop_id, row.key, row.locale): Template(_kind(row), row.locale, row.text)
            for row in texts.approved(connection, shop_ids)
        }

    def text(self, shop: Shop, key: str, locale: str = "") -> Template:
        """In the customer's language where it is known, else the shop's. Raises `UnknownTemplate`."""
        wanted = nearest_locale(locale or shop.settings.locale)
        if own := self._own.get((shop.id, key, wanted)):
            return own
        try:
            return templates.template_for(key, wanted)
        except UnknownTemplate:
            # A text of the shop's own making exists in the languages the shop wrote it in.
            if own := self._own.get((shop.id, key, nearest_locale(shop.settings.locale))):
                return own
            raise

    def is_own(self, shop: Shop, template: Template) -> bool:
        return (shop.id, template.key, template.locale) in self._own

    def keys(self, shop: Shop) -> list[str]:
        """All texts this shop may send, the built-in ones first."""
        own = dict.fromkeys(key for shop_id, key, _ in self._own if shop_id == shop.id)
        return list(dict.fromkeys((*templates.keys(), *own)))


def _kind(row: AnyRow) -> Kind:
    """Under a key of the catalogue, in words of its own a shop still sends what is of use for as long as that."""
    return kinds().get(row.key) or own_kind(row.key, row.category, row.validity_hours)
