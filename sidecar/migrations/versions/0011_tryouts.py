"""What a shop's last orders would have had texted"""

import sqlalchemy as sa
from alembic import op

from sidecar.storage.types import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tryouts",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("orders", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lines", sa.JSON(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_tryouts")),
    )
    where = sa.text("state in ('asked', 'running')")
    op.create_index("ix_tryouts_waiting", "tryouts", ["asked_at"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_tryouts_waiting", table_name="tryouts")
    op.drop_table("tryouts")
