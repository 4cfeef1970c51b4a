"""What Alembic runs for every command, on the connection and in the transaction that engine.py hands in."""

from alembic import context

from monitor.store.migrations import VERSION_TABLE
from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,  # SQLite alters a table by copying it
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
