"""Remember the very moment of an order's last change of status, where the shop tells it."""

import sqlalchemy as sa
from alembic import op

import sidecar.storage.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("moved_at", sidecar.storage.types.Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("moved_at")
