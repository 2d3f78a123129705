"""Who counts as confirmed once the step that brought confirmations was taken."""

from alembic import command
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.second_person import PasswordHistory, given_so_far
from survey_app.accounts.tables import MANAGER
from survey_app.database import writing
from survey_app.migrate import alembic_config, migrate

ALL = 10**6


def test_whoever_nobody_ever_gave_a_password_is_confirmed_and_others_are_not(
    engine: Engine,
) -> None:
    with Session(writing(engine)) as db:
        for name, giver in (("an", None), ("dai", None), ("bo", "an")):
            make_account(db, name, role=MANAGER, by=giver)
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005-1")
        connection.commit()

    migrate(engine)

    with Session(engine) as db:
        given = PasswordHistory.read(db)
        assert given.is_apart("an", "dai", since=0), "also before whatever was asked"
        assert given.is_apart("dai", "an", since=0)
        assert not given.is_apart("bo", "an", since=ALL)
        assert given_so_far(db) > 0, "the one password stays on the list"
