"""Units × questions: the darker a cell, the more are dissatisfied; hidden says so."""

from collections.abc import Sequence
from fractions import Fraction

from survey_app.analytics.charts.answer_chart import band_words
from survey_app.analytics.charts.overview_charts import full_name
from survey_app.analytics.charts.picture import (
    APART,
    HEAT,
    LINES,
    NOT_SHOWN,
    Axis,
    Mark,
    Picture,
    PictureRow,
    Series,
    per_cent,
)
from survey_app.analytics.charts.short_names import short_names
from survey_app.analytics.pictures.overview import Overview
from survey_app.analytics.survey_results import QuestionShare, ResultLine
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Question

BY_QUESTION = Bilingual("各题不满意占比（%）", "Dissatisfied by question, per cent")
HIDDEN = Bilingual("隐＝不予显示", "n/s = not shown")
BANDED = Bilingual(
    "＞＝几乎全部不满意，只示区间", "> = nearly all dissatisfied, as a band"
)
NOBODY = Bilingual("无＝无人作答", "none = nobody answered")
SHORT = (Bilingual("隐", "n/s"), Bilingual("无", "none"))
CLASS_NAMES = ("≤10%", "≤20%", "≤1/3", "≤50%", ">50%")
"""Up to where each shade goes; see `heat_class`."""
WITHIN = CLASS_NAMES.index("≤1/3")
"""The last shade that is not above one third; beyond it a sign stands too."""


def heat_chart(
    seen: Overview, questions: Sequence[Question], *, language: str
) -> Picture | None:
    """Return units × questions, the darker the more dissatisfied; None without any.

    What is hidden is hatched and says so; a band stands as a band.
    """
    if not questions:
        return None
    rows = tuple(
        PictureRow(
            full_name(line),
            tuple(
                _cell(place, found, language)
                for place, question in enumerate(questions)
                for found in [_of(line, question.key)]
                if found is not None
            ),
        )
        for line in seen.told.page.rows
    )
    used = {mark.look for row in rows for mark in row.marks}
    called = short_names([one.text.in_language(language) for one in questions])
    names = tuple((n + 0.5, name) for n, name in enumerate(called))
    return Picture(
        key="questions",
        title=f"{seen.told.survey.title} · {BY_QUESTION.in_language(language)}",
        axis=Axis(0, len(questions), names, are_names=True),
        looks=tuple(
            look if place in used or place < len(HEAT) else Series("", look.colour)
            for place, look in enumerate(_shades(language))
        ),
        rows=rows,
        close=True,
    )


def _shades(language: str) -> list[Series]:
    """Return the shades from light to dark, then what stands where no number does."""
    found = [Series(n, c) for n, c in zip(CLASS_NAMES, HEAT, strict=True)]
    return [
        *found,
        Series(HIDDEN.in_language(language), "#fff", pattern=LINES),
        Series(BANDED.in_language(language), HEAT[3], pattern=LINES),
        Series(NOBODY.in_language(language), APART),
    ]


def _of(line: ResultLine, question: str) -> QuestionShare | None:
    return next((one for one in line.numbers.questions if one.key == question), None)


def heat_class(share: Fraction) -> int:
    """Return which shade a share has, 0 to 4; exactly one third is not above it."""
    bounds = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 3), Fraction(1, 2))
    return sum(share > bound for bound in bounds)


def _cell(place: int, found: QuestionShare, language: str) -> Mark:
    ends = float(place), float(place + 1)
    if found.share is not None:
        value = per_cent(found.share)
        look = heat_class(found.share)
        text = value.removesuffix("%")
        if look > WITHIN:
            text = f"▲{text}"
        return Mark(look, *ends, text=text, told=value)
    if found.rated == 0:
        return Mark(7, *ends, text=SHORT[1].in_language(language))
    if found.band:
        text = f">{found.band.more_than}/{found.band.of}"
        return Mark(6, *ends, text=text, told=band_words(found.band, language))
    told = NOT_SHOWN.in_language(language)
    return Mark(5, *ends, text=SHORT[0].in_language(language), told=told)
