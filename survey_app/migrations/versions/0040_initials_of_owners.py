"""Accounts are found by the pinyin initials of whose they are."""

import sqlalchemy as sa
from alembic import op

from survey_app.domain.ground.initials import initials_of

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and fill it."""
    connection = op.get_bind()
    added = sa.Column("initials", sa.String(), nullable=False, server_default="")
    op.add_column("account_name", added)
    named = sa.text("SELECT account, real_name FROM account_name")
    kept = sa.text("UPDATE account_name SET initials = :told WHERE account = :account")
    for account, name in connection.execute(named).all():
        connection.execute(kept, {"account": account, "told": initials_of(name)})


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("account_name", "initials")
