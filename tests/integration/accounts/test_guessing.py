"""Guessers are slowed, owners are not, and a name tells nothing by what it costs."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from multiprocessing.pool import ThreadPool

import argon2
import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.change_password import change_password, reset_password
from survey_app.accounts.make_account import delete_account, make_account
from survey_app.accounts.sign_in import sign_in_from
from survey_app.accounts.sign_in_tries import Caller
from survey_app.accounts.tables import Account, SignInTries
from survey_app.database import borrowed_engine, writing
from survey_app.domain.ground.refusals import SignInFailed, TooManyRequests
from tests.conftest import rows_in
from tests.support.office import MANAGER, READER, Desk, bundle, desk
from tests.support.respondents import shown
from tests.support.statements import counted

NOON = datetime.fromisoformat("2026-05-01T12:00")
MINUTE = timedelta(minutes=1)
KEY = b"k" * 32
OFFICE, ELSEWHERE = b"\xc0\x00\x02", b"\xcb\x00\x71"
"""Neighbourhoods of addresses."""
OWN, WRONG = "four plain words here", "wrong"


@pytest.fixture
def password(db: Session) -> str:
    """The password of Wang; another account stands by."""
    make_account(db, "Li", roles=bundle(READER))
    return make_account(db, "Wang", roles=bundle(MANAGER))


def attempt(
    db: Session, name: str = "Wang", password: str = WRONG, *,
    place: bytes = ELSEWHERE, now: datetime = NOON, devices: tuple[str, ...] = (),
) -> tuple[str, ...]:  # fmt: skip
    """Try to sign in; return the marks of the device that got in."""
    caller = Caller(KEY, place, devices)
    return sign_in_from(caller, db, name, password=password, now=now).devices


def outcomes(times: int, trying: Callable[[int], object]) -> list[str]:
    """Return how each of so many tries ended."""
    ended = []
    for number in range(times):
        try:
            trying(number)
            ended.append("in")
        except (SignInFailed, TooManyRequests) as refusal:
            ended.append(type(refusal).__name__)
    return ended


def test_a_stranger_s_failures_lock_nobody_out(db: Session, password: str) -> None:
    outcomes(40, lambda _: attempt(db))

    assert attempt(db, password=password, place=OFFICE)


def test_a_device_that_signed_in_before_gets_in_whatever_strangers_do(
    db: Session, password: str
) -> None:
    devices = attempt(db, password=password, place=OFFICE)
    outcomes(90, lambda number: attempt(db, place=bytes([9, 9, number // 9])))
    outcomes(40, lambda _: attempt(db, place=OFFICE))

    with pytest.raises(TooManyRequests):
        attempt(db, password=password, place=OFFICE)
    assert attempt(db, password=password, place=OFFICE, devices=devices)


def test_many_names_from_one_place_are_slowed(db: Session, password: str) -> None:
    ended = outcomes(84, lambda number: attempt(db, f"name {number}"))

    assert ended == ["SignInFailed"] * 20 + ["TooManyRequests"] * 64
    with pytest.raises(TooManyRequests) as refused:
        attempt(db, "another", now=NOON + 5 * MINUTE)
    assert refused.value.seconds == 600
    assert outcomes(1, lambda _: attempt(db, now=NOON + 15 * MINUTE)) == [
        "SignInFailed"
    ]


def test_many_at_the_same_moment_do_not_slip_through_together(
    db: Session, database_url: str, password: str
) -> None:
    """Each with an engine of its own, as in another process."""
    db.rollback()

    def guess(number: int) -> str:
        with borrowed_engine(database_url) as own, Session(writing(own)) as session:
            (ended,) = outcomes(1, lambda _: attempt(session, f"name {number}"))
        return ended

    with ThreadPool(6) as pool:
        ended = pool.map(guess, range(30), chunksize=1)

    assert Counter(ended) == {"SignInFailed": 20, "TooManyRequests": 10}


def test_many_places_at_once_are_slowed_over_all_names(
    db: Session, password: str
) -> None:
    ended = outcomes(
        70, lambda number: attempt(db, f"name {number}", place=bytes([7, 7, number]))
    )

    assert ended == ["SignInFailed"] * 60 + ["TooManyRequests"] * 10
    assert attempt(db, password=password, place=OFFICE, now=NOON + MINUTE)


def test_no_more_than_a_hundred_failures_in_a_row_on_strange_devices(
    db: Session, password: str
) -> None:
    def trying(number: int) -> None:
        now = NOON + number * MINUTE
        attempt(db, place=bytes([7, 7, number % 250]), now=now)

    ended = outcomes(110, trying)

    assert ended == ["SignInFailed"] * 100 + ["TooManyRequests"] * 10
    assert attempt(db, "Wang", password, now=NOON + timedelta(days=1))


def test_a_success_begins_the_hundred_anew(db: Session, password: str) -> None:
    devices = attempt(db, password=password)
    outcomes(19, lambda _: attempt(db))
    before = rows_in(db, "sign_in_tries")
    db.rollback()

    attempt(db, password=password, devices=devices)

    assert rows_in(db, "sign_in_tries") == before - 1


def test_nothing_is_counted_against_whoever_types_it_right(
    db: Session, password: str
) -> None:
    assert outcomes(25, lambda _: attempt(db, password=password)) == ["in"] * 25


def test_an_address_nobody_can_read_is_no_place(db: Session, password: str) -> None:
    outcomes(40, lambda _: attempt(db, place=b""))

    assert attempt(db, password=password, place=b"")


def test_a_stolen_device_may_guess_ten_times(db: Session, password: str) -> None:
    devices = attempt(db, password=password)

    ended = outcomes(12, lambda _: attempt(db, devices=devices))

    assert ended == ["SignInFailed"] * 10 + ["TooManyRequests"] * 2


def test_a_new_password_makes_every_device_strange(db: Session, password: str) -> None:
    devices = attempt(db, password=password)
    wang = db.scalars(select(Account.id).where(Account.username == "Wang")).one()
    db.rollback()
    change_password(db, wang, current=password, new=OWN, now=NOON)

    ended = outcomes(22, lambda _: attempt(db, devices=devices))

    assert ended.count("SignInFailed") == 20


def test_the_mark_of_one_account_is_none_of_another(db: Session, password: str) -> None:
    devices = attempt(db, password=password)
    forged = (devices[0][:-4] + "AAAA", "x", "", "\u5f20", "A" * 400)

    for marks in (devices, forged):
        ended = outcomes(22, partial(guess_at_li, db, marks))
        assert ended.count("TooManyRequests") >= 2


def guess_at_li(db: Session, marks: tuple[str, ...], _number: int) -> None:
    attempt(db, "Li", devices=marks, place=OFFICE)


def test_a_reset_lets_new_devices_in_again(db: Session, password: str) -> None:
    def trying(number: int) -> None:
        place, now = bytes([number // 20] * 3), NOON + number // 20 * MINUTE
        attempt(db, place=place, now=now)

    outcomes(120, trying)
    now = NOON + 10 * MINUTE
    with pytest.raises(TooManyRequests):
        attempt(db, password=password, place=OFFICE, now=now)
    wang = db.scalars(select(Account.id).where(Account.username == "Wang")).one()
    db.rollback()

    fresh = reset_password(db, wang)

    assert attempt(db, password=fresh, place=OFFICE, now=now)


def test_counts_of_yesterday_are_cleared_away(db: Session, password: str) -> None:
    outcomes(30, lambda number: attempt(db, f"name {number}"))
    tomorrow = NOON + timedelta(days=1)

    outcomes(1, lambda _: attempt(db, now=tomorrow))

    since = set(db.scalars(select(SignInTries.since)))
    assert since == {tomorrow}


def test_the_table_holds_neither_a_name_nor_an_address(
    db: Session, password: str
) -> None:
    outcomes(2, lambda _: attempt(db, "my password by mistake"))

    for what in db.scalars(select(SignInTries.what)):
        assert len(what) == 32
        assert ELSEWHERE not in what


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash the library is asked to compare with, its own work untouched."""
    seen: list[str] = []
    real = argon2.PasswordHasher.verify

    def verify(self: argon2.PasswordHasher, wanted: str, password: bytes) -> bool:
        seen.append(argon2.extract_parameters(wanted).__repr__())
        return real(self, wanted, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", verify)
    return seen


def test_an_unknown_name_costs_the_same_statements_and_the_same_hashing(
    db: Session, engine: Engine, password: str, hashed: list[str]
) -> None:
    make_account(db, "Zhao", roles=bundle(READER))
    gone = db.scalars(select(Account.id).where(Account.username == "Zhao")).one()
    db.rollback()
    delete_account(db, gone)
    outcomes(1, lambda _: attempt(db))  # the counts that everybody shares are there

    def cost(name: str, password: str = WRONG) -> tuple[list[str], list[str]]:
        hashed.clear()
        with counted(engine) as sent:
            outcomes(1, lambda _: attempt(db, name, password))
        return sent, list(hashed)

    known, unknown, deleted = cost("Li"), cost("nobody"), cost("Zhao")

    assert known == unknown == deleted
    assert len(known[1]) == 1
    assert cost("Li", "ｗｒｏｎｇ") == cost("nobody", "ｗｒｏｎｇ")


def test_refused_tries_take_no_write_lock_and_no_hashing(
    db: Session, engine: Engine, password: str, hashed: list[str]
) -> None:
    outcomes(20, lambda _: attempt(db))
    hashed.clear()

    with counted(engine) as sent:
        assert outcomes(1, lambda _: attempt(db)) == ["TooManyRequests"]

    assert hashed == []
    assert not any(word in " ".join(sent) for word in ("IMMEDIATE", "INSERT", "UPDATE"))


def test_the_page_asks_for_patience_and_says_who_need_not_wait(
    app: Flask, db: Session
) -> None:
    wang = desk(app, db, MANAGER, username="Wang")
    wang.send("/sign-out")
    stranger = Desk(app.test_client())

    met = [stranger.sign_in(f"name {n}", "wrong").status_code for n in range(84)]
    refused = stranger.sign_in("Wang", wang.password)

    assert met == [422] * 20 + [429] * 64
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
    assert "15分钟" in shown(refused).text
    assert wang.sign_in().status_code == 303
