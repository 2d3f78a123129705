"""Write down who is rated when a survey opens or a cycle is settled."""

from sqlalchemy import (
    ColumnElement,
    Select,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from survey_app.domain.scheme import SubjectKind
from survey_app.models.frozen_facts import FACTS, CycleSubject, RatedSubject
from survey_app.models.rated import ROSTER, of_roster
from survey_app.models.subject import Subject
from survey_app.models.survey import Survey, SurveySubject


def freeze_facts(session: Session, survey: Survey) -> None:
    """Freeze the survey's subjects, and for its cycle whoever's sheet they reach.

    A cadre's sheet takes what is said about the unit's leading body, so with a leading
    body the cadres of its unit are frozen too, and the body with any of them. What the
    cycle has frozen before stays.
    A fixed number of statements; does not commit.
    """
    session.flush()
    session.execute(delete(RatedSubject).where(RatedSubject.survey_id == survey.id))
    ours = SurveySubject.survey_id == survey.id
    rated = (
        _facts(survey.id)
        .join(SurveySubject, SurveySubject.subject_id == Subject.id)
        .where(ours)
    )
    columns = ["survey_id", "subject_id", *FACTS]
    session.execute(insert(RatedSubject).from_select(columns, rated))
    other = aliased(Subject)
    body = SubjectKind.LEADING_BODY
    reaches = (
        select(SurveySubject.subject_id)
        .join(other, other.id == SurveySubject.subject_id)
        .where(ours, other.unit_id == Subject.unit_id)
        .where(or_(other.id == Subject.id, other.kind == body, Subject.kind == body))
    )
    _freeze_in_cycle(session, survey.cycle_id, exists(reaches))


def freeze_cycle(session: Session, cycle_id: int) -> None:
    """Freeze everybody the cycle has not frozen yet; does not commit."""
    session.flush()
    _freeze_in_cycle(session, cycle_id, true())


def _freeze_in_cycle(
    session: Session, cycle_id: int, whom: ColumnElement[bool]
) -> None:
    there = select(CycleSubject.subject_id).where(
        CycleSubject.cycle_id == cycle_id, CycleSubject.subject_id == Subject.id
    )
    new = _facts(cycle_id).where(~exists(there), whom)
    columns = ["cycle_id", "subject_id", *FACTS]
    session.execute(insert(CycleSubject).from_select(columns, new))


def _facts(belongs_to: int) -> Select[tuple[int, ...]]:
    """Return what the roster says of subjects, each under this survey or cycle."""
    facts = (ROSTER[name] for name in FACTS)
    own = literal(belongs_to), Subject.id
    return of_roster(select(*own, *facts).select_from(Subject))
