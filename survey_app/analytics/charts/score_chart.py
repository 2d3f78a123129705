"""How the parts of a score add up: a waterfall that ends at the overall score."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from survey_app.analytics.charts.figures import (
    ACCENT,
    INK,
    LINE,
    QUIET,
    Figure,
    drawn,
    headless,
    labels_above,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scoring.score_sheet import Node, ScoreSheet, rounded

WHOLE = "#123a66"
TAKEN = "#8b95a1"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the overall score."""

    label: Bilingual
    points: Fraction
    """What it adds to the overall score; negative where it takes away."""


def steps_of(sheet: ScoreSheet) -> tuple[Step, ...]:
    """Return the parts of the overall score, those of a sum in its place.

    Their points add up to the overall score exactly. Empty while it is blocked.
    """
    if sheet.overall is None:
        return ()
    return tuple(
        step for node in sheet.root.children for step in _steps(node, Fraction(1))
    )


WATERFALL = {
    "type": "waterfall",
    "orientation": "h",
    "textposition": "outside",
    "cliponaxis": False,
    "textfont": {"color": INK},
    "connector": {"line": {"color": QUIET, "width": 1}},
    "increasing": {"marker": {"color": ACCENT}},
    "decreasing": {"marker": {"color": TAKEN}},
    "totals": {"marker": {"color": WHOLE}},
    "hoverinfo": "skip",
}


def score_chart(sheet: ScoreSheet, *, language: str) -> Figure | None:
    """Return the waterfall, or None while the score is blocked."""
    steps, overall = steps_of(sheet), sheet.overall
    if overall is None:
        return None
    names = [*(step.label for step in steps), sheet.root.label]
    labels = [name.in_language(language) for name in names]
    points = [step.points for step in steps]
    waterfall = WATERFALL | {
        "measure": ["relative"] * len(steps) + ["total"],
        "y": list(range(len(labels))),
        "x": [float(value) for value in (*points, overall)],
        "text": [rounded(value, sheet.places) for value in (*points, overall)],
    }
    return drawn(
        [waterfall],
        height=54 * len(labels) + 44,
        waterfallgap=0.55,
        margin={"l": 8, "r": 56, "t": 22, "b": 28},
        xaxis={
            "gridcolor": LINE,
            "zerolinecolor": QUIET,
            "nticks": 6,
            "tickangle": 0,
            "fixedrange": True,
        },
        yaxis=headless(len(labels)),
        annotations=labels_above(labels, lift=12),
        showlegend=False,
    )


def _steps(node: Node, share: Fraction) -> Iterator[Step]:
    """Yield the node's part of the overall score, opened where it is a sum of parts."""
    if node.contribution is None:
        return
    parts = node.rule.key.startswith("weighted-sum") and node.value
    if not parts or node.value is None:
        yield Step(node.label, node.contribution * share)
        return
    for child in node.children:
        yield from _steps(child, share * node.contribution / node.value)
