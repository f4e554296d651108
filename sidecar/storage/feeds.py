"""The health of each shop's feeds: what came in, what was refused, and when."""

from datetime import datetime

from sqlalchemy import Connection, select

from sidecar.storage.tables import feeds
from sidecar.storage.upserts import insert_or


def has_told(connection: Connection, shop_id: str, source: str) -> bool:
    query = select(feeds.c.accepted).where(feeds.c.shop_id == shop_id, feeds.c.source == source)
    return bool(connection.scalar(query))


def note(
    connection: Connection, shop_id: str, source: str, accepted: int, refused: int, problem: str, now: datetime
) -> None:
    """Add to a feed's counts. `problem` is the stable code of the latest refusal, empty for none."""
    moments = {
        **({"last_accepted_at": now} if accepted else {}),
        **({"last_refused_at": now, "last_problem": problem} if refused else {}),
    }
    statement = insert_or(connection, feeds).values(
        shop_id=shop_id, source=source, accepted=accepted, refused=refused, **moments
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[feeds.c.shop_id, feeds.c.source],
            set_={
                "accepted": feeds.c.accepted + accepted,
                "refused": feeds.c.refused + refused,
                **moments,
            },
        )
    )
