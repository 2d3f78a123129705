"""The numbers of every audited plan, and what can be worked out from them."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from survey_app.analytics.stored_plans import frozen_plan_of, plan_of
from survey_app.analytics.tallies import tallies_of
from survey_app.audit.derivable import (
    Counts,
    derivable,
    published,
    sizes_given_away,
)
from survey_app.audit.report import Leak
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan, SubjectPlan
from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.scheme import SurveyRules
from survey_app.domain.scoring.merged_groups import with_merged_groups
from survey_app.models.survey import Survey


def given_away(session: Session, surveys: Iterable[Survey]) -> tuple[int, list[Leak]]:
    """Return how many numbers the plans publish, and every leak among them."""
    numbers, leaks = 0, list[Leak]()
    for survey in surveys:
        plan, frozen = plan_of(session, survey.id), frozen_plan_of(session, survey.id)
        if plan is None or frozen is None:
            continue
        every = tuple(_counted(session, survey, plan, frozen))
        numbers += sum(len(published(about, frozen)) for about in every)
        leaks += _leaks(survey, every, plan, frozen)
    return numbers, leaks


def _counted(
    session: Session, survey: Survey, plan: EvaluatedPlan, frozen: FrozenPlan
) -> Iterator[Counts]:
    """Yield the true counts about every subject, and what the plan shows of them."""
    tallies = tallies_of(session, survey.id)
    for subject in frozen.subjects:
        about = plan.of_subject(subject)
        tally = tallies.get(subject, {})
        yield Counts(subject, about, _rules(survey, about), tally)


def _rules(survey: Survey, about: SubjectPlan) -> SurveyRules:
    """Return the rules of the survey, with the groups as they were counted."""
    scheme = scheme_from_json(survey.cycle.scheme)
    merged = with_merged_groups(scheme, survey.component_key, about.merged)
    rules = merged.component(survey.component_key).survey
    if rules is None:
        raise ValueError("the component takes no survey")
    return rules


def _leaks(
    survey: Survey, every: Iterable[Counts], plan: EvaluatedPlan, frozen: FrozenPlan
) -> Iterator[Leak]:
    """Yield what can be worked out about few people, or behind a band."""
    people: dict[int, dict[str, int]] = {}
    for about in every:
        people[about.subject] = {g: about.people((g,)) for g in about.inhabited}
        for groups, what in derivable(about, frozen):
            yield _leak(survey, about.subject, ", ".join(groups), what)
    for subject, what in sizes_given_away(plan, people):
        yield _leak(survey, subject, "", what)


def _leak(survey: Survey, subject: int, groups: str, what: str) -> Leak:
    who = f"survey {survey.id}, subject {subject}, {groups}"
    return Leak("numbers", "everybody", "", who, what, "")
