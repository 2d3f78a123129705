"""Accounts that work on some surveys alone."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the list; the accounts there are work on every survey, as before."""
    op.add_column(
        "account",
        sa.Column(
            "only_surveys", sa.Boolean(), server_default=sa.false(), nullable=False
        ),
    )
    op.create_table(
        "account_survey",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            op.f("fk_account_survey_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            op.f("fk_account_survey_survey_id_survey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "survey_id", name=op.f("pk_account_survey")
        ),
    )


def downgrade() -> None:
    """Let every account work on every survey again."""
    op.drop_table("account_survey")
    op.drop_column("account", "only_surveys")
