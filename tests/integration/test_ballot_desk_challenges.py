"""At the manager's desk: challenge ballots first, then all others, or a void survey."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.domain.ballots.commitment import commitment_of
from survey_app.domain.ballots.tracker import printed_tracker, tracker_of
from survey_app.settings import Settings
from tests.ballot_desk import Desks, desks
from tests.holder_keys import PASSPHRASES
from tests.respondents import shown
from tests.secret_ballots import Office, drafted

TITLE = "年度民主测评"


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    return drafted(db, ballots, settings)


@pytest.fixture
def tracker() -> list[str]:
    """Filled in by `both`."""
    return []


@pytest.fixture
def both(app: Flask, office: Office, tracker: list[str]) -> Desks:
    """Two desks, a closed ballot, and one ballot of it challenged by an auditor."""
    both = desks(app, office)
    codes = both.printed(staff=8)
    both.first.send(f"{both.path}/commitments", lines=commitment_of(codes[0], "nonce"))
    assert both.first.send(f"{both.path}/open").status_code == 303
    both.cast(codes[:7])
    digest = office.digest(codes[0])
    (ticket,) = [
        one
        for batch in office.posted()
        for one in office.tickets(batch)
        if one.digest == digest
    ]
    tracker.append(printed_tracker(tracker_of(ticket.envelope)))
    both.first.send(
        f"{both.path}/challenge", code=codes[0], nonce="nonce", tracker=tracker[0]
    )
    assert both.close(8).status_code == 303
    both.second.send("/language", language="en")
    return both


def asked(page: TestResponse) -> list[str]:
    """Return where the forms of this page go."""
    found = re.findall(r'<form[^>]*action="/office([^"]+)"', page.text)
    return [where for where in found if "/box" in where]


def test_only_the_challenge_ballots_are_opened_first(
    both: Desks, office: Office, tracker: list[str]
) -> None:
    before = both.second.open(f"{both.path}/box")
    opened = both.open_box(where="/box/challenges")

    assert f"{both.path}/box" not in asked(before)
    page = shown(opened)
    assert opened.status_code == 200
    assert tracker[0] in page.text
    assert "Good" in page.text
    assert "Nothing else was opened" in page.text
    assert office.box().state == "closed"
    assert not any(phrase in page.text for phrase in PASSPHRASES.values())
    assert f"{both.path}/box" in asked(opened)
    assert tracker[0] not in both.second.see(f"{both.path}/box").text


def test_all_others_need_both_keys_again_and_the_auditors_word(
    both: Desks, office: Office
) -> None:
    silent = both.open_box()
    state = office.box().state
    agreed = both.open_box(agree="y")

    assert silent.status_code == 422
    assert "Let the auditors compare them first" in shown(silent).text
    assert state == "closed"
    assert agreed.status_code == 303
    assert office.box().state == "done"


def test_a_result_from_elsewhere_needs_the_auditors_word_too(
    both: Desks, office: Office
) -> None:
    silent = both.send_result(both.opened_elsewhere())
    state = office.box().state
    agreed = both.send_result(both.opened_elsewhere(), agree="y")

    assert silent.status_code == 422
    assert "Let the auditors compare them first" in shown(silent).text
    assert (state, agreed.status_code) == ("closed", 303)


def test_a_difference_voids_the_survey_where_its_title_is_typed(
    both: Desks, office: Office
) -> None:
    asked_for = both.second.see(f"{both.path}/box/void")
    wrong = both.second.send(f"{both.path}/box/void", title="年度")
    state = office.box().state
    voided = both.second.send(f"{both.path}/box/void", title=TITLE)

    assert TITLE in asked_for.text
    assert (wrong.status_code, state) == (422, "closed")
    assert (voided.status_code, office.box().state) == (303, "void")
    box = both.second.see(f"{both.path}/box")
    assert "This survey is void" in box.text
    assert not box.named("first_key")
    assert "This survey is void" in both.second.see(both.path).text
    assert "This survey is void" in both.second.see(f"{both.path}/minute").text
    results = both.second.see(f"{both.path}/results").text
    assert results.count("void: none of its ballots was opened") == 2
    papers = both.app.test_client().get(f"/b/papers/{office.survey_id}?lang=en").text
    assert "This survey is void: auditors found" in papers


def test_a_void_box_is_destroyed_by_a_step_of_its_own(
    both: Desks, office: Office
) -> None:
    early = both.second.send(f"{both.path}/box/void/finish")
    both.second.send(f"{both.path}/box/void", title=TITLE)
    by_the_way = both.second.send(f"{both.path}/box/finish")
    kept = office.box().state
    done = both.second.send(f"{both.path}/box/void/finish")

    assert (early.status_code, by_the_way.status_code, kept) == (409, 409, "void")
    assert (done.status_code, office.box().state) == (303, "done")
    assert list(office.folder.glob("*")) == []
    assert "This survey is void" in both.second.see(f"{both.path}/minute").text
