"""Evaluate a survey's publication plan, once, when its counts are final."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.scoring.merged_groups import with_merged_groups
from survey_app.models.count import ChoiceCount
from survey_app.models.publication import PublicationPlan
from survey_app.models.response import Comment
from survey_app.models.subject import Subject
from survey_app.models.survey import Survey
from survey_app.services.posts_scored import posts_scored

Merged = Mapping[int, Mapping[str, str]]
"""Unit → rater group → the group its ballots were counted in."""

NOTHING_MERGED: Merged = MappingProxyType({})

GroupCounts = dict[str, dict[str, dict[str, int]]]


def evaluate_plan(
    session: Session, survey: Survey, *, merged: Merged = NOTHING_MERGED
) -> None:
    """Store what became of every cell of the survey's plan; does not commit.

    The counts must be final. A plan is evaluated once: a second call changes nothing.
    Raises ValueError for a survey whose plan was never frozen.
    """
    session.flush()
    keep_evaluation(session, survey.id, evaluation_of(session, survey, merged=merged))
    session.flush()


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted about every subject."""

    tallies: Mapping[int, GroupCounts]
    texts: Mapping[int, int]
    """Subject → how many comments were written."""


def found_in(session: Session, survey_id: int) -> Found:
    """Return what the counters say of a survey."""
    return Found(_tallies(session, survey_id), _texts(session, survey_id))


def evaluation_of(
    session: Session,
    survey: Survey,
    *,
    merged: Merged = NOTHING_MERGED,
    found: Found | None = None,
) -> str:
    """Return what becomes of every cell, as it is stored; nothing is written.

    `found` is what was counted, where it does not stand in the counters yet. Where the
    plan was evaluated before, that. Raises ValueError without a frozen plan.
    """
    plan = _plan(session, survey.id)
    if plan.evaluated is not None:
        return plan.evaluated
    frozen = FrozenPlan.from_json(plan.frozen)
    found = found or found_in(session, survey.id)
    counted = _counted(session, survey, frozen, merged, found)
    return evaluated(frozen, counted).to_json()


def keep_evaluation(session: Session, survey_id: int, evaluated_json: str) -> None:
    """Store an evaluation, once: a later one changes nothing; does not commit."""
    plan = _plan(session, survey_id)
    if plan.evaluated is None:
        plan.evaluated = evaluated_json


def _plan(session: Session, survey_id: int) -> PublicationPlan:
    plan = session.get(PublicationPlan, survey_id, populate_existing=True)
    if plan is None:
        raise ValueError("the survey has no frozen plan")
    return plan


def _counted(
    session: Session,
    survey: Survey,
    frozen: FrozenPlan,
    merged: Merged,
    found: Found,
) -> list[Counted]:
    """Return what was counted about every subject of the plan."""
    units = _units(session, frozen)
    whole = scheme_from_json(survey.cycle.scheme)
    posts = posts_scored(session, whole, frozen.component, frozen.subjects)
    moved = {unit: _moved(merged.get(unit, {})) for unit in set(units.values())}
    schemes = {
        unit: with_merged_groups(whole, frozen.component, elsewhere)
        for unit, elsewhere in moved.items()
    }
    return [
        Counted(
            subject=subject,
            tally=found.tallies.get(subject, {}),
            scheme=schemes[units[subject]],
            merged=moved[units[subject]],
            texts=found.texts.get(subject, 0),
            posts=posts[subject],
        )
        for subject in frozen.subjects
    ]


def _moved(merged: Mapping[str, str]) -> dict[str, str]:
    """Return the groups that are counted in another one, without the rest."""
    return {group: target for group, target in merged.items() if group != target}


def _tallies(session: Session, survey_id: int) -> dict[int, GroupCounts]:
    """Return subject → rater group → question → choice → count, slots added up."""
    place = (
        ChoiceCount.subject_id,
        ChoiceCount.rater_group,
        ChoiceCount.question_key,
        ChoiceCount.choice_key,
    )
    counted = (
        select(*place, func.sum(ChoiceCount.count))
        .where(ChoiceCount.survey_id == survey_id)
        .group_by(*place)
    )
    return tallies_from(session.execute(counted))


def tallies_from(
    rows: Iterable[tuple[int, str, str, str, int]],
) -> dict[int, GroupCounts]:
    """Return the same from rows of subject, rater group, question, choice, count."""
    found: dict[int, GroupCounts] = {}
    for subject, group, question, choice, count in rows:
        questions = found.setdefault(subject, {}).setdefault(group, {})
        questions.setdefault(question, {})[choice] = int(count)
    return found


def _texts(session: Session, survey_id: int) -> dict[int, int]:
    """Return subject → how many comments were written."""
    written = (
        select(Comment.subject_id, func.count())
        .where(Comment.survey_id == survey_id)
        .group_by(Comment.subject_id)
    )
    return {subject: int(count) for subject, count in session.execute(written)}


def _units(session: Session, frozen: FrozenPlan) -> dict[int, int]:
    """Return subject → unit."""
    ours = select(Subject.id, Subject.unit_id).where(Subject.id.in_(frozen.subjects))
    return {row.id: row.unit_id for row in session.execute(ours)}
