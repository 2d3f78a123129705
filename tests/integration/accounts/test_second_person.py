"""An account is a second person only once somebody independent confirmed its owner."""

from datetime import datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.accounts.change_password import change_password, reset_password
from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.second_person import (
    doubt_about,
    given_so_far,
    refuse_one_person,
)
from survey_app.accounts.tables import Account
from survey_app.cli.main import main
from survey_app.domain.ground.refusals import (
    NotYoursToConfirm,
    OwnerNotConfirmed,
    PasswordStillGiven,
    Refusal,
    TwoAccountsNeeded,
)
from tests.support.office import KEEPER, MANAGER, READER, Desk, bundle, desk
from tests.support.respondents import shown

NOON = datetime.fromisoformat("2026-05-01T12:00")
OWN = "four plain words here"


def account_id(db: Session, name: str) -> int:
    return db.scalars(select(Account.id).where(Account.username == name)).one()


def choose(db: Session, name: str, given: str) -> None:
    """Let whoever holds the given password choose another one."""
    change_password(db, account_id(db, name), current=given, new=OWN, now=NOON)


def made(db: Session, name: str, *, by: str | None = None) -> None:
    """Make a manager whose password is its own, whoever that is."""
    password = make_account(db, name, roles=bundle(MANAGER), by=by)
    if by is not None:
        choose(db, name, password)


def confirm(db: Session, name: str, *, by: str = "") -> None:
    confirm_owner(db, account_id(db, name), by=by)


def doubt(db: Session, first: str, second: str, since: int | None = None) -> str:
    """Return why these two could be one person, "" where they are two."""
    asked = given_so_far(db) if since is None else since
    found = doubt_about(db, first=first, second=second, since=asked)
    db.rollback()
    if isinstance(found, OwnerNotConfirmed):
        return "OwnerNotConfirmed"  # whichever of the two it is
    return type(found).__name__ if found else ""


def test_two_accounts_from_the_terminal_are_two_people(db: Session) -> None:
    made(db, "an")
    made(db, "bo")

    assert doubt(db, "an", "bo") == doubt(db, "bo", "an") == ""
    with pytest.raises(TwoAccountsNeeded):
        refuse_one_person(db, first="an", second="an", since=99)


def test_an_account_one_made_is_oneself_until_somebody_else_confirms_it(
    db: Session,
) -> None:
    made(db, "an")
    made(db, "dai")
    made(db, "bo", by="an")

    assert doubt(db, "an", "bo") == doubt(db, "bo", "an") == "OwnerNotConfirmed"
    early = given_so_far(db)
    confirm(db, "bo", by="dai")
    assert doubt(db, "an", "bo") == doubt(db, "bo", "an") == ""
    assert doubt(db, "an", "bo", early) == "", "it acts now, and is somebody now"
    assert doubt(db, "bo", "an", early) == "OwnerNotConfirmed", "it asked as nobody"


def test_a_manager_with_three_accounts_confirms_none_of_them(db: Session) -> None:
    made(db, "an")
    for name in ("bo", "chen"):
        made(db, name, by="an")

    with pytest.raises(NotYoursToConfirm):
        confirm(db, "bo", by="an")
    with pytest.raises(OwnerNotConfirmed):
        confirm(db, "bo", by="chen")
    with pytest.raises(NotYoursToConfirm):
        confirm(db, "bo", by="bo")
    assert doubt(db, "an", "bo") == doubt(db, "bo", "chen") == "OwnerNotConfirmed"


def test_whoever_vouched_for_an_account_is_no_first_to_its_second(db: Session) -> None:
    for name in ("an", "dai"):
        made(db, name)
    made(db, "bo", by="an")
    confirm(db, "bo", by="dai")
    made(db, "chen", by="an")
    confirm(db, "chen", by="bo")

    assert doubt(db, "dai", "bo") == doubt(db, "dai", "chen") == "OwnerNotConfirmed"
    assert doubt(db, "bo", "chen") == "OwnerNotConfirmed"
    assert doubt(db, "an", "chen") == ""
    confirm(db, "chen")
    assert doubt(db, "dai", "chen") == doubt(db, "bo", "chen") == ""


def test_an_account_taken_over_before_the_request_is_no_second(db: Session) -> None:
    for name in ("an", "bo", "dai"):
        made(db, name)

    choose(db, "bo", reset_password(db, account_id(db, "bo"), by="an"))

    assert doubt(db, "an", "bo") == doubt(db, "bo", "an") == "OwnerNotConfirmed"
    assert doubt(db, "dai", "bo") == ""
    confirm(db, "bo", by="dai")
    assert doubt(db, "an", "bo") == ""


def test_two_accounts_one_manager_took_over_are_not_two_people(db: Session) -> None:
    for name in ("an", "bo", "chen"):
        made(db, name)
    for name in ("bo", "chen"):
        choose(db, name, reset_password(db, account_id(db, name), by="an"))

    assert doubt(db, "bo", "chen") == "OwnerNotConfirmed"


def test_whoever_was_taken_over_vouches_for_nobody_in_the_takers_favour(
    db: Session,
) -> None:
    for name in ("an", "dai"):
        made(db, name)
    made(db, "bo", by="an")
    choose(db, "dai", reset_password(db, account_id(db, "dai"), by="an"))

    with pytest.raises(OwnerNotConfirmed):
        confirm(db, "bo", by="dai")

    assert doubt(db, "an", "bo") == doubt(db, "bo", "an") == "OwnerNotConfirmed"


def test_an_owner_chooses_a_password_before_anybody_confirms(db: Session) -> None:
    for name in ("an", "dai"):
        made(db, name)
    make_account(db, "bo", roles=bundle(MANAGER), by="an")

    refusals: list[type[Refusal]] = []
    for by in ("dai", ""):
        with pytest.raises(PasswordStillGiven) as refused:
            confirm(db, "bo", by=by)
        refusals.append(type(refused.value))
    assert refusals == [PasswordStillGiven] * 2


def test_a_name_that_was_given_away_and_made_again_is_nobody_yet(db: Session) -> None:
    for name in ("an", "dai", "bo"):
        made(db, name)
    db.execute(text("DELETE FROM account WHERE username = 'bo'"))
    db.commit()

    made(db, "bo", by="an")

    assert doubt(db, "an", "bo") == "OwnerNotConfirmed"


def test_the_terminal_confirms_an_owner(db: Session, database_url: str) -> None:
    made(db, "an")
    made(db, "bo", by="an")
    db.rollback()
    told = {"SURVEY_DATABASE_URL": database_url, "SURVEY_SECRET_KEY": "k" * 32}

    unknown = CliRunner().invoke(main, ["account", "confirm", "nobody"], env=told)
    done = CliRunner().invoke(main, ["account", "confirm", "bo"], env=told)

    assert (unknown.exit_code, done.exit_code) == (1, 0)
    assert doubt(db, "an", "bo") == ""


def as_shown(who: Desk, path: str) -> dict[str, str]:
    """Return what the form of a confirmation says of what was shown."""
    return {"seen": who.see(path).named("seen")[0].get("value", "")}


def test_a_manager_confirms_an_owner_on_the_page_of_accounts(
    app: Flask, db: Session
) -> None:
    an, dai = (desk(app, db, MANAGER, username=name) for name in ("an", "dai"))
    made(db, "bo", by="an")
    path = f"/accounts/{account_id(db, 'bo')}/confirm"
    db.rollback()

    assert an.send(path).status_code == 403
    links = [link.get("href") for link in dai.see("/accounts").all("a")]
    assert f"/office{path}" in links
    assert dai.send(path, **as_shown(dai, path)).status_code == 303

    assert doubt(db, "an", "bo") == ""
    assert "dai" in dai.see("/accounts").text


def newcomer(app: Flask, keeper: Desk, name: str, role: str) -> Desk:
    """Let a keeper make an account on the page, and its owner choose a password."""
    made = keeper.send("/accounts", real_name="李四", username=name, roles=role)
    return entered(app, name, told_password(made))


def told_password(page: TestResponse) -> str:
    (told,) = [one for one in shown(page).all("span") if one.get("class") == "secret"]
    return told.text or ""


def entered(app: Flask, name: str, given: str) -> Desk:
    """Sign in with a password that was given, and choose another one."""
    who = Desk(app.test_client(), name, given)
    assert who.sign_in().status_code == 303
    who.send("/password", current=given, new=OWN, again=OWN)
    assert who.sign_in(name, OWN).status_code == 303
    return who


def test_nobody_sees_results_by_the_word_of_one_keeper(app: Flask, db: Session) -> None:
    an, dai = desk(app, db, KEEPER, username="an"), desk(app, db, "decider")
    bo = newcomer(app, an, "bo", READER)
    path = f"/accounts/{account_id(db, 'bo')}/confirm"
    db.rollback()

    assert bo.open("/score-sheets").status_code == 403
    assert an.send(path, **as_shown(an, path)).status_code == 403
    assert f"/office{path}" in [a.get("href") for a in dai.see("/").all("a")]
    assert dai.send(path, **as_shown(dai, path)).status_code == 303
    assert bo.open("/score-sheets").status_code == 200

    given = an.send(path.replace("confirm", "password"))
    again = entered(app, "bo", told_password(given))
    assert again.open("/score-sheets").status_code == 403


def test_a_role_that_a_keeper_adds_waits_for_another_person(
    app: Flask, db: Session
) -> None:
    an, dai = (desk(app, db, KEEPER, username=name) for name in ("an", "dai"))
    bo = desk(app, db, "designer", username="bo")
    account = f"/accounts/{account_id(db, 'bo')}"
    db.rollback()
    before = as_shown(dai, f"{account}/confirm")

    assert an.send(f"{account}/roles", roles=["designer", "reader"]).status_code == 303

    assert bo.open("/surveys/new").status_code == 200
    assert bo.open("/score-sheets").status_code == 403
    assert dai.send(f"{account}/confirm", **before).status_code == 409, "not seen"
    assert (
        an.send(f"{account}/confirm", **as_shown(an, f"{account}/confirm")).status_code
        == 403
    )
    mine = as_shown(dai, f"{account}/confirm")
    assert dai.send(f"{account}/confirm", **mine).status_code == 303
    assert bo.open("/score-sheets").status_code == 200


def test_who_gave_roles_confirms_them_by_no_other_hand(app: Flask, db: Session) -> None:
    """A keeper that resets another one's password could sit there, too."""
    an = desk(app, db, KEEPER, username="an")
    desk(app, db, KEEPER, username="dai")
    newcomer(app, an, "bo", READER)
    bo, second = (f"/accounts/{account_id(db, n)}" for n in ("bo", "dai"))
    db.rollback()
    given = an.send(f"{second}/password")
    dai = entered(app, "dai", told_password(given))

    sent = dai.send(f"{bo}/confirm", **as_shown(dai, f"{bo}/confirm"))

    assert sent.status_code == 403
