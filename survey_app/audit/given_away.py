"""The numbers of every audited plan, and what can be worked out from them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from survey_app.analytics.named_ratings import counting_ratings
from survey_app.analytics.reconciled import turnouts_of_ballots
from survey_app.analytics.score_evidence import cycle_evidence, ground_of
from survey_app.analytics.tally_results import TallyResults
from survey_app.audit.derivable import derivable, sizes_given_away
from survey_app.audit.printed_numbers import Counts, printed_numbers
from survey_app.audit.report import Leak
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.tally import Tally, added_turnouts, merged_tally
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.disclosure.span import Published
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.survey.counters import tallies_of
from survey_app.survey.kept_plan import frozen_plan_of
from survey_app.survey.rated import rated_in_cycle, rated_of
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import Survey

Printed = tuple[Counts, tuple[Published, ...]]
"""A subject's counts, and the numbers that are printed of them."""


def given_away(session: Session, surveys: Iterable[Survey]) -> tuple[int, list[Leak]]:
    """Return how many numbers the plans publish, and every leak among them."""
    numbers, leaks = 0, list[Leak]()
    for survey in surveys:
        plan, frozen = plan_of(session, survey.id), frozen_plan_of(session, survey.id)
        if plan is None or frozen is None:
            continue
        every = [
            (about, printed_numbers(about, frozen))
            for about in _counted(session, survey, plan)
        ]
        numbers += sum(len(printed) for _, printed in every)
        leaks += _leaks(survey, every, plan, frozen)
    return numbers, leaks


def _counted(session: Session, survey: Survey, plan: EvaluatedPlan) -> Iterator[Counts]:
    """Yield the true counts about every subject, and what the plan shows of them."""
    scheme = survey.cycle.rules
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    tallies = tallies_of(session, survey.id)
    posts = _posts(session, survey, scheme, tallies)
    named = counting_ratings(session, survey.cycle_id)
    turnouts = turnouts_of_ballots(session, [survey.id] if survey.is_secret else [])
    key = survey.component_key
    for subject in rated_of(session, survey.id):
        about = plan.of_subject(subject.id)
        results = TallyResults(
            with_merged_groups(scheme, key, about.counted_in),
            key,
            questionnaire,
            merged_tally(tallies.get(subject.id, {}), about.joined),
            about,
            added_turnouts(
                [turnouts.get((survey.id, subject.unit_id), {})], about.joined
            ),
            named.get((key, subject.id), {}),
        )
        yield Counts(subject.id, results, tuple(sorted(posts[subject.id])))


def _posts(
    session: Session, survey: Survey, scheme: Scheme, tallies: dict[int, Tally]
) -> dict[int, set[Post]]:
    """Return subject → by the weights of which posts its tally is printed as a score.

    On the page of its results, and on every score sheet that takes this tally.
    """
    cycle = survey.cycle
    every = rated_in_cycle(session, cycle.id, is_settled=cycle.is_settled)
    evidence = cycle_evidence(session, ground_of(session, cycle, scheme), every)
    component = scheme.component(survey.component_key)
    posts = defaultdict[int, set[Post]](set)
    for subject in rated_of(session, survey.id):
        posts[subject.id].add(subject.post)
    for subject in evidence.subjects:
        about, taken = evidence.tally_at(component, subject)
        if subject.kind == scheme.subject and taken and taken == tallies.get(about):
            posts[about].add(subject.post)
    return posts


def _leaks(
    survey: Survey, every: Iterable[Printed], plan: EvaluatedPlan, frozen: FrozenPlan
) -> Iterator[Leak]:
    """Yield what can be worked out about few people, or behind a band."""
    people: dict[int, dict[str, int]] = {}
    for about, numbers in every:
        people[about.subject] = {g: about.people((g,)) for g in about.inhabited}
        for groups, what in derivable(about, frozen, numbers):
            yield _leak(survey, about.subject, ", ".join(groups), what)
    for subject, what in sizes_given_away(plan, people):
        yield _leak(survey, subject, "", what)


def _leak(survey: Survey, subject: int, groups: str, what: str) -> Leak:
    who = f"survey {survey.id}, subject {subject}, {groups}"
    return Leak("numbers", "everybody", "", who, what, "")
