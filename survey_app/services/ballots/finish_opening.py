"""Finish an opening from wherever it stopped: count, scrub, destroy."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.refusals import AnotherManagerNeeded, BoxNotReady
from survey_app.models.ballots.box import COUNTED, DONE, SCRUBBED, VOID, BallotBox
from survey_app.sealing.secrets_folder import destroy_secrets
from survey_app.services.ballots.count_opened import count_opened, count_void
from survey_app.services.ballots.kept_box import kept_box, locked_box
from survey_app.services.ballots.scrub_box import overwrite_free_space, scrub_box
from survey_app.services.second_person import given_so_far, refuse_one_person


@dataclass(frozen=True, slots=True)
class Finished:
    """How an opening ended."""

    not_rewritten: tuple[str, ...] = ()
    """Tables of the ballot database whose free space may still hold deleted rows; an
    owner of the database has to vacuum them in full."""


def finish_opening(
    session: Session, ballots: Engine, survey_id: int, *, secrets_folder: Path
) -> Finished:
    """Count the opened box, scrub it and destroy its secrets; then it is done.

    Each step is one transaction in one database and can be repeated: whatever state a
    power cut leaves, calling this again ends in the same. What must be safe comes
    first, what destroys comes last. Raises BoxNotReady before the box is counted,
    NotFound or WrongMode.
    """
    not_rewritten: tuple[str, ...] = ()
    if _state(ballots, survey_id) == COUNTED:
        count_opened(session, ballots, survey_id)
        scrub_box(ballots, survey_id)
    if _state(ballots, survey_id) == SCRUBBED:
        not_rewritten = overwrite_free_space(ballots)
        destroy_secrets(secrets_folder, survey_id)
        _done(ballots, survey_id)
    return Finished(not_rewritten)


def finish_void(
    session: Session,
    ballots: Engine,
    survey_id: int,
    *,
    account: str,
    secrets_folder: Path,
) -> Finished:
    """Delete the envelopes of a void box and destroy its secrets.

    Nobody does this by the way: until it is ordered the envelopes stay, sealed, for
    whoever looks into what happened. It can be repeated like `finish_opening`. Raises
    BoxNotReady for a box that is not void, AnotherManagerNeeded where `account` is the
    one that voided it, what `refuse_one_person` raises where it could be the same
    person, NotFound or WrongMode.
    """
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
        if box is None or not box.is_void:
            raise BoxNotReady
        state, voided_by = box.state, box.voided_by
        closed = bool(box.closing)
    if account == voided_by:
        raise AnotherManagerNeeded
    if voided_by:  # a box of before there was a name has none
        # A voiding cannot be asked for anew, so confirmations of today count.
        now = given_so_far(session)
        refuse_one_person(session, first=voided_by, second=account, since=now)
        session.rollback()
    if state == VOID:
        if (
            closed
        ):  # where it never closed, the survey itself is void and counts nowhere
            count_void(session, ballots, survey_id)
        scrub_box(ballots, survey_id)
    return finish_opening(session, ballots, survey_id, secrets_folder=secrets_folder)


def _state(ballots: Engine, survey_id: int) -> str:
    """Return how far the box is; raises BoxNotReady before it was counted."""
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey_id)
    if box is None or box.state not in (COUNTED, SCRUBBED, DONE):
        raise BoxNotReady
    return box.state


def _done(ballots: Engine, survey_id: int) -> None:
    with kept_box(ballots) as boxes:
        locked_box(boxes, survey_id).state = DONE
