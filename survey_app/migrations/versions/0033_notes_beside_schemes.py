"""What lies beside a scheme while it is written, and what it would have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "rule_notes",
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("source_text", sa.String(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["rule_text.id"],
            name=op.f("fk_rule_notes_rule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("rule_id", name=op.f("pk_rule_notes")),
    )
    op.create_table(
        "compared_scheme",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("rule_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"],
            ["cycle.id"],
            name=op.f("fk_compared_scheme_cycle_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["rule_text.id"],
            name=op.f("fk_compared_scheme_rule_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("cycle_id", "rule_id", name=op.f("pk_compared_scheme")),
    )


def downgrade() -> None:
    """Forget both; no rule and no result rests on them."""
    op.drop_table("compared_scheme")
    op.drop_table("rule_notes")
