"""Keep short links with the messages in which they stand, and count who opens them."""

import sqlalchemy as sa
from alembic import op

from sidecar.storage.types import Moment

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "short_links",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("devices", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("opens", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_opened_at", Moment(), nullable=True),
        sa.Column("last_opened_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "code", name=op.f("pk_short_links")),
        sa.UniqueConstraint("code", name=op.f("uq_short_links_code")),
    )
    op.create_index(op.f("ix_short_links_message_id"), "short_links", ["message_id"])


def downgrade() -> None:
    op.drop_table("short_links")
