"""A batch notes which passwords had been given when it was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the count; of batches that are there nobody knows it."""
    op.add_column("batch", sa.Column("passwords_given", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("batch", "passwords_given")
