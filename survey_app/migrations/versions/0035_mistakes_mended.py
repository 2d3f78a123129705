"""A subject can be taken out of a running survey; a closed one can be reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('voiding', 'extension')"
AFTER = "kind IN ('voiding', 'extension', 'subject-out', 'reopening')"
KEPT = {"sqlite_autoincrement": True}
"""Numbers of deleted drafts and of acts do not come back."""


def upgrade() -> None:
    """Add what the acts are about, and what a closing remembers."""
    with op.batch_alter_table("survey_act", table_kwargs=KEPT) as act:
        act.drop_constraint(op.f("ck_survey_act_kind"), type_="check")
        act.add_column(sa.Column("subject_id", sa.Integer(), nullable=True))
        act.create_check_constraint(op.f("ck_survey_act_kind"), AFTER)
        act.create_foreign_key(
            op.f("fk_survey_act_subject_id"), "subject", ["subject_id"], ["id"]
        )
    op.add_column(
        "survey",
        sa.Column("changes", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("survey", sa.Column("closed_after", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_survey_closed_after"), "survey", ["closed_after"])


def downgrade() -> None:
    """Forget them: whoever was taken out stays out."""
    op.drop_index(op.f("ix_survey_closed_after"), "survey")
    op.drop_column("survey", "closed_after")
    op.drop_column("survey", "changes")
    op.execute("DELETE FROM survey_act WHERE kind IN ('subject-out', 'reopening')")
    with op.batch_alter_table("survey_act", table_kwargs=KEPT) as act:
        act.drop_constraint(op.f("fk_survey_act_subject_id"), type_="foreignkey")
        act.drop_constraint(op.f("ck_survey_act_kind"), type_="check")
        act.drop_column("subject_id")
        act.create_check_constraint(op.f("ck_survey_act_kind"), BEFORE)
