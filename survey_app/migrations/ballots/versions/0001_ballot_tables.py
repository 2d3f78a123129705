"""The ballot tables, and the triggers that end the issuing of tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE_TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON ticket
WHEN coalesce((
    SELECT ballot_box.state FROM ballot_box JOIN batch USING (survey_id)
    WHERE batch.id = {row}.batch_id
), '') {condition}
BEGIN SELECT RAISE(ABORT, '{why}'); END
"""

POSTGRESQL_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce((
        SELECT box.state FROM ballot_box AS box JOIN batch USING (survey_id)
        WHERE batch.id = {row}.batch_id
    ), '') {condition} THEN
        RAISE EXCEPTION '{why}';
    END IF;
    RETURN {row};
END $$
"""

GUARDS = (
    ("no_late_ticket", "INSERT", "NEW", "<> 'issuing'", "no ticket after the manifest"),
    ("no_early_scrub", "DELETE", "OLD", "NOT IN ('issuing', 'counted')",
     "no ticket is deleted before its box is counted"),
)  # fmt: skip


NEVER_SAMPLED = (
    ("ticket", "envelope"), ("ticket", "comment"), ("opened_comment", "text"),
)  # fmt: skip
"""PostgreSQL's planner keeps samples of columns, which outlive what was deleted."""


def upgrade() -> None:
    """Make the tables and their guards."""
    _make_box()
    _make_tickets()
    _make_fragments()
    if op.get_bind().dialect.name == "postgresql":
        for table, column in NEVER_SAMPLED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
    for name, event, row, condition, why in GUARDS:
        filled = {"name": name, "event": event, "row": row, "condition": condition,
                  "why": why}  # fmt: skip
        if op.get_bind().dialect.name == "sqlite":
            op.execute(SQLITE_TRIGGER.format(**filled))
        else:
            op.execute(POSTGRESQL_FUNCTION.format(**filled))
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {event} ON ticket "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def _make_box() -> None:
    op.create_table(
        "ballot_box",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('issuing', 'open', 'closed', 'counted', 'scrubbed', 'done')",
            name=op.f("ck_ballot_box_state"),
        ),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_ballot_box")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rater_group", sa.String(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=True),
        sa.Column("signed", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=True),
        sa.Column("voided", sa.Integer(), nullable=True),
        sa.Column("challenged", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('requested', 'issued', 'void')", name=op.f("ck_batch_state")
        ),
        sa.CheckConstraint(
            "issued_by IS NULL OR issued_by <> requested_by",
            name=op.f("ck_batch_two_accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sqlite_with_rowid=False,
    )


def _make_tickets() -> None:
    op.create_table(
        "ticket",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("state BETWEEN 0 AND 3", name=op.f("ck_ticket_state")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ticket")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spent_ticket",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_ticket")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tracker",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tracker", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "tracker", name=op.f("pk_tracker")),
        sqlite_with_rowid=False,
    )


def _make_fragments() -> None:
    op.create_table(
        "fragment",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("rater_group", sa.String(), nullable=False),
        sa.Column("question_key", sa.String(), nullable=False),
        sa.Column("choice_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fragment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opened_comment",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opened_comment")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take it away again."""
    for table in (
        "opened_comment", "fragment", "tracker", "spent_ticket", "ticket", "batch",
        "ballot_box",
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        for name, *_ in GUARDS:
            op.execute(f"DROP FUNCTION {name}()")
