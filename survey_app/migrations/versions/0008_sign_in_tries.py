"""Tries to sign in are counted apart from the accounts, for unknown names alike.

An account is no longer locked: whoever was locked when this runs is free.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of tries; take the lock off the accounts."""
    op.create_table(
        "sign_in_tries",
        sa.Column("what", sa.LargeBinary(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_since"), "sign_in_tries", ["since"])
    op.drop_column("account", "locked_until")
    op.drop_column("account", "failures")


def downgrade() -> None:
    """Give the accounts their lock back, nobody locked."""
    failures = sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
    op.add_column("account", failures)
    op.add_column("account", sa.Column("locked_until", sa.DateTime(), nullable=True))
    op.drop_table("sign_in_tries")
