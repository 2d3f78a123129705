"""A sign-in that nobody uses ends, on the server, and nothing is written for that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.settings import Settings, SettingsError
from tests.conftest import ONE_DATABASE
from tests.support.ended_sign_ins import Watch
from tests.support.office import MANAGER, Desk, desk
from tests.support.respondents import shown
from tests.support.statements import counted

pytestmark = ONE_DATABASE

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


@pytest.fixture
def wang(app: Flask, db: Session) -> Desk:
    return desk(app, db, MANAGER, username="Wang")


def is_in(sitting: Desk) -> bool:
    return sitting.open("/surveys").status_code == 200


def test_half_an_hour_without_a_page_ends_the_sign_in(wang: Desk, clock: Watch) -> None:
    clock.later += 29 * MINUTE
    assert is_in(wang)
    clock.later += 29 * MINUTE
    assert is_in(wang)
    clock.later += 31 * MINUTE
    assert not is_in(wang)


def test_whoever_was_idle_is_told_so_and_led_back(wang: Desk, clock: Watch) -> None:
    clock.later += 31 * MINUTE

    met = wang.open("/password")

    door = met.location.removeprefix("/office")
    assert "登录已经结束" in wang.see(door).text
    assert "登录已经结束" not in wang.see(door).text
    back = wang.send(door, username="Wang", password=wang.password)
    assert back.location == "/office/password"


def test_a_copy_of_an_idle_cookie_opens_nothing(
    app: Flask, wang: Desk, clock: Watch
) -> None:
    copy = wang.client.get_cookie("office", path="/office")
    assert copy
    clock.later += 31 * MINUTE

    thief = app.test_client()
    thief.set_cookie("office", copy.value, path="/office")

    assert not is_in(Desk(thief))


def test_a_sign_in_in_use_ends_after_twelve_hours(wang: Desk, clock: Watch) -> None:
    for _ in range(35):
        clock.later += 20 * MINUTE
        assert is_in(wang)

    clock.later += 20 * MINUTE

    assert not is_in(wang)


def test_loading_a_page_writes_nothing(
    wang: Desk, clock: Watch, engine: Engine, app: Flask
) -> None:
    clock.later += 5 * MINUTE

    with counted(app.extensions["survey_engine"]) as sent:
        assert is_in(wang)

    assert not any(word in " ".join(sent) for word in ("IMMEDIATE", "INSERT", "UPDATE"))


def test_the_cookie_is_not_written_for_every_page(wang: Desk, clock: Watch) -> None:
    assert "Set-Cookie" not in wang.open("/surveys").headers
    clock.later += MINUTE
    assert "office=" in wang.open("/surveys").headers["Set-Cookie"]


def test_how_long_is_a_setting(
    engine: Engine, settings: Settings, db: Session, clock: Watch
) -> None:
    short = replace(settings, idle_minutes=5, sign_in_hours=1)
    app = create_app(short, clock=clock)
    wang = desk(app, db, MANAGER)
    clock.later += 4 * MINUTE
    assert is_in(wang)
    clock.later += 6 * MINUTE
    assert not is_in(wang)
    app.extensions["survey_engine"].dispose()

    with pytest.raises(SettingsError, match="SURVEY_IDLE_MINUTES"):
        replace(settings, idle_minutes=0)


def test_the_sign_in_page_shows_nothing_of_who_was_here(
    wang: Desk, clock: Watch
) -> None:
    clock.later += 31 * MINUTE

    page = shown(wang.client.get(wang.open("/accounts").location))

    assert "Wang" not in page.text


def test_signing_in_again_ends_the_sign_in_this_browser_had(
    app: Flask, wang: Desk
) -> None:
    copy = wang.client.get_cookie("office", path="/office")
    assert copy
    wang.sign_in()

    thief = app.test_client()
    thief.set_cookie("office", copy.value, path="/office")

    assert not is_in(Desk(thief))
    assert is_in(wang)
