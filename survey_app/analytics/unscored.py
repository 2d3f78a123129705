"""Results of a survey that stands alone: what was answered, and no score of it.

The rules made for such a survey give every choice points, because a scheme must. They
are nobody's decision, so no number that rests on them leaves the results.
"""

from dataclasses import replace

from survey_app.analytics.survey_results import (
    GroupScore,
    QuestionResults,
    ResultNumbers,
    SubjectResults,
)


def unscored(told: SubjectResults) -> SubjectResults:
    """Return the same results without a score anywhere, or why there is none."""
    return replace(
        told,
        groups=_groups(told.groups),
        score=None,
        blocked=(),
        assumed=False,
        questions=tuple(map(_question, told.questions)),
    )


def unscored_numbers(told: ResultNumbers) -> ResultNumbers:
    """Return what lists say of a subject, without its score."""
    return replace(
        told, groups=_groups(told.groups), score=None, assumed=False, variance=None
    )


def _groups(told: tuple[GroupScore, ...]) -> tuple[GroupScore, ...]:
    return tuple(replace(group, score=None) for group in told)


def _question(told: QuestionResults) -> QuestionResults:
    groups = tuple(replace(answers, score=None) for answers in told.groups)
    return replace(told, groups=groups)
