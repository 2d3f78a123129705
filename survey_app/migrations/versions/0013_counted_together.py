"""What all processes let in is added up for a minute, in no log of PostgreSQL's."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    # Neither the write-ahead log, nor an archive of it, nor a replica learns of them.
    unlogged = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "flood_minute",
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("minute", name=op.f("pk_flood_minute")),
        sqlite_with_rowid=False,
        prefixes=unlogged,
    )
    op.create_table(
        "flood_sum",
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "digest", name=op.f("pk_flood_sum")),
        sqlite_with_rowid=False,
        prefixes=unlogged,
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("flood_sum")
    op.drop_table("flood_minute")
