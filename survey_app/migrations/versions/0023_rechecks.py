"""A survey that follows an alert up enters no score."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark; every survey there was counts as before."""
    op.add_column(
        "survey",
        sa.Column(
            "is_recheck", sa.Boolean(), nullable=False, server_default=sa.false()
        ),
    )


def downgrade() -> None:
    """Take it away; what re-checked an alert counts in the score then."""
    op.drop_column("survey", "is_recheck")
