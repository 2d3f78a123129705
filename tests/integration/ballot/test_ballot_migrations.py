"""The ballot database's own migrations: up, down, and with boxes that are there."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from survey_app.ballot.tables import metadata
from survey_app.domain.ground.refusals import BoxNotReady
from survey_app.migrate import BALLOTS, alembic_config, migrate_ballots

BOX = (
    "INSERT INTO ballot_box (survey_id, state, opens_on, closes_on, manifest, head)"
    " VALUES (7, :state, '2026-05-01', '2026-05-31', 'm', '')"
)
BATCH = (
    "INSERT INTO batch (id, survey_id, unit_id, rater_group, eligible, issued, state,"
    " requested_by) VALUES ('b', 7, 1, 'staff', 8, 10, 'issued', 'zhang')"
)
TICKET = (
    "INSERT INTO ticket (digest, batch_id, state, envelope, comment)"
    " VALUES (:digest, 'b', 0, :digest, :digest)"
)


def downgrade(ballots: Engine, to: str) -> None:
    with ballots.connect() as connection:
        config = history(connection)
        command.downgrade(config, to)
        connection.commit()


def history(connection: object) -> Config:
    config = alembic_config(BALLOTS)
    config.attributes["connection"] = connection
    return config


def do(ballots: Engine, *statements: str, **values: object) -> None:
    with ballots.begin() as connection:
        for statement in statements:
            told = {name: v for name, v in values.items() if f":{name}" in statement}
            connection.execute(text(statement), told)


def row(ballots: Engine) -> tuple[object, ...]:
    with ballots.connect() as connection:
        return tuple(connection.execute(text("SELECT * FROM ballot_box")).one())


def test_upgrading_gives_the_tables_the_models_expect(ballots: Engine) -> None:
    with ballots.connect() as connection:
        command.check(history(connection))


def test_every_step_goes_down_as_well_as_up(ballots: Engine) -> None:
    downgrade(ballots, "base")
    assert set(inspect(ballots).get_table_names()) <= {"alembic_version"}

    migrate_ballots(ballots)
    assert set(metadata.tables) <= set(inspect(ballots).get_table_names())


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory.from_config(alembic_config(BALLOTS)).get_heads()) == 1


def test_boxes_and_their_guards_come_through(ballots: Engine) -> None:
    downgrade(ballots, "0001")
    do(ballots, BOX, BATCH, TICKET, state="issuing", digest=b"d" * 32)
    do(ballots, "UPDATE ballot_box SET state = 'closed'")

    migrate_ballots(ballots)

    assert "closed" in row(ballots)
    with ballots.connect() as connection:
        assert connection.scalar(text("SELECT closing FROM ballot_box")) == ""
        for late in (TICKET, "DELETE FROM ticket"):
            assert refuses(ballots, late)
    do(ballots, "UPDATE ballot_box SET state = 'void'")
    assert refuses(ballots, TICKET)
    do(ballots, "DELETE FROM ticket")

    downgrade(ballots, "0001")
    assert "closed" in row(ballots), "a void box was closed and never opened"
    assert refuses(ballots, TICKET)


def refuses(ballots: Engine, statement: str) -> bool:
    """Return whether the database itself does not do this."""
    try:
        do(ballots, statement, digest=b"e" * 32)
    except Exception as error:  # noqa: BLE001 -- two databases, two kinds
        return "ticket" in str(error)
    return False


def test_tickets_get_tags_of_their_own_and_an_open_ballot_is_not_migrated(
    ballots: Engine,
) -> None:
    downgrade(ballots, "0003")
    do(ballots, BOX_0003, BATCH, state="issuing")
    for digest in (b"d" * 32, b"e" * 32):
        do(ballots, TICKET, digest=digest)
    do(ballots, "UPDATE ballot_box SET state = 'open'")

    with pytest.raises(BoxNotReady, match="a secret ballot is open"):
        migrate_ballots(ballots)

    do(ballots, "UPDATE ballot_box SET state = 'closed'")
    migrate_ballots(ballots)
    with ballots.connect() as connection:
        tags = set(connection.scalars(text("SELECT tag FROM ticket")))
        assert connection.scalar(text("SELECT voided_by FROM ballot_box")) == ""
    assert {len(tag) for tag in tags} == {32}
    assert len(tags) == len({b"d" * 32, b"e" * 32})


def test_tickets_of_an_open_ballot_get_a_mark_that_fits_no_page(
    ballots: Engine,
) -> None:
    downgrade(ballots, "0004")
    do(ballots, NEWEST_BOX, BATCH, state="issuing")
    tagged = TICKET.replace("comment)", "comment, tag)").replace(
        ":digest)", ":digest, :digest)", 1
    )
    for digest in (b"d" * 32, b"e" * 32):
        do(ballots, tagged, digest=digest)
    do(ballots, "UPDATE ballot_box SET state = 'open'")
    do(ballots, "UPDATE ticket SET state = 1 WHERE digest = :digest", digest=b"d" * 32)
    kept = "SELECT digest, batch_id, state, envelope, comment, tag FROM ticket"
    with ballots.connect() as connection:
        before = set(connection.execute(text(kept)).all())

    migrate_ballots(ballots)

    with ballots.connect() as connection:
        after = set(connection.execute(text(kept)).all())
        marks = set(connection.scalars(text("SELECT page FROM ticket")))
    assert after == before
    assert {len(mark) for mark in marks} == {32}
    assert len(marks) == 2
    assert refuses(
        ballots,
        TICKET.replace("comment)", "comment, tag, page)").replace(
            ":digest)", ":digest, :digest, :digest)", 1
        ),
    )
    downgrade(ballots, "0004")
    with ballots.connect() as connection:
        assert set(connection.execute(text(kept)).all()) == before


BOX_0003 = BOX.replace("manifest, head", "manifest, closing, head").replace(
    "'m', ''", "'m', '', ''"
)
NEWEST_BOX = BOX_0003.replace("head)", "head, voided_by)").replace(
    "'', '')", "'', '', '')"
)
STATES = ("issuing", "open", "closed", "void", "counted", "scrubbed", "done")
FORWARD = {
    ("issuing", "open"), ("open", "closed"), ("open", "void"), ("closed", "counted"),
    ("closed", "void"),
    ("counted", "scrubbed"), ("void", "scrubbed"), ("scrubbed", "done"),
}  # fmt: skip


@pytest.mark.parametrize("before", STATES)
def test_a_box_only_goes_forward(ballots: Engine, before: str) -> None:
    for after in STATES:
        do(ballots, "DELETE FROM ballot_box", NEWEST_BOX, state=before)
        step = "UPDATE ballot_box SET state = :after"
        if after == before or (before, after) in FORWARD:
            do(ballots, step, after=after)
        else:
            with pytest.raises(DBAPIError, match="only goes forward"):
                do(ballots, step, after=after)


def test_what_was_signed_about_a_box_stays(ballots: Engine) -> None:
    do(ballots, NEWEST_BOX, state="issuing")
    do(ballots, "UPDATE ballot_box SET manifest = 'merges noted'")
    do(ballots, "UPDATE ballot_box SET manifest = 'signed', state = 'open'")
    do(ballots, "UPDATE ballot_box SET closing = 'signed', state = 'closed'")

    for change in ("manifest = ''", "closing = ''", "manifest = 'x'", "closing = 'x'"):
        with pytest.raises(DBAPIError, match="signed about a ballot box stays"):
            do(ballots, f"UPDATE ballot_box SET {change}")  # noqa: S608 -- written here
