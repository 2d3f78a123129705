"""Bring a database to the newest tables: `survey migrate`, or Alembic by hand."""

import os

from alembic import context
from sqlalchemy import Connection

from survey_app.all_tables import metadata
from survey_app.database import create_file, engine_of
from survey_app.migrate import require_whole, tables_rewritten


def migrate(connection: Connection) -> None:
    """Run the migrations on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        # SQLite changes a table by writing it anew.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with tables_rewritten(connection), context.begin_transaction():
        context.run_migrations()
        require_whole(connection)


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = engine_of(os.environ["SURVEY_DATABASE_URL"])
    create_file(engine)
    with engine.connect() as own:
        migrate(own)
        own.commit()
