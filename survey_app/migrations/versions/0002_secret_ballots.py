"""Secret ballots and publication plans: what the main database knows of them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what this step brings."""
    with op.batch_alter_table("survey") as survey:
        survey.add_column(
            sa.Column("mode", sa.String(), server_default="open", nullable=False)
        )
        survey.add_column(
            sa.Column(
                "small_groups", sa.String(), server_default="merge", nullable=False
            )
        )
        survey.create_check_constraint(
            op.f("ck_survey_mode"), "mode IN ('open', 'secret')"
        )
        survey.create_check_constraint(
            op.f("ck_survey_small_groups"), "small_groups IN ('merge', 'withhold')"
        )
    _make_ballot_tables()
    op.create_table(
        "publication_plan",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("evaluated", sa.String(), nullable=True),
        _belongs_to("publication_plan", "survey"),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_publication_plan")),
    )
    op.create_table(
        "comment_review",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("comment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('pass', 'withhold')", name=op.f("ck_comment_review_verdict")
        ),
        sa.PrimaryKeyConstraint(
            "slot", "comment_id", "reader", name=op.f("pk_comment_review")
        ),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        # The planner's samples of a column outlive what was deleted.
        for table in ("comment", "comment_review"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN text SET STATISTICS 0")


def _make_ballot_tables() -> None:
    op.create_table(
        "key_holder",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.CheckConstraint("place IN (1, 2)", name=op.f("ck_key_holder_place")),
        _belongs_to("key_holder", "survey"),
        sa.PrimaryKeyConstraint("survey_id", "place", name=op.f("pk_key_holder")),
    )
    op.create_table(
        "audit_commitment",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        _belongs_to("audit_commitment", "survey"),
        sa.PrimaryKeyConstraint(
            "survey_id", "commitment", name=op.f("pk_audit_commitment")
        ),
    )
    counts = ("eligible", "issued", "signed", "used", "voided", "challenged", "spoiled")
    op.create_table(
        "ballot_count",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("rater_group", sa.String(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.Column("void", sa.Boolean(), nullable=False),
        _belongs_to("ballot_count", "survey"),
        _belongs_to("ballot_count", "unit"),
        sa.PrimaryKeyConstraint(
            "survey_id", "unit_id", "batch_id", name=op.f("pk_ballot_count")
        ),
        sqlite_with_rowid=False,
    )


def _belongs_to(table: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{other}_id")
    return sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=name)


def downgrade() -> None:
    """Take it away again."""
    for table in (
        "comment_review", "publication_plan", "ballot_count", "audit_commitment",
        "key_holder",
    ):  # fmt: skip
        op.drop_table(table)
    with op.batch_alter_table("survey") as survey:
        survey.drop_constraint(op.f("ck_survey_small_groups"), type_="check")
        survey.drop_constraint(op.f("ck_survey_mode"), type_="check")
        survey.drop_column("small_groups")
        survey.drop_column("mode")
