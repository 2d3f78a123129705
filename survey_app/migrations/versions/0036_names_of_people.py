"""Who the people behind the accounts are."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; of the accounts there are, nobody has said a name yet."""
    op.create_table(
        "account_name",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("real_name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_account_name")),
    )


def downgrade() -> None:
    """Forget the names."""
    op.drop_table("account_name")
