"""The ballot database's own migrations: up, down, and with boxes that are there."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from survey_app.migrate import BALLOTS, alembic_config, migrate_ballots
from survey_app.models.ballots.all_tables import metadata

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
