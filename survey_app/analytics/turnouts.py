"""How many answered: numbers only, never what they said.

Turnout may be watched while a survey is open. It is summed by the database from
counters that rose together with the answers; how many there are depends on codes and
days, not on how many answered.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.analytics.paging import Fact, Statement
from survey_app.survey.counters import TurnoutCount
from survey_app.survey.rated import subjects_of
from survey_app.survey.slots import slots_of
from survey_app.survey.tables import Channel, Survey, SurveySubject

SUM = func.sum(TurnoutCount.count)


@dataclass(frozen=True, slots=True)
class DayTurnout:
    """How many answered on one day, and until its end."""

    day: date
    answers: int
    so_far: int


def turnout_by_group(session: Session, survey: Survey) -> Counter[str]:
    """Return rater group → answers, in one statement; a group nobody answered has 0."""
    through = (
        select(TurnoutCount.channel_id, SUM.label("answers"))
        .where(*counters_of(session, survey))
        .group_by(TurnoutCount.channel_id)
        .subquery()
    )
    counted = (
        select(Channel.rater_group, func.sum(through.c.answers))
        .join(through, through.c.channel_id == Channel.id)
        .group_by(Channel.rater_group)
    )
    return Counter({group: int(n) for group, n in session.execute(counted)})


def turnout_of_subjects(
    session: Session, survey: Survey, subject_ids: Collection[int]
) -> Counter[tuple[int, str]]:
    """Return (subject, rater group) → answers about some subjects, in one statement."""
    counted = (
        select(TurnoutCount.subject_id, Channel.rater_group, SUM)
        .join(Channel, Channel.id == TurnoutCount.channel_id)
        .where(*counters_of(session, survey), TurnoutCount.subject_id.in_(subject_ids))
        .group_by(TurnoutCount.subject_id, Channel.rater_group)
    )
    rows = session.execute(counted)
    return Counter({(subject, group): int(n) for subject, group, n in rows})


def turnout_by_day(session: Session, survey: Survey) -> tuple[DayTurnout, ...]:
    """Return how many answered on each day that has answers, in one statement.

    For a survey that takes answers, and for whoever sees all of it: of what is over no
    day is told, for a day's answers may be few.
    """
    counted = (
        select(TurnoutCount.answered_on, SUM)
        .where(*counters_of(session, survey))
        .group_by(TurnoutCount.answered_on)
        .order_by(TurnoutCount.answered_on)
    )
    days, so_far = list[DayTurnout](), 0
    for day, answers in session.execute(counted):
        so_far += int(answers)
        days.append(DayTurnout(day, int(answers), so_far))
    return tuple(days)


def turnout_of_channels(
    session: Session, survey: Survey, channel_ids: Collection[int]
) -> Counter[int]:
    """Return channel → answers of some channels, in one statement."""
    counted = (
        select(TurnoutCount.channel_id, SUM)
        .where(*counters_of(session, survey), TurnoutCount.channel_id.in_(channel_ids))
        .group_by(TurnoutCount.channel_id)
    )
    return Counter({channel: int(n) for channel, n in session.execute(counted)})


def ordered_by_turnout(session: Session, survey: Survey) -> tuple[Statement, Fact]:
    """Return the list of a survey's subjects, and by which column answers order it."""
    about = (
        select(TurnoutCount.subject_id, SUM.label("answers"))
        .where(*counters_of(session, survey))
        .group_by(TurnoutCount.subject_id)
        .subquery()
    )
    chosen = subjects_of(survey.id).outerjoin(
        about, about.c.subject_id == SurveySubject.subject_id
    )
    return chosen, func.coalesce(about.c.answers, 0)


def answers_of(session: Session, surveys: Iterable[Survey]) -> Counter[int]:
    """Return survey → answers of some surveys, in one statement; none for no survey."""
    wanted = [and_(*counters_of(session, survey)) for survey in surveys]
    if not wanted:
        return Counter()
    counted = select(TurnoutCount.survey_id, SUM).where(or_(*wanted))
    rows = session.execute(counted.group_by(TurnoutCount.survey_id))
    return Counter({survey: int(n) for survey, n in rows})


def counters_of(session: Session, survey: Survey) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of one survey's counters; the slot leads to them.

    Of a survey that lost somebody on its way only those it still asks about count.
    """
    ours = (
        TurnoutCount.slot.in_(slots_of(session, survey.slots)),
        TurnoutCount.survey_id == survey.id,
    )
    return (*ours, still_asked(survey)) if survey.changes else ours


def still_asked(survey: Survey) -> ColumnElement[bool]:
    """Return whether a counter is about somebody the survey asks about."""
    asked = select(SurveySubject.subject_id).where(SurveySubject.survey_id == survey.id)
    return TurnoutCount.subject_id.in_(asked)
