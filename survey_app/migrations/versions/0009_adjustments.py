"""Bonuses and deductions know who entered them, who confirmed them and in which state.

What stood there before counted, and counts on; nobody noted who entered it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NEW = (
    "origin", "import_no", "state", "entered_by", "entered_on", "passwords_given",
    "confirmed_by", "confirmed_on", "withdrawn_by", "withdrawn_on", "reversed_in",
)  # fmt: skip
CHECKS = {
    "state": "state IN ('waiting', 'counts', 'withdrawn', 'reversed')",
    "two_accounts": "confirmed_by <> entered_by",
    "confirmed": "state NOT IN ('counts', 'reversed') OR confirmed_by IS NOT NULL"
    " OR entered_by IS NULL",
    "reversed": "(state = 'reversed') = (reversed_in IS NOT NULL)",
}


def upgrade() -> None:
    """Add the columns; every row there is counts, as it did."""
    with op.batch_alter_table("given_adjustment") as table:
        for name, default in (
            ("origin", "form"),
            ("state", "counts"),
            ("passwords_given", "0"),
        ):
            kind = sa.Integer() if default == "0" else sa.String()
            table.add_column(
                sa.Column(name, kind, nullable=False, server_default=default)
            )
        for name in ("entered_by", "confirmed_by", "withdrawn_by"):
            table.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in ("entered_on", "confirmed_on", "withdrawn_on"):
            table.add_column(sa.Column(name, sa.Date(), nullable=True))
        for name in ("import_no", "reversed_in"):
            table.add_column(sa.Column(name, sa.Integer(), nullable=True))
    with op.batch_alter_table("given_adjustment") as table:
        for name in ("origin", "state", "passwords_given"):
            table.alter_column(name, server_default=None)
        table.create_foreign_key(
            op.f("fk_given_adjustment_reversed_in"),
            "correction",
            ["reversed_in"],
            ["id"],
        )
        for name, holds in CHECKS.items():
            table.create_check_constraint(
                op.f(f"ck_given_adjustment_{name}"), sa.text(holds)
            )
        table.create_index(
            op.f("ix_given_adjustment_cycle_id_subject_id"),
            ["cycle_id", "subject_id"],
        )


def downgrade() -> None:
    """Leave what counts, as it was kept before; all else was never counted."""
    op.execute("DELETE FROM given_adjustment WHERE state <> 'counts'")
    with op.batch_alter_table("given_adjustment") as table:
        table.drop_index(op.f("ix_given_adjustment_cycle_id_subject_id"))
        table.drop_constraint(
            op.f("fk_given_adjustment_reversed_in"), type_="foreignkey"
        )
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_given_adjustment_{name}"), type_="check")
    with op.batch_alter_table("given_adjustment") as table:
        for name in NEW:
            table.drop_column(name)
