"""Values → figures; the only room that knows plotly.

A figure is a dictionary that plotly's script draws in the browser; the tests have
plotly check every kind, so that no page waits for it. A figure shows what the
table beside it says, in shades of one blue that differ in lightness, so that they can
be told apart without seeing colours and on paper.
"""

import gzip
import importlib.metadata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

Figure = dict[str, Any]
"""What plotly's script takes: data and layout."""

INK, QUIET, LINE, ACCENT = "#1a1f26", "#4a5563", "#d3d9e0", "#1d4e89"
FONT = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', sans-serif"
)


def drawn(traces: Sequence[Any], **layout: Any) -> Figure:
    """Return the figure in the house's style: no frame, no animation, system fonts."""
    house = {
        "font": {"family": FONT, "size": 14, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {
            "bgcolor": "#fff",
            "bordercolor": QUIET,
            "font": {"color": INK},
        },
        "dragmode": False,
    }
    return {"data": list(traces), "layout": house | layout}


def labels_above(labels: Sequence[str], *, lift: int) -> list[dict[str, Any]]:
    """Return the names of horizontal bars, each above its own, left.

    Beside the bars a long name would leave them no room on a phone.
    """
    return [
        {
            "text": label,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": place,
            "yanchor": "bottom",
            "yshift": lift,
            "showarrow": False,
            "font": {"color": INK},
        }
        for place, label in enumerate(labels)
    ]


def headless(bars: int) -> dict[str, Any]:
    """Return a vertical axis, downwards, whose bars are named by `labels_above`."""
    return {
        "range": [bars - 0.6, -0.85],
        "showticklabels": False,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


PER_CENT = {
    "range": [0, 100],
    "tickvals": [0, 25, 50, 75, 100],
    "ticktext": ["0", "25%", "50%", "75%", "100%"],
    "tickangle": 0,
    "gridcolor": LINE,
    "zeroline": False,
    "fixedrange": True,
}
"""A horizontal axis of shares."""

LEGEND_ABOVE = {
    "orientation": "h",
    "traceorder": "normal",
    "x": 0,
    "y": 1,
    "yanchor": "bottom",
    "itemclick": False,
    "itemdoubleclick": False,
}
"""The page adds the legend's height to the figure's, however often it wraps."""


@lru_cache(maxsize=1)
def drawing_version() -> str:
    """Return the version of plotly, for the address of its script."""
    return importlib.metadata.version("plotly")


@lru_cache(maxsize=1)
def drawing_script() -> bytes:
    """Return plotly's own script out of the installed package."""
    return (files("plotly") / "package_data" / "plotly.min.js").read_bytes()


@lru_cache(maxsize=1)
def compressed_drawing_script() -> bytes:
    """Return the script compressed with gzip; done once in each process."""
    return gzip.compress(drawing_script(), mtime=0)
