"""The trend of one subject in a series: the part dissatisfied, survey by survey."""

from fractions import Fraction

from survey_app.analytics.charts.picture import (
    ACCENT,
    BREAK,
    NOT_SHOWN,
    Mark,
    Picture,
    PictureRow,
    Series,
    axis_of,
    per_cent,
)
from survey_app.analytics.pictures.series import SeriesStep
from survey_app.domain.ground.bilingual import Bilingual

DISSATISFIED = Bilingual("不满意占比", "Dissatisfied")
ONE_THIRD = Bilingual("三分之一", "one third")
THIRD = Fraction(100, 3)


def series_chart(steps: tuple[SeriesStep, ...], *, language: str) -> Picture | None:
    """Return the trend, the oldest survey first; None with fewer than two.

    A line leads from one to the next only where both asked the same.
    """
    if len(steps) < 2:
        return None
    rows = tuple(_row(step, language) for step in steps)
    ends = [mark.at for row in rows for mark in row.marks]
    third = (float(THIRD), ONE_THIRD.in_language(language))
    return Picture(
        key="series",
        title=DISSATISFIED.in_language(language),
        axis=axis_of([0.0, 40.0, *ends], unit="%", lines=(third,)),
        looks=(Series("", ACCENT, "circle"),),
        rows=rows,
        tall=1.5,
    )


def _row(step: SeriesStep, language: str) -> PictureRow:
    broken = BREAK.in_language(language) if step.is_broken else ""
    label, share = step.survey.title, step.dissatisfied
    if share is None:
        hidden = NOT_SHOWN.in_language(language)
        return PictureRow(label, hidden=hidden, broken=broken)
    value = per_cent(share)
    mark = Mark(0, float(share * 100), told=f"{label}\n{value}")
    return PictureRow(label, (mark,), value, joined=step.is_joined, broken=broken)
