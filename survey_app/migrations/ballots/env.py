"""Bring the ballot database to the newest tables; `survey migrate` does both."""

from alembic import context

from survey_app.ballot.tables import metadata
from survey_app.migrate import require_whole, tables_rewritten

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with tables_rewritten(connection), context.begin_transaction():
    context.run_migrations()
    require_whole(connection)
