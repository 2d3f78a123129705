"""The picture of one question of any kind.

One choice of several is a bar that parts at objection; of several choices each has a
row with a mark for every rater group; words have no picture.
"""

from collections.abc import Collection

from survey_app.analytics.charts.answer_chart import answer_chart
from survey_app.analytics.charts.picture import (
    KINDS,
    NOT_SHOWN,
    SHAPES,
    WHOLE,
    Axis,
    Mark,
    Picture,
    PictureRow,
    Series,
    per_cent,
    printed,
)
from survey_app.analytics.survey_results import QuestionResults
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import Choice, QuestionKind
from survey_app.domain.scheme.scheme import POOLED

OF_ALL = Bilingual(
    "占该测评主体作答人数的比例；可多选，合计可超过100%。",
    "Share of all of a rater group who answered; with several choices the shares may "
    "come to more than 100 %.",
)
TICKS = tuple((float(at), f"{at}%") for at in range(0, 101, 25))


def question_chart(
    question: QuestionResults, objecting: Collection[str], *, language: str
) -> Picture | None:
    """Return the picture of a question; None where it is answered in words."""
    if question.kind is QuestionKind.TEXT:
        return None
    if question.kind is QuestionKind.SEVERAL:
        return several_chart(question, language=language)
    offered = {choice.key for choice in question.choices}
    worst = [choice for choice in objecting if choice in offered]
    return answer_chart(
        question, worst if question.is_scored else (), language=language
    )


def several_chart(question: QuestionResults, *, language: str) -> Picture | None:
    """Return how many of each group ticked each choice; None where nobody is told."""
    if not question.told:
        return None
    names = [group.label.in_language(language) for group in question.groups]
    looks = tuple(
        Series(
            name,
            WHOLE if group.key == POOLED else KINDS[place % len(KINDS)],
            SHAPES[place % len(SHAPES)],
        )
        for place, (name, group) in enumerate(zip(names, question.groups, strict=True))
    )
    return Picture(
        f"answers-{question.key}",
        question.text.in_language(language),
        Axis(0, 100, TICKS),
        looks,
        tuple(_row(question, choice, language) for choice in question.choices),
        tall=max(1.0, 0.6 * len(names)),
        note=OF_ALL.in_language(language),
    )


def _row(question: QuestionResults, choice: Choice, language: str) -> PictureRow:
    marks, many = [], len(question.groups)
    for place, group in enumerate(question.groups):
        share = group.picked(choice.key)
        if share is None:
            continue
        told = f"{group.label.in_language(language)}\n{per_cent(share.share)}"
        ends = share.interval
        marks.append(
            Mark(
                place,
                printed(share.share * 100, 1),
                low=round(ends.low * 100, 1) if ends else None,
                high=round(ends.high * 100, 1) if ends else None,
                told=f"{told} ({share.count} / {share.n})",
                lane=0.8 * ((place + 0.5) / many - 0.5),
            )
        )
    hidden = "" if marks else NOT_SHOWN.in_language(language)
    return PictureRow(choice.label.in_language(language), tuple(marks), hidden=hidden)
