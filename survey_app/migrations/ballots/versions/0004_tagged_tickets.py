"""A used ticket carries a tag, a batch says why it is void, a box only goes forward."""

import sqlalchemy as sa
from alembic import op

from survey_app.domain.ground.refusals import BoxNotReady

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STEPS = (
    "issuing>open", "open>closed", "closed>counted", "closed>void", "counted>scrubbed",
    "void>scrubbed", "scrubbed>done",
)  # fmt: skip

BOX_GUARDS = (
    ("only_forward",
     "NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ("
     + ", ".join(repr(step) for step in STEPS) + ")",
     "a ballot box only goes forward"),
    ("signed_stays",
     "(OLD.closing <> '' AND NEW.closing <> OLD.closing)"
     " OR (OLD.state <> 'issuing' AND NEW.manifest <> OLD.manifest)",
     "what was signed about a ballot box stays"),
)  # fmt: skip

SQLITE_BOX_TRIGGER = """
CREATE TRIGGER {name} BEFORE UPDATE ON ballot_box WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{why}'); END
"""

POSTGRESQL_BOX_FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN
        RAISE EXCEPTION '{why}';
    END IF;
    RETURN NEW;
END $$
"""

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

OPEN_WITH_TICKETS = """
SELECT count(*) FROM ticket JOIN batch ON batch.id = ticket.batch_id
JOIN ballot_box ON ballot_box.survey_id = batch.survey_id
WHERE ballot_box.state = 'open'
"""


def upgrade() -> None:
    """Add the columns and the guards; refuse while a ballot is open."""
    bind = op.get_bind()
    if bind.scalar(sa.text(OPEN_WITH_TICKETS)):
        raise BoxNotReady(
            "a secret ballot is open, and its ballots carry no tags: close it with the"
            " earlier program first, then migrate"
        )
    sqlite = bind.dialect.name == "sqlite"
    op.add_column("batch", sa.Column("void_because", sa.String(), nullable=True))
    if sqlite:
        _make_anew(with_more=True)
    else:
        _add_to_postgresql()
    for name, condition, why in BOX_GUARDS:
        filled = {"name": name, "condition": condition, "why": why}
        if sqlite:
            op.execute(SQLITE_BOX_TRIGGER.format(**filled))
        else:
            op.execute(POSTGRESQL_BOX_FUNCTION.format(**filled))
            op.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON ballot_box "
                f"FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def _add_to_postgresql() -> None:
    """Fill the tickets that are there, each with bytes of its own."""
    op.add_column(
        "ballot_box",
        sa.Column("voided_by", sa.String(), server_default="", nullable=False),
    )
    # Rows that were there have their value; new ones bring their own.
    op.alter_column("ballot_box", "voided_by", server_default=None)
    op.execute(
        "ALTER TABLE ticket ADD COLUMN tag bytea NOT NULL"
        " DEFAULT sha256(gen_random_uuid()::text::bytea)"
    )
    op.alter_column("ticket", "tag", server_default=None)
    # The planner's samples outlive what was deleted.
    op.execute("ALTER TABLE ticket ALTER COLUMN tag SET STATISTICS 0")


def downgrade() -> None:
    """Take it away again."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, *_ in BOX_GUARDS:
        if sqlite:
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON ballot_box")
            op.execute(f"DROP FUNCTION {name}()")
    if sqlite:
        _make_anew(with_more=False)
    else:
        op.drop_column("ticket", "tag")
        op.drop_column("ballot_box", "voided_by")
    op.drop_column("batch", "void_because")


def _make_anew(*, with_more: bool) -> None:
    """Write both tables anew: SQLite adds no column without a default.

    The guards name the tables, and SQLite renames nothing that a trigger misses.
    """
    for name, *_ in TICKET_GUARDS:
        op.execute(f"DROP TRIGGER {name}")
    _make_boxes_anew(with_account=with_more)
    _make_tickets_anew(with_tag=with_more)
    for name, event, row, condition, why in TICKET_GUARDS:
        op.execute(
            SQLITE_TICKET_TRIGGER.format(
                name=name, event=event, row=row, condition=condition, why=why
            )
        )


def _make_boxes_anew(*, with_account: bool) -> None:
    account = [sa.Column("voided_by", sa.String(), nullable=False)]
    op.create_table(
        "ballot_box_anew",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("closing", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        *(account if with_account else []),
        sa.CheckConstraint(
            "state IN ('issuing', 'open', 'closed', 'void', 'counted', 'scrubbed',"
            " 'done')",
            name=op.f("ck_ballot_box_state"),
        ),
        sa.PrimaryKeyConstraint("survey_id", name=op.f("pk_ballot_box")),
        sqlite_with_rowid=False,
    )
    kept = "survey_id, state, opens_on, closes_on, manifest, closing, head"
    more = (", voided_by", ", ''") if with_account else ("", "")
    op.execute(
        f"INSERT INTO ballot_box_anew ({kept}{more[0]}) "  # noqa: S608 -- names written here
        f"SELECT {kept}{more[1]} FROM ballot_box"
    )
    op.drop_table("ballot_box")
    op.rename_table("ballot_box_anew", "ballot_box")


def _make_tickets_anew(*, with_tag: bool) -> None:
    """Write the rows anew in the order of their digests, all of one length.

    A column that SQLite adds gives rows their new length when they are next written,
    which would tell the used from the new.
    """
    tag = [sa.Column("tag", sa.LargeBinary(length=32), nullable=False)]
    op.create_table(
        "ticket_anew",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.String(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("envelope", sa.LargeBinary(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=False),
        *(tag if with_tag else []),
        sa.CheckConstraint("state BETWEEN 0 AND 3", name=op.f("ck_ticket_state")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ticket")),
        sqlite_with_rowid=False,
    )
    kept = "digest, batch_id, state, envelope, comment"
    more = (", tag", ", randomblob(32)") if with_tag else ("", "")
    op.execute(
        f"INSERT INTO ticket_anew ({kept}{more[0]}) "  # noqa: S608 -- names written here
        f"SELECT {kept}{more[1]} FROM ticket ORDER BY digest"
    )
    op.drop_table("ticket")
    op.rename_table("ticket_anew", "ticket")
