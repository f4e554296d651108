"""Asking shops by themselves, and who has a task of theirs in hand"""

import sqlalchemy as sa
from alembic import op

import sidecar.storage.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("errand", sa.String(length=20), nullable=False),
        sa.Column("due_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("lease", sa.String(length=40), server_default="", nullable=False),
        sa.Column("leased_until", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tried_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("good_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("problem", sa.String(length=60), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "errand", name=op.f("pk_polls")),
    )
    op.create_index("ix_polls_due", "polls", ["due_at"])
    op.create_index(
        "ix_inbox_events",
        "inbox",
        ["shop_id", "delivery_id", "id"],
        sqlite_where=sa.text("source = 'plugin'"),
        postgresql_where=sa.text("source = 'plugin'"),
    )
    with op.batch_alter_table("shop_tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_by", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("held_until", sidecar.storage.types.Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shop_tasks", schema=None) as batch_op:
        batch_op.drop_column("held_until")
        batch_op.drop_column("held_by")
    op.drop_index("ix_inbox_events", table_name="inbox")
    op.drop_table("polls")
