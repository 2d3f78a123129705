"""Signing in: one way in, many ways to end it, and nothing to learn from a failure."""

import re
from datetime import datetime, timedelta
from subprocess import run
from sys import executable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import change_password, reset_password
from survey_app.accounts.make_account import delete_account, make_account
from survey_app.accounts.sign_in import find_sign_in, sign_in, sign_out
from survey_app.accounts.tables import Account, SignIn
from survey_app.domain.ground.account_refusals import LastKeeper
from survey_app.domain.ground.refusals import (
    NameTaken,
    SignInFailed,
    TooManyRequests,
)
from tests.conftest import rows_in
from tests.support.office import KEEPER, READER, bundle

NOON = datetime.fromisoformat("2026-05-01T12:00")
MINUTE = timedelta(minutes=1)
OWN = "four plain words here"


@pytest.fixture
def password(db: Session) -> str:
    """The password of Wang; another account stands by."""
    make_account(db, "Li", roles=bundle(READER))
    return make_account(db, "Wang", roles=bundle(KEEPER))


def account(db: Session, username: str = "Wang") -> Account:
    return db.scalars(select(Account).where(Account.username == username)).one()


def test_the_right_password_signs_in_for_twelve_hours(
    db: Session, password: str
) -> None:
    secret = sign_in(db, "Wang", password=password, now=NOON)

    found = find_sign_in(db, secret, now=NOON + timedelta(hours=12) - MINUTE)
    assert found
    assert (found.username, found.standing.grants) == ("Wang", bundle(KEEPER))
    assert find_sign_in(db, secret, now=NOON + timedelta(hours=12)) is None


def test_the_table_of_sign_ins_opens_no_door(db: Session, password: str) -> None:
    secret = sign_in(db, "Wang", password=password, now=NOON)

    digest = db.scalars(select(SignIn.digest)).one()
    assert len(digest) == 32
    assert digest.hex() not in secret
    assert find_sign_in(db, digest.hex(), now=NOON) is None


def test_sign_ins_that_ran_out_are_cleared_away(db: Session, password: str) -> None:
    sign_in(db, "Wang", password=password, now=NOON)
    sign_in(db, "Wang", password=password, now=NOON + timedelta(days=1))

    assert rows_in(db, "sign_in") == 1


def test_a_hash_made_with_older_parameters_is_renewed(
    db: Session, password: str
) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)
    db.execute(update(Account).values(password_hash=old))
    db.commit()

    sign_in(db, "Wang", password=password, now=NOON)

    assert account(db).password_hash != old
    assert account(db, "Li").password_hash == old
    assert sign_in(db, "Wang", password=password, now=NOON)


def test_the_platform_hashes_as_its_notes_say() -> None:
    """Asked of a program of its own: in this one tests hash cheaply."""
    told = run(
        [executable, "-c", "from survey_app.accounts.passwords import hash_of as h;"
         "print(h('four plain words'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_out_ends_this_sign_in_and_no_other(db: Session, password: str) -> None:
    here, there = (sign_in(db, "Wang", password=password, now=NOON) for _ in range(2))

    sign_out(db, here)

    assert find_sign_in(db, here, now=NOON) is None
    assert find_sign_in(db, there, now=NOON)


def test_changing_the_password_ends_every_sign_in(db: Session, password: str) -> None:
    secret = sign_in(db, "Wang", password=password, now=NOON)

    change_password(db, account(db).id, current=password, new=OWN, now=NOON)

    assert find_sign_in(db, secret, now=NOON) is None
    assert sign_in(db, "Wang", password=OWN, now=NOON)


def test_a_screen_left_alone_is_no_place_to_guess_the_password(
    db: Session, password: str
) -> None:
    wang = account(db).id
    for _ in range(5):
        with pytest.raises(SignInFailed):
            change_password(db, wang, current="wrong", new=OWN, now=NOON)

    with pytest.raises(TooManyRequests):
        change_password(db, wang, current=password, new=OWN, now=NOON)


def test_a_reset_ends_every_sign_in(db: Session, password: str) -> None:
    secret = sign_in(db, "Wang", password=password, now=NOON)

    fresh = reset_password(db, account(db).id)

    assert find_sign_in(db, secret, now=NOON) is None
    assert sign_in(db, "Wang", password=fresh, now=NOON)


def test_a_deleted_account_is_signed_out_everywhere(db: Session, password: str) -> None:
    secret = sign_in(db, "Wang", password=password, now=NOON)
    make_account(db, "Zhao", roles=bundle(KEEPER))

    delete_account(db, account(db).id)

    assert find_sign_in(db, secret, now=NOON) is None
    assert rows_in(db, "sign_in") == 0


def test_the_last_keeper_stays(db: Session, password: str) -> None:
    with pytest.raises(LastKeeper):
        delete_account(db, account(db).id)

    delete_account(db, account(db, "Li").id)
    assert rows_in(db, "account") == 1


def test_a_name_belongs_to_one_account(db: Session, password: str) -> None:
    with pytest.raises(NameTaken):
        make_account(db, "Wang", roles=bundle(READER))


def test_generated_passwords_differ_and_can_be_read_out(db: Session) -> None:
    made = {make_account(db, f"account {n}", roles=bundle(READER)) for n in range(5)}

    assert len(made) == 5
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}\w{4}", one) for one in made)
