"""What a scheme would have changed is kept in the order it is read in."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget what was worked out in another order; one press works it out anew."""
    op.execute("DELETE FROM compared_scheme")


def downgrade() -> None:
    """Forget it, too: the earlier program cannot read it."""
    op.execute("DELETE FROM compared_scheme")
