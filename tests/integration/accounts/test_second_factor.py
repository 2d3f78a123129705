"""A second factor: who needs it, what it opens, and what whoever steals gets."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts import one_time_codes
from survey_app.accounts.make_account import make_account
from survey_app.accounts.tables import RecoveryCode, SecondFactor
from survey_app.locking import unlocked
from survey_app.settings import Settings, SettingsError
from survey_app.web.pace import Pace
from tests.conftest import ONE_DATABASE
from tests.support.ended_sign_ins import NEW, TYPED, Watch
from tests.support.filled_forms import come_back, form_on
from tests.support.office import MANAGER, ORGANIZER, READER, Desk, bundle, desk
from tests.support.phone import HALF_A_MINUTE, Phone, secret_on, set_up, show_code
from tests.support.respondents import shown

MINUTE = timedelta(minutes=1)
KEY = b"k" * 32


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="Wang")


@pytest.fixture
def strict(engine: Engine, settings: Settings, clock: Watch) -> Iterator[Flask]:
    """A platform on which managers and readers need a second factor."""
    told = replace(settings, second_factor="see-results keep")
    app = create_app(told, clock=clock, pace=Pace(seconds=0))
    app.config["TESTING"] = True
    yield app
    app.extensions["survey_engine"].dispose()
    app.extensions["survey_ballots"].dispose()


def is_in(sitting: Desk) -> bool:
    return sitting.open("/surveys").status_code == 200


def later(clock: Watch) -> None:
    """Wait until the phone shows another code."""
    clock.later += HALF_A_MINUTE


@ONE_DATABASE
def test_a_phone_whose_clock_is_wrong_is_told_by_how_much(
    wang: Desk, clock: Watch
) -> None:
    page = wang.see("/second-factor")
    phone = Phone(secret_on(page), clock)
    form = form_on(wang, "/second-factor", "one_time_code", page=page)

    early = form.send(one_time_code=phone.code(ahead=7 * MINUTE))
    other = form.send(one_time_code="000 000")

    assert (early.status_code, other.status_code) == (422, 422)
    assert "7 分钟" in shown(early).text
    assert "分钟" not in shown(other).text
    assert secret_on(shown(early)) == phone.secret  # it need not be scanned again
    done = form_on(wang, "/second-factor", "one_time_code", page=shown(other)).send(
        one_time_code=phone.code()
    )
    assert done.status_code == 200


def test_whoever_steals_the_database_alone_makes_no_code(
    wang: Desk, clock: Watch, db: Session
) -> None:
    phone, paper = set_up(wang, clock)
    row = db.scalars(select(SecondFactor)).one()
    kept = row.secret or ""
    hashes = list(db.scalars(select(RecoveryCode.code_hash)))

    assert phone.secret not in kept
    purpose = f"second factor {row.account_id}"
    now = clock().replace(tzinfo=None)
    assert unlocked(kept, b"x" * 32, purpose, now=now) is None
    assert unlocked(kept, KEY, "second factor 99", now=now) is None  # moved elsewhere
    assert unlocked(kept, KEY, purpose, now=now) == phone.secret
    assert all(one.startswith("$argon2id$") for one in hashes)
    assert not any(code[5:] in " ".join(hashes) for code in paper)


def test_setting_it_up_ends_what_was_signed_in_elsewhere(
    app: Flask, wang: Desk, clock: Watch
) -> None:
    copied = Desk(app.test_client(), wang.username, wang.password)
    copied.sign_in()

    set_up(wang, clock)

    assert (is_in(wang), is_in(copied)) == (True, False)


@ONE_DATABASE
def test_another_phone_takes_a_code_of_the_first(wang: Desk, clock: Watch) -> None:
    old, _paper = set_up(wang, clock)
    later(clock)

    def change(code: str) -> int:
        return wang.send("/second-factor/change", one_time_code=code).status_code

    assert change("000000") == 422
    assert change(old.code()) == 303
    new, paper = set_up(wang, clock)
    assert new.secret != old.secret
    later(clock)
    renewed = wang.send("/second-factor/codes", one_time_code=new.code())
    assert renewed.status_code == 200
    assert paper[0] not in shown(renewed).text
    assert show_code(wang, wang.sign_in(), paper[0]).status_code == 422


def test_whoever_needs_one_sets_it_up_before_anything_else(
    strict: Flask, db: Session, clock: Watch
) -> None:
    reader, organizer = (desk(strict, db, role) for role in (READER, ORGANIZER))

    met = reader.open("/surveys")

    assert (met.status_code, met.location) == (303, "/office/second-factor")
    assert reader.open("/alerts").location == "/office/second-factor"
    assert is_in(organizer)
    assert [
        a.get("href")
        for a in reader.see("/second-factor").all("nav")
        for a in a.iter("a")
    ] == []
    phone, _paper = set_up(reader, clock)
    assert is_in(reader)
    later(clock)
    assert show_code(reader, reader.sign_in(), phone.code()).status_code == 303
    assert is_in(reader)


@ONE_DATABASE
def test_a_given_password_is_replaced_before_a_second_factor_is_set_up(
    strict: Flask, db: Session
) -> None:
    password = make_account(db, "Zhao", roles=bundle(MANAGER), by="Wang")
    zhao = Desk(strict.test_client(), "Zhao", password)
    zhao.sign_in()

    assert zhao.open("/second-factor").location == "/office/password"


@ONE_DATABASE
def test_a_form_waits_until_it_is_set_up(
    wang: Desk, strict: Flask, clock: Watch
) -> None:
    """As where the setting was changed while somebody typed."""
    form = form_on(wang, "/cycles/new", "name")
    now = Desk(strict.test_client(), wang.username, wang.password)

    refused = replace(form, desk=now).send(**NEW)
    waiting = shown(come_back(now, refused, "/cycles/new"))
    early = form_on(now, "/cycles/new", "kept_form", page=waiting).send()
    set_up(now, clock)
    back = form_on(now, "/cycles/new", "kept_form", page=waiting).send()

    assert "绑定手机验证" in waiting.text
    assert TYPED not in waiting.text + early.get_data(as_text=True)
    again = form_on(now, "/cycles/new", "name", page=shown(back))
    assert again.values["name"] == [TYPED]


@ONE_DATABASE
def test_settings_name_roles_that_exist(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="SURVEY_SECOND_FACTOR"):
        create_app(replace(settings, second_factor="keep reign"))


def test_numbers_of_deleted_accounts_leave_nothing_behind(
    app: Flask, wang: Desk, clock: Watch, db: Session
) -> None:
    set_up(wang, clock)
    desk(app, db, MANAGER, username="Li")
    db.execute(text("DELETE FROM account WHERE username = 'Wang'"))
    db.commit()

    assert db.scalars(select(SecondFactor)).all() == []
    assert db.scalars(select(RecoveryCode)).all() == []


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238 appendix B, SHA-1: the last six of its eight digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # 12345678901234567890
    for second, code in (
        (59, "287082"),
        (1111111109, "081804"),
        (20000000000, "353130"),
    ):
        at = Watch(date(1970, 1, 1))().replace(tzinfo=None, hour=0) + timedelta(
            seconds=second
        )
        assert one_time_codes.step_of(secret, code, now=at) == second // 30
        assert one_time_codes.step_of(secret, f"{code[:3]} {code[3:]}", now=at)
