"""Templates that providers keep travel with messages; accounts know their balance"""

import sqlalchemy as sa
from alembic import op

import sidecar.storage.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OF_ACCOUNTS = ("low_balance", "balance", "balance_unit", "balance_at", "balance_warned_at")


def upgrade() -> None:
    op.execute("ALTER TABLE messages RENAME COLUMN parameters TO templates")
    op.add_column("messages", sa.Column("unfit", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("provider_accounts", sa.Column("low_balance", sa.Numeric(14, 4)))
    op.add_column("provider_accounts", sa.Column("balance", sa.Numeric(14, 4)))
    op.add_column("provider_accounts", sa.Column("balance_unit", sa.String(40), nullable=False, server_default=""))
    op.add_column("provider_accounts", sa.Column("balance_at", sidecar.storage.types.Moment()))
    op.add_column("provider_accounts", sa.Column("balance_warned_at", sidecar.storage.types.Moment()))


def downgrade() -> None:
    for name in reversed(_OF_ACCOUNTS):
        op.drop_column("provider_accounts", name)
    op.drop_column("messages", "unfit")
    op.execute("ALTER TABLE messages RENAME COLUMN templates TO parameters")
