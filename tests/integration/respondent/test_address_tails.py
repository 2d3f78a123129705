"""A right address with something hanging on to it leads where it should."""

from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE, rows_in
from tests.support.open_box import Box, open_box
from tests.support.respondents import GOOD, Respondent, ask_about, shown

pytestmark = ONE_DATABASE
TAILS = [
    "/", "//", "。", "&from=singlemessage", "%0A", "%0D%0A", "%20x", "%E3%80%82",
    "，请填写",
    ")", "%22", "”", "】", "/?from=groupmessage", ".", "…", ";jsessionid=1", "%00",
    "/index.html", "%A1%A3", "%23comment", "\\", "%E2%80%8B", "&amp;isappinstalled=0",
]  # fmt: skip


@pytest.fixture
def respondent(client: FlaskClient, db: Session) -> Respondent:
    return Respondent(client, ask_about(db).code)


def asked(client: FlaskClient, path: str) -> tuple[int, str]:
    """Return status and Location of an address a hostile Host was sent with."""
    address = quote(path, safe="/%?&=;#:+,~@!$'()*") if not path.isascii() else path
    reply = client.get(address, headers={"Host": "evil.example"})
    assert "evil" not in reply.headers.get("Location", "") + reply.text
    return reply.status_code, reply.headers.get("Location", "")


def test_the_tail_of_a_survey_address_is_cut(
    client: FlaskClient, respondent: Respondent
) -> None:
    code = respondent.code
    for path in (f"/s/{code}", f"/S/{code.lower()}", f"/s/{code[:5]}-{code[5:]}"):
        for tail in TAILS:
            assert asked(client, path + tail) == (302, f"/s/{code}"), tail


def test_the_tail_of_a_receipt_address_is_cut(
    client: FlaskClient, respondent: Respondent
) -> None:
    receipt = (respondent.answer().location or "").removeprefix("/r/")

    for path in (f"/r/{receipt}", f"/R/{receipt.lower()}"):
        for tail in TAILS:
            assert asked(client, path + tail) == (302, f"/r/{receipt}"), tail


@pytest.mark.parametrize("path", ["/b", "/B", "/b/papers", "/b/receipt", "/r", "/s"])
def test_the_tail_of_any_page_is_cut(
    client: FlaskClient, ballots: Engine, path: str
) -> None:
    for tail in TAILS:
        if path in ("/r", "/s") and tail == "/index.html":
            continue  # a code, though a wrong one
        status, where = asked(client, path + tail)

        assert (status, where.lower()) in ((302, path.lower()), (302, "/b")), tail


def test_the_look_outlives_the_cut(client: FlaskClient, respondent: Respondent) -> None:
    for path in (f"/s/{respondent.code}", "/b", "/r"):
        sent = client.get(f"{path}/?lang=en&size=large&from=timeline")

        assert sent.location == f"{path}?lang=en&size=large"


@pytest.mark.parametrize("tail", ["/", "%E3%80%82", "%20", "%0A", ")", "%2F"])
def test_a_tail_behind_the_look_does_not_change_it(
    client: FlaskClient, respondent: Respondent, tail: str
) -> None:
    asked_for = "?lang=en&size=large&shared=1"
    plain = shown(client.get(f"/s/{respondent.code}{asked_for}"))
    for name in ("lang=en", "size=large", "shared=1"):
        look = asked_for.replace(name, name + tail)

        page = shown(client.get(f"/s/{respondent.code}{look}"))

        assert page.all("form")[0].get("action") == asked_for
        assert dict(page.all("html")[0].items()) == dict(plain.all("html")[0].items())


def test_an_address_in_small_letters_is_served(
    client: FlaskClient, respondent: Respondent
) -> None:
    assert client.get(f"/s/{respondent.code.lower()}").status_code == 200


def test_answers_sent_to_an_address_with_a_tail_are_kept(
    client: FlaskClient, db: Session, respondent: Respondent
) -> None:
    for number, tail in enumerate(TAILS, 1):
        data = {**GOOD, "submission": respondent.scan().submission}

        sent = client.post(f"/s/{respondent.code}{tail}", data=data)

        assert (sent.status_code, sent.headers["Location"][:3]) == (303, "/r/"), tail
        assert rows_in(db, "response") == number
        db.rollback()


def test_a_slip_in_a_path_is_not_repeated_and_its_body_is_not_lost(
    client: FlaskClient, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    box: Box = open_box(db, ballots, settings.secrets_folder)
    code = box.codes[0]
    for path in (f"/b/{code}", f"/b%23{code}", f"/B/{code}/"):
        assert asked(client, path) == (302, "/b")
    data = {"code": code}

    for path in ("/b/", "/B/", "/b。", "/b&x=1"):
        sent = client.post(path, data=data)
        assert sent.status_code == 308
        again = client.post(path, data=data, follow_redirects=True)
        assert shown(again).named("code")[0].get("value") == code


@pytest.mark.parametrize("path", ["/nowhere/", "/office/nowhere/", "/static/x.css/"])
def test_what_is_no_address_of_ours_stays_unknown(
    client: FlaskClient, path: str
) -> None:
    assert asked(client, path)[0] == 404
