"""What an identity provider sends and what of it proves somebody."""

import time
from datetime import date
from typing import Any

import pytest
from joserfc.jwk import RSAKey
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from tests.conftest import ONE_DATABASE
from tests.integration.accounts.conftest import NAME, Place
from tests.support.ended_sign_ins import Watch
from tests.support.identity_provider import (
    Provider,
)
from tests.support.office import READER, bundle
from tests.support.provider_desk import back_at, begin, come_back, is_in
from tests.support.respondents import shown

pytestmark = ONE_DATABASE


@pytest.fixture
def clock() -> Watch:
    return Watch(date(2026, 5, 1))


LIES: dict[str, dict[str, Any]] = {
    "a nonce of another sign-in": {"nonce": "other"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": ["other"]},
    "run out": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_token_that_proves_nobody_lets_nobody_in(
    place: Place, provider: Provider, zhang: str, lie: dict[str, Any]
) -> None:
    desk = place.desk()
    provider.lies = lie

    met = come_back(desk, provider)

    assert met.status_code == 422
    assert "未能证明" in shown(met).text
    assert not is_in(desk)


def test_a_token_signed_by_another_key_proves_nobody(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk()
    provider.signs_with = RSAKey.generate_key(2048)

    assert come_back(desk, provider).status_code == 422
    assert not is_in(desk)


def test_a_provider_that_calls_itself_otherwise_is_not_asked(
    place: Place, provider: Provider, zhang: str
) -> None:
    provider.metadata = {"issuer": "https://evil.example"}

    assert place.desk().open("/sign-in/provider").status_code == 503


def test_a_way_back_is_good_once_and_in_its_own_browser(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk, other = place.desk(), place.desk()
    way = provider.authorize(begin(desk))

    assert back_at(other, way).status_code == 400
    assert back_at(desk, way).location == "/office/"
    desk.send("/sign-out")
    assert back_at(desk, way).status_code == 400
    code = way.partition("code=")[2].partition("&")[0]
    fresh = provider.authorize(begin(desk))
    used = fresh.partition("code=")[2].partition("&")[0]
    assert back_at(desk, fresh.replace(used, code)).status_code == 422
    assert not is_in(desk)


def test_a_code_caught_on_the_way_is_worth_nothing_without_its_verifier(
    place: Place, provider: Provider, zhang: str
) -> None:
    victim, thief = place.desk(), place.desk()
    caught = provider.authorize(begin(victim)).partition("code=")[2].partition("&")[0]
    own = provider.authorize(begin(thief))
    mine = own.partition("code=")[2].partition("&")[0]

    assert back_at(thief, own.replace(mine, caught)).status_code == 422
    assert not is_in(thief)


def test_another_provider_s_way_back_is_refused(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk()
    way = provider.authorize(begin(desk))

    assert back_at(desk, f"{way}&iss=https://evil.example").status_code == 422


@pytest.mark.parametrize(("verified", "status"), [("yes", 303), ("", 422)])
def test_the_claim_is_a_setting_and_may_stand_beside_the_token(
    place: Place, provider: Provider, db: Session, verified: str, status: int
) -> None:
    make_account(db, "zhang@county.example", roles=bundle(READER))
    desk = place.desk(oidc_claim="email")
    provider.userinfo = {
        "email": "zhang@county.example",
        "email_verified": bool(verified),
    }

    assert come_back(desk, provider).status_code == status


def test_what_stands_beside_the_token_is_about_the_same_person(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk()
    del provider.user["preferred_username"]
    provider.userinfo = {"sub": "8", "preferred_username": NAME}

    assert come_back(desk, provider).status_code == 422


def test_forged_ways_back_are_counted(
    place: Place, provider: Provider, zhang: str
) -> None:
    desk = place.desk()
    provider.lies = {"nonce": "other"}

    met = [come_back(desk, provider).status_code for _ in range(42)]

    assert met == [422] * 40 + [429] * 2
