"""A second factor, recovery codes on paper, and how far a sign-in got."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables; every sign-in that is live knew a password and no more."""
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("reset_asked_by", sa.String(), nullable=True),
        sa.Column("reset_since", sa.Integer(), nullable=True),
        sa.Column("reset_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_second_factor_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("found_by", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_recovery_code_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "found_by", name=op.f("pk_recovery_code")
        ),
    )
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(
            sa.Column("second", sa.String(), nullable=False, server_default="")
        )
        sign_in.create_check_constraint("second", "second IN ('', 'awaited', 'proved')")


def downgrade() -> None:
    """Take them away; whoever still owes a code is signed out."""
    op.execute("DELETE FROM sign_in WHERE second = 'awaited'")
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_constraint(op.f("ck_sign_in_second"), type_="check")
        sign_in.drop_column("second")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
