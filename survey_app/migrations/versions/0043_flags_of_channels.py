"""What is unusual about channels, and what came through those."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; nothing is flagged of what is closed already."""
    op.create_table(
        "channel_flag",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("flag", sa.String(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "survey_id", "channel_id", "flag", name=op.f("pk_channel_flag")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "through_count",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_key", sa.String(), nullable=False),
        sa.Column("choice_key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "survey_id", "channel_id", "subject_id", "question_key", "choice_key",
            name=op.f("pk_through_count"),
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "channel_rush",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quarter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "survey_id", "channel_id", "day", "quarter", name=op.f("pk_channel_rush")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("channel_rush", "through_count", "channel_flag"):
        op.drop_table(table)
