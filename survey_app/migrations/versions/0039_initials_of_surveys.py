"""Surveys and cycles are found by the pinyin initials of what they are called."""

import sqlalchemy as sa
from alembic import op

from survey_app.domain.ground.initials import initials_of

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NAMED = {"survey": "title", "cycle": "name"}
"""Table → the column whose initials are kept."""


def upgrade() -> None:
    """Add the columns and fill them."""
    connection = op.get_bind()
    for table, text in NAMED.items():
        op.add_column(
            table, sa.Column("initials", sa.String(), nullable=False, server_default="")
        )
        # Names of ours alone stand in these statements.
        named = sa.text(f"SELECT id, {text} FROM {table}")  # noqa: S608
        kept = sa.text(f"UPDATE {table} SET initials = :told WHERE id = :id")  # noqa: S608
        for number, name in connection.execute(named).all():
            connection.execute(kept, {"id": number, "told": initials_of(name)})


def downgrade() -> None:
    """Take them away again."""
    for table in NAMED:
        op.drop_column(table, "initials")
