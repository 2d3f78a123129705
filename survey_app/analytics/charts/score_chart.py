"""How the parts of a score add up: a waterfall that ends at the overall score."""

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
from survey_app.domain.scoring.score_sheet import WrittenSheet, WrittenStep

WHOLE = "#123a66"
TAKEN = "#8b95a1"


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


def score_chart(sheet: WrittenSheet) -> Figure | None:
    """Return the waterfall, or None while the score is blocked."""
    if sheet.blocked:
        return None
    total = WrittenStep(sheet.root.label, sheet.root.value, sheet.root.exact)
    lines = (*sheet.steps, total)
    labels = [line.label for line in lines]
    waterfall = WATERFALL | {
        "measure": ["relative"] * len(sheet.steps) + ["total"],
        "y": list(range(len(labels))),
        "x": [float(Fraction(line.exact)) for line in lines],
        "text": [line.value for line in lines],
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
