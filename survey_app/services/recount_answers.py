"""Make the counters of an open survey anew from its answers."""

from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from survey_app.domain.refusals import SurveyClosed, SurveyNotYetOpen, WrongMode
from survey_app.models.count import ChoiceCount, TurnoutCount
from survey_app.models.response import Response
from survey_app.models.survey import CLOSED, DRAFT
from survey_app.services.draft import locked_survey
from survey_app.services.recount import counted_choices, picked_in_answers

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
