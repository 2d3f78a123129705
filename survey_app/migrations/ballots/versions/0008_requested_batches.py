"""Batches that wait for another account are found by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REQUESTED = sa.text("state = 'requested'")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_batch_waiting", "batch", ["survey_id"],
        sqlite_where=REQUESTED, postgresql_where=REQUESTED,
    )  # fmt: skip


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_batch_waiting", "batch")
