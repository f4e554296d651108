"""Ways to messages by their text and by the last digits of a number, and days that can be summed"""

import sqlalchemy as sa
from alembic import op

from sidecar.storage.types import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_messages_template", "messages", ["shop_id", "template", "id"])
    op.create_index("ix_messages_last_digits", "messages", [sa.text('substr("to", length("to") - 3)'), "id"])
    op.drop_table("days")
    _create_days(
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("days")
    _create_days()
    op.drop_index("ix_messages_last_digits", table_name="messages")
    op.drop_index("ix_messages_template", table_name="messages")


def _create_days(*sums: sa.Column[int]) -> None:
    """Empty: a worker counts anew what it does not find."""
    op.create_table(
        "days",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("counted_at", Moment(), nullable=False),
        *sums,
        sa.PrimaryKeyConstraint("shop_id", "day", name=op.f("pk_days")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_days_day", "days", ["day"])
