"""Counters → tallies: how often each choice was picked, summed over the slots."""

from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from survey_app.domain.tally import Tally
from survey_app.models.count import ChoiceCount
from survey_app.models.survey import Survey

Key = TypeVar("Key")

_PLACE = (ChoiceCount.rater_group, ChoiceCount.question_key, ChoiceCount.choice_key)
_PICKED = func.sum(ChoiceCount.count)
"""PostgreSQL sums integers into a numeric; `_nested` makes it a whole number again."""

_BY_SURVEY = select(
    ChoiceCount.survey_id, ChoiceCount.subject_id, *_PLACE, _PICKED
).group_by(ChoiceCount.survey_id, ChoiceCount.subject_id, *_PLACE)

_BY_COMPONENT = (
    select(Survey.component_key, ChoiceCount.subject_id, *_PLACE, _PICKED)
    .join(Survey, Survey.id == ChoiceCount.survey_id)
    .group_by(Survey.component_key, ChoiceCount.subject_id, *_PLACE)
)


def tally_of(session: Session, *, survey_id: int, subject_id: int) -> Tally:
    """Return the tally of one subject in one survey; empty when nobody answered."""
    ours = ChoiceCount.survey_id == survey_id, ChoiceCount.subject_id == subject_id
    counted = _nested(session.execute(_BY_SURVEY.where(*ours)))
    return counted.get((survey_id, subject_id), {})


def tallies_of(
    session: Session, survey_id: int, *, subject_id: int | None = None
) -> dict[int, Tally]:
    """Return subject → tally of one survey, or of one subject of it, in one statement.

    A subject about whom nobody answered is absent.
    """
    if subject_id is not None:
        tally = tally_of(session, survey_id=survey_id, subject_id=subject_id)
        return {subject_id: tally}
    counted = tallies_of_surveys(session, [survey_id])
    return {subject: tally for (_, subject), tally in counted.items()}


def tallies_of_surveys(
    session: Session, survey_ids: Iterable[int]
) -> dict[tuple[int, int], Tally]:
    """Return (survey, subject) → tally of several surveys, in one statement."""
    ours = ChoiceCount.survey_id.in_(survey_ids)
    return _nested(session.execute(_BY_SURVEY.where(ours)))


def tallies_by_component(
    session: Session,
    survey_ids: Iterable[int],
    *,
    subject_ids: Iterable[int] | None = None,
) -> dict[tuple[str, int], Tally]:
    """Return (component, subject) → tally, several surveys of a component added up.

    One statement; about all subjects, or only about some.
    """
    ours = _BY_COMPONENT.where(ChoiceCount.survey_id.in_(survey_ids))
    if subject_ids is not None:
        ours = ours.where(ChoiceCount.subject_id.in_(subject_ids))
    return _nested(session.execute(ours))


def _nested(
    counted: Iterable[Row[Key, int, str, str, str, int]],
) -> dict[tuple[Key, int], Tally]:
    """Return (survey or component, subject) → group → question → choice → count."""
    found: dict[tuple[Key, int], dict[str, dict[str, dict[str, int]]]] = {}
    for key, subject, group, question, choice, count in counted:
        groups = found.setdefault((key, subject), {})
        groups.setdefault(group, {}).setdefault(question, {})[choice] = int(count)
    return dict(found)
