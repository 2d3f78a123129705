"""What the rated person may be told of one survey, on one sheet.

Made from what the office is shown, and from nothing else: a part of the same stored
numbers, never another breakdown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.analytics.survey_results import (
    GroupAnswers,
    QuestionResults,
    SurveyResults,
)
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.disclosure.rated_crossing import (
    Crossing,
    RuleVerdict,
    Told,
    crossing,
)
from survey_app.domain.disclosure.rated_view import RatedLine, Ratings, rated_view
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import ResultsSealed
from survey_app.domain.questionnaire.question import QuestionKind
from survey_app.domain.scheme.alert_watch import AlertKind
from survey_app.domain.scheme.floors import Floors
from survey_app.domain.scheme.scheme import AlertRule
from survey_app.survey.kept_plan import frozen_plan_of
from survey_app.survey.settled_plan import plans_of


@dataclass(frozen=True, slots=True)
class NoticeQuestion:
    """One question and what is told of it."""

    text: Bilingual
    lines: tuple[RatedLine, ...]

    def of(self, group: str) -> RatedLine | None:
        """Return what is told of one group; None: nothing."""
        told = (line for line in self.lines if line.group == group and line.band)
        return next(told, None)


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """One rule and whether it was crossed, as far as the rated person may know."""

    rule: AlertRule
    verdict: RuleVerdict
    places: tuple[tuple[Bilingual, Bilingual], ...]
    """Question and rater group where it was crossed."""
    keys: frozenset[tuple[str, str]] = frozenset()
    """The same by their keys."""


@dataclass(frozen=True, slots=True)
class RatedNotice:
    """The sheet of one subject."""

    floors: Floors
    dissatisfied: tuple[Bilingual, ...]
    """The choices that count as dissatisfied."""
    groups: tuple[tuple[str, Bilingual], ...]
    """Key and name of those of whom anything is told."""
    questions: tuple[NoticeQuestion, ...]
    crossings: tuple[NoticeRule, ...]
    """The rules the survey is judged by, and what came of them."""


def rated_notice(session: Session, results: SurveyResults) -> RatedNotice:
    """Return the sheet of the one subject of these results; raises ResultsSealed."""
    (subject,) = results.subjects
    survey_id, some = results.survey_id, [subject.subject_id]
    plan = plans_of(session, [survey_id], subject_ids=some).get(survey_id)
    frozen = frozen_plan_of(session, survey_id)
    if plan is None or frozen is None:
        raise ResultsSealed
    asked = [one for one in subject.questions if one.kind is QuestionKind.RATING]
    told = rated_view(
        [_ratings(question, frozen.dissatisfied) for question in asked],
        plan.floors,
    )
    questions = tuple(
        NoticeQuestion(question.text, lines)
        for question, lines in zip(asked, told, strict=True)
    )
    by_question = [
        Told(question.key, lines) for question, lines in zip(asked, told, strict=True)
    ]
    merged = plan.of_subject(subject.subject_id).counted_in
    names = {g.key: g.label for q in asked for g in q.groups}
    labels = {c.key: c.label for q in asked for c in q.choices}
    return RatedNotice(
        floors=plan.floors,
        dissatisfied=tuple(
            label for choice, label in labels.items() if choice in frozen.dissatisfied
        ),
        groups=tuple(
            (group, label)
            for group, label in names.items()
            if any(question.of(group) for question in questions)
        ),
        questions=questions,
        crossings=tuple(
            _notice_rule(found, asked, names)
            for found in _crossings(results, merged, by_question, frozen.dissatisfied)
        ),
    )


def _crossings(
    results: SurveyResults,
    merged: Mapping[str, str],
    told: Sequence[Told],
    dissatisfied: Collection[str],
) -> Iterator[Crossing]:
    """Yield what is said about each rule, of the groups as they were counted."""
    key = results.component.key
    scheme = with_merged_groups(results.scheme, key, merged)
    survey = scheme.component(key).survey
    for rule in scheme.alerts:
        is_share = rule.watch.kind is AlertKind.SHARE
        if rule.component == key and survey is not None and is_share:
            yield crossing(
                rule,
                told,
                groups=[group.key for group in survey.asked],
                dissatisfied=dissatisfied,
                ratings=survey.points(),
            )


def _notice_rule(
    found: Crossing,
    questions: Sequence[QuestionResults],
    names: Mapping[str, Bilingual],
) -> NoticeRule:
    """Return the rule with the names of where it was crossed."""
    texts = {question.key: question.text for question in questions}
    return NoticeRule(
        found.rule,
        found.verdict,
        tuple((texts[question], names[group]) for question, group in found.places),
        frozenset(found.places),
    )


def _ratings(question: QuestionResults, dissatisfied: Collection[str]) -> list[Ratings]:
    """Return what the office is shown of each group."""
    return [_of_group(answers, dissatisfied) for answers in question.groups]


def _of_group(answers: GroupAnswers, dissatisfied: Collection[str]) -> Ratings:
    if not answers.is_told:
        return Ratings(answers.key, answers.n, None, gave_way=answers.band is None)
    rated = [choice for choice in answers.choices if choice.rates]
    objecting = sum(c.count for c in rated if c.key in dissatisfied)
    return Ratings(answers.key, sum(c.count for c in rated), objecting)
