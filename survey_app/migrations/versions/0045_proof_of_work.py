"""A survey may ask for a proof of work."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

BEFORE = (
    "voiding", "extension", "subject-out", "reopening", "channel-stop",
    "channel-resume", "set-aside", "count-again",
)  # fmt: skip
NEW = ("proof-on", "proof-off")
KEPT = {"sqlite_autoincrement": True}
"""Numbers do not come back."""


def _one_of(*kinds: str) -> str:
    """Return the condition that a kind is one of these."""
    return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"


def upgrade() -> None:
    """No survey asked for one so far."""
    with op.batch_alter_table("survey", table_kwargs=KEPT) as survey:
        survey.add_column(
            sa.Column(
                "asks_proof", sa.Boolean(), server_default=sa.false(), nullable=False
            )
        )
    with op.batch_alter_table("survey_act", table_kwargs=KEPT) as act:
        act.drop_constraint(op.f("ck_survey_act_kind"), type_="check")
        act.create_check_constraint(op.f("ck_survey_act_kind"), _one_of(*BEFORE, *NEW))


def downgrade() -> None:
    """Ask for none; what came without one stays in channels of its own."""
    op.execute(sa.text(f"DELETE FROM survey_act WHERE {_one_of(*NEW)}"))  # noqa: S608
    with op.batch_alter_table("survey_act", table_kwargs=KEPT) as act:
        act.drop_constraint(op.f("ck_survey_act_kind"), type_="check")
        act.create_check_constraint(op.f("ck_survey_act_kind"), _one_of(*BEFORE))
    with op.batch_alter_table("survey", table_kwargs=KEPT) as survey:
        survey.drop_column("asks_proof")
