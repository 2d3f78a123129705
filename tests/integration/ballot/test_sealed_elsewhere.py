"""A ballot that arrives sealed: what the server can check of it, and what it cannot."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.paper.ballot import Ballot, padded_answers, padded_comment
from survey_app.ballot.paper.closing import Sealed
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.sealing.envelope import SeenEnvelopes, ballots_in, seal
from survey_app.ballot.tickets import NEW, USED
from survey_app.domain.ground.stated import assumed
from survey_app.domain.questionnaire.ballot_rules import BallotRule
from survey_app.settings import Settings
from tests.support.holder_keys import holder_keys, public_keys
from tests.support.open_box import Box, BoxPlan, Voter, open_box
from tests.support.respondents import shown

RULE = BallotRule("at-most", ("good",), assumed(1))


@pytest.fixture
def box(db: Session, ballots: Engine, settings: Settings) -> Box:
    assert settings.secrets_folder is not None
    plan = BoxPlan(people=("王建国", "李秀英"), rules=(RULE,))
    return open_box(db, ballots, settings.secrets_folder, plan)


@pytest.fixture
def voter(client: FlaskClient, box: Box) -> Voter:
    return Voter(client, box.codes[0])


def sealed_by_a_phone(box: Box, choice: str) -> tuple[bytes, bytes]:
    """Return both envelopes of a ballot that says the same of everybody."""
    lines = dict.fromkeys(box.form.lines, choice)
    ballot = Ballot(dict.fromkeys(box.form.subject_ids, lines))
    plain = padded_answers(box.form, ballot), padded_comment(box.form)
    one, two = (seal(some, public_keys(), aad=box.form.aad) for some in plain)
    return one, two


def as_sent(*envelopes: bytes) -> str:
    return urlsafe_b64encode(b"".join(envelopes)).rstrip(b"=").decode()


def nonce_of(voter: Voter) -> str:
    return shown(voter.open()).named("page")[0].get("value") or ""


def found_in(box: Box, envelope: bytes) -> Ballot | None:
    """Return what the key holders find in it."""
    forms, batch = {box.form.batch_id: box.form}, box.form.batch_id
    some = [Sealed(envelope, batch)]
    ((_, ballot),) = ballots_in(some, holder_keys(), forms, seen=SeenEnvelopes())
    return ballot


def test_what_arrives_sealed_is_kept_as_it_is(voter: Voter, box: Box) -> None:
    page, both = nonce_of(voter), sealed_by_a_phone(box, "dont_know")

    sent = voter.send({"page": page, "sealed": as_sent(*both)}, "?lang=en")

    assert sent.status_code == 200
    assert box.row(voter.code) == (USED, *both)
    text = shown(sent).text
    assert "no answer that it could read" in text
    assert tracker_of(both[0]).hex() in sent.text
    assert printed_tracker(tracker_of(both[0]))[:12] in text


def test_sent_once_more_it_has_the_same_receipt(voter: Voter, box: Box) -> None:
    page, both = nonce_of(voter), sealed_by_a_phone(box, "dont_know")
    form = {"page": page, "sealed": as_sent(*both)}
    voter.send(form)

    again = voter.send(form | {"sealed": as_sent(*sealed_by_a_phone(box, "good"))})

    assert tracker_of(both[0]).hex() in again.text
    assert box.row(voter.code) == (USED, *both)


@pytest.mark.parametrize("how", ["short", "long", "other letters", "twice", "clear"])
def test_what_has_not_the_length_of_a_ballot_is_not_kept(
    voter: Voter, box: Box, how: str
) -> None:
    page, both = nonce_of(voter), as_sent(*sealed_by_a_phone(box, "dont_know"))
    bodies: dict[str, dict[str, object]] = {
        "short": {"sealed": both[:-1]},
        "long": {"sealed": both + "A"},
        "other letters": {"sealed": "!" + both[1:]},
        "twice": {"sealed": [both, both]},
        "clear": {"sealed": both, **box.answers("dont_know")},
    }

    sent = voter.send({"page": page, **bodies[how]})

    assert sent.status_code == 422
    assert box.row(voter.code)[0] == NEW
    assert shown(sent).named("page")[0].get("value") == page


def test_what_breaks_a_rule_is_a_ballot_that_is_found_invalid(
    voter: Voter, box: Box
) -> None:
    both = sealed_by_a_phone(box, "good")

    voter.send({"page": nonce_of(voter), "sealed": as_sent(*both)})

    ballot = found_in(box, box.row(voter.code)[1])
    assert ballot is not None
    assert ballot.breaks(box.form)


@pytest.mark.parametrize("how", ["noise", "other batch", "one key"])
def test_what_is_no_ballot_is_found_spoiled(voter: Voter, box: Box, how: str) -> None:
    answers, note = sealed_by_a_phone(box, "dont_know")
    if how == "noise":
        answers = secrets.token_bytes(len(answers))
    elif how == "other batch":
        elsewhere = replace(box.form, batch_id="elsewhere").aad
        answers = seal(
            secrets.token_bytes(box.form.answers_size), public_keys(), aad=elsewhere
        )
    else:
        first = public_keys()[0]
        plain = secrets.token_bytes(box.form.answers_size)
        answers = seal(plain, [first, first], aad=box.form.aad)

    voter.send({"page": nonce_of(voter), "sealed": as_sent(answers, note)})

    assert box.row(voter.code)[0] == USED
    assert found_in(box, box.row(voter.code)[1]) is None


def test_a_script_that_was_not_posted_is_not_given(
    voter: Voter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "survey_app.web.ballot.sealed_on_device.sealing_script_print", lambda: "0" * 64
    )

    page = voter.open()

    assert "sealed-on-phone" not in page.text
    assert "RSA-OAEP" not in page.text
