"""A box keeps what was signed when it closed, and can be void as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = ("issuing", "open", "closed", "counted", "scrubbed", "done")
AFTER = ("issuing", "open", "closed", "void", "counted", "scrubbed", "done")
MAY_DELETE_BEFORE = "'issuing', 'counted'"
MAY_DELETE_AFTER = "'issuing', 'counted', 'void'"

SQLITE_TRIGGER = """
CREATE TRIGGER {name} BEFORE {event} ON ticket
WHEN coalesce((
    SELECT ballot_box.state FROM ballot_box JOIN batch USING (survey_id)
    WHERE batch.id = {row}.batch_id
), '') {condition}
BEGIN SELECT RAISE(ABORT, '{why}'); END
"""

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION no_early_scrub() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce((
        SELECT box.state FROM ballot_box AS box JOIN batch USING (survey_id)
        WHERE batch.id = OLD.batch_id
    ), '') NOT IN ({may_delete}) THEN
        RAISE EXCEPTION 'no ticket is deleted before its box is counted';
    END IF;
    RETURN OLD;
END $$
"""


def upgrade() -> None:
    """Add the column and the state, and let a void box be scrubbed."""
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(AFTER, MAY_DELETE_AFTER, with_closing=True)
        return
    op.add_column(
        "ballot_box",
        sa.Column("closing", sa.String(), server_default="", nullable=False),
    )
    # Rows that were there have their value; new ones bring their own.
    op.alter_column("ballot_box", "closing", server_default=None)
    _allow(AFTER)
    op.execute(POSTGRESQL_FUNCTION.format(may_delete=MAY_DELETE_AFTER))


def downgrade() -> None:
    """Take it away again; a void box is one that was closed and not opened."""
    op.execute("UPDATE ballot_box SET state = 'closed' WHERE state = 'void'")
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(BEFORE, MAY_DELETE_BEFORE, with_closing=False)
        return
    op.execute(POSTGRESQL_FUNCTION.format(may_delete=MAY_DELETE_BEFORE))
    _allow(BEFORE)
    op.drop_column("ballot_box", "closing")


def _allow(states: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_ballot_box_state"), "ballot_box", type_="check")
    op.create_check_constraint(
        op.f("ck_ballot_box_state"), "ballot_box", _one_of(states)
    )


def _one_of(states: tuple[str, ...]) -> str:
    return f"state IN ({', '.join(repr(state) for state in states)})"


def _make_anew(states: tuple[str, ...], may_delete: str, *, with_closing: bool) -> None:
    """Write the table anew: SQLite changes no constraint of one that is there.

    The triggers name the table, and SQLite renames nothing that a trigger misses.
    """
    for name in ("no_late_ticket", "no_early_scrub"):
        op.execute(f"DROP TRIGGER {name}")
    closing = (
        [sa.Column("closing", sa.String(), nullable=False)] if with_closing else []
    )
    op.create_table(
        "ballot_box_anew",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        *closing,
        sa.Column("head", sa.String(), nullable=False),
        sa.CheckConstraint(_one_of(states), name=op.f("ck_ballot_box_state")),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_ballot_box")),
        sqlite_with_rowid=False,
    )
    kept = "survey_id, state, opens_on, closes_on, manifest, head"
    more = (", closing", ", ''") if with_closing else ("", "")
    op.execute(
        f"INSERT INTO ballot_box_anew ({kept}{more[0]}) "  # noqa: S608 -- names written here
        f"SELECT {kept}{more[1]} FROM ballot_box"
    )
    op.drop_table("ballot_box")
    op.rename_table("ballot_box_anew", "ballot_box")
    _guard("no_late_ticket", "INSERT", "NEW", "<> 'issuing'",
           "no ticket after the manifest")  # fmt: skip
    _guard("no_early_scrub", "DELETE", "OLD", f"NOT IN ({may_delete})",
           "no ticket is deleted before its box is counted")  # fmt: skip


def _guard(name: str, event: str, row: str, condition: str, why: str) -> None:
    op.execute(
        SQLITE_TRIGGER.format(
            name=name, event=event, row=row, condition=condition, why=why
        )
    )
