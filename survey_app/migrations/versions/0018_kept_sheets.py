"""Score sheets are kept; those there are to be are marked for the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

FILL = """
INSERT INTO stale_sheet (cycle_id, subject_id, turn)
SELECT cycle.id, subject.id, 1 FROM cycle CROSS JOIN subject
UNION ALL SELECT cycle.id, 0, 1 FROM cycle
"""
"""Marks of subjects that a scheme is not about are taken back with the others."""
ASK = """
INSERT INTO job (kind, about, detail, state, again, tries, done, total, asked_by,
    failure)
SELECT 'score-sheets', id, '', 'waiting', :no, 0, 0, 0, '', '' FROM cycle
"""


def upgrade() -> None:
    """Make the tables, and mark every sheet there is to be."""
    op.create_table(
        "kept_sheet",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in (
                "kind", "name", "unit", "unit_code", "code", "parent", "title", "post",
                "initials",
            )
        ),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("overall", sa.BigInteger(), nullable=True),
        sa.Column("blocked", sa.Integer(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("seal", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(sheet IS NULL) = (digest IS NULL)", name=op.f("ck_kept_sheet_whole")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
            name=op.f("fk_kept_sheet_cycle_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["subject.id"],
            name=op.f("fk_kept_sheet_subject_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "subject_id", name=op.f("pk_kept_sheet")),
    )  # fmt: skip
    for column in ("position", "overall", "body_id"):
        op.create_index(
            op.f(f"ix_kept_sheet_{column}"), "kept_sheet", ["cycle_id", column]
        )
    op.create_table(
        "stale_sheet",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
            name=op.f("fk_stale_sheet_cycle_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "subject_id", name=op.f("pk_stale_sheet")),
    )
    op.execute(FILL)
    op.execute(
        sa.text(ASK).bindparams(sa.bindparam("no", value=False, type_=sa.Boolean()))
    )


def downgrade() -> None:
    """Forget the sheets: whoever looks works them out."""
    op.execute("DELETE FROM job WHERE kind = 'score-sheets'")
    op.drop_table("stale_sheet")
    op.drop_table("kept_sheet")
