"""An account holds roles, each everywhere or in one unit (decision 51).

What an account could do before it is given as roles. Of those that exclude each other
a manager now has neither until somebody mends it; accounts he keeps as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BECOMES = {
    "manager": (
        "designer", "issuer", "key-holder", "counter", "reviewer", "decider", "keeper",
    ),
    "organizer": ("designer", "issuer", "key-holder"),
    "reader": ("reader",),
}  # fmt: skip
BEFORE = (("keeper", "manager"), ("designer", "organizer"))
"""Of an account that has the first, the second is what it goes back to."""


def upgrade() -> None:
    """Make the table, give everybody what they had, and take the old word away."""
    op.create_table(
        "account_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"],
                [f"{one}.id"],
                name=op.f(f"fk_account_role_{one}_id"),
                ondelete="CASCADE" if one == "account" else None,
            )
            for one in ("account", "unit", "subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_role")),
    )
    op.create_index(op.f("ix_account_role_account_id"), "account_role", ["account_id"])
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"])
    for before, roles in BECOMES.items():
        for role in roles:
            op.execute(
                sa.text(
                    "INSERT INTO account_role (account_id, role) "
                    "SELECT id, :role FROM account WHERE role = :before ORDER BY id"
                ).bindparams(role=role, before=before)
            )
    with op.batch_alter_table("account") as account:
        account.drop_constraint(op.f("ck_account_role"), type_="check")
        account.drop_column("role")


def downgrade() -> None:
    """Take it away again: what an account holds says which of the three it was."""
    op.add_column(
        "account",
        sa.Column("role", sa.String(), nullable=False, server_default="reader"),
    )
    for role, before in reversed(BEFORE):
        op.execute(
            sa.text(
                "UPDATE account SET role = :before WHERE id IN "
                "(SELECT account_id FROM account_role WHERE role = :role)"
            ).bindparams(role=role, before=before)
        )
    with op.batch_alter_table("account") as account:
        account.create_check_constraint(
            op.f("ck_account_role"), "role IN ('manager', 'organizer', 'reader')"
        )
        account.alter_column("role", server_default=None)
    op.drop_index(op.f("ix_unit_parent_id"), "unit")
    op.drop_table("account_role")
