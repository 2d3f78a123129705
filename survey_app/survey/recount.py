"""Count the answers themselves again, and compare the counters with them.

The counters rise in the same transaction as the answers they count. Where they say
something else, a disk, a program or a person changed one of the two afterwards, and
nobody can know which of them without looking.
"""

from datetime import date
from typing import Any

from sqlalchemy import Select, TableValuedAlias, cast, delete, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.domain.counting.tally import Place
from survey_app.domain.ground.refusals import (
    CountersDiffer,
    SurveyClosed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.survey.counters import SLOT, TurnoutCount, choice_counts, replace_counts
from survey_app.survey.draft import locked_survey
from survey_app.survey.responses import Response
from survey_app.survey.tables import CLOSED, DRAFT, Channel, Survey

Came = dict[tuple[int, int, date], int]
"""Channel, subject, day → how many answered."""


def require_counted(session: Session, survey: Survey) -> None:
    """Return where an open survey's counters say what its answers say.

    Reads every answer once and locks nothing. Raises CountersDiffer.
    """
    if not (is_counted(session, survey.id) and is_turnout_counted(session, survey.id)):
        raise CountersDiffer(survey.id)


def is_counted(session: Session, survey_id: int) -> bool:
    """Return whether every choice is counted as often as it was picked.

    An answer that cannot be read any more was changed, too.
    """
    try:
        counts = choice_counts(session, [survey_id]).get(survey_id, {})
        return counts == picked_in_answers(session, survey_id)
    except DBAPIError:
        session.rollback()
        return False


def is_turnout_counted(session: Session, survey_id: int) -> bool:
    """Return whether every channel's turnout is the number of its answers."""
    place = (TurnoutCount.channel_id, TurnoutCount.subject_id, TurnoutCount.answered_on)
    told = (
        select(*place, func.sum(TurnoutCount.count))
        .where(TurnoutCount.survey_id == survey_id)
        .group_by(*place)
    )
    return _counts(session, told) == came_in_answers(session, survey_id)


def came_in_answers(session: Session, survey_id: int) -> Came:
    """Return (channel, subject, day) → how many answers there are."""
    place = (Response.channel_id, Response.subject_id, Response.answered_on)
    came = (
        select(*place, func.count())
        .where(Response.survey_id == survey_id)
        .group_by(*place)
    )
    return _counts(session, came)


def picked_in_answers(session: Session, survey_id: int) -> dict[Place, int]:
    """Return (subject, rater group, question, choice) → how many answers say so."""
    picks = _picks(session)
    place = (Response.subject_id, Channel.rater_group, picks.c.key, picks.c.value)
    counted = (
        select(*place, func.count())
        .select_from(Response, picks)
        .where(Response.survey_id == survey_id, Channel.id == Response.channel_id)
        .group_by(*place)
    )
    return {
        (subject, group, question, choice): count
        for subject, group, question, choice, count in session.execute(counted)
    }


def _picks(session: Session) -> TableValuedAlias:
    """Return the table of key and value that an answer's text is read as."""
    if session.get_bind().dialect.name == "postgresql":
        text: Any = func.jsonb_each_text(cast(Response.answers, JSONB))
    else:
        text = func.json_each(Response.answers)
    picks: TableValuedAlias = text.table_valued("key", "value", joins_implicitly=True)
    return picks


def _counts(session: Session, counted: Select[int, int, date, int]) -> Came:
    """Return place → count, as whole numbers and without those that are zero."""
    return {
        (channel, subject, day): int(count)
        for channel, subject, day, count in session.execute(counted)
        if count
    }


Change = tuple[Any, ...]
"""Where a counter stands, what it said before, what it says now."""


def recount_answers(session: Session, survey_id: int) -> list[Change]:
    """Return which counters of choices changed; does not commit.

    Answers wait meanwhile. Raises NotFound, WrongMode for a secret ballot, whose tally
    is made from its fragments, SurveyNotYetOpen for a draft, and SurveyClosed: what was
    settled is not counted anew behind a page that was read.
    """
    survey = locked_survey(session, survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state in (DRAFT, CLOSED):
        raise SurveyClosed if survey.state == CLOSED else SurveyNotYetOpen
    before = choice_counts(session, [survey_id]).get(survey_id, {})
    now = picked_in_answers(session, survey_id)
    replace_counts(session, survey_id, now)
    _replace_turnout(session, survey_id)
    return [
        (*place, before.get(place, 0), now.get(place, 0))
        for place in sorted({*before, *now})
        if before.get(place, 0) != now.get(place, 0)
    ]


def _replace_turnout(session: Session, survey_id: int) -> None:
    """Put the number of its answers in the place of every channel's turnout."""
    names = ("channel_id", "subject_id", "answered_on")
    ours = {"slot": SLOT, "survey_id": survey_id}
    rows = [
        {**ours, **dict(zip(names, place, strict=True)), "count": count}
        for place, count in came_in_answers(session, survey_id).items()
    ]
    session.execute(delete(TurnoutCount).where(TurnoutCount.survey_id == survey_id))
    if rows:
        session.execute(insert(TurnoutCount), rows)
