"""Closing a ballot: what was acknowledged is inside, and a batch adds up or is void."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.close_ballot import Reconciliation, close_ballot, reconciliations
from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.issue_batch import IssuedSlips
from survey_app.ballot.paper.ballot import Ballot
from survey_app.ballot.paper.challenge import commitment_of
from survey_app.ballot.paper.merkle import merkle_root
from survey_app.ballot.paper.ticket import printed_tracker, tracker_of
from survey_app.ballot.sealing.export_checks import is_closing_of
from survey_app.ballot.sealing.secrets_folder import destroy_secrets, make_secrets
from survey_app.ballot.set_up import set_commitments
from survey_app.ballot.while_open import challenge_ticket, void_tickets
from survey_app.database import NO_LOG, engine_of
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    NotFound,
    SecretsMissing,
    SurveyClosed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.settings import Settings
from survey_app.survey.tables import CLOSED, OPEN
from tests.support.drafts import draft
from tests.support.power_cut import power_cut
from tests.support.secret_ballots import MAY_1, Office, beside, drafted
from tests.support.statements import counted

GOOD = {"overall": "good"}


@pytest.fixture
def office(db: Session, ballots: Engine, settings: Settings) -> Office:
    """A draft with both keys, beside an open ballot that somebody has answered."""
    noise = beside(db, ballots, settings)
    noise.use(noise.opened(staff=8)["staff"].codes[:3])
    return drafted(db, ballots, settings)


@pytest.fixture
def slips(office: Office) -> IssuedSlips:
    """Ten slips of an open ballot."""
    return office.opened(staff=8)["staff"]


def test_every_ticket_is_accounted_for(office: Office) -> None:
    office.issued(unit=1, staff=8)
    slips = office.issued(staff=8)["staff"]
    set_commitments(
        office.db, office.ballots, office.survey_id,
        commitments=[commitment_of(slips.codes[4], "nonce")],
    )  # fmt: skip
    office.open()
    sealed = office.use(slips.codes[:5])
    void_tickets(
        office.ballots, office.survey_id,
        codes=slips.codes[5:8], secrets_folder=office.folder,
    )  # fmt: skip
    challenge_ticket(
        office.ballots, office.survey_id, code=slips.codes[4], nonce="nonce",
        tracker=printed_tracker(tracker_of(sealed[4])), secrets_folder=office.folder,
    )  # fmt: skip

    closed = office.close(slips)[slips.batch_id]

    assert closed == Reconciliation(
        eligible=8, issued=10, signed=8, used=4, voided=3, challenged=1, because=None
    )
    assert closed.outstanding == 2
    assert office.trackers() == {tracker_of(envelope) for envelope in sealed}
    assert (office.state(), office.box().state) == (CLOSED, "closed")
    assert reconciliations(office.ballots, office.survey_id)[slips.batch_id] == closed


def test_what_is_fixed_is_signed_in_the_same_step(
    office: Office, slips: IssuedSlips
) -> None:
    office.use(slips.codes[:5])
    office.close(slips)

    posted = closing_in(office.box())
    assert is_closing_of(posted, office.manifest())
    assert not is_closing_of(
        replace(posted, closing=replace(posted.closing, root_in="00" * 32)),
        office.manifest(),
    )
    counts = {batch.batch_id: batch for batch in posted.closing.batches}
    assert counts.keys() == set(office.posted())
    assert (counts[slips.batch_id].used, counts[slips.batch_id].signed) == (5, 8)
    assert posted.closing.root_in == merkle_root(office.trackers()).hex()


def test_without_the_servers_key_nothing_is_closed(
    office: Office, slips: IssuedSlips
) -> None:
    destroy_secrets(office.folder, office.survey_id)

    with pytest.raises(SecretsMissing):
        office.close(slips)
    make_secrets(office.folder, office.survey_id)
    with pytest.raises(SecretsMissing):
        office.close(slips)

    assert (office.state(), office.box().state) == (OPEN, "open")
    assert office.batch(slips.batch_id).used is None


def test_an_empty_box_closes_too(office: Office, slips: IssuedSlips) -> None:
    closed = office.close(slips, signed=0)

    assert {(one.used, one.outstanding, one.because) for one in closed.values()} == {
        (0, 10, None)
    }
    assert office.trackers() == set()


def test_trackers_are_inserted_in_their_own_order(
    office: Office, slips: IssuedSlips
) -> None:
    office.use(slips.codes[:8])
    sent: list[Any] = []
    event.listen(
        office.ballots, "before_cursor_execute",
        lambda *told: sent.extend(told[3]) if "INTO tracker" in told[2] else None,
    )  # fmt: skip

    office.close(slips)

    rows = [row["tracker"] if isinstance(row, dict) else row[1] for row in sent]
    inserted = [bytes(getattr(row, "obj", row)) for row in rows]
    assert inserted == sorted(inserted)
    assert set(inserted) == office.trackers()


def test_every_posted_batch_needs_its_signatures(
    office: Office, slips: IssuedSlips
) -> None:
    every = dict.fromkeys(office.posted(), 8)
    for signed in ({slips.batch_id: 8}, every | {"unknown": 8}, {}):
        with pytest.raises(NotFound):
            office.close_with(signed)

    assert (office.state(), office.box().state) == (OPEN, "open")


def test_what_is_not_open_is_not_closed(office: Office) -> None:
    with pytest.raises(SurveyNotYetOpen):
        office.close_with({})
    slips = office.opened(staff=8)["staff"]
    office.close(slips)
    with pytest.raises(SurveyClosed):
        office.close(slips)


def test_an_open_survey_is_not_closed_as_a_ballot(
    db: Session, ballots: Engine, tmp_path: Path
) -> None:
    survey_id = draft(db).survey_id

    with pytest.raises(WrongMode):
        close_ballot(db, ballots, survey_id, signed={}, secrets_folder=tmp_path)


def test_an_unfinished_opening_is_finished_before_it_is_closed(
    office: Office,
) -> None:
    office.issued(unit=1, staff=8)
    office.issued(staff=8)
    with power_cut(office.ballots, "UPDATE ballot_box"):
        office.open()

    with pytest.raises(BoxNotReady):
        office.close_with({})

    assert office.state() == OPEN


def test_a_closing_cut_off_between_both_databases_goes_on(
    office: Office, slips: IssuedSlips
) -> None:
    sealed = office.use(slips.codes[:5])
    with power_cut(office.db.get_bind(), "UPDATE survey"):
        office.close(slips)
    office.db.rollback()
    assert (office.state(), office.box().state) == (OPEN, "closed")
    signed = office.box().closing

    closed = office.close(slips, signed=4)

    assert (closed[slips.batch_id].signed, closed[slips.batch_id].because) == (8, None)
    assert office.box().closing == signed
    assert office.trackers() == {tracker_of(envelope) for envelope in sealed}
    assert office.state() == CLOSED


def test_a_closing_cut_off_before_the_box_was_closed_changed_nothing(
    office: Office, slips: IssuedSlips
) -> None:
    office.use(slips.codes[:5])
    with power_cut(office.ballots, "UPDATE ballot_box"):
        office.close(slips)

    assert (office.state(), office.box().state) == (OPEN, "open")
    assert office.batch(slips.batch_id).used is None
    assert office.trackers() == set()
    assert office.box().closing == ""
    assert office.close(slips)[slips.batch_id].used == 5


@pytest.fixture
def impatient(ballot_url: str) -> Iterator[Engine]:
    """Another process's engine, which gives up at once where it would have to wait."""
    engine = engine_of(ballot_url, journal=NO_LOG)
    hurry = {"sqlite": "PRAGMA busy_timeout=0", "postgresql": "SET lock_timeout='50ms'"}

    @event.listens_for(engine, "connect")
    def give_up(connection: Any, _: object) -> None:
        connection.cursor().execute(hurry[engine.dialect.name])
        connection.commit()

    yield engine
    engine.dispose()


def test_closing_waits_for_a_ballot_on_its_way(
    office: Office, slips: IssuedSlips, engine: Engine, impatient: Engine
) -> None:
    """Nothing is counted before the ballot is in; afterwards it is among the used."""
    tried: list[str] = []

    @event.listens_for(office.ballots, "before_cursor_execute")
    def close_meanwhile(*told: Any) -> None:
        if "UPDATE ticket" in told[2]:
            with counted(impatient) as sent, pytest.raises(DBAPIError):
                office.close(slips, ballots=impatient)
            tried.append(" ".join(sent))

    boxes = BallotBoxes(engine, office.ballots, office.folder)
    found = boxes.find(slips.codes[0], today=MAY_1)
    assert found is not None
    ballot = Ballot({office.subject_ids[0]: GOOD})
    receipt = boxes.cast(found, slips.codes[0], ballot, (), today=MAY_1)

    assert receipt is not None
    assert len(tried) == 1
    assert "FROM ticket" not in tried[0]
    assert office.close(slips, ballots=impatient)[slips.batch_id].used == 1
    assert office.trackers() == {receipt.tracker}


def test_no_ballot_comes_after_closing(
    office: Office, slips: IssuedSlips, engine: Engine
) -> None:
    boxes = BallotBoxes(engine, office.ballots, office.folder)
    found = boxes.find(slips.codes[0], today=MAY_1)
    assert found is not None
    office.close(slips)

    ballot = Ballot({office.subject_ids[0]: GOOD})
    assert boxes.cast(found, slips.codes[0], ballot, (), today=date(2026, 5, 2)) is None

    assert office.trackers() == set()
