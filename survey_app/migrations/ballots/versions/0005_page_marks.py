"""A used ticket carries the mark of its page, which gets the receipt again.

Ballots cast before keep random bytes there: no page can ask for their receipts, as
before. A box may be open meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQLITE_TICKET_TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON ticket
WHEN coalesce((
    SELECT ballot_box.state FROM ballot_box JOIN batch USING (survey_id)
    WHERE batch.id = {row}.batch_id
), '') {condition}
BEGIN SELECT RAISE(ABORT, '{why}'); END
"""

TICKET_GUARDS = (
    ("no_late_ticket", "INSERT", "NEW", "<> 'issuing'", "no ticket after the manifest"),
    ("no_early_scrub", "DELETE", "OLD", "NOT IN ('issuing', 'counted', 'void')",
     "no ticket is deleted before its box is counted"),
)  # fmt: skip


def upgrade() -> None:
    """Add the column, filled with random bytes of its final length."""
    if op.get_bind().dialect.name == "sqlite":
        _make_tickets_anew(with_page=True)
        return
    op.execute(
        "ALTER TABLE ticket ADD COLUMN page bytea NOT NULL"
        " DEFAULT sha256(gen_random_uuid()::text::bytea)"
    )
    # Rows that were there have their value; new ones bring their own.
    op.alter_column("ticket", "page", server_default=None)
    # The planner's samples outlive what was deleted.
    op.execute("ALTER TABLE ticket ALTER COLUMN page SET STATISTICS 0")


def downgrade() -> None:
    """Take it away again."""
    if op.get_bind().dialect.name == "sqlite":
        _make_tickets_anew(with_page=False)
    else:
        op.drop_column("ticket", "page")


def _make_tickets_anew(*, with_page: bool) -> None:
    """Write the rows anew in the order of their digests, all of one length.

    A column that SQLite adds gives rows their new length when they are next written,
    which would tell the used from the new.
    """
    for name, *_ in TICKET_GUARDS:
        op.execute(f"DROP TRIGGER {name}")
    page = [sa.Column("page", sa.LargeBinary(length=32), nullable=False)]
    op.create_table(
        "ticket_anew",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        *(page if with_page else []),
        sa.CheckConstraint("state BETWEEN 0 AND 3", name=op.f("ck_ticket_state")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ticket")),
        sqlite_with_rowid=False,
    )
    kept = "digest, batch_id, state, envelope, comment, tag"
    more = (", page", ", randomblob(32)") if with_page else ("", "")
    op.execute(
        f"INSERT INTO ticket_anew ({kept}{more[0]}) "  # noqa: S608 -- names written here
        f"SELECT {kept}{more[1]} FROM ticket ORDER BY digest"
    )
    op.drop_table("ticket")
    op.rename_table("ticket_anew", "ticket")
    for name, event, row, condition, why in TICKET_GUARDS:
        op.execute(
            SQLITE_TICKET_TRIGGER.format(
                name=name, event=event, row=row, condition=condition, why=why
            )
        )
