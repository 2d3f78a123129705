"""How each rater group answered one question: one bar a group, one shade a choice."""

from typing import Any

from survey_app.analytics.charts.figures import (
    INK,
    LEGEND_ABOVE,
    PER_CENT,
    Figure,
    drawn,
    headless,
    labels_above,
)
from survey_app.analytics.survey_results import (
    ChoiceShare,
    GroupAnswers,
    QuestionResults,
)
from survey_app.domain.scoring.score_sheet import rounded

SHADES = ("#d9e6f4", "#a9c8e6", "#6f9fd0", "#2f6aa8", "#123a66")
"""From the first rating to the last: the darker, the less content."""

WITHOUT_POINTS_SHADE = "#e8eaed"
SMALLEST_LABELLED = 6
"""Per cent; a narrower piece has no room for its number."""


def answer_chart(question: QuestionResults, *, language: str) -> Figure:
    """Return the stacked bars of one question, in per cent of each group's answers.

    A group whose counts are not told has no bar.
    """
    groups = question.told
    choices = groups[0].choices if groups else ()
    shades = _shades(choices)
    return drawn(
        [
            _trace(groups, place, shades[place], language)
            for place in range(len(choices))
        ],
        barmode="stack",
        bargap=0.55,
        height=58 * len(groups) + 44,
        margin={"l": 8, "r": 36, "t": 22, "b": 28},
        xaxis=PER_CENT,
        yaxis=headless(len(groups)),
        legend=LEGEND_ABOVE,
        annotations=labels_above(
            [group.label.in_language(language) for group in groups], lift=13
        ),
    )


def _trace(
    groups: tuple[GroupAnswers, ...], place: int, shade: str, language: str
) -> dict[str, Any]:
    """Return one choice's piece of every bar."""
    pieces = [group.choices[place] for group in groups]
    choice = pieces[0]
    dark = shade in SHADES[-2:]
    return {
        "type": "bar",
        "orientation": "h",
        "name": choice.label.in_language(language),
        "y": [group.label.in_language(language) for group in groups],
        "x": [float(piece.share * 100) for piece in pieces],
        "text": [_label(piece) for piece in pieces],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "insidetextfont": {"color": "#fff" if dark else INK},
        "customdata": [_hover(piece) for piece in pieces],
        "hovertemplate": "%{y} · %{fullData.name}<br>%{customdata}<extra></extra>",
        "marker": {
            "color": shade,
            "line": {"color": "#fff", "width": 1},
            "pattern": {
                "shape": "" if choice.rates else "/",
                "fgcolor": "#8b95a1",
                "size": 6,
            },
        },
    }


def _label(piece: ChoiceShare) -> str:
    """Return the share in whole per cent, or nothing where there is no room."""
    per_cent = piece.share * 100
    return f"{rounded(per_cent, 0)}%" if per_cent >= SMALLEST_LABELLED else ""


def _hover(piece: ChoiceShare) -> str:
    """Return count, share and interval of one piece."""
    told = f"{piece.count} / {piece.n} = {rounded(piece.share * 100, 1)}%"
    if piece.interval is None:
        return told
    low, high = piece.interval.low * 100, piece.interval.high * 100
    return f"{told}<br>95%: {low:.1f}–{high:.1f}%"


def _shades(choices: tuple[ChoiceShare, ...]) -> list[str]:
    """Return one shade for each choice, spread over as many ratings as there are."""
    ratings = [choice.key for choice in choices if choice.rates]
    steps = max(len(ratings) - 1, 1)
    last = len(SHADES) - 1
    return [
        SHADES[round(ratings.index(choice.key) * last / steps)]
        if choice.rates
        else WITHOUT_POINTS_SHADE
        for choice in choices
    ]
