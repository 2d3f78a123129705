"""Evaluate a survey's publication plan, once, when its counts are final."""

import json
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.scoring.merged_groups import with_merged_groups
from survey_app.models.count import ChoiceCount
from survey_app.models.publication import PublicationPlan
from survey_app.models.rated import rated_of
from survey_app.models.response import Comment
from survey_app.models.survey import Survey
from survey_app.sealing.sealed_plan import digest_of, seal_settled, untouched_plans
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
    Raises ValueError for a survey whose plan was never frozen, and PlanChanged where
    the plan is not the one that was.
    """
    session.flush()
    plan = session.get(PublicationPlan, survey.id)
    if plan is None:
        raise ValueError("the survey has no frozen plan")
    if plan.evaluated is not None:
        return
    untouched_plans(session, [survey.id])
    frozen = FrozenPlan.from_json(plan.frozen)
    counted = _counted(session, survey, frozen, merged)
    plan.evaluated = evaluated(frozen, counted).to_json()
    plan.tallies = json.dumps(
        {str(one.subject): digest_of(one.tally) for one in counted}, sort_keys=True
    )
    seal_settled(session, plan)
    session.flush()


def _counted(
    session: Session, survey: Survey, frozen: FrozenPlan, merged: Merged
) -> list[Counted]:
    """Return what was counted about every subject of the plan."""
    tallies, texts = _tallies(session, survey.id), _texts(session, survey.id)
    rated = rated_of(session, survey.id)
    units = {one.id: one.unit_id for one in rated}
    whole = scheme_from_json(survey.cycle.scheme)
    posts = posts_scored(session, survey, whole, rated)
    moved = {unit: _moved(merged.get(unit, {})) for unit in set(units.values())}
    schemes = {
        unit: with_merged_groups(whole, frozen.component, elsewhere)
        for unit, elsewhere in moved.items()
    }
    return [
        Counted(
            subject=subject,
            tally=tallies.get(subject, {}),
            scheme=schemes[units[subject]],
            merged=moved[units[subject]],
            texts=texts.get(subject, 0),
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
    found: dict[int, GroupCounts] = {}
    for subject, group, question, choice, count in session.execute(counted):
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
