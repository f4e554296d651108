"""The network from which an alert was asked for, and stops of codes that somebody lifted"""

import sqlalchemy as sa
from alembic import op

import sidecar.storage.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stock_alerts", sa.Column("network", sa.String(length=45), nullable=False, server_default=""))
    op.execute("UPDATE stock_alerts SET network = ip")
    op.drop_index("ix_stock_alerts_ip", table_name="stock_alerts")
    op.create_index("ix_stock_alerts_network", "stock_alerts", ["shop_id", "network", "created_at"])
    op.create_table(
        "lifted_stops",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("lifted_at", sidecar.storage.types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "prefix"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("lifted_stops")
    op.drop_index("ix_stock_alerts_network", table_name="stock_alerts")
    op.create_index("ix_stock_alerts_ip", "stock_alerts", ["shop_id", "ip", "created_at"])
    op.drop_column("stock_alerts", "network")
