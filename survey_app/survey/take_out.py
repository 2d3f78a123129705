"""Take a subject out of a survey that is out: nobody is asked about it any more.

What was answered about it stays where it is, uncounted. Its name, the reason and both
accounts stay beside the survey. The questions of a survey that is out never change.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Subject
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.mistake_refusals import LastSubject
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.survey.act_by_two import ask_for_act, granted_act, withdraw_act
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.rated import rated_some
from survey_app.survey.settling.settle_cycle import mark_reached
from survey_app.survey.survey_acts import DONE, SUBJECT_OUT, SurveyAct
from survey_app.survey.tables import VOID, Survey, SurveySubject

Ready = Callable[[Survey], None]
"""Raises why nobody can be taken out of this survey now."""


def require_running(survey: Survey) -> None:
    """Return where an open survey runs; a ballot's box has to be asked besides.

    Raises WrongMode, CycleSettled, or what `require_open` raises.
    """
    if survey.is_secret:
        raise WrongMode
    require_open(survey)
    if survey.cycle.is_settled:
        raise CycleSettled


def require_others(session: Session, survey: Survey, subject_id: int) -> None:
    """Return where the survey is about this subject and about others besides.

    A ballot must be about others of the same unit, whose slips are out. Raises
    NotFound, or LastSubject: then the survey, or the unit's batches, are voided.
    """
    if session.get(SurveySubject, (survey.id, subject_id)) is None:
        raise NotFound
    others = (
        select(func.count())
        .select_from(SurveySubject)
        .join(Subject, Subject.id == SurveySubject.subject_id)
        .where(SurveySubject.survey_id == survey.id, Subject.id != subject_id)
    )
    if survey.is_secret:
        unit = select(Subject.unit_id).where(Subject.id == subject_id)
        others = others.where(Subject.unit_id == unit.scalar_subquery())
    if not session.scalar(others):
        raise LastSubject


def ask_to_take_out(  # noqa: PLR0913 -- who, whom, why, when, and where it may be
    session: Session,
    survey_id: int,
    *,
    subject_id: int,
    reason: str,
    account: str,
    today: date,
    ready: Ready = require_running,
) -> None:
    """Keep that `account` asks to take this subject out, and why.

    Raises VoidingAsked where somebody asked already, what `ready` and `require_others`
    raise, or NotFound.
    """
    survey = locked_survey(session, survey_id)
    try:
        ready(survey)
        require_others(session, survey, subject_id)
        (one,) = rated_some(session, survey_id, [subject_id])
        ask_for_act(
            session,
            SurveyAct(
                survey_id=survey_id, kind=SUBJECT_OUT, subject_id=subject_id,
                reason=reason, asked_by=account, asked_on=today,
                before=one.name, after="",
            ),
        )  # fmt: skip
    except Exception:
        session.rollback()
        raise
    session.commit()


def grant_taking_out(
    session: Session,
    survey_id: int,
    *,
    subject_id: int,
    account: str,
    today: date,
    ready: Ready = require_running,
) -> None:
    """Take out the subject that another account asked to be taken out.

    From then on no page asks about it, and nothing said about it is counted. Raises
    NotFound where nobody asked, what `refuse_one_person` raises, and what
    `ask_to_take_out` does.
    """
    survey = locked_survey(session, survey_id)
    try:
        ready(survey)
        require_others(session, survey, subject_id)
        granted_act(
            session, survey_id, SUBJECT_OUT,
            subject_id=subject_id, account=account, today=today,
        )  # fmt: skip
    except Exception:
        session.rollback()
        raise
    gone = SurveySubject.subject_id == subject_id
    session.execute(
        delete(SurveySubject).where(SurveySubject.survey_id == survey_id, gone)
    )
    survey.changes += 1
    mark_reached(session, survey, renames=True)
    session.commit()


def withdraw_taking_out(session: Session, survey_id: int, *, subject_id: int) -> None:
    """Take back what was asked for and not granted."""
    locked_survey(session, survey_id)
    withdraw_act(session, survey_id, SUBJECT_OUT, subject_id=subject_id)


def taken_out(session: Session, survey_id: int) -> frozenset[int]:
    """Return the subjects the survey was about when it opened and is no more."""
    gone = select(SurveyAct.subject_id).where(
        SurveyAct.survey_id == survey_id,
        SurveyAct.kind == SUBJECT_OUT,
        SurveyAct.state == DONE,
    )
    return frozenset(one for one in session.scalars(gone) if one is not None)


def taken_out_by_survey(
    session: Session, survey_ids: Iterable[int]
) -> dict[int, frozenset[int]]:
    """Return the same of several surveys, in one statement."""
    found: dict[int, frozenset[int]] = {one: frozenset() for one in survey_ids}
    for one in taken_out_of(session, found):
        found[one.survey_id] |= {one.subject_id}
    return found


@dataclass(frozen=True, slots=True)
class TakenOut:
    """Somebody who was taken out of a survey while it ran."""

    survey_id: int
    survey: str
    subject_id: int
    name: str
    """As the survey knew it."""
    reason: str
    day: date


def taken_out_of(session: Session, survey_ids: Iterable[int]) -> tuple[TakenOut, ...]:
    """Return whom two accounts took out of these surveys, in the order of the acts."""
    return _told(session, Survey.id.in_(list(survey_ids)))


def taken_out_in(session: Session, cycle_id: int) -> tuple[TakenOut, ...]:
    """Return the same of all surveys of a cycle that are not void."""
    return _told(session, Survey.cycle_id == cycle_id, Survey.state != VOID)


def _told(session: Session, *which: ColumnElement[bool]) -> tuple[TakenOut, ...]:
    acts = (
        select(SurveyAct, Survey.title)
        .join(Survey, Survey.id == SurveyAct.survey_id)
        .where(SurveyAct.kind == SUBJECT_OUT, SurveyAct.state == DONE, *which)
        .order_by(SurveyAct.id)
    )
    return tuple(
        TakenOut(
            act.survey_id, title, act.subject_id or 0, act.before, act.reason,
            act.granted_on or act.asked_on,
        )
        for act, title in session.execute(acts)
    )  # fmt: skip
