"""After the password a code: what it opens, for how long, and who may try how often."""

import re
from datetime import date, timedelta
from multiprocessing.pool import ThreadPool

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import Standing
from survey_app.accounts.second_factor import pass_code
from survey_app.accounts.sign_in import SignedIn, sign_in_from
from survey_app.accounts.sign_in_tries import Caller
from survey_app.accounts.tables import Account, SignIn
from survey_app.ballot.sealing.kept_form import unlocked
from survey_app.database import writing
from survey_app.domain.ground.refusals import (
    SignInFailed,
    SignInNeeded,
    TooManyRequests,
)
from survey_app.web.office.tokens import mark_of
from tests.conftest import ONE_DATABASE
from tests.support.ended_sign_ins import NEW, TYPED, Watch
from tests.support.filled_forms import come_back, form_on
from tests.support.office import KEEPER, MANAGER, Desk, desk
from tests.support.phone import HALF_A_MINUTE, set_up, show_code
from tests.support.respondents import shown

MINUTE = timedelta(minutes=1)
KEY = b"k" * 32


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="Wang")


def is_in(sitting: Desk) -> bool:
    return sitting.open("/surveys").status_code == 200


def later(clock: Watch) -> None:
    """Wait until the phone shows another code."""
    clock.later += HALF_A_MINUTE


def test_a_code_of_the_phone_comes_after_the_password(
    app: Flask, wang: Desk, clock: Watch
) -> None:
    phone, _paper = set_up(wang, clock)
    later(clock)
    at_home = Desk(app.test_client(), wang.username, wang.password)

    met = at_home.sign_in()

    assert met.location == "/office/sign-in/code"
    assert not is_in(at_home)
    wrong = show_code(at_home, met, "000000")
    assert (wrong.status_code, is_in(at_home)) == (422, False)
    assert "不正确" in shown(wrong).text
    right = show_code(at_home, met, phone.code())
    assert (right.status_code, right.location) == (303, "/office/")
    assert is_in(at_home)


def test_a_code_is_good_once_however_many_come_at_once(
    db: Session, engine: Engine, wang: Desk, clock: Watch
) -> None:
    phone, _paper = set_up(wang, clock)
    db.rollback()
    caller, now = Caller(KEY), clock().replace(tzinfo=None) + HALF_A_MINUTE
    waiting = [
        sign_in_from(caller, db, "Wang", password=wang.password, now=now).secret
        for _ in range(4)
    ]
    code = phone.code(ahead=HALF_A_MINUTE)

    def entering(secret: str) -> str:
        with Session(writing(engine)) as session:
            try:
                pass_code(caller, session, secret, code, now=now)
            except (SignInFailed, TooManyRequests) as refusal:
                return type(refusal).__name__
            return "in"

    with ThreadPool(4) as pool:
        ended = pool.map(entering, waiting)

    assert sorted(ended) == ["SignInFailed"] * 3 + ["in"]


def test_the_code_that_set_it_up_opens_no_sign_in(
    app: Flask, wang: Desk, clock: Watch
) -> None:
    phone, _paper = set_up(wang, clock)
    seen = phone.code()
    over_the_shoulder = Desk(app.test_client(), wang.username, wang.password)

    assert (
        show_code(over_the_shoulder, over_the_shoulder.sign_in(), seen).status_code
        == 422
    )


@ONE_DATABASE
@pytest.mark.parametrize(
    ("ahead", "status"), [(-30, 303), (30, 303), (-90, 422), (90, 422)]
)
def test_clocks_may_differ_by_half_a_minute(
    wang: Desk, clock: Watch, ahead: int, status: int
) -> None:
    phone, _paper = set_up(wang, clock)
    clock.later += 5 * MINUTE
    code = phone.code(ahead=timedelta(seconds=ahead))

    assert show_code(wang, wang.sign_in(), code).status_code == status


def test_a_recovery_code_opens_one_sign_in(
    app: Flask, wang: Desk, clock: Watch, db: Session
) -> None:
    _phone, paper = set_up(wang, clock)
    assert len(set(paper)) == 10
    stranger = Desk(app.test_client(), wang.username, wang.password)

    typed = paper[3].lower().replace("-", " ")
    assert show_code(stranger, stranger.sign_in(), typed).status_code == 303
    assert is_in(stranger)
    again = Desk(app.test_client(), wang.username, wang.password)
    assert show_code(again, again.sign_in(), paper[3]).status_code == 422
    assert show_code(again, again.sign_in(), paper[4]).status_code == 303
    assert "8" in stranger.see("/second-factor").text


@ONE_DATABASE
def test_whoever_guesses_codes_is_stopped_and_the_owner_is_not(
    app: Flask, wang: Desk, clock: Watch
) -> None:
    phone, paper = set_up(wang, clock)
    later(clock)
    assert show_code(wang, wang.sign_in(), phone.code()).status_code == 303
    thief = Desk(app.test_client(), wang.username, wang.password)
    met = thief.sign_in()

    ended = [show_code(thief, met, f"{n:06}").status_code for n in range(24)]
    later(clock)

    assert ended == [422] * 20 + [429] * 4
    assert show_code(thief, met, phone.code()).status_code == 429
    wang.send("/sign-out")
    assert show_code(wang, wang.sign_in(), phone.code()).status_code == 303
    new_device = Desk(app.test_client(), wang.username, wang.password)
    assert show_code(new_device, new_device.sign_in(), paper[0]).status_code == 303


@ONE_DATABASE
def test_a_password_given_anew_gives_no_more_guesses(
    app: Flask, wang: Desk, clock: Watch, db: Session
) -> None:
    set_up(wang, clock)
    li = desk(app, db, KEEPER, username="Li")
    number = db.scalars(select(Account.id).where(Account.username == "Wang")).one()
    db.rollback()

    def guessing() -> list[int]:
        given = shown(li.send(f"/accounts/{number}/password")).text
        (password,) = re.findall(r"(?:\w{4}-){3}\w{4}", given)
        thief = Desk(app.test_client(), "Wang", password)
        met = thief.sign_in()
        return [show_code(thief, met, f"{n:06}").status_code for n in range(12)]

    assert guessing() + guessing() == [422] * 20 + [429] * 4


def test_a_waiting_sign_in_opens_nothing_and_ends_soon(
    wang: Desk, clock: Watch, db: Session
) -> None:
    phone, _paper = set_up(wang, clock)
    met = wang.sign_in()

    assert wang.open("/accounts").status_code == 303
    clock.later += 10 * MINUTE
    assert wang.see("/sign-in/code").named("password")
    form = {"one_time_code": phone.code()}
    late = wang.send("/sign-in/code", **form)
    assert (late.status_code, met.status_code) == (401, 303)
    assert "太晚" in shown(late).text


@ONE_DATABASE
def test_a_form_waits_through_password_and_code(
    wang: Desk, clock: Watch, db: Session
) -> None:
    phone, _paper = set_up(wang, clock)
    form = form_on(wang, "/cycles/new", "name")
    clock.later += 45 * MINUTE

    refused = form.send(**NEW)
    asked = come_back(wang, refused, "/cycles/new")
    wrong = form_on(wang, "/cycles/new", "one_time_code", page=shown(asked)).send(
        one_time_code="000000"
    )
    back = form_on(wang, "/cycles/new", "one_time_code", page=shown(wrong)).send(
        one_time_code=phone.code()
    )

    assert (refused.status_code, asked.status_code, wrong.status_code) == (
        401,
        200,
        422,
    )
    assert not any(
        TYPED in one.get_data(as_text=True) for one in (refused, asked, wrong)
    )
    again = form_on(wang, "/cycles/new", "name", page=shown(back))
    assert again.values["name"] == [TYPED]


@ONE_DATABASE
def test_another_account_with_a_code_of_its_own_reads_no_waiting_form(
    app: Flask, wang: Desk, clock: Watch, db: Session
) -> None:
    li = desk(app, db, KEEPER, username="Li")
    phone, _paper = set_up(li, clock)
    form = form_on(wang, "/cycles/new", "name")
    clock.later += 45 * MINUTE
    door = form_on(wang, "/cycles/new", "password", page=shown(form.send(**NEW)))

    asked = door.send(username="Li", password=li.password)
    met = form_on(wang, "/cycles/new", "one_time_code", page=shown(asked)).send(
        one_time_code=phone.code()
    )

    assert TYPED not in asked.get_data(as_text=True) + met.get_data(as_text=True)
    assert met.location == "/office/"


@ONE_DATABASE
def test_a_code_travels_in_no_kept_form(
    app: Flask, wang: Desk, clock: Watch, db: Session
) -> None:
    set_up(wang, clock)
    form = form_on(wang, "/second-factor", "one_time_code")
    db.execute(delete(SignIn))
    db.commit()
    number = db.scalars(select(Account.id)).one()

    asked = shown(form.send(one_time_code="SECRET"))
    (kept,) = {one.get("value", "") for one in asked.named("kept_form")}
    with app.app_context():
        owner = mark_of(SignedIn(number, wang.username, Standing(())))
    now = clock().replace(tzinfo=None)
    opened = unlocked(kept, KEY, owner=owner, now=now, lasts=MINUTE)

    assert opened is not None
    assert opened.fields == ()
    assert opened.secrets


def test_the_waiting_sign_in_of_nobody_is_none(db: Session, clock: Watch) -> None:
    with pytest.raises(SignInNeeded):
        pass_code(
            Caller(KEY), db, "nothing", "000000", now=clock().replace(tzinfo=None)
        )
