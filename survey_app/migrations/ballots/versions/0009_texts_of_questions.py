"""What was written knows which question it answers; a comment answers none."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


KEPT = "id, survey_id, subject_id, text"


def upgrade() -> None:
    """Write the table anew with the column: all there is so far are comments."""
    _anew([sa.Column("question", sa.String(), nullable=False)], ", question", ", ''")


def downgrade() -> None:
    """Write it anew without."""
    _anew([], "", "")


def _anew(more: list[sa.Column[str]], name: str, value: str) -> None:
    """Write the rows anew in the order of their random ids; no column fills itself."""
    op.create_table(
        "opened_comment_anew",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_comment_anew")),
        sqlite_with_rowid=False,
    )
    op.execute(
        f"INSERT INTO opened_comment_anew ({KEPT}{name}) "  # noqa: S608 -- names above
        f"SELECT {KEPT}{value} FROM opened_comment ORDER BY id"
    )
    op.drop_table("opened_comment")
    op.rename_table("opened_comment_anew", "opened_comment")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_opened_comment_anew RENAME TO pk_opened_comment")
        # The planner's samples outlive what was deleted.
        op.execute("ALTER TABLE opened_comment ALTER COLUMN text SET STATISTICS 0")
