"""A lost phone: two others take the second factor away; neither becomes its owner."""

import re
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import change_password, reset_password
from survey_app.accounts.lost_phone import ask_reset, confirm_reset, withdraw_reset
from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.second_factor import Confirmed, set_up
from survey_app.accounts.sign_in import find_sign_in, sign_in
from survey_app.accounts.tables import Account
from survey_app.cli.main import main
from survey_app.domain.ground.account_refusals import (
    OneHand,
    SecondNotConfirmed,
    TwoOthersNeeded,
)
from survey_app.domain.ground.refusals import (
    NotFound,
    PasswordStillGiven,
    Refusal,
)
from tests.conftest import ONE_DATABASE
from tests.support.ended_sign_ins import Watch
from tests.support.office import MANAGER, Desk, bundle, desk
from tests.support.phone import set_up as set_up_at
from tests.support.respondents import shown

NOON = datetime.fromisoformat("2026-05-01T12:00")
KEY = b"k" * 32
OWN = "four plain words here"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


@pytest.fixture
def wang(db: Session) -> int:
    """Wang has a second factor; an, bo and dai keep accounts."""
    for name in ("an", "bo", "dai", "Wang"):
        make_account(db, name, roles=bundle(MANAGER))
    number = number_of(db, "Wang")
    phone(db, number)
    return number


def phone(db: Session, number: int) -> None:
    taken = Confirmed(SECRET, step=0)
    set_up(db, number, taken, key=KEY, here="nowhere", now=NOON)


def number_of(db: Session, name: str) -> int:
    number = db.scalars(select(Account.id).where(Account.username == name)).one()
    db.rollback()
    return number


def owes_code(db: Session, password: str) -> bool:
    """Return whether Wang's password alone opens nothing."""
    secret = sign_in(db, "Wang", password=password, now=NOON)
    found = find_sign_in(db, secret, now=NOON)
    db.rollback()
    return found is None


def refused(why: type[Refusal], act: object, *args: object, **by: str) -> bool:
    with pytest.raises(why):
        act(*args, **by)  # type: ignore[operator]  # a verb
    return True


def test_two_others_take_it_away(db: Session, wang: int) -> None:
    password = reset_password(db, wang)
    assert owes_code(db, password)

    ask_reset(db, wang, by="an")
    assert refused(TwoOthersNeeded, confirm_reset, db, wang, by="an")
    assert refused(TwoOthersNeeded, confirm_reset, db, wang, by="Wang")
    assert owes_code(db, password)
    confirm_reset(db, wang, by="bo")

    assert not owes_code(db, password)
    assert refused(NotFound, confirm_reset, db, wang, by="dai")


def test_nobody_asks_for_the_own_one(db: Session, wang: int) -> None:
    assert refused(TwoOthersNeeded, ask_reset, db, wang, by="Wang")


def test_what_was_asked_can_be_withdrawn(db: Session, wang: int) -> None:
    ask_reset(db, wang, by="an")
    withdraw_reset(db, wang)

    assert refused(NotFound, confirm_reset, db, wang, by="bo")


def test_whoever_gave_the_password_takes_no_part(db: Session, wang: int) -> None:
    reset_password(db, wang, by="an")
    assert refused(OneHand, ask_reset, db, wang, by="an")
    ask_reset(db, wang, by="bo")
    assert refused(OneHand, confirm_reset, db, wang, by="an")

    confirm_reset(db, wang, by="dai")


def test_nor_who_gave_it_after_asking(db: Session, wang: int) -> None:
    ask_reset(db, wang, by="an")
    reset_password(db, wang, by="an")

    assert refused(OneHand, confirm_reset, db, wang, by="bo")


@pytest.mark.parametrize("by", ["an", "bo"])
def test_whoever_took_it_away_gives_no_password_until_the_owner_was_here(
    db: Session, wang: int, by: str
) -> None:
    ask_reset(db, wang, by="an")
    confirm_reset(db, wang, by="bo")

    assert refused(OneHand, reset_password, db, wang, by=by)
    given = reset_password(db, wang, by="dai")
    assert refused(OneHand, reset_password, db, wang, by=by)
    change_password(db, wang, current=given, new=OWN, now=NOON)
    assert reset_password(db, wang, by=by)


def test_another_account_of_the_same_hand_is_that_hand(db: Session, wang: int) -> None:
    given = make_account(db, "an2", roles=bundle(MANAGER), by="an")
    change_password(db, number_of(db, "an2"), current=given, new=OWN, now=NOON)
    reset_password(db, wang, by="an2")
    assert refused(OneHand, ask_reset, db, wang, by="an")
    owner = reset_password(db, wang)
    assert owner
    ask_reset(db, wang, by="an")
    confirm_reset(db, wang, by="bo")

    assert refused(OneHand, reset_password, db, wang, by="an2")
    assert reset_password(db, wang, by="dai")


def test_setting_up_a_new_one_lifts_that_too(db: Session, wang: int) -> None:
    ask_reset(db, wang, by="an")
    confirm_reset(db, wang, by="bo")

    phone(db, wang)

    assert reset_password(db, wang, by="an")


def test_one_person_with_two_accounts_is_not_two(db: Session, wang: int) -> None:
    given = make_account(db, "an2", roles=bundle(MANAGER), by="an")
    ask_reset(db, wang, by="an")
    assert refused(PasswordStillGiven, confirm_reset, db, wang, by="an2")
    change_password(db, number_of(db, "an2"), current=given, new=OWN, now=NOON)
    withdraw_reset(db, wang)
    ask_reset(db, wang, by="an")
    assert refused(SecondNotConfirmed, confirm_reset, db, wang, by="an2")

    confirm_owner(db, number_of(db, "an2"), by="dai")
    confirm_reset(db, wang, by="an2")


def test_the_terminal_is_the_last_resort(
    db: Session, wang: int, database_url: str
) -> None:
    told = {"SURVEY_DATABASE_URL": database_url, "SURVEY_SECRET_KEY": "k" * 32}

    def reset(name: str) -> int:
        return (
            CliRunner()
            .invoke(main, ["account", "reset-code", name], env=told)
            .exit_code
        )

    assert [reset("nobody"), reset("an"), reset("Wang"), reset("Wang")] == [1, 1, 0, 1]
    assert not owes_code(db, reset_password(db, wang))


@ONE_DATABASE
def test_the_pages_lead_two_people_through_it(
    app: Flask, db: Session, clock: Watch
) -> None:
    an, bo, owner = (desk(app, db, MANAGER, username=n) for n in ("an", "bo", "Wang"))
    set_up_at(owner, clock)
    path = f"/accounts/{number_of(db, 'Wang')}/second-factor"

    assert path in str([a.get("href") for a in an.see("/accounts").all("a")])
    assert path not in str([a.get("href") for a in owner.see("/accounts").all("a")])
    assert an.send(f"{path}/ask").status_code == 303
    assert "an" in bo.see(path).text
    assert an.send(f"{path}/confirm").status_code == 403
    assert re.search("须由另外两人办理", shown(an.send(f"{path}/confirm")).text)
    assert bo.send(f"{path}/confirm").status_code == 303
    assert owner.open("/surveys").status_code == 303  # signed out everywhere
    met = Desk(app.test_client(), "Wang", owner.password).sign_in()
    assert met.location == "/office/"
    assert bo.open(path).status_code == 404
