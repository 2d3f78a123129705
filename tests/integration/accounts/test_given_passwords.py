"""Two accounts are two people only while nobody knows the other's password."""

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import change_password, reset_password
from survey_app.accounts.make_account import confirm_owner, make_account
from survey_app.accounts.second_person import given_so_far
from survey_app.accounts.tables import Account
from survey_app.ballot.batches import request_again, void_batch
from survey_app.domain.ground.account_refusals import SecondNotConfirmed
from survey_app.domain.ground.refusals import (
    OwnerNotConfirmed,
    PasswordGivenSince,
    PasswordStillGiven,
    Refusal,
)
from survey_app.settings import Settings
from tests.support.office import KEEPER, MANAGER, ORGANIZER, Desk, bundle, desk
from tests.support.secret_ballots import FIRST, SECOND, Office, drafted

NOON = datetime.fromisoformat("2026-05-01T12:00")
OWN = "four plain words here"


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft, both of whose officials know their own passwords alone."""
    for name in (FIRST, SECOND, "third"):
        make_account(db, name, roles=bundle(MANAGER))
    return drafted(db, ballots, settings)


def give(db: Session, name: str, *, by: str) -> str:
    """Let one account give another a password; return it."""
    found = select(Account.id).where(Account.username == name)
    return reset_password(db, db.scalars(found).one(), by=by)


def choose(db: Session, name: str, given: str) -> None:
    """Let the owner choose a password."""
    found = select(Account.id).where(Account.username == name)
    change_password(db, db.scalars(found).one(), current=given, new=OWN, now=NOON)


def vouch(db: Session, *names: str) -> None:
    """Let the third person confirm who owns these accounts now."""
    for name in names:
        found = select(Account.id).where(Account.username == name)
        confirm_owner(db, db.scalars(found).one(), by="third")


def asked(office: Office) -> str:
    return office.request(staff=8)["staff"]


def refused(office: Office, batch: str, why: type[Refusal]) -> bool:
    """Return whether issuing is refused for this reason, and nothing was issued."""
    with pytest.raises(why):
        office.issue(batch, SECOND)
    return office.batch(batch).state == "requested" and office.tickets(batch) == []


@pytest.mark.parametrize(("owner", "giver"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_no_batch_is_issued_while_one_has_the_others_password(
    office: Office, db: Session, owner: str, giver: str
) -> None:
    batch = asked(office)

    give(db, owner, by=giver)

    assert refused(office, batch, PasswordStillGiven)


def test_whoever_gave_the_asking_account_a_password_since_cannot_issue(
    office: Office, db: Session
) -> None:
    batch = asked(office)

    choose(db, FIRST, give(db, FIRST, by=SECOND))

    assert refused(office, batch, PasswordGivenSince)
    vouch(db, FIRST)
    assert refused(office, batch, PasswordGivenSince)
    void_batch(db, office.ballots, batch)
    anew = request_again(db, office.ballots, batch, eligible=8, account=FIRST)
    assert office.issue(anew, SECOND).codes


@pytest.mark.parametrize("given", ["before the request", "after it"])
def test_a_choice_of_ones_own_blocks_nothing_once_a_third_has_confirmed_it(
    office: Office, db: Session, given: str
) -> None:
    """A password from whoever asked makes an owner doubtful, choosing one does not."""
    early = give(db, SECOND, by=FIRST) if given == "before the request" else ""
    batch = asked(office)
    choose(db, SECOND, early or give(db, SECOND, by=FIRST))
    long = given_so_far(db)

    assert refused(office, batch, SecondNotConfirmed)
    vouch(db, SECOND)
    assert given_so_far(db) == long + 1, "the choice is on no list of gifts"
    assert office.issue(batch, SECOND).codes


def test_an_owner_who_asked_before_being_confirmed_asks_anew(
    office: Office, db: Session
) -> None:
    choose(db, SECOND, give(db, SECOND, by=FIRST))
    choose(db, FIRST, give(db, FIRST, by=SECOND))
    early = asked(office)

    assert refused(office, early, OwnerNotConfirmed)
    vouch(db, FIRST, SECOND)
    assert refused(office, early, OwnerNotConfirmed)
    void_batch(db, office.ballots, early)
    assert office.issue(asked(office), SECOND).codes


def test_what_a_third_person_gave_hinders_nobody_once_it_was_changed(
    office: Office, db: Session
) -> None:
    batch = asked(office)
    choose(db, SECOND, give(db, SECOND, by="third"))

    assert office.issue(batch, SECOND).codes


def test_nobody_asks_or_issues_with_a_password_somebody_else_knows(
    office: Office, db: Session
) -> None:
    batch = asked(office)
    given = give(db, FIRST, by="third")
    with pytest.raises(PasswordStillGiven):
        office.request(unit=1, staff=8)
    void_batch(db, office.ballots, batch)
    with pytest.raises(PasswordStillGiven):
        request_again(db, office.ballots, batch, eligible=8, account=FIRST)
    choose(db, FIRST, given)
    batch = office.request(unit=1, staff=8)["staff"]
    give(db, SECOND, by="third")

    assert refused(office, batch, PasswordStillGiven)


def test_an_account_made_after_the_request_by_whoever_asked_cannot_issue(
    office: Office, db: Session
) -> None:
    batch = asked(office)
    choose(db, "new", make_account(db, "new", roles=bundle(ORGANIZER), by=FIRST))

    with pytest.raises(SecondNotConfirmed):
        office.issue(batch, "new")


def test_a_password_is_ones_own_from_the_terminal_and_after_choosing(
    db: Session,
) -> None:
    make_account(db, "li", roles=bundle(ORGANIZER))
    wang = db.scalars(select(Account)).one()

    assert wang.password_set_by is None
    given = reset_password(db, wang.id, by="zhang")
    db.expire_all()
    assert wang.password_set_by == "zhang"
    choose(db, "li", given)
    db.expire_all()
    assert wang.password_set_by is None


def given_in(page: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found
    return found[1]


@pytest.fixture
def newcomer(app: Flask, db: Session) -> Desk:
    """A designer whom a keeper made, signed in with what the keeper saw."""
    manager = desk(app, db, KEEPER, username="zhang")
    made = manager.send("/accounts", real_name="李四", username="li", roles="designer")
    sitting = Desk(app.test_client(), "li", given_in(made.get_data(as_text=True)))
    assert sitting.sign_in().status_code == 303
    return sitting


@pytest.mark.parametrize(
    "path", ["/surveys", "/surveys/new", "/imports", "/posters/1", "/turnout"]
)
def test_nothing_is_open_before_a_password_of_ones_own(
    newcomer: Desk, path: str
) -> None:
    opened = newcomer.open(path)

    assert opened.status_code in (303, 404)
    assert opened.location in ("/office/password", None)


def test_nothing_can_be_sent_either(newcomer: Desk) -> None:
    sent = newcomer.send("/surveys/new", title="x")

    assert (sent.status_code, sent.location) == (303, "/office/password")


def test_the_page_says_why_and_lets_out_and_in(newcomer: Desk) -> None:
    page = newcomer.see("/password?lang=en")

    assert "zhang gave you this password and knows it." in page.text
    links = [a.get("href") for a in page.all("a")]
    assert "/office/imports" not in links
    same = newcomer.send(
        "/password", current=newcomer.password, new=newcomer.password,
        again=newcomer.password,
    )  # fmt: skip
    assert same.status_code == 422
    chosen = newcomer.send("/password", current=newcomer.password, new=OWN, again=OWN)
    assert chosen.location == "/office/"
    assert newcomer.open("/surveys").status_code == 200
    assert newcomer.see("/password").text.count("zhang") == 0


def test_the_list_of_accounts_says_whose_password_is_known_to_whom(
    app: Flask, db: Session
) -> None:
    manager = desk(app, db, KEEPER, username="zhang")
    made = manager.send("/accounts", real_name="李四", username="li", roles="designer")
    given = given_in(made.get_data(as_text=True))

    assert "password that zhang gave it" in manager.see("/accounts?lang=en").text
    choose(db, "li", given)
    assert "zhang gave" not in manager.see("/accounts?lang=en").text


def test_resetting_ones_own_account_gives_it_to_nobody_else(
    app: Flask, db: Session
) -> None:
    manager = desk(app, db, KEEPER, username="zhang")
    own = db.scalars(select(Account.id)).one()
    db.rollback()

    password = given_in(
        manager.send(f"/accounts/{own}/password").get_data(as_text=True)
    )

    assert manager.sign_in(password=password).status_code == 303
    assert manager.open("/accounts").status_code == 200


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("given", "still has a password you gave it"),
        ("changed since", "you gave that account"),
    ],
)
def test_the_page_names_the_account_and_the_way_out(
    app: Flask, office: Office, db: Session, state: str, said: str
) -> None:
    issuer = desk(app, db, ORGANIZER, username="issuer")
    batch = asked(office)
    given = give(db, FIRST, by="issuer")
    if state == "changed since":
        choose(db, FIRST, given)
    address = f"/surveys/{office.survey_id}/batches/{batch}/issue"

    page = issuer.see(f"{address}?lang=en")
    sent = issuer.send(address)

    assert said in page.text
    assert FIRST in page.text
    assert "Issue and show the slips once" not in page.text
    assert sent.status_code == 403
    assert office.batch(batch).state == "requested"
