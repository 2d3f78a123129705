"""What was written knows which question it answers; a comment answers none."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column: all there is so far are comments."""
    op.add_column(
        "comment",
        sa.Column("question", sa.String(), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("comment", "question")
