"""One occasion, one message: which message an occasion has become."""

from sqlalchemy import Connection, select

from sidecar.storage.tables import messages
from sidecar.storage.types import AnyRow


def message_of(connection: Connection, shop_id: str, dedupe_key: str) -> AnyRow:
    """The message that was put in under this key."""
    query = select(messages).where(messages.c.shop_id == shop_id, messages.c.dedupe_key == dedupe_key)
    return connection.execute(query).one()


def is_taken(connection: Connection, shop_id: str, dedupe_key: str) -> bool:
    query = select(messages.c.id).where(messages.c.shop_id == shop_id, messages.c.dedupe_key == dedupe_key)
    return connection.scalar(query) is not None
