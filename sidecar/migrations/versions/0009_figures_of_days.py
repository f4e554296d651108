"""The figures of days, counted before they are asked for"""

import sqlalchemy as sa
from alembic import op

from sidecar.storage.types import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "days",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("counted_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "day", name=op.f("pk_days")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_days_day", "days", ["day"])
    test = sa.text("event = 'test'")
    op.create_index("ix_messages_tests", "messages", ["shop_id", "id"], sqlite_where=test, postgresql_where=test)


def downgrade() -> None:
    op.drop_index("ix_messages_tests", table_name="messages")
    op.drop_table("days")
