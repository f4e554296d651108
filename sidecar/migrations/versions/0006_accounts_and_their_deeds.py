"""Accounts of people, what they did, and the days' figures"""

import sqlalchemy as sa
from alembic import op

from sidecar.storage.types import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("shop_ids", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), server_default="", nullable=False),
        sa.Column("totp_on", sa.Boolean(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), server_default="", nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("entered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "audit",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_id", "audit", ["id"])
    op.drop_index("ix_messages_state", table_name="messages")
    op.create_index("ix_messages_state", "messages", ["shop_id", "state", "id"])
    op.create_index("ix_orders_number", "orders", ["shop_id", "number"])


def downgrade() -> None:
    op.drop_index("ix_orders_number", table_name="orders")
    op.drop_index("ix_messages_state", table_name="messages")
    op.create_index("ix_messages_state", "messages", ["shop_id", "state"])
    op.drop_table("audit")
    op.drop_table("users")
