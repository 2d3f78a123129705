"""At the manager's desk: challenge ballots first, then all others, or a void survey."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.ballot.finish_decryption import void_survey
from survey_app.ballot.paper.challenge import commitment_of, mark_of
from survey_app.ballot.paper.closing import SignedClosing
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.sealing.decrypting import decrypt_challenges
from survey_app.database import writing
from tests.support.ballot_desk import MARK, Desks, desks
from tests.support.holder_keys import PASSPHRASES, holder_keys
from tests.support.office import MANAGER, desk
from tests.support.power_cut import power_cut
from tests.support.respondents import shown
from tests.support.secret_ballots import Office

TITLE = "年度民主测评"


@pytest.fixture
def tracker() -> list[str]:
    """Filled in by `both`."""
    return []


def closed_with_challenge(
    app: Flask, office: Office, tracker: list[str], *, broken: bool = False
) -> Desks:
    """Two desks, a closed ballot, and one ballot of it challenged by an auditor."""
    both = desks(app, office)
    codes = both.printed(staff=8)
    both.first.send(f"{both.path}/commitments", lines=commitment_of(codes[0], "nonce"))
    assert both.first.send(f"{both.path}/open").status_code == 303
    if broken:
        office.use(codes[:1])
    else:
        both.cast(codes[:1])
    both.cast(codes[1:7])
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


@pytest.fixture
def both(app: Flask, office: Office, tracker: list[str]) -> Desks:
    return closed_with_challenge(app, office, tracker)


@pytest.fixture
def broken(app: Flask, office: Office, tracker: list[str]) -> Desks:
    """The same, but what the auditor cast does not open."""
    return closed_with_challenge(app, office, tracker, broken=True)


def asked(page: TestResponse) -> list[str]:
    """Return where the forms of this page go."""
    found = re.findall(r'<form[^>]*action="/office([^"]+)"', page.text)
    return [where for where in found if "/box" in where]


def test_only_the_challenge_ballots_are_opened_first(
    both: Desks, office: Office, tracker: list[str]
) -> None:
    before = both.second.open(f"{both.path}/box")
    opened = both.decrypt_box(where="/box/challenges")

    assert f"{both.path}/box" not in asked(before)
    page = shown(opened)
    assert opened.status_code == 200
    assert tracker[0] in page.text
    assert "Good" in page.text
    assert "Nothing else was decrypted" in page.text
    assert office.box().state == "closed"
    assert not any(phrase in page.text for phrase in PASSPHRASES.values())
    assert f"{both.path}/box" in asked(opened)
    assert tracker[0] not in both.second.see(f"{both.path}/box").text


def test_all_others_need_both_keys_again_and_the_auditors_word(
    both: Desks, office: Office
) -> None:
    mark = both.compared()
    silent = both.decrypt_box(compared=mark)
    state = office.box().state
    agreed = both.decrypt_box(agree="y", compared=mark)

    assert silent.status_code == 422
    assert "Let the auditors compare them first" in shown(silent).text
    assert MARK.findall(silent.text) == [mark]
    assert state == "closed"
    assert both.leads_to(agreed) == f"/office{both.path}/minute"
    assert office.box().state == "done"


@pytest.mark.parametrize("mark", ["", "0" * 64])
def test_a_tick_alone_shows_the_challenge_ballots_and_opens_nothing(
    both: Desks, office: Office, tracker: list[str], mark: str
) -> None:
    ticked = both.decrypt_box(agree="y", compared=mark)
    state = office.box().state

    assert ticked.status_code == 422
    assert tracker[0] in shown(ticked).text
    assert "Nothing else was decrypted" in shown(ticked).text
    assert state == "closed"
    (given,) = MARK.findall(ticked.text)
    agreed = both.decrypt_box(agree="y", compared=given)
    assert both.leads_to(agreed) == f"/office{both.path}/minute"


def test_a_challenge_that_does_not_open_leaves_voiding_alone(
    broken: Desks, office: Office
) -> None:
    first = broken.decrypt_box(where="/box/challenges")
    (closing,) = [SignedClosing.from_json(office.box().closing).closing]
    (one,) = decrypt_challenges(broken.export(), holder_keys())
    mark = mark_of(closing.fingerprint, [one])
    second = broken.decrypt_box(agree="y", compared=mark)

    assert (first.status_code, second.status_code) == (422, 422)
    for sent in (first, second):
        page = shown(sent)
        assert "the survey is to be voided" in page.text
        assert "Nothing else was decrypted" in page.text
        assert "Decrypt the box for good" not in page.text
        assert not page.named("first_key")
        assert f"{broken.path}/box/void" in sent.text
    assert office.box().state == "closed"


def test_a_result_from_elsewhere_needs_the_auditors_word_too(
    both: Desks, office: Office
) -> None:
    silent = both.send_result(both.decrypted_elsewhere())
    state = office.box().state
    agreed = both.send_result(both.decrypted_elsewhere(), agree="y")

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
    assert results.count("void: none of its ballots was decrypted") == 2
    papers = both.app.test_client().get(f"/b/papers/{office.survey_id}?lang=en").text
    assert "This survey is void: auditors found" in papers


def test_voiding_cut_off_is_finished_from_the_page_of_the_box(
    both: Desks, office: Office, engine: Engine
) -> None:
    with (
        Session(writing(engine)) as main,
        power_cut(engine, "ballot_count"),
    ):
        void_survey(main, office.ballots, office.survey_id, account="another")
    early = both.second.open(f"{both.path}/results")
    page = both.second.open(f"{both.path}/box")
    assert "Voiding is not finished" in shown(page).text
    assert asked(page) == [f"{both.path}/box/void"]
    (title,) = re.findall(r'name="title" value="([^"]+)"', page.text)

    done = both.second.send(f"{both.path}/box/void", title=title)

    assert "This survey is void" in shown(early).text
    assert (done.status_code, office.box().voided_by) == (303, "another")
    assert asked(both.second.open(f"{both.path}/box")) == [
        f"{both.path}/box/void/finish"
    ]
    results = both.second.see(f"{both.path}/results").text
    assert results.count("void: none of its ballots was decrypted") == 2


def test_a_void_box_is_destroyed_by_a_step_of_its_own(
    both: Desks, office: Office
) -> None:
    early = both.second.send(f"{both.path}/box/void/finish")
    both.second.send(f"{both.path}/box/void", title=TITLE)
    by_the_way = both.second.send(f"{both.path}/box/finish")
    kept = office.box().state
    own = both.second.send(f"{both.path}/box/void/finish")
    page = both.second.see(f"{both.path}/box")
    still = office.box().state
    other = desk(both.app, office.db, MANAGER, username="other-manager")
    office.db.commit()
    done = other.send(f"{both.path}/box/void/finish")

    assert (own.status_code, still) == (403, "void")
    assert "Another person must do this" in shown(own).text
    assert "another person must do this step" in page.text
    assert f"{both.path}/box/void/finish" not in page.text
    assert (early.status_code, by_the_way.status_code, kept) == (409, 409, "void")
    assert (done.status_code, office.box().state) == (303, "done")
    assert list(office.folder.glob("*")) == []
    assert "This survey is void" in both.second.see(f"{both.path}/minute").text
