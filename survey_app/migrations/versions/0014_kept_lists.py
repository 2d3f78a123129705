"""Numbers of lists are kept when they become final; counters are found by subject.

What was settled before is kept by the worker when it first runs; until then a page
works out the lines that it shows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, empty, and the index."""
    op.create_table(
        "kept_result",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.String(), nullable=False),
        sa.Column("rests_on", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("dissatisfied", sa.BigInteger(), nullable=True),
        sa.Column("seal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name="fk_kept_result_survey_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name="fk_kept_result_subject_id"
        ),
        sa.PrimaryKeyConstraint("survey_id", "subject_id", name="pk_kept_result"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept_alert",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("rests_on", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=True),
        sa.CheckConstraint(
            "part IN ('crossed', 'near', 'unknown')", name="ck_kept_alert_part"
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name="fk_kept_alert_survey_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name="fk_kept_alert_subject_id"
        ),
        sa.PrimaryKeyConstraint(
            "survey_id", "subject_id", "number", name="pk_kept_alert"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_kept_alert_strongest", "kept_alert", ["part", "place", "position"]
    )
    op.create_table(
        "raised_alerts",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("crossed", sa.Integer(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("expected_false", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name="fk_raised_alerts_survey_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("survey_id", name="pk_raised_alerts"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_choice_count_survey_id_subject_id",
        "choice_count",
        ["survey_id", "subject_id"],
    )


def downgrade() -> None:
    """Take them away; everything in them can be worked out again."""
    op.drop_index("ix_choice_count_survey_id_subject_id", "choice_count")
    op.drop_table("raised_alerts")
    op.drop_index("ix_kept_alert_strongest", "kept_alert")
    op.drop_table("kept_alert")
    op.drop_table("kept_result")
