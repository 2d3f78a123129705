"""What somebody hostile sends to the office's door: our page, and nothing learned."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import ONE_DATABASE
from tests.support.office import MANAGER, Desk, desk
from tests.support.respondents import shown

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "name", ["a\0b", "\0", "张\u202e三", "k" * 80, "%00", "' OR 1=1"]
)
def test_odd_names_are_unknown_names(client: FlaskClient, name: str) -> None:
    assert Desk(client).sign_in(name, "x" * 12).status_code == 422


@pytest.mark.parametrize("word", ["\0", "x" * 200, "\u202e" * 12])
def test_odd_passwords_are_wrong_passwords(app: Flask, db: Session, word: str) -> None:
    wang = desk(app, db, MANAGER)

    assert wang.sign_in(password=word).status_code == 422


@ONE_DATABASE
@pytest.mark.parametrize(
    "wanted",
    [
        "/office/../s/x", "/office//elsewhere.example", "/office/@elsewhere.example",
        "/office/%5c%5celsewhere.example", "/office/%0d%0aSet-Cookie:%20a=b",
        "/office/static/x", "/officeelsewhere", "javascript:alert(1)",
        "/office/language", "/office/surveys%0a", "\\\\elsewhere.example/office/",
    ],
)  # fmt: skip
def test_signing_in_leads_to_pages_that_exist_and_nowhere_else(
    app: Flask, db: Session, wanted: str
) -> None:
    wang = desk(app, db, MANAGER, username="Wang")

    for sent in (
        wang.send(f"/sign-in?next={wanted}", username="Wang", password=wang.password),
        wang.send("/language", language="en", back=wanted),
    ):
        assert sent.location == "/office/"


@ONE_DATABASE
@pytest.mark.parametrize(
    "cookie",
    ["office=", "office=x", "office=.eJw.x.y", "office_device=" + "A" * 43,
     "office_device=" + "." * 900, "office_device=\x80; office=\x80"],
)  # fmt: skip
def test_broken_cookies_are_no_cookies(app: Flask, cookie: str) -> None:
    stranger = app.test_client(use_cookies=False)

    met = stranger.get("/office/surveys", headers={"Cookie": cookie})

    assert met.location.startswith("/office/sign-in")


@ONE_DATABASE
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"kept_form=zzz", 303),
        (b"kept_form=%ff%fe", 303),
        (b"kept_form=", 303),
        (b"kept_form=" + b"A" * 300_000, 413),
    ],
)
def test_a_made_up_locked_form_is_nobodys(
    app: Flask, db: Session, body: bytes, status: int
) -> None:
    wang = desk(app, db, MANAGER)

    for path in ("/office/cycles/new", "/office/surveys", "/office/no/such/page"):
        met = wang.client.post(path, data=body, content_type=FORM)
        assert met.status_code == status, path


def test_a_made_up_locked_form_signs_nobody_in_by_a_forged_request(
    app: Flask, db: Session
) -> None:
    """Name and password of the attacker, sent by another site: no token, no entry."""
    wang = desk(app, db, MANAGER, username="Wang")
    victim = app.test_client()
    sent = {"kept_form": "x", "username": "Wang", "password": wang.password}

    met = victim.post("/office/surveys", data=sent)

    assert met.status_code == 400
    assert victim.get("/office/surveys").status_code == 303


@ONE_DATABASE
def test_an_address_too_long_to_lead_back_to_leads_to_the_door(
    client: FlaskClient,
) -> None:
    met = client.get("/office/surveys?x=" + "y" * 1500)

    assert met.location == "/office/sign-in"


@ONE_DATABASE
def test_no_page_of_the_office_may_be_kept_by_a_browser(
    app: Flask, db: Session
) -> None:
    wang = desk(app, db, MANAGER)
    pages = [wang.open(at) for at in ("/surveys", "/accounts", "/password", "/sign-in")]
    refused = wang.client.post("/office/accounts", data={"username": "x"})

    for page in (*pages, refused):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


@ONE_DATABASE
@pytest.mark.parametrize(
    "said",
    [
        {"_user_id": "a secret", "_fresh": True, "_id": "mark"},  # before 0.2.0
        {"sign_in": 7}, {"sign_in": ["x"]}, {"sign_in": None}, {"sign_in": {}},
    ],
)  # fmt: skip
@pytest.mark.parametrize("seen", [{}, {"seen": "yesterday"}, {"seen": 1e300}])
def test_a_session_that_says_something_else_asks_to_sign_in(
    app: Flask, db: Session, said: dict[str, object], seen: dict[str, object]
) -> None:
    wang = desk(app, db, MANAGER, username="Wang")
    with wang.client.session_transaction(path="/office/surveys") as cookie:
        kept = dict(cookie)
        cookie.clear()
        cookie.update(kept | said | seen if "sign_in" in said else said | seen)

    assert wang.open("/surveys").status_code == 303
    assert wang.client.post("/office/accounts").status_code == 401
    assert wang.sign_in().status_code == 303
    assert wang.open("/surveys").status_code == 200


def test_the_session_says_no_more_than_it_must(app: Flask, db: Session) -> None:
    """No number, no name, no role, no mark of the device: the table knows them."""
    wang = desk(app, db, MANAGER, username="Wang")

    with wang.client.session_transaction(path="/office/surveys") as cookie:
        assert set(cookie) == {"sign_in", "seen", "csrf_token"}
        assert len(cookie["sign_in"]) >= 32


def test_a_cookie_of_another_key_is_no_sign_in(app: Flask, db: Session) -> None:
    wang = desk(app, db, MANAGER, username="Wang")
    with wang.client.session_transaction(path="/office/surveys") as cookie:
        said = dict(cookie)
    ours, app.secret_key = app.secret_key, "another server's key, forty characters.."
    with wang.client.session_transaction(path="/office/surveys") as cookie:
        cookie.update(said)
    app.secret_key = ours

    assert wang.open("/surveys").status_code == 303


def test_signing_in_begins_a_new_session(app: Flask, db: Session) -> None:
    """A cookie that somebody planted before is worth nothing after."""
    wang = desk(app, db, MANAGER, username="Wang")
    wang.send("/sign-out")
    wang.open("/sign-in")
    planted = wang.client.get_cookie("office", path="/office")
    token = shown(wang.open("/sign-in")).named("csrf_token")[0].get("value")
    wang.sign_in()

    thief = app.test_client()
    assert planted
    thief.set_cookie("office", planted.value, path="/office")

    assert thief.get("/office/surveys").status_code == 303
    sent = wang.client.post("/office/sign-out", data={"csrf_token": token})
    assert sent.status_code == 400
