"""Which text a shop uses for what: its own approved one, else the built-in one."""

from collections.abc import Collection

import structlog
from sqlalchemy import Connection

from sidecar.catalog import templates
from sidecar.catalog.kinds import Kind, UnknownTemplate, kinds, own_kind
from sidecar.catalog.languages import nearest_locale
from sidecar.catalog.placeholders import UnknownPlaceholder
from sidecar.catalog.templates import Template
from sidecar.domain.shop import Shop
from sidecar.storage import texts
from sidecar.storage.types import AnyRow

log = structlog.get_logger()


class Wording:
    """The texts of some shops, as approved when this was made."""

    def __init__(self, connection: Connection, shop_ids: Collection[str]) -> None:
        approved = ((row, _template(row)) for row in texts.approved(connection, shop_ids))
        self._own = {(row.shop_id, row.key, row.locale): template for row, template in approved if template}

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


def _template(row: AnyRow) -> Template | None:
    """None for a text that was approved by an older version and can no longer be filled: the built-in one is sent,
    rather than none at all."""
    try:
        return Template(_kind(row), row.locale, row.text)
    except UnknownPlaceholder as problem:
        log.warning("an approved text can no longer be filled", shop_id=row.shop_id, key=row.key, problem=str(problem))
        return None


def _kind(row: AnyRow) -> Kind:
    """Under a key of the catalogue, in words of its own a shop still sends what is of use for as long as that."""
    return kinds().get(row.key) or own_kind(row.key, row.category, row.validity_hours)
