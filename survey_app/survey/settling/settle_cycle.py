"""Freeze who is rated, and settle a cycle: corrections only from then on."""

from datetime import date

from sqlalchemy import ColumnElement, delete, func, insert, literal, or_, select
from sqlalchemy.orm import Session, aliased

from survey_app.appraisal.adjustments import WAITING, GivenAdjustment
from survey_app.appraisal.cycle import Cycle, unsettled_cycle
from survey_app.appraisal.frozen_facts import FACTS, CycleSubject
from survey_app.appraisal.people import Subject
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.domain.ground.cycle_refusals import CycleNotReady
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.survey.rated import ROSTER, in_cycle, of_cycle, of_roster
from survey_app.survey.settling.frozen_names import SettledNames, settle_names
from survey_app.survey.tables import (
    CLOSED,
    DRAFT,
    VOID,
    RatedSubject,
    Survey,
    SurveySubject,
)


def foreseen_names(session: Session, survey_id: int) -> SettledNames:
    """Return how all whom opening the survey would freeze would be called in it."""
    asked = SurveySubject.subject_id
    facts = (ROSTER[name] for name in FACTS)
    is_frozen = literal(1) == 1
    told = asked.is_not(None), Subject.id, Subject.kind, is_frozen, *facts
    reached = of_roster(select(*told).select_from(Subject)).outerjoin(
        SurveySubject, (asked == Subject.id) & (SurveySubject.survey_id == survey_id)
    )
    return SettledNames.of(session.execute(reached.where(_reaches(survey_id))).all())


def freeze_facts(
    session: Session, survey: Survey, foreseen: SettledNames | None = None
) -> None:
    """Freeze the survey's subjects, and everybody whose score sheet it reaches.

    A cadre's sheet takes what is said about the unit's leading body, so with a leading
    body the cadres of its unit are frozen too, and the body with any of them. What each
    is called among them is settled with it. A fixed number of statements; does not
    commit.
    """
    session.flush()
    session.execute(delete(RatedSubject).where(RatedSubject.survey_id == survey.id))
    facts = (ROSTER[name] for name in FACTS)
    own = literal(survey.id), Subject.id, literal(_turn(session, survey.cycle_id))
    reached = of_roster(select(*own, *facts).select_from(Subject))
    columns = ["survey_id", "subject_id", "turn", *FACTS]
    written = insert(RatedSubject).from_select(
        columns, reached.where(_reaches(survey.id))
    )
    session.execute(written)
    settle_names(session, [survey.id], foreseen)
    mark_reached(session, survey)


def mark_reached(session: Session, survey: Survey, *, renames: bool = False) -> None:
    """Let the sheets that an opened survey reaches be worked out anew."""
    reached = select(RatedSubject.subject_id).where(RatedSubject.survey_id == survey.id)
    mark_stale(session, survey.cycle_id, reached, renames=renames)


def _turn(session: Session, cycle_id: int) -> int:
    """Return the number of this opening in its cycle."""
    before = (
        select(func.max(RatedSubject.turn))
        .join(Survey, Survey.id == RatedSubject.survey_id)
        .where(Survey.cycle_id == cycle_id)
    )
    return (session.scalar(before) or 0) + 1


def _reaches(survey_id: int) -> ColumnElement[bool]:
    """Return what holds of the subjects that the survey reaches.

    No subject is looked at once for every other one: a city stays linear.
    """
    rated, body = aliased(Subject), SubjectKind.LEADING_BODY
    asked = select(SurveySubject.subject_id).where(SurveySubject.survey_id == survey_id)
    units = select(rated.unit_id).where(rated.id.in_(asked))
    return or_(
        Subject.id.in_(asked),
        Subject.unit_id.in_(units.where(rated.kind == body)),
        (Subject.kind == body) & Subject.unit_id.in_(units),
    )


def freeze_cycle(
    session: Session, cycle_id: int, *, subject_id: int | None = None
) -> None:
    """Freeze everybody, or one subject, as the cycle's sheets know them by now.

    Whoever is frozen already stays; does not commit.
    """
    session.flush()
    own = literal(cycle_id), Subject.id
    known = of_cycle(select(*own, *(in_cycle(name) for name in FACTS)), cycle_id)
    new = known.where(CycleSubject.subject_id.is_(None))
    if subject_id is not None:
        new = new.where(Subject.id == subject_id)
    columns = ["cycle_id", "subject_id", *FACTS]
    session.execute(insert(CycleSubject).from_select(columns, new))


def settle_cycle(session: Session, cycle_id: int, *, account: str, today: date) -> None:
    """Freeze given values, and unit and post of everybody on the score sheets.

    Counts are final already: what a sheet is made of cannot change any more, and every
    sheet is worked out once more from it. Drafts of the cycle stay drafts for good.
    Raises NotFound, CycleSettled where it is settled already, or CycleNotReady while a
    survey of it is open or waits for its opening box, or a bonus or deduction waits for
    a second account: nobody could confirm it later.
    """
    cycle = unsettled_cycle(session, cycle_id)
    if surveys_open(session, cycle_id) or _adjustments_wait(session, cycle_id):
        session.rollback()
        raise CycleNotReady
    freeze_cycle(session, cycle_id)
    cycle.frozen = True
    cycle.settled_by, cycle.settled_on = account, today
    mark_stale(session, cycle_id, None)
    session.commit()


def _adjustments_wait(session: Session, cycle_id: int) -> bool:
    waiting = select(GivenAdjustment.id).where(
        GivenAdjustment.cycle_id == cycle_id, GivenAdjustment.state == WAITING
    )
    return session.scalar(waiting.limit(1)) is not None


def held_cycle(session: Session, cycle_id: int) -> Cycle:
    """Return the cycle as it is now; nobody else settles it before the commit.

    Raises NotFound.
    """
    cycle = session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None:
        session.rollback()
        raise NotFound
    return cycle


def surveys_open(session: Session, cycle_id: int) -> list[Survey]:
    """Return the surveys of the cycle whose counts are not final yet."""
    unfinished = Survey.state.not_in((DRAFT, CLOSED, VOID))
    still_open = select(Survey).where(Survey.cycle_id == cycle_id, unfinished)
    return list(session.scalars(still_open.order_by(Survey.id)))
