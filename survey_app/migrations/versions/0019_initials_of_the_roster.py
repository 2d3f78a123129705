"""Names of the roster and places of channels are found by their pinyin initials."""

import sqlalchemy as sa
from alembic import op

from survey_app.domain.ground.initials import initials_of

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NAMED = {"unit": "name", "cadre": "name", "channel": "place"}
"""Table → the column whose initials are kept."""
AT_ONCE = 1000


def upgrade() -> None:
    """Add the columns and fill them."""
    for table, text in NAMED.items():
        op.add_column(
            table, sa.Column("initials", sa.String(), nullable=False, server_default="")
        )
        _fill(op.get_bind(), table, text)


def _fill(connection: sa.Connection, table: str, text: str) -> None:
    # Names of ours alone stand in these statements.
    named = sa.text(f"SELECT id, {text} FROM {table} WHERE {text} <> ''")  # noqa: S608
    kept = sa.text(f"UPDATE {table} SET initials = :told WHERE id = :id")  # noqa: S608
    rows = connection.execute(named).all()
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        connection.execute(
            kept, [{"id": number, "told": initials_of(name)} for number, name in some]
        )


def downgrade() -> None:
    """Take them away again."""
    for table in NAMED:
        op.drop_column(table, "initials")
