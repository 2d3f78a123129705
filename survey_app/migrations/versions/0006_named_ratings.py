"""Named ratings, and how many people are expected to answer in each rater group."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both tables; nothing of before has any of them."""
    op.create_table(
        "named_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("component_key", sa.String(), nullable=False),
        sa.Column("rater_group", sa.String(), nullable=False),
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("points", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("passwords_given", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=True),
        sa.Column("withdrawn_because", sa.String(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by <> entered_by", name=op.f("ck_named_rating_two_accounts")
        ),
        sa.CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_because IS NULL)",
            name=op.f("ck_named_rating_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycle.id"], name=op.f("fk_named_rating_cycle_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_named_rating_subject_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_rating")),
    )
    op.create_index(
        op.f("ix_named_rating_cycle_id_subject_id"),
        "named_rating",
        ["cycle_id", "subject_id"],
    )
    op.create_table(
        "expected_raters",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("rater_group", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name=op.f("fk_expected_raters_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "survey_id", "rater_group", name=op.f("pk_expected_raters")
        ),
    )


def downgrade() -> None:
    """Take both away again."""
    op.drop_table("expected_raters")
    op.drop_index(
        op.f("ix_named_rating_cycle_id_subject_id"), table_name="named_rating"
    )
    op.drop_table("named_rating")
