"""Kept results know every question's share and how far chance reaches."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


NUMBERS = ("score", "dissatisfied")
"""What all subjects of a survey are counted by, without a look at their rows."""


def upgrade() -> None:
    """Forget what was kept without them: a job that is asked for next keeps it again.

    Pages work it out meanwhile, at the cost of the subjects they show.
    """
    op.execute(sa.text("DELETE FROM kept_result"))
    for number in NUMBERS:
        op.create_index(
            f"ix_kept_result_{number}", "kept_result", ["survey_id", number]
        )


def downgrade() -> None:
    """Forget it as well: the version before reads no numbers it does not know."""
    for number in NUMBERS:
        op.drop_index(f"ix_kept_result_{number}", "kept_result")
    op.execute(sa.text("DELETE FROM kept_result"))
