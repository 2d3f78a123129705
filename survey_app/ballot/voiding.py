"""Void a survey that is out: one person asks and says why, another one grants it.

Voiding destroys nothing. The answers stay where they are, unread and uncounted, so that
whoever looks into it later can see what two officials set aside. A survey that is void
feeds no score, no alert and no paper, and whoever holds a receipt of it is told.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.ballot import tables as box_state
from survey_app.ballot.held_box import kept_box, locked_box
from survey_app.ballot.tables import BallotBox
from survey_app.database import forget_order
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.refusals import (
    BoxNotReady,
    NoBallotDatabase,
    NotFound,
    SurveyNotYetOpen,
    SurveyVoid,
    VoidingAsked,
)
from survey_app.survey.draft import locked_survey
from survey_app.survey.paper_stacks import end_open_stacks
from survey_app.survey.phone_calls import forget_calls
from survey_app.survey.settling.settle_cycle import mark_reached
from survey_app.survey.survey_acts import (
    ASKED,
    DONE,
    VOIDING,
    WITHDRAWN,
    SurveyAct,
)
from survey_app.survey.tables import CLOSED, DRAFT, REHEARSAL, VOID, Survey

Also = Callable[[Session, SurveyAct], None]
"""What follows from a voiding; it does not commit."""


def ask_voiding(
    session: Session,
    survey_id: int,
    *,
    reason: str,
    account: str,
    today: date,
    ballots: Engine | None = None,
) -> None:
    """Keep that `account` asks for the voiding of this survey, and why.

    Raises VoidingAsked where somebody asked already, SurveyVoid where it was granted,
    SurveyNotYetOpen for a draft or a rehearsal, which can be deleted, BoxNotReady for a
    secret ballot whose opening is unfinished or whose box has closed, CycleSettled,
    NoBallotDatabase, or NotFound.
    """
    survey = locked_survey(session, survey_id)
    try:
        require_voidable(survey, ballots)
        if asked_voiding(session, survey_id) is not None:
            raise VoidingAsked
    except Exception:
        session.rollback()
        raise
    session.add(
        SurveyAct(
            survey_id=survey_id,
            kind=VOIDING,
            state=ASKED,
            reason=reason,
            asked_by=account,
            asked_on=today,
            given_before=given_so_far(session),
            before=survey.state,
            after=VOID,
        )
    )
    session.commit()


def grant_voiding(
    session: Session,
    survey_id: int,
    *,
    account: str,
    today: date,
    ballots: Engine | None = None,
    also: Also | None = None,
) -> None:
    """Void the survey that another account asked for.

    From then on no answer is taken and nothing of it is counted. `also` does, in the
    same transaction, what follows from it above this wing. Of a secret ballot the
    box is void first, then the survey; where it stopped between the two, calling it
    again goes on. Raises NotFound where nobody asked, what `refuse_one_person` raises,
    and what `ask_voiding` does.
    """
    survey = locked_survey(session, survey_id)
    act = asked_voiding(session, survey_id)
    try:
        if act is None:
            raise NotFound
        refuse_one_person(
            session, first=act.asked_by, second=account, since=act.given_before
        )
        require_voidable(survey, ballots)
        if survey.is_secret and ballots is not None:
            _void_box(ballots, act)
    except Exception:
        session.rollback()
        raise
    act.before, act.state = survey.state, DONE
    act.granted_by, act.granted_on = account, today
    survey.state = VOID
    mark_reached(session, survey, renames=True)
    if also is not None:
        also(session, act)
    session.commit()
    _forget_what_waits(session, survey_id)


def _forget_what_waits(session: Session, survey_id: int) -> None:
    """Forget what was typed and not counted, and what a log may still hold."""
    end_open_stacks(session, survey_id)
    forget_calls(session, survey_id)
    forget_order(session)


def withdraw_voiding(session: Session, survey_id: int) -> None:
    """Take back what was asked for and not granted; nothing asked is nothing to do."""
    locked_survey(session, survey_id)
    act = asked_voiding(session, survey_id)
    if act is not None:
        act.state = WITHDRAWN
    session.commit()


def asked_voiding(session: Session, survey_id: int) -> SurveyAct | None:
    """Return the voiding of this survey that waits for a second account, or None."""
    wanted = select(SurveyAct).where(
        SurveyAct.survey_id == survey_id,
        SurveyAct.kind == VOIDING,
        SurveyAct.state == ASKED,
    )
    return session.scalar(wanted)


def require_voidable(survey: Survey, ballots: Engine | None) -> None:
    """Return where this survey can be voided; else raise what `ask_voiding` does."""
    if survey.state == VOID:
        raise SurveyVoid
    if survey.state in (DRAFT, REHEARSAL):
        raise SurveyNotYetOpen
    if survey.cycle.is_settled:
        raise CycleSettled
    if not survey.is_secret:
        return
    if ballots is None:
        raise NoBallotDatabase
    if survey.state == CLOSED:
        raise BoxNotReady
    with Session(ballots) as boxes:
        box = boxes.get(BallotBox, survey.id)
    if box is None or box.state not in (box_state.OPEN, box_state.VOID):
        raise BoxNotReady


def _void_box(ballots: Engine, act: SurveyAct) -> None:
    """Let the box take no ballot any more; its envelopes stay sealed in it."""
    with kept_box(ballots) as boxes:
        box = locked_box(boxes, act.survey_id)
        if box.state == box_state.OPEN:
            box.state, box.voided_by = box_state.VOID, act.asked_by
        elif box.state != box_state.VOID:
            raise BoxNotReady
