"""A box says for good which tables the database would not write anew after it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("ballot_box", sa.Column("not_rewritten", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("ballot_box", "not_rewritten")
