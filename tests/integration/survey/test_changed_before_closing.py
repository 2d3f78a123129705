"""While a box is open somebody writes to the ballot database: its batch is void."""

import pytest
from sqlalchemy import Engine

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.close_ballot import reconciliations
from survey_app.ballot.decryption_verbs import export_ballots
from survey_app.ballot.issue_batch import IssuedSlips
from survey_app.ballot.paper.ballot import Ballot
from survey_app.ballot.paper.challenge import commitment_of
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.set_up import set_commitments
from survey_app.ballot.tickets import Ticket
from survey_app.ballot.while_open import challenge_ticket
from survey_app.domain.counting.batch_counts import WhyVoid
from tests.support.secret_ballots import MAY_1, Office

NONCE = "the auditor's own words"
AUDITORS, UNUSED = 8, 9
"""Which of the ten slips."""


@pytest.fixture
def slips(office: Office) -> IssuedSlips:
    """Ten slips of an open ballot; five are used, and an auditor's own."""
    office.issued(unit=1, staff=8)
    made = office.issued(staff=8)["staff"]
    bound = commitment_of(made.codes[AUDITORS], NONCE)
    set_commitments(office.db, office.ballots, office.survey_id, commitments=[bound])
    office.open()
    office.use((*made.codes[:5], made.codes[AUDITORS]))
    return made


def ticket(office: Office, slips: IssuedSlips, place: int) -> Ticket:
    digest = office.digest(slips.codes[place])
    [found] = [one for one in office.tickets(slips.batch_id) if one.digest == digest]
    return found


def challenge(office: Office, slips: IssuedSlips) -> None:
    seen = tracker_of(ticket(office, slips, AUDITORS).envelope)
    challenge_ticket(
        office.ballots, office.survey_id, code=slips.codes[AUDITORS], nonce=NONCE,
        tracker=printed_tracker(seen), secrets_folder=office.folder,
    )  # fmt: skip


def test_what_the_program_did_itself_adds_up(
    office: Office, slips: IssuedSlips, engine: Engine
) -> None:
    boxes = BallotBoxes(engine, office.ballots, office.folder)
    found = boxes.find(slips.codes[5], today=MAY_1)
    assert found is not None
    picks = Ballot({subject: {"overall": "good"} for subject in found.form.subject_ids})
    assert boxes.cast(found, slips.codes[5], picks, (), today=MAY_1)
    challenge(office, slips)

    closed = office.close(slips)[slips.batch_id]

    assert (closed.used, closed.challenged, closed.because) == (6, 1, None)


CHANGES = {
    "an envelope replaced": "UPDATE ticket SET envelope = :noise WHERE digest = :used",
    "a comment replaced": "UPDATE ticket SET comment = :noise WHERE digest = :used",
    "an unused ticket used": "UPDATE ticket SET state = 1 WHERE digest = :unused",
    "a whole row copied": (
        "UPDATE ticket SET state = 1,"
        " envelope = (SELECT t.envelope FROM ticket t WHERE t.digest = :used),"
        " comment = (SELECT t.comment FROM ticket t WHERE t.digest = :used),"
        " tag = (SELECT t.tag FROM ticket t WHERE t.digest = :used)"
        " WHERE digest = :unused"
    ),
    "a used ticket unused again": "UPDATE ticket SET state = 0 WHERE digest = :used",
    "a used ticket void": "UPDATE ticket SET state = 2 WHERE digest = :used",
    "an auditor's envelope replaced": (
        "UPDATE ticket SET envelope = :noise WHERE digest = :challenged"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_ballot_the_program_did_not_put_there_voids_its_batch_only(
    office: Office, slips: IssuedSlips, change: str
) -> None:
    challenge(office, slips)
    values = {
        "noise": bytes(3000), "used": office.digest(slips.codes[0]),
        "unused": office.digest(slips.codes[UNUSED]),
        "challenged": office.digest(slips.codes[AUDITORS]),
    }  # fmt: skip
    statement = CHANGES[change]
    told = {name: kept for name, kept in values.items() if f":{name}" in statement}
    office.meddle(statement, told)

    closed = office.close(slips)

    reasons = {batch: one.because for batch, one in closed.items()}
    assert reasons.pop(slips.batch_id) is WhyVoid.BALLOTS_CHANGED
    assert set(reasons.values()) == {None}
    assert reconciliations(office.ballots, office.survey_id) == closed
    assert office.trackers() == set()


@pytest.mark.parametrize("auditor", ["challenged too", "challenged nothing"])
def test_a_ballot_set_aside_by_nobody_voids_its_batch_and_the_rest_is_exported(
    office: Office, slips: IssuedSlips, auditor: str
) -> None:
    if auditor == "challenged too":
        challenge(office, slips)
    office.meddle(
        "UPDATE ticket SET state = 3 WHERE digest = :digest",
        {"digest": office.digest(slips.codes[0])},
    )

    closed = office.close(slips)

    assert closed[slips.batch_id].because is WhyVoid.CHALLENGE_NOT_PROVED
    export = export_ballots(
        office.db, office.ballots, office.survey_id, secrets_folder=office.folder
    )
    assert export.challenged == ()
    assert [one.batch_id for one in export.batches if one.void] == [slips.batch_id]


def test_a_ticket_says_nothing_of_its_use_by_its_tag(
    office: Office, slips: IssuedSlips
) -> None:
    """Used and unused ones are random to whoever has not the pepper."""
    tags = [one.tag for one in office.tickets(slips.batch_id)]

    assert {len(tag) for tag in tags} == {32}
    assert len(set(tags)) == len(tags)
