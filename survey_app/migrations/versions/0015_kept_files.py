"""Files made beside the requests are kept, in parts."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "kept_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("made_from", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_kept_file_kind_about_detail"), "kept_file", ["kind", "about", "detail"]
    )
    op.create_table(
        "kept_part",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["kept_file.id"],
            name=op.f("fk_kept_part_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_kept_part")),
    )


def downgrade() -> None:
    """Forget the files; they can be made again."""
    op.drop_table("kept_part")
    op.drop_table("kept_file")
