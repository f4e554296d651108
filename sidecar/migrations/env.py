"""Alembic's entry: runs on the connection that `sidecar.storage.schema` hands in."""

from alembic import context

from sidecar.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
