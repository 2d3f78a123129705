"""An account knows who gave it its present password; what was given stays noted.

Nobody knows any more who gave the passwords that are there: they count as their
owners'.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the list."""
    op.add_column("account", sa.Column("password_set_by", sa.String(), nullable=True))
    op.create_table(
        "given_password",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_password")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Take both away again."""
    op.drop_table("given_password")
    op.drop_column("account", "password_set_by")
