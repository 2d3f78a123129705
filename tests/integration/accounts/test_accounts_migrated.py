"""Who counts as confirmed once the step that brought confirmations was taken."""

import pytest
from alembic import command
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey_app.accounts.give_roles import give_roles, roles_of
from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import (
    COUNT,
    DECIDE,
    DESIGN,
    ISSUE,
    KEEP,
    SEE_RESULTS,
    Grant,
    Standing,
)
from survey_app.accounts.second_person import PasswordHistory, given_so_far
from survey_app.accounts.tables import Account
from survey_app.database import writing
from survey_app.domain.ground.account_refusals import RolesExclude
from survey_app.migrate import alembic_config, migrate
from tests.support.office import MANAGER, bundle

ALL = 10**6


def test_whoever_nobody_ever_gave_a_password_is_confirmed_and_others_are_not(
    engine: Engine,
) -> None:
    with Session(writing(engine)) as db:
        for name, giver in (("an", None), ("dai", None), ("bo", "an")):
            make_account(db, name, roles=bundle(MANAGER), by=giver)
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


def test_everybody_keeps_what_no_rule_forbids_and_two_of_a_pair_rest(
    engine: Engine,
) -> None:
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0019")
        connection.execute(
            text(
                "INSERT INTO account (username, role, password_hash) VALUES "
                "('an', 'manager', '-'), ('bo', 'organizer', '-'), ('dai', 'reader', "
                "'-')"
            )
        )
        connection.commit()

    migrate(engine)

    with Session(engine) as db:
        numbers = {one.username: one.id for one in db.scalars(select(Account))}
        standing = {n: Standing.of(roles_of(db, at)) for n, at in numbers.items()}
        assert standing["an"].may(KEEP)
        assert standing["an"].may(DESIGN)
        assert not standing["an"].may(ISSUE, COUNT, SEE_RESULTS, DECIDE)
        assert standing["bo"].may(ISSUE)
        assert not standing["bo"].may(SEE_RESULTS)
        assert standing["dai"].roles == ("reader",)
    with Session(writing(engine)) as db:
        mended = [one for one in roles_of(db, numbers["an"]) if one.role != "keeper"]
        with pytest.raises(RolesExclude):
            give_roles(db, numbers["an"], mended)
        give_roles(db, numbers["bo"], [Grant("keeper")])
        give_roles(db, numbers["an"], [one for one in mended if one.role != "issuer"])
        assert Standing.of(roles_of(db, numbers["an"])).may(COUNT)
