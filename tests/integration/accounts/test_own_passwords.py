"""Passwords that somebody chooses: what is refused, and that nothing is cut off."""

from datetime import datetime

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import change_password
from survey_app.accounts.make_account import make_account
from survey_app.accounts.sign_in import sign_in
from survey_app.accounts.tables import Account
from survey_app.domain.ground.refusals import SignInFailed, WeakPassword
from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, bundle, desk
from tests.support.respondents import shown

pytestmark = ONE_DATABASE
NOON = datetime.fromisoformat("2026-05-01T12:00")


@pytest.mark.parametrize(
    "weak",
    ["aaaaaaaaaaaa", "123456789012", "Wang LiWang Li", "示范县password示范县xk"],
)
def test_a_weak_password_is_refused_with_the_reason_and_the_way_out(
    app: Flask, db: Session, weak: str
) -> None:
    wang = desk(app, db, MANAGER, username="Wang Li")

    page = wang.send("/password", current=wang.password, new=weak, again=weak)

    (field,) = shown(page).named("new")
    assert page.status_code == 422
    assert "一猜就中" in shown(page).described(field)
    assert weak not in page.get_data(as_text=True)
    assert wang.sign_in().status_code == 303


def test_a_short_password_is_told_how_long(app: Flask, db: Session) -> None:
    wang = desk(app, db, MANAGER)
    short = "xkcqwmzptgr"

    page = shown(wang.send("/password", current=wang.password, new=short, again=short))

    assert "12个字符" in page.described(page.named("new")[0])


def test_weak_ones_do_not_count_as_failures(db: Session) -> None:
    password = make_account(db, "Wang", roles=bundle(MANAGER))
    wang = db.scalars(select(Account.id)).one()
    db.rollback()
    for _ in range(9):
        with pytest.raises(WeakPassword):
            change_password(db, wang, current=password, new="a" * 12, now=NOON)

    change_password(db, wang, current=password, new="four plain words", now=NOON)


def test_spaces_any_script_and_long_ones_are_taken_whole(
    app: Flask, db: Session
) -> None:
    wang = desk(app, db, MANAGER, username="Wang")
    long = "青 海 湖 的 春 天 " * 8 + " lake, stone & lamp 🙂"
    assert len(long) >= 64

    changed = wang.send("/password", current=wang.password, new=long, again=long)

    assert changed.status_code == 303
    assert wang.sign_in("Wang", long[:-1]).status_code == 422
    assert wang.sign_in("Wang", long).status_code == 303


def test_one_password_typed_in_two_spellings_is_one(db: Session) -> None:
    password = make_account(db, "Wang", roles=bundle(MANAGER))
    wang = db.scalars(select(Account.id)).one()
    db.rollback()
    new = "ｒｉｖｅｒ　stone cafe\u0301"
    change_password(db, wang, current=password, new=new, now=NOON)

    assert sign_in(db, "Wang", password="river stone caf\u00e9", now=NOON)
    assert sign_in(db, "Wang", password=new, now=NOON)


def test_a_password_from_before_there_was_one_spelling_still_opens(
    db: Session,
) -> None:
    make_account(db, "Wang", roles=bundle(MANAGER))
    today = extract_parameters(db.scalars(select(Account.password_hash)).one())
    old = PasswordHasher.from_parameters(today)
    db.execute(update(Account).values(password_hash=old.hash("ｒｉｖｅｒ stone")))
    db.commit()

    assert sign_in(db, "Wang", password="ｒｉｖｅｒ stone", now=NOON)
    with pytest.raises(SignInFailed):
        sign_in(db, "Wang", password="river stone", now=NOON)


def test_a_password_is_pasted_and_filled_in_by_a_manager_of_passwords(
    app: Flask, db: Session
) -> None:
    page = desk(app, db, MANAGER).see("/password")

    told = {f.get("id"): f.get("autocomplete") for f in page.all("input")}
    assert (told["current"], told["new"]) == ("current-password", "new-password")
    assert not [f for f in page.all("input") if f.get("maxlength") or f.get("onpaste")]
