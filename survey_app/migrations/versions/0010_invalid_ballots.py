"""Ballots that break a rule are counted apart from those that cannot be read.

Whatever was opened before had no rules to obey.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count of every batch."""
    op.add_column(
        "ballot_count",
        sa.Column("invalid", sa.Integer(), nullable=False, server_default="0"),
    )


def downgrade() -> None:
    """Take it away; what is invalid is then nowhere."""
    op.drop_column("ballot_count", "invalid")
