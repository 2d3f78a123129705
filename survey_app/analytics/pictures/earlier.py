"""Numbers of several surveys about the same subjects, and which of them compare.

Two numbers compare where the same was asked, of the same rater groups, and scored by
the same rules. Where not, a picture shows both and no line between them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.kept.results import (
    KEPT,
    KeptResult,
    basis_of,
    believed_numbers,
)
from survey_app.analytics.results import signed_in
from survey_app.analytics.survey_results import ResultNumbers
from survey_app.appraisal.cycle import Cycle
from survey_app.database import seal_key_of
from survey_app.domain.disclosure.frozen_plan import dissatisfied
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.counters import digests_of
from survey_app.survey.rated import rated_in
from survey_app.survey.settled_plan import plan_heads
from survey_app.survey.tables import UNSETTLED, Survey

YEARS = 8
"""Earlier surveys that are looked at, the newest first."""


def numbers_by_key(
    session: Session, surveys: Sequence[Survey], subject_ids: Collection[int]
) -> dict[tuple[int, int], ResultNumbers]:
    """Return (survey, subject) → what was kept, as it was kept, of surveys that count.

    As many statements for many surveys as for one. Whatever is not kept or not believed
    is absent: the list of that survey's results works it out. Raises PlanChanged.
    """
    counting = plan_heads(session, [one.id for one in surveys])
    asked = {one.id: one for one in surveys if one.id in counting}
    rated = rated_in(session, asked, some=subject_ids)
    digests = digests_of(
        session, {key: [one.id for one in some] for key, some in rated.items() if some}
    )
    kept = select(KeptResult.survey_id, KeptResult.subject_id, *KEPT).where(
        KeptResult.survey_id.in_(asked), KeptResult.subject_id.in_(subject_ids)
    )
    rows = {(row[0], row[1]): row[2:] for row in session.execute(kept)}
    key, found = seal_key_of(session), {}
    for survey_id, survey in asked.items():
        some = [one.id for one in rated[survey_id]]
        named = signed_in(session, survey, survey.cycle.rules, some)
        for one in rated[survey_id]:
            signed = named.get((survey.component_key, one.id), {})
            basis = basis_of(one, digests[survey_id, one.id], signed)
            row = rows.get((survey_id, one.id))
            numbers = row and believed_numbers(key, survey_id, one.id, row, basis)
            if numbers:
                found[survey_id, one.id] = numbers
    return found


def earlier_surveys(
    session: Session, survey: Survey, *, about: int | None = None, most: int = YEARS
) -> list[Survey]:
    """Return settled surveys of earlier cycles for the same component, newest first.

    `about`: only those about this subject. One statement.
    """
    wanted = (
        select(Survey)
        .options(joinedload(Survey.cycle))
        .where(
            Survey.component_key == survey.component_key,
            Survey.cycle_id != survey.cycle_id,
            Survey.cycle.has(Cycle.appraises),
            Survey.closes_on < survey.opens_on,
            Survey.state.not_in(UNSETTLED),
        )
    )
    kept = exists().where(KeptResult.survey_id == Survey.id)
    if about is not None:
        kept = kept.where(KeptResult.subject_id == about)
    newest = wanted.where(kept).order_by(Survey.closes_on.desc(), Survey.id.desc())
    return list(session.scalars(newest.limit(most)))


@dataclass(frozen=True, slots=True)
class Comparable:
    """What of two surveys may be laid side by side with a line between them."""

    score: bool
    """Same questions, same rules: the scores mean the same."""
    questions: frozenset[str]
    """Questions asked in the same words, with the same choices and objections."""

    @property
    def dissatisfied(self) -> bool:
        """Whether the share over all questions means the same."""
        return self.score


def compared(now: Survey, then: Survey) -> Comparable:
    """Return what of these two surveys means the same; strictly, word for word."""
    asked, before = (Questionnaire.from_json(s.questionnaire) for s in (now, then))
    ours, theirs = now.component, then.component
    if ours is None or theirs is None or ours.survey is None or theirs.survey is None:
        return Comparable(score=False, questions=frozenset())
    groups, groups_then = ours.survey.asked, theirs.survey.asked
    is_same_people = [g.key for g in groups] == [g.key for g in groups_then]
    objecting, objecting_then = _objecting(now), _objecting(then)
    known = {question.key: question for question in before.questions}
    same = frozenset(
        question.key
        for question in asked.questions
        if is_same_people
        and objecting == objecting_then
        and known.get(question.key) == question
    )
    return Comparable(
        score=(
            asked.questions == before.questions
            and ours.survey == theirs.survey
            and ours.full_marks.value == theirs.full_marks.value
            and objecting == objecting_then
        ),
        questions=same,
    )


def same_groups(now: ResultNumbers, then: ResultNumbers) -> bool:
    """Return whether both scores are made of the same rater groups."""
    return _scored(now) == _scored(then)


def _scored(numbers: ResultNumbers) -> frozenset[tuple[str, str]]:
    return frozenset(
        (group.key, group.label.zh)
        for group in numbers.groups
        if group.score is not None
    )


def _objecting(survey: Survey) -> tuple[str, ...]:
    component = survey.component
    if component is None or component.survey is None:
        return ()
    rules = survey.cycle.rules
    alerts = [a for a in rules.alerts if a.component == component.key]
    return dissatisfied(component.survey, alerts)
