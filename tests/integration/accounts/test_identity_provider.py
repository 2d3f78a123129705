"""Signing in through an OpenID Connect provider, and everything that proves nobody."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.tables import Account, GivenPassword
from survey_app.settings import Settings, SettingsError
from tests.conftest import ONE_DATABASE
from tests.integration.accounts.conftest import NAME, Place
from tests.support.ended_sign_ins import NEW, TYPED, Watch
from tests.support.filled_forms import form_on
from tests.support.identity_provider import Provider
from tests.support.office import MANAGER, Desk, bundle
from tests.support.phone import set_up, show_code
from tests.support.provider_desk import back_at, begin, come_back, is_in, link_on
from tests.support.respondents import shown

pytestmark = ONE_DATABASE


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


def test_whoever_the_provider_knows_is_in(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk(oidc_name="市统一认证")
    (link,) = [
        a for a in desk.see("/sign-in").all("a") if "市统一认证" in (a.text or "")
    ]

    met = come_back(desk, provider, str(link.get("href")).removeprefix("/office"))

    assert met.location == "/office/"
    assert is_in(desk)
    (asked,) = provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["nonce"]) > 15
    assert len(asked["state"]) > 15
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/office/sign-in/return"


def test_it_leads_back_to_the_page_that_was_asked_for(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk()
    door = desk.open("/password").location.removeprefix("/office")

    met = come_back(desk, provider, link_on(desk.see(door), "统一身份认证"))
    elsewhere = place.desk()
    evil = come_back(elsewhere, provider, "/sign-in/provider?next=//evil.example")

    assert met.location == "/office/password"
    assert evil.location == "/office/"


def test_an_unknown_name_is_told_plainly_and_gets_no_account(
    place: Place, provider: Provider, zhang: str, db: Session
) -> None:
    desk = place.desk()
    provider.user["preferred_username"] = "li.na"

    met = come_back(desk, provider)

    assert met.status_code == 422
    assert "li.na" in shown(met).text
    assert list(db.scalars(select(Account.username))) == [NAME]
    assert not is_in(desk)


def test_our_own_code_is_asked_for_unless_the_provider_proves_one(
    place: Place, provider: Provider, zhang: str, clock: Watch
) -> None:
    strict = {"second_factor": "see-results", "oidc_second_factor": "amr=mfa otp"}
    desk = place.desk(**strict)
    assert come_back(desk, provider).location == "/office/"
    assert desk.open("/surveys").location == "/office/second-factor"
    phone, _paper = set_up(desk, clock)
    clock.later += timedelta(minutes=1)

    asked = come_back(place.desk(**strict), provider)
    assert asked.location == "/office/sign-in/code"
    again = place.desk(**strict)
    assert show_code(again, come_back(again, provider), phone.code()).status_code == 303
    assert is_in(again)
    assert again.send("/sign-out").location == "/office/signed-out"
    provider.lies = {"amr": ["pwd", "otp"]}
    proved = place.desk(**strict)
    assert come_back(proved, provider).location == "/office/"
    assert is_in(proved)
    for said in (["pwd"], [["otp"]]):
        provider.lies = {"amr": said}
        asked = come_back(place.desk(**strict), provider)
        assert asked.location == "/office/sign-in/code"


def test_the_level_that_proves_it_is_asked_for(
    place: Place, provider: Provider, zhang: str
) -> None:
    begin(place.desk(oidc_second_factor="acr=urn:county:two"))
    provider.authorize(begin(place.desk(oidc_second_factor="acr=urn:county:two")))

    assert provider.asked[-1]["acr_values"] == "urn:county:two"


def test_a_given_password_ends_when_its_owner_comes_without_it(
    place: Place, provider: Provider, db: Session
) -> None:
    given = make_account(db, NAME, roles=bundle(MANAGER), by="Wang")
    desk = place.desk()

    come_back(desk, provider)

    assert is_in(desk)
    thief = place.desk()
    assert thief.sign_in(NAME, given).status_code == 422
    givers = list(db.scalars(select(GivenPassword.set_by)))
    assert givers == ["Wang", "Wang"]  # as when its owner chooses another one


def test_signing_out_says_that_the_provider_goes_on(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk()
    come_back(desk, provider)

    out = desk.send("/sign-out")

    assert out.location == "/office/signed-out"
    assert not is_in(desk)
    back = provider.authorize(link_on(desk.see("/signed-out"), "统一身份认证"))
    assert back.startswith("http://127.0.0.1:8000/office/sign-in")
    assert back_at(desk, back).status_code == 200
    desk.sign_in(NAME, zhang)
    assert desk.send("/sign-out").location == "/office/sign-in"


def test_a_form_waits_while_its_owner_signs_in_in_another_window(
    place: Place, provider: Provider, zhang: str, clock: Watch, db: Session
) -> None:
    desk = place.desk()
    come_back(desk, provider)
    form = form_on(desk, "/cycles/new", "name")
    clock.later += timedelta(minutes=45)
    refused = shown(form.send(**NEW))
    show = form_on(desk, "/cycles/new", "kept_form", page=refused)
    assert "再次显示" in refused.text

    early = show.send()
    assert early.status_code == 401
    come_back(desk, provider)
    back = show.send()

    assert TYPED not in refused.text + early.get_data(as_text=True)
    assert form_on(desk, "/cycles/new", "name", page=shown(back)).values["name"] == [
        TYPED
    ]


def test_another_account_that_came_through_the_provider_reads_no_waiting_form(
    place: Place, provider: Provider, zhang: str, clock: Watch, db: Session
) -> None:
    make_account(db, "li.na", roles=bundle(MANAGER))
    desk = place.desk()
    come_back(desk, provider)
    form = form_on(desk, "/cycles/new", "name")
    clock.later += timedelta(minutes=45)
    refused = shown(form.send(**NEW))
    waiting = form_on(desk, "/cycles/new", "kept_form", page=refused)

    provider.user["preferred_username"] = "li.na"
    come_back(desk, provider)
    kept = waiting.hidden["kept_form"]
    met = desk.client.post("/office/cycles/new", data={"kept_form": kept})

    assert met.location == "/office/"
    assert TYPED not in desk.see("/surveys").text


def test_a_provider_out_of_reach_leaves_the_password(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk(oidc_issuer="http://127.0.0.1:9")

    away = desk.open("/sign-in/provider")

    assert away.status_code == 503
    assert desk.sign_in(NAME, zhang).status_code == 303


def test_without_a_provider_nothing_is_offered(app: Flask) -> None:
    desk = Desk(app.test_client())

    assert "provider" not in desk.open("/sign-in").get_data(as_text=True)
    assert desk.open("/sign-in/provider").status_code == 404
    assert desk.open("/sign-in/return").status_code == 404


@pytest.mark.parametrize(
    "told",
    [
        {"oidc_issuer": "http://sso.example", "oidc_client_id": "x"},
        {"oidc_issuer": "https://sso.example"},
        {"oidc_client_secret": "x", "oidc_client_secret_file": "y"},
        {"oidc_second_factor": "mfa"},
    ],
)
def test_settings_that_cannot_work_are_refused(
    settings: Settings, told: dict[str, Any]
) -> None:
    with pytest.raises(SettingsError, match="SURVEY_OIDC"):
        replace(settings, **told)
