"""Count the answers themselves again, and compare the counters with them.

The counters rise in the same transaction as the answers they count. Where they say
something else, a disk, a program or a person changed one of the two afterwards, and
nobody can know which of them without looking.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, TableValuedAlias, cast, delete, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.domain.ground.refusals import (
    CountersDiffer,
    SurveyClosed,
    SurveyNotYetOpen,
    WrongMode,
)
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.draft import locked_survey
from survey_app.survey.responses import Response
from survey_app.survey.tables import CLOSED, DRAFT, Channel, Survey

Counts = Mapping[tuple[Any, ...], int]


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
        return counted_choices(session, survey_id) == picked_in_answers(
            session, survey_id
        )
    except DBAPIError:
        session.rollback()
        return False


def is_turnout_counted(session: Session, survey_id: int) -> bool:
    """Return whether every channel's turnout is the number of its answers."""
    columns = ("channel_id", "subject_id", "answered_on")
    told = _sums(session, TurnoutCount, survey_id, columns)
    place = [getattr(Response, name) for name in columns]
    came = (
        select(*place, func.count())
        .where(Response.survey_id == survey_id)
        .group_by(*place)
    )
    return told == _counts(session, came)


def picked_in_answers(session: Session, survey_id: int) -> Counts:
    """Return (subject, rater group, question, choice) → how many answers say so."""
    picks = _picks(session)
    place = (Response.subject_id, Channel.rater_group, picks.c.key, picks.c.value)
    counted = (
        select(*place, func.count())
        .select_from(Response, picks)
        .where(Response.survey_id == survey_id, Channel.id == Response.channel_id)
        .group_by(*place)
    )
    return _counts(session, counted)


def _picks(session: Session) -> TableValuedAlias:
    """Return the table of key and value that an answer's text is read as."""
    if session.get_bind().dialect.name == "postgresql":
        text: Any = func.jsonb_each_text(cast(Response.answers, JSONB))
    else:
        text = func.json_each(Response.answers)
    picks: TableValuedAlias = text.table_valued("key", "value", joins_implicitly=True)
    return picks


def counted_choices(session: Session, survey_id: int) -> Counts:
    """Return (subject, rater group, question, choice) → what the counters say."""
    columns = ("subject_id", "rater_group", "question_key", "choice_key")
    return _sums(session, ChoiceCount, survey_id, columns)


def _sums(
    session: Session,
    table: type[ChoiceCount] | type[TurnoutCount],
    survey_id: int,
    columns: tuple[str, ...],
) -> Counts:
    """Return the counters of a survey, slots added up, without those that are zero."""
    place: list[InstrumentedAttribute[Any]] = [getattr(table, c) for c in columns]
    summed = (
        select(*place, func.sum(table.count))
        .where(table.survey_id == survey_id)
        .group_by(*place)
    )
    return _counts(session, summed)


def _counts(session: Session, counted: Select[Any]) -> Counts:
    return {
        tuple(place): int(count) for *place, count in session.execute(counted) if count
    }


SLOT = 0
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
    before, now = (
        counted_choices(session, survey_id),
        picked_in_answers(session, survey_id),
    )
    _replace(session, survey_id, ChoiceCount, _choice_rows(survey_id, now))
    _replace(session, survey_id, TurnoutCount, _turnout_rows(session, survey_id))
    return [
        (*place, before.get(place, 0), now.get(place, 0))
        for place in sorted({*before, *now})
        if before.get(place, 0) != now.get(place, 0)
    ]


def _choice_rows(survey_id: int, now: Any) -> list[dict[str, Any]]:
    names = ("subject_id", "rater_group", "question_key", "choice_key")
    return [
        {"slot": SLOT, "survey_id": survey_id, "count": count}
        | dict(zip(names, place, strict=True))
        for place, count in now.items()
    ]


def _turnout_rows(session: Session, survey_id: int) -> list[dict[str, Any]]:
    place = (Response.channel_id, Response.subject_id, Response.answered_on)
    came = (
        select(*place, func.count().label("count"))
        .where(Response.survey_id == survey_id)
        .group_by(*place)
    )
    ours = {"slot": SLOT, "survey_id": survey_id}
    return [ours | row._asdict() for row in session.execute(came)]


def _replace(
    session: Session,
    survey_id: int,
    table: type[ChoiceCount] | type[TurnoutCount],
    rows: list[dict[str, Any]],
) -> None:
    session.execute(delete(table).where(table.survey_id == survey_id))
    if rows:
        session.execute(insert(table), rows)
