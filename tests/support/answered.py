"""Answers to one question, and results about one subject, for what draws them."""

from survey_app.analytics.survey_results import (
    ChoiceShare,
    GroupAnswers,
    QuestionResults,
    SubjectResults,
)
from survey_app.domain.counting.shares import Share
from survey_app.domain.questionnaire.questionnaire import Choice
from survey_app.domain.scheme.scheme import Denominator
from tests.support.schemes import named


def answers(key: str, good: int, bad: int, dont_know: int) -> GroupAnswers:
    n = good + bad + dont_know
    choices = (("good", good), ("bad", bad), ("dont_know", dont_know))
    rate = Share(
        rate="good_rate",
        label=named("good rate"),
        question="q",
        group=key,
        numerator=good,
        denominator_kind=Denominator.VALID,
        denominators=((Denominator.VALID, good + bad),),
        source=named("a source"),
        published=True,
    )
    return GroupAnswers(
        key=key,
        label=named(key),
        n=n,
        choices=tuple(
            ChoiceShare(c, named(c), c != "dont_know", count, n) for c, count in choices
        ),
        rates=(rate,),
        score=None,
    )


QUESTION = QuestionResults(
    "q",
    named("q"),
    (answers("staff", 15, 5, 0), answers("residents", 30, 60, 10)),
    tuple(Choice(key, named(key)) for key in ("good", "bad", "dont_know")),
)


def subject(*questions: QuestionResults) -> SubjectResults:
    return SubjectResults(
        subject_id=1,
        name="王一",
        unit="清河镇",
        title="镇长",
        groups=(),
        together=None,
        score=None,
        blocked=(),
        assumed=False,
        questions=questions,
    )
