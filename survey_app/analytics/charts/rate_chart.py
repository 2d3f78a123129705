"""One rate of people by question and rater group, with Wilson's 95 % intervals."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from survey_app.analytics.charts.figures import (
    ACCENT,
    LEGEND_ABOVE,
    LINE,
    PER_CENT,
    Figure,
    drawn,
)
from survey_app.analytics.rate_meaning import wilson
from survey_app.analytics.survey_results import GroupAnswers, SubjectResults
from survey_app.domain.counting.shares import Share
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import POOLED
from survey_app.domain.scoring.score_sheet import rounded

MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
SHADES = ("#6f9fd0", "#2f6aa8", "#9fb8d4", "#4f7fb5", "#123a66", "#8b95a1")
SPREAD = 0.62
"""Of the height of one question, how much its groups take up."""

QUESTION = Bilingual("第 {} 题", "Question {}")


def rate_chart(subject: SubjectResults, rate: str, *, language: str) -> Figure | None:
    """Return the rate of every question by rater group, or None where there is none."""
    groups = _groups(subject)
    if not any(
        question.share(rate, group.key)
        for question in subject.questions
        for group in groups
    ):
        return None
    numbers = range(1, len(subject.questions) + 1)
    return drawn(
        [
            _trace(subject, rate, (place, len(groups)), group, language)
            for place, group in enumerate(groups)
        ],
        height=58 + 21 * len(groups) * len(numbers),
        margin={"l": 8, "r": 36, "t": 8, "b": 28},
        xaxis=PER_CENT | {"range": [0, 101]},
        yaxis={
            "range": [len(numbers) + 0.5, 0.5],
            "tickvals": list(numbers),
            "ticktext": [QUESTION.in_language(language).format(n) for n in numbers],
            "showgrid": False,
            "zeroline": False,
            "automargin": True,
            "fixedrange": True,
        },
        shapes=[_rule_between(n) for n in numbers[:-1]],
        legend=LEGEND_ABOVE,
    )


def _groups(subject: SubjectResults) -> list[GroupAnswers]:
    """Return one of the answers of every group that is shown, for key and name."""
    found = {answers.key: answers for q in subject.questions for answers in q.groups}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Mark:
    """One rate on the chart, in per cent."""

    height: float
    share: Share

    @property
    def rate(self) -> float:
        return float(100 * self._exact)

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends of the interval."""
        found = wilson(self.share.numerator, self.share.denominator or 0)
        return (found.low * 100, found.high * 100) if found else (0.0, 100.0)

    @property
    def told(self) -> str:
        """Counts, rate and interval, for whoever points at the mark."""
        part, whole = self.share.numerator, self.share.denominator
        low, high = self.ends
        counts = f"{part} / {whole} = {rounded(100 * self._exact, 1)}%"
        return f"{counts}<br>95%: {low:.1f}–{high:.1f}%"

    @property
    def _exact(self) -> Fraction:
        return self.share.value or Fraction(0)


def _trace(
    subject: SubjectResults,
    rate: str,
    place: tuple[int, int],
    group: GroupAnswers,
    language: str,
) -> dict[str, Any]:
    """Return one rater group's marks, a little above or below the middle."""
    number, of = place
    offset = SPREAD * ((number + 0.5) / of - 0.5)
    marks = [
        _Mark(height + offset, share)
        for height, question in enumerate(subject.questions, start=1)
        if (share := question.share(rate, group.key))
    ]
    shade = ACCENT if group.key == POOLED else SHADES[number % len(SHADES)]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": group.label.in_language(language),
        "y": [mark.height for mark in marks],
        "x": [mark.rate for mark in marks],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [mark.ends[1] - mark.rate for mark in marks],
            "arrayminus": [mark.rate - mark.ends[0] for mark in marks],
            "thickness": 1.5,
            "width": 3,
        },
        "customdata": [mark.told for mark in marks],
        "hovertemplate": "%{fullData.name}<br>%{customdata}<extra></extra>",
        "marker": {
            "color": shade,
            "size": 10,
            "symbol": MARKS[number % len(MARKS)],
            "line": {"color": "#fff", "width": 1},
        },
    }


def _rule_between(number: int) -> dict[str, Any]:
    """Return the line under a question."""
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": number + 0.5,
        "y1": number + 0.5,
        "line": {"color": LINE, "width": 1},
    }
