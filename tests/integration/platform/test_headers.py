"""What every reply carries: one table, with the differences between the sides."""

import gzip
import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.settings import Settings
from survey_app.web.headers import (
    BOOTH,
    KEYS,
    OFFICE,
    PAPERS,
    PREVIEW,
    RESPONDENT,
    policies,
)
from tests.conftest import ONE_DATABASE
from tests.support.open_box import unissued_code
from tests.support.respondents import GOOD, ask_about

ON_EVERY_REPLY = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NEVER = "no-store"
PAGES = [
    ("/office/sign-in", OFFICE, NEVER),
    ("/office/nothing", OFFICE, NEVER),
    ("/", RESPONDENT, NEVER),
    ("/s/UNKNOWN", RESPONDENT, NEVER),
    ("/nothing", RESPONDENT, NEVER),
    ("/favicon.ico", RESPONDENT, NEVER),
    ("/b", BOOTH, NEVER),
    ("/b/papers", PAPERS, NEVER),
    ("/b/receipt", PAPERS, NEVER),
    ("/survey-keys.html", KEYS, NEVER),
    ("/b/papers/99/head.json", PAPERS, NEVER),
    ("/static/nothing.css", OFFICE, NEVER),
    ("/static/office.css", OFFICE, "public, max-age=31536000, immutable"),
]


@ONE_DATABASE
@pytest.mark.parametrize(("path", "side", "caching"), PAGES)
def test_every_reply_carries_the_headers_of_its_side(
    app: Flask, client: FlaskClient, path: str, side: str, caching: str
) -> None:
    with client.get(path) as sent:
        carried = {name: sent.headers.getlist(name) for name in sent.headers.keys()}  # noqa: SIM118 -- names, not pairs

    expected = ON_EVERY_REPLY | {
        "Cache-Control": caching,
        "Content-Security-Policy": policies(app)[side],
    }
    assert {n: carried.get(n) for n in expected} == {
        n: [v] for n, v in expected.items()
    }
    assert ("Accept-Encoding" in carried.get("Vary", [])) is (side != OFFICE)


@ONE_DATABASE
@pytest.mark.parametrize("base", ["http://survey.example", "https://survey.example"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_ready_replies_carry_what_drawn_ones_do(
    client: FlaskClient, db: Session, base: str, encoding: str
) -> None:
    """What is written down once must not fall behind what is put on every reply."""
    asked_about = ask_about(db)
    code = asked_about.code
    asked: dict[str, Any] = {
        "base_url": base,
        "headers": {"Accept-Encoding": encoding},
    }
    drawn = client.post(f"/s/{code}", data={"comment": "x"}, **asked)
    scanned = client.get(f"/s/{code}", **asked)
    submission = {"submission": asked_about.new_submission()}
    sent = client.post(f"/s/{code}", data={**GOOD, **submission}, **asked)
    thanked = client.get(sent.headers["Location"], **asked)

    assert drawn.status_code == 422
    assert [scanned.status_code, sent.status_code, thanked.status_code] == [
        200,
        303,
        200,
    ]
    own = {"Content-Length", "Location", "Content-Encoding"}
    expected = {pair for pair in drawn.headers if pair[0] not in own}
    for ready in (scanned, sent, thanked):
        assert {pair for pair in ready.headers if pair[0] not in own} == expected
        assert int(ready.headers["Content-Length"]) == len(ready.data)
    for page in (scanned, thanked):
        packed = page.headers.get("Content-Encoding")
        assert packed == drawn.headers.get("Content-Encoding")
        text = gzip.decompress(page.data) if packed else page.data
        assert text.endswith(b"</html>")
    assert client.head(f"/s/{code}", **asked).data == b""


def test_a_refused_code_is_answered_as_the_booth_answers(
    app: Flask, client: FlaskClient, ballots: Engine
) -> None:
    assert ballots
    sent = client.post("/b", data={"code": unissued_code()})

    assert sent.status_code == 403
    assert sent.headers["Content-Security-Policy"] == policies(app)[BOOTH]


@ONE_DATABASE
def test_every_side_runs_its_own_scripts_only_and_nobody_loads_from_elsewhere(
    app: Flask,
) -> None:
    made = policies(app)
    scripts = {
        side: re.findall(r"script-src ([^;]*);", policy)
        for side, policy in made.items()
    }

    assert scripts[OFFICE] == ["'self'"]
    assert scripts[PAPERS] == []
    for one in (RESPONDENT, BOOTH):
        (allowed,) = scripts[one]
        assert re.fullmatch(r"'sha256-[^ ]+'( 'sha256-[^ ]+')*", allowed)
    assert scripts[RESPONDENT] != scripts[BOOTH]
    for side, policy in made.items():
        assert policy.startswith("default-src 'none'; ")
        framed = "'self'; sandbox allow-scripts" if side == PREVIEW else "'none'"
        assert f"frame-ancestors {framed}" in policy
        assert "allow-same-origin" not in policy
        assert "unsafe" not in policy
        assert "http" not in policy


@ONE_DATABASE
def test_only_over_https_a_browser_is_told_to_stay_there(settings: Settings) -> None:
    public = replace(settings, public_url="https://survey.example", trusted_proxies=1)
    through_ours = create_app(public).test_client()
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}

    secure = through_ours.get("/", headers=forwarded)
    plain = through_ours.get("/")
    boasted = create_app(settings).test_client().get("/", headers=forwarded)
    unread = through_ours.application.extensions["survey_unread"](400)
    at_home = create_app(settings).extensions["survey_unread"](400)

    told = [
        reply.headers.get("Strict-Transport-Security")
        for reply in (secure, unread, plain, boasted, at_home)
    ]
    assert told == ["max-age=31536000"] * 2 + [None] * 3
