"""The office's front door: one cookie, one failure page, no way past it."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.accounts.make_account import make_account
from survey_app.settings import Settings
from tests.support.office import KEEPER, MANAGER, READER, Desk, bundle, desk
from tests.support.respondents import shown


def test_failures_of_every_kind_show_one_page(app: Flask, db: Session) -> None:
    wang = Desk(
        app.test_client(), "Wang", make_account(db, "Wang", roles=bundle(MANAGER))
    )

    def page(username: str, password: str) -> tuple[int, str]:
        response = wang.sign_in(username, password)
        text = re.sub(r'value="[^"]*"', "", response.get_data(as_text=True))
        return response.status_code, text

    wrong = page("Wang", "wrong")
    unknown = page("nobody", "wrong")

    assert wrong[0] == 422
    assert wrong == unknown


def test_the_cookie_is_the_offices_alone(app: Flask, db: Session) -> None:
    wang = Desk(
        app.test_client(), "Wang", make_account(db, "Wang", roles=bundle(MANAGER))
    )

    cookies = sorted(wang.sign_in().headers.getlist("Set-Cookie"))

    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "office",
        "office_device",
    ]
    for cookie, same_site in zip(cookies, ("Lax", "Strict"), strict=True):
        parts = set(cookie.split("; "))
        assert {"Path=/office", "HttpOnly", f"SameSite={same_site}"} <= parts
        assert "Wang" not in cookie


def test_over_https_the_cookie_is_secure_and_no_referrer_is_asked_for(
    engine: Engine, settings: Settings, db: Session
) -> None:
    password = make_account(db, "Wang", roles=bundle(MANAGER))
    app = create_app(replace(settings, public_url="https://survey.example"))
    client, door = app.test_client(), "https://survey.example/office/sign-in"

    page = client.get(door)
    token = shown(page).named("csrf_token")[0].get("value")
    fields = {"username": "Wang", "password": password, "csrf_token": token}
    response = client.post(door, data=fields)
    app.extensions["survey_engine"].dispose()

    cookies = [
        *page.headers.getlist("Set-Cookie"),
        *response.headers.getlist("Set-Cookie"),
    ]
    assert len(cookies) == 3
    assert all("Secure" in cookie.split("; ") for cookie in cookies)
    assert response.status_code == 303


def test_respondents_pages_know_nothing_of_the_office(app: Flask, db: Session) -> None:
    wang = desk(app, db, MANAGER)

    for path in ("/", "/s/K7M2Q4RT9X", "/r"):
        response = wang.client.get(path)
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_copied_cookie_dies_with_the_sign_out(app: Flask, db: Session) -> None:
    wang = desk(app, db, MANAGER)
    copy = wang.client.get_cookie("office", path="/office")
    assert copy

    wang.send("/sign-out")

    thief = app.test_client()
    thief.set_cookie("office", copy.value, path="/office")
    assert thief.get("/office/surveys").location.startswith("/office/sign-in")


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/office/password", "/office/password"),
        ("https://elsewhere.example/office/", "/office/"),
        ("//elsewhere.example/office/", "/office/"),
        ("", "/office/"),
    ],
)
def test_signing_in_leads_back_but_never_elsewhere(
    app: Flask, db: Session, wanted: str, reached: str
) -> None:
    wang = Desk(
        app.test_client(), "Wang", make_account(db, "Wang", roles=bundle(MANAGER))
    )

    response = wang.send(
        f"/sign-in?next={wanted}", username=wang.username, password=wang.password
    )

    assert response.location == reached


def test_a_keeper_makes_an_account_and_sees_its_password_once(
    app: Flask, db: Session
) -> None:
    wang = desk(app, db, KEEPER)

    made = wang.send(
        "/accounts", real_name="李四", username="Li", roles=READER
    ).get_data(as_text=True)

    password = re.search(r'class="secret">([^<]+)<', made)
    assert password
    assert Desk(app.test_client()).sign_in("Li", password[1]).status_code == 303
    assert password[1] not in wang.open("/accounts").get_data(as_text=True)
    assert 'name="language"' not in made, "another language would lose the password"


def test_the_office_remembers_its_language(client: FlaskClient) -> None:
    stranger = Desk(client)
    assert stranger.see("/sign-in").tree.get("lang") == "zh-CN"

    stranger.send("/language", language="en", back="/office/sign-in")

    assert stranger.see("/sign-in").tree.get("lang") == "en"
