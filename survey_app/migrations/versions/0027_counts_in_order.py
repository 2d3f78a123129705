"""Counts of a subject are read in order from one index, and from nothing else."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_choice_count_survey_id_subject_id", "choice_count"
BEFORE = ["survey_id", "subject_id"]


def upgrade() -> None:
    """Let the index hold all that is read."""
    op.drop_index(NAME, TABLE)
    more = ["rater_group", "question_key", "choice_key", "count"]
    op.create_index(NAME, TABLE, [*BEFORE, *more])


def downgrade() -> None:
    """Let it find the rows only."""
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, BEFORE)
