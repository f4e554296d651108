"""Consents, replies, codes, availability alerts, credit, the shops' own texts and what is written back to them"""

import sqlalchemy as sa
from alembic import op

import sidecar.storage.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW_COLUMNS = {
    "orders": ("seen_at", "parcels", "asked", "facts", "to", "number"),
    "messages": ("subject_id", "batch_key", "country", "credits", "parameters", "locale", "sealed"),
}
_NEW_INDEXES = (
    ("ix_messages_alike", "messages"),
    ("ix_messages_to", "messages"),
    ("ix_messages_unpaid", "messages"),
    ("ix_orders_to", "orders"),
)
_NEW_TABLES = (
    "verifications",
    "texts",
    "text_codes",
    "tariffs",
    "stock_alerts",
    "stock",
    "shop_tasks",
    "replies",
    "kept_keys",
    "deliverability",
    "credits",
    "credit_ledger",
    "consents",
    "consent_log",
)


def upgrade() -> None:
    op.create_table(
        "consent_log",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("wording", sa.Text(), server_default="", nullable=False),
        sa.Column("locale", sa.String(length=12), server_default="", nullable=False),
        sa.Column("ip", sa.String(length=45), server_default="", nullable=False),
        sa.Column("evidence", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_consent_log")),
    )
    with op.batch_alter_table("consent_log", schema=None) as batch_op:
        batch_op.create_index("ix_consent_log_number", ["number_hash", "shop_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("standing", sa.String(length=8), nullable=False),
        sa.Column("since", sidecar.storage.types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "number_hash", "purpose", name=op.f("pk_consents")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index("ix_consents_hash", ["number_hash"], unique=False)

    op.create_table(
        "credit_ledger",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("counts_from", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=60), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_credit_ledger")),
    )
    with op.batch_alter_table("credit_ledger", schema=None) as batch_op:
        batch_op.create_index(
            "ix_credit_ledger_coming",
            ["counts_from"],
            unique=False,
            sqlite_where=sa.text("not counted"),
            postgresql_where=sa.text("not counted"),
        )
        batch_op.create_index(
            "uq_credit_ledger_message",
            ["shop_id", "message_id", "kind"],
            unique=True,
            sqlite_where=sa.text("message_id is not null"),
            postgresql_where=sa.text("message_id is not null"),
        )

    op.create_table(
        "credits",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("warned_at", sidecar.storage.types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_credits")),
    )
    op.create_table(
        "deliverability",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("measured_at", sidecar.storage.types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "country", name=op.f("pk_deliverability")),
    )
    op.create_table(
        "kept_keys",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_kept_keys")),
    )
    op.create_table(
        "replies",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("provider_id", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("message_id", sa.String(length=40), nullable=True),
        sa.Column("received_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("read_at", sidecar.storage.types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_replies")),
        sa.UniqueConstraint("account_id", "provider_id", name=op.f("uq_replies_account_id_provider_id")),
    )
    with op.batch_alter_table("replies", schema=None) as batch_op:
        batch_op.create_index("ix_replies_number", ["number", "shop_id", "id"], unique=False)
        batch_op.create_index("ix_replies_order", ["shop_id", "order_id"], unique=False)
        batch_op.create_index(
            "ix_replies_unread",
            ["shop_id", "id"],
            unique=False,
            sqlite_where=sa.text("read_at is null"),
            postgresql_where=sa.text("read_at is null"),
        )

    op.create_table(
        "shop_tasks",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("created_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("done_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_shop_tasks")),
        sa.UniqueConstraint("shop_id", "dedupe_key", name=op.f("uq_shop_tasks_shop_id_dedupe_key")),
    )
    with op.batch_alter_table("shop_tasks", schema=None) as batch_op:
        batch_op.create_index("ix_shop_tasks_order", ["shop_id", "order_id"], unique=False)
        batch_op.create_index(
            "ix_shop_tasks_waiting",
            ["shop_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "stock",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("variation_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("saleable", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=True),
        sa.Column("modified_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("drafted", sa.Integer(), nullable=False),
        sa.Column("next_wave_at", sidecar.storage.types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "product_id", "variation_id", name=op.f("pk_stock")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("stock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_stock_waves",
            ["next_wave_at"],
            unique=False,
            sqlite_where=sa.text("next_wave_at is not null"),
            postgresql_where=sa.text("next_wave_at is not null"),
        )

    op.create_table(
        "stock_alerts",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("variation_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("created_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("confirmed_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("texted_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("ended_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("expires_at", sidecar.storage.types.Moment(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_stock_alerts")),
    )
    with op.batch_alter_table("stock_alerts", schema=None) as batch_op:
        batch_op.create_index("ix_stock_alerts_customer", ["shop_id", "customer_id"], unique=False)
        batch_op.create_index(
            "ix_stock_alerts_ending",
            ["expires_at"],
            unique=False,
            sqlite_where=sa.text("state in ('pending', 'waiting')"),
            postgresql_where=sa.text("state in ('pending', 'waiting')"),
        )
        batch_op.create_index("ix_stock_alerts_id", ["id"], unique=False)
        batch_op.create_index("ix_stock_alerts_ip", ["shop_id", "ip", "created_at"], unique=False)
        batch_op.create_index("ix_stock_alerts_number", ["number", "shop_id"], unique=False)
        batch_op.create_index(
            "ix_stock_alerts_texting",
            ["shop_id", "product_id", "variation_id"],
            unique=False,
            sqlite_where=sa.text("state = 'texting'"),
            postgresql_where=sa.text("state = 'texting'"),
        )
        batch_op.create_index(
            "ix_stock_alerts_waiting",
            ["shop_id", "product_id", "variation_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(
            "uq_stock_alerts_open",
            ["shop_id", "product_id", "variation_id", "number"],
            unique=True,
            sqlite_where=sa.text("state in ('pending', 'waiting', 'texting')"),
            postgresql_where=sa.text("state in ('pending', 'waiting', 'texting')"),
        )

    op.create_table(
        "tariffs",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("currency", sa.String(length=8), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_tariffs")),
    )
    op.create_table(
        "text_codes",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "key", "locale", "provider", name=op.f("pk_text_codes")),
    )
    op.create_table(
        "texts",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("locale", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("validity_hours", sa.Integer(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("submitted_at", sidecar.storage.types.Moment(), nullable=True),
        sa.Column("decided_at", sidecar.storage.types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_texts")),
    )
    with op.batch_alter_table("texts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_texts_submitted",
            ["submitted_at"],
            unique=False,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )
        batch_op.create_index(
            "uq_texts_approved",
            ["shop_id", "key", "locale"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "verifications",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("ip", sa.String(length=45), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=12), server_default="", nullable=False),
        sa.Column("domain", sa.String(length=120), server_default="", nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("created_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("sent_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("expires_at", sidecar.storage.types.Moment(), nullable=False),
        sa.Column("confirmed_at", sidecar.storage.types.Moment(), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_verifications")),
    )
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.create_index("ix_verifications_created", ["shop_id", "created_at"], unique=False)
        batch_op.create_index("ix_verifications_ip", ["shop_id", "ip", "created_at"], unique=False)
        batch_op.create_index("ix_verifications_number", ["shop_id", "number", "created_at"], unique=False)
        batch_op.create_index("ix_verifications_prefix", ["shop_id", "prefix", "created_at"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("locale", sa.String(length=12), server_default="", nullable=False))
        batch_op.add_column(sa.Column("parameters", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("credits", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("country", sa.String(length=2), server_default="", nullable=False))
        batch_op.add_column(sa.Column("batch_key", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("subject_id", sa.String(length=40), nullable=True))
        batch_op.create_index(
            "ix_messages_alike",
            ["account_id", "batch_key"],
            unique=False,
            sqlite_where=sa.text("state = 'queued' and batch_key is not null"),
            postgresql_where=sa.text("state = 'queued' and batch_key is not null"),
        )
        batch_op.create_index("ix_messages_to", ["to", "shop_id", "id"], unique=False)
        batch_op.create_index(
            "ix_messages_unpaid",
            ["shop_id", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'held' and reason = 'no_credit'"),
            postgresql_where=sa.text("state = 'held' and reason = 'no_credit'"),
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("to", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("asked", sa.String(length=12), server_default="", nullable=False))
        batch_op.add_column(sa.Column("parcels", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("seen_at", sidecar.storage.types.Moment(), nullable=True))
        batch_op.create_index("ix_orders_to", ["to", "shop_id"], unique=False)

    with op.batch_alter_table("provider_accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(length=12), server_default="sms", nullable=False))
        batch_op.add_column(sa.Column("rate", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("allowance", sa.Float(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("allowance_at", sidecar.storage.types.Moment(), nullable=True))
        batch_op.add_column(sa.Column("senders", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("answers_stop", sa.String(length=8), server_default="", nullable=False))

    _rebuild_routes()


def _rebuild_routes() -> None:
    """A route may now differ by country and category, which become part of its key."""
    op.execute("CREATE TABLE routes_kept AS SELECT shop_id, position, account_id FROM routes")
    op.drop_table("routes")
    op.create_table(
        "routes",
        sa.Column("shop_id", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), server_default="", nullable=False),
        sa.Column("category", sa.String(length=20), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["provider_accounts.id"], name=op.f("fk_routes_account_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_routes_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "country", "category", "position", name=op.f("pk_routes")),
    )
    op.execute(
        "INSERT INTO routes (shop_id, position, account_id) SELECT shop_id, position, account_id FROM routes_kept"
    )
    op.drop_table("routes_kept")


def downgrade() -> None:
    op.execute("DELETE FROM routes WHERE country <> '' OR category <> ''")
    with op.batch_alter_table("routes", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("pk_routes"), type_="primary")
        batch_op.drop_column("category")
        batch_op.drop_column("country")
        batch_op.create_primary_key(op.f("pk_routes"), ["shop_id", "position"])
    for index, table in _NEW_INDEXES:
        op.drop_index(index, table_name=table)
    with op.batch_alter_table("provider_accounts", schema=None) as batch_op:
        for column in ("answers_stop", "senders", "allowance_at", "allowance", "rate", "channel"):
            batch_op.drop_column(column)
    for table, columns in _NEW_COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
    for table in _NEW_TABLES:
        op.drop_table(table)
