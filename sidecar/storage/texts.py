"""The shops' own approved texts."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from sidecar.storage.tables import literally, texts
from sidecar.storage.types import AnyRow

APPROVED = "approved"


def approved(connection: Connection, shop_ids: Collection[str]) -> list[AnyRow]:
    return list(
        connection.execute(
            select(
                texts.c.shop_id, texts.c.key, texts.c.locale, texts.c.text, texts.c.category, texts.c.validity_hours
            ).where(texts.c.shop_id.in_(sorted(shop_ids)), texts.c.state == literally(APPROVED))
        )
    )
