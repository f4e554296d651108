"""The last problem of each errand at a shop, kept when all is well again"""

import sqlalchemy as sa
from alembic import op

from sidecar.storage.types import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("polls") as polls:
        polls.add_column(sa.Column("last_problem", sa.String(length=60), server_default="", nullable=False))
        polls.add_column(sa.Column("last_detail", sa.Text(), server_default="", nullable=False))
        polls.add_column(sa.Column("last_problem_at", Moment(), nullable=True))
    op.execute(
        "UPDATE polls SET last_problem = problem, last_detail = detail, last_problem_at = tried_at WHERE problem <> ''"
    )


def downgrade() -> None:
    with op.batch_alter_table("polls") as polls:
        polls.drop_column("last_problem_at")
        polls.drop_column("last_detail")
        polls.drop_column("last_problem")
