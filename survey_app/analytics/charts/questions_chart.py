"""All questions about one subject in one picture, of all who answered together."""

from collections.abc import Collection
from dataclasses import replace

from survey_app.analytics.charts.answer_chart import answer_chart
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.charts.short_names import short_names
from survey_app.analytics.survey_results import (
    GroupAnswers,
    QuestionResults,
    SubjectResults,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import QuestionKind
from survey_app.domain.scheme.scheme import POOLED

TITLE = Bilingual("各题评价分布", "How each question was answered")
EVERY = "all"


def questions_chart(
    subject: SubjectResults, objecting: Collection[str], *, language: str
) -> Picture | None:
    """Return one bar for each question; None without two that offer the same choices.

    What is told of all rater groups together stands there, or of the only one; where
    neither is told the row says so.
    """
    rated = [q for q in subject.questions if q.kind is QuestionKind.RATING]
    first = next(iter(rated), None)
    alike = [q for q in rated if first and q.choices == first.choices]
    told = [(q, group) for q in alike for group in [_together(q)] if group is not None]
    if first is None or len(told) < 2:
        return None
    names = short_names([q.text.in_language(language) for q, _ in told])
    rows = tuple(
        replace(group, key=q.key, label=Bilingual(name, name))
        for name, (q, group) in zip(names, told, strict=True)
    )
    whole = QuestionResults(EVERY, TITLE, rows, first.choices)
    return answer_chart(whole, objecting, language=language)


def _together(question: QuestionResults) -> GroupAnswers | None:
    """Return what all said together, or the only group."""
    groups = {group.key: group for group in question.groups}
    if POOLED in groups:
        return groups[POOLED]
    return question.groups[0] if len(question.groups) == 1 else None
