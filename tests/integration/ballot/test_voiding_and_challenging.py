"""While a box is open: unused slips are voided, auditors challenge their own."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.ballot.issue_batch import IssuedSlips
from survey_app.ballot.paper.challenge import commitment_of
from survey_app.ballot.paper.ticket import (
    new_ticket_code,
    printed_ticket,
    printed_tracker,
    tracker_of,
)
from survey_app.ballot.set_up import set_commitments
from survey_app.ballot.tickets import CHALLENGED, NEW, USED, VOID_TICKET
from survey_app.ballot.while_open import (
    Voided,
    challenge_ticket,
    quorum_reached,
    void_tickets,
)
from survey_app.domain.ground.refusals import BoxNotReady, TicketNotTaken
from survey_app.settings import Settings
from tests.support.secret_ballots import Office, beside, drafted

NONCE = "the auditor's own words"
UNKNOWN = new_ticket_code(b"nobody has this")


@pytest.fixture
def other(db: Session, ballots: Engine, settings: Settings) -> tuple[Office, str]:
    """Another open ballot, and one of its codes."""
    office = beside(db, ballots, settings)
    return office, office.opened(staff=8)["staff"].codes[0]


@pytest.fixture
def office(other: object, db: Session, ballots: Engine, settings: Settings) -> Office:
    return drafted(db, ballots, settings)


@pytest.fixture
def slips(office: Office) -> IssuedSlips:
    """Ten slips of an open ballot; an auditor is bound to the last but one."""
    office.issued(unit=1, staff=8)
    made = office.issued(staff=8)["staff"]
    bound = commitment_of(made.codes[8], NONCE)
    set_commitments(office.db, office.ballots, office.survey_id, commitments=[bound])
    office.open()
    return made


def void(office: Office, *codes: str) -> Voided:
    return void_tickets(
        office.ballots, office.survey_id, codes=codes, secrets_folder=office.folder
    )


def states(office: Office, slips: IssuedSlips) -> dict[str, int]:
    rows = {ticket.digest: ticket.state for ticket in office.tickets(slips.batch_id)}
    return {code: rows[office.digest(code)] for code in slips.codes}


def test_unused_slips_are_voided_and_used_ones_are_not(
    office: Office, slips: IssuedSlips
) -> None:
    office.use(slips.codes[:3])
    before = {t.digest: (t.envelope, t.comment) for t in office.tickets(slips.batch_id)}

    voided = void(office, *slips.codes[2:5])

    assert voided == Voided(count=2, mistyped=0, not_taken=1)
    expected = [USED] * 3 + [VOID_TICKET] * 2 + [NEW] * 5
    assert list(states(office, slips).values()) == expected
    assert before == {
        t.digest: (t.envelope, t.comment) for t in office.tickets(slips.batch_id)
    }


def test_a_slip_is_read_as_people_type_it_and_counted_once(
    office: Office, slips: IssuedSlips
) -> None:
    code = slips.codes[0]

    assert void(office, code, printed_ticket(code).lower(), code[:-1], "") == Voided(
        count=1, mistyped=2, not_taken=0
    )


def test_used_void_unknown_and_foreign_slips_are_all_told_alike(
    office: Office, slips: IssuedSlips, other: tuple[Office, str]
) -> None:
    office.use(slips.codes[:1])
    void(office, slips.codes[1])
    refused = Voided(count=0, mistyped=0, not_taken=1)

    for code in (*slips.codes[:2], UNKNOWN, other[1]):
        assert void(office, code) == refused

    assert void(other[0], other[1]).count == 1


def test_slips_are_voided_only_while_the_box_is_open(
    office: Office, slips: IssuedSlips
) -> None:
    close(office)

    with pytest.raises(BoxNotReady):
        void(office, slips.codes[0])


def test_a_draft_has_nothing_to_void(office: Office) -> None:
    codes = office.issued(staff=8)["staff"].codes

    with pytest.raises(BoxNotReady):
        void(office, codes[0])


def close(office: Office) -> None:
    quorum = quorum_reached(office.ballots, office.survey_id)
    office.close_with(dict.fromkeys(quorum, 8))


def test_more_than_half_is_all_that_is_known_before_closing(
    office: Office, slips: IssuedSlips
) -> None:
    office.use(slips.codes[:4])
    assert set(quorum_reached(office.ballots, office.survey_id).values()) == {False}

    office.use(slips.codes[4:5])

    reached = quorum_reached(office.ballots, office.survey_id)
    assert reached.pop(slips.batch_id) is True
    assert list(reached.values()) == [False]


def challenge(office: Office, code: str, tracker: str, *, nonce: str = NONCE) -> None:
    challenge_ticket(
        office.ballots, office.survey_id,
        code=code, nonce=nonce, tracker=tracker, secrets_folder=office.folder,
    )  # fmt: skip


def cast(office: Office, code: str) -> str:
    """Use the slip; return the tracker as it is printed."""
    (envelope,) = office.use([code])
    return printed_tracker(tracker_of(envelope))


def test_an_auditors_slip_is_set_aside(office: Office, slips: IssuedSlips) -> None:
    tracker = cast(office, slips.codes[8])

    challenge(
        office, printed_ticket(slips.codes[8]), tracker.lower(), nonce=f"{NONCE}\n"
    )

    assert states(office, slips)[slips.codes[8]] == CHALLENGED
    with pytest.raises(TicketNotTaken):
        challenge(office, slips.codes[8], tracker)


def test_nobody_elses_ballot_can_be_challenged(
    office: Office, slips: IssuedSlips
) -> None:
    tracker = cast(office, slips.codes[0])

    with pytest.raises(TicketNotTaken):
        challenge(office, slips.codes[0], tracker)

    assert states(office, slips)[slips.codes[0]] == USED


@pytest.mark.parametrize("wrong", ["nonce", "tracker", "no tracker", "no code"])
def test_every_wrong_challenge_is_refused_alike(
    office: Office, slips: IssuedSlips, wrong: str
) -> None:
    tracker, code = cast(office, slips.codes[8]), slips.codes[8]
    others = cast(office, slips.codes[1])
    nonce = NONCE
    if wrong == "nonce":
        nonce = "another"
    elif wrong == "no code":
        code = code[:-1]
    else:
        tracker = others if wrong == "tracker" else ""

    with pytest.raises(TicketNotTaken):
        challenge(office, code, tracker, nonce=nonce)

    assert CHALLENGED not in states(office, slips).values()


def test_an_unused_slip_is_no_ballot_to_challenge(
    office: Office, slips: IssuedSlips
) -> None:
    rows = {ticket.digest: ticket for ticket in office.tickets(slips.batch_id)}
    random = rows[office.digest(slips.codes[8])].envelope

    with pytest.raises(TicketNotTaken):
        challenge(office, slips.codes[8], printed_tracker(tracker_of(random)))


def test_nothing_is_challenged_after_the_box_is_closed(
    office: Office, slips: IssuedSlips
) -> None:
    tracker = cast(office, slips.codes[8])
    close(office)

    with pytest.raises(BoxNotReady):
        challenge(office, slips.codes[8], tracker)
