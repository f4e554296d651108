"""What people said to a shop about being texted, newest first. Nothing here writes."""

from sqlalchemy import Connection, select

from sidecar.storage.tables import consent_log
from sidecar.storage.types import AnyRow


def latest(connection: Connection, shop_id: str, limit: int) -> list[AnyRow]:
    query = select(consent_log).where(consent_log.c.shop_id == shop_id)
    return list(connection.execute(query.order_by(consent_log.c.id.desc()).limit(limit)))
