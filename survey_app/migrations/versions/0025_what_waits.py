"""What waits for somebody is found by itself, however much was done before it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WAITING = {
    "given_adjustment": (["cycle_id", "subject_id"], "state = 'waiting'"),
    "named_rating": (
        ["cycle_id", "subject_id"], "confirmed_by IS NULL AND withdrawn_by IS NULL",
    ),
    "correction": (["cycle_id", "subject_id"], "state = 'requested'"),
    "survey_act": (["survey_id"], "state = 'asked'"),
    "job": (["asked_by"], "state = 'failed'"),
}  # fmt: skip
"""Table → columns of its index, and which rows stand in it."""


def upgrade() -> None:
    """Make the indexes."""
    for table, (columns, which) in WAITING.items():
        where = sa.text(which)
        op.create_index(
            f"ix_{table}_waiting", table, columns,
            sqlite_where=where, postgresql_where=where,
        )  # fmt: skip
    op.create_index("ix_survey_state_closes_on", "survey", ["state", "closes_on"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("ix_survey_state_closes_on", "survey")
    for table in WAITING:
        op.drop_index(f"ix_{table}_waiting", table)
