"""A picture as plotly draws it in the browser.

A figure is a dictionary that plotly's script takes; the tests have plotly check every
kind, so that no page waits for it. Only a desk loads the script: a phone has the same
picture from the server already.
"""

from html import escape
from typing import Any

from survey_app.analytics.charts.picture import (
    DARK,
    FONT,
    INK,
    LINE,
    LINES,
    QUIET,
    Mark,
    Picture,
    PictureRow,
    Series,
)
from survey_app.analytics.charts.wrapped import wrapped

Figure = dict[str, Any]
"""What plotly's script takes: data and layout."""
NAMES, SIZE, LEADING = 300, 14, 18
"""Pixels of the names beside the rows, of their letters and of their lines."""


def figure_of(picture: Picture) -> Figure:
    """Return the picture in the house's style: no frame, no animation, system fonts."""
    names = [wrapped(row.label, NAMES - 14, SIZE) for row in picture.rows]
    lines = max((len(name) for name in names), default=1)
    each = max(LEADING * lines + 10, int(20 * picture.tall) + 14)
    return {
        "data": [
            trace
            for place in range(len(picture.looks))
            for trace in _traces(picture, place)
        ]
        + _hidden(picture),
        "layout": {
            "font": {"family": FONT, "size": SIZE, "color": INK},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "hoverlabel": {
                "bgcolor": "#fff",
                "bordercolor": QUIET,
                "font": {"color": INK},
                "align": "left",
            },
            "hovermode": "closest",
            "dragmode": False,
            "barmode": "overlay",
            "height": each * len(picture.rows) + 64,
            "margin": {"l": NAMES, "r": 84, "t": 30, "b": 34},
            "showlegend": sum(bool(one.label) for one in picture.looks) > 1,
            "legend": LEGEND_ABOVE,
            "xaxis": _across(picture),
            "yaxis": _down(names),
            "shapes": [*_lines(picture), *_ties(picture)],
            "annotations": _written(picture),
        },
    }


def _plain(text: str) -> str:
    """Return a text that plotly takes for one: it reads signs of HTML in every text."""
    return escape(text, quote=False)


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


def _across(picture: Picture) -> Figure:
    axis = picture.axis
    reach = (axis.high - axis.low) / 100
    return {
        "range": [axis.low - reach, axis.high + reach],
        "tickvals": [at for at, _ in axis.ticks],
        "ticktext": [word for _, word in axis.ticks],
        "tickangle": 0,
        "gridcolor": LINE,
        "zeroline": False,
        "fixedrange": True,
    }


def _down(names: list[list[str]]) -> Figure:
    """Return the vertical axis, downwards, with the rows' names in several lines."""
    return {
        "range": [len(names) - 0.4, -0.6],
        "tickvals": list(range(len(names))),
        "ticktext": ["<br>".join(map(_plain, name)) for name in names],
        "ticklabelstandoff": 8,
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
    }


def _traces(picture: Picture, place: int) -> list[Figure]:
    """Return the bars and the dots of one look."""
    look = picture.looks[place]
    marks = [
        (number + mark.lane, mark)
        for number, row in enumerate(picture.rows)
        for mark in row.marks
        if mark.look == place
    ]
    bars = [(y, mark) for y, mark in marks if mark.to is not None]
    dots = [(y, mark) for y, mark in marks if mark.to is None]
    found = [_bars(look, bars, close=picture.close)] if bars else []
    return [*found, _dots(look, dots)] if dots else found


def _common(look: Series, marks: list[tuple[float, Mark]]) -> Figure:
    told = [_plain(mark.told).replace("\n", "<br>") for _, mark in marks]
    return {
        "name": _plain(look.label),
        "showlegend": bool(look.label),
        "y": [y for y, _ in marks],
        "customdata": told,
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _bars(
    look: Series, marks: list[tuple[float, Mark]], *, close: bool = False
) -> Figure:
    dark = look.colour in DARK and not look.hatched
    return _common(look, marks) | {
        "type": "bar",
        "orientation": "h",
        "base": [mark.at for _, mark in marks],
        "x": [(mark.at if mark.to is None else mark.to) - mark.at for _, mark in marks],
        "width": 0.96 if close else 0.5,
        "text": ["" if look.hatched else mark.text for _, mark in marks],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "insidetextfont": {"color": "#fff" if dark else INK},
        "marker": {
            "color": look.colour,
            "line": {"color": "#fff", "width": 1},
            "pattern": {
                "shape": SHAPES_OF[look.pattern],
                "fgcolor": "#6b7683",
                "size": 6,
            },
        },
    }


def _dots(look: Series, marks: list[tuple[float, Mark]]) -> Figure:
    found = _common(look, marks) | {
        "type": "scatter",
        "mode": "markers",
        "cliponaxis": False,
        "x": [mark.at for _, mark in marks],
        "marker": {
            "color": look.colour,
            "size": 11,
            "symbol": FORMS.get(look.shape, look.shape),
            "line": {"color": "#fff", "width": 1},
        },
    }
    if any(mark.low is not None for _, mark in marks):
        found["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [_reach(mark.high, mark.at) for _, mark in marks],
            "arrayminus": [_reach(mark.at, mark.low) for _, mark in marks],
            "thickness": 1.5,
            "width": 4,
        }
    return found


SHAPES_OF = {"": "", "lines": "/", "dots": ".", "grid": "+"}
FORMS = {"tick": "line-ns-open", "bar": "square"}


def _reach(one: float | None, other: float | None) -> float:
    return 0.0 if one is None or other is None else max(one - other, 0.0)


def _hidden(picture: Picture) -> list[Figure]:
    """Return a hatched bar over the whole axis for every row that is not shown."""
    axis = picture.axis
    rows = [(number, row) for number, row in enumerate(picture.rows) if row.hidden]
    if not rows:
        return []
    look = Series("", "#fff", pattern=LINES)
    marks = [
        (float(number), Mark(0, axis.low, axis.high, told=row.hidden))
        for number, row in rows
    ]
    return [_bars(look, marks)]


def _lines(picture: Picture) -> list[Figure]:
    return [
        _line((at, at), (-0.5, len(picture.rows) - 0.5), dash="dash")
        for at, _ in picture.axis.lines
    ]


def _ties(picture: Picture) -> list[Figure]:
    """Return the lines from row to row; across a break there is none."""
    found = []
    for number, row in enumerate(picture.rows):
        last = picture.rows[number - 1].marks if number else ()
        if row.broken:
            axis = picture.axis
            ends = axis.low, axis.high
            found.append(_line(ends, (number - 0.5, number - 0.5), dash="dot"))
        elif row.joined and last and row.marks:
            ends = _end(last[-1]), row.marks[0].at
            found.append(_line(ends, (number - 1, number), dash="solid"))
    return found


def _end(mark: Mark) -> float:
    return mark.at if mark.to is None else mark.to


def _line(x: tuple[float, float], y: tuple[float, float], *, dash: str) -> Figure:
    return {
        "type": "line",
        "layer": "below",
        "x0": x[0],
        "x1": x[1],
        "y0": y[0],
        "y1": y[1],
        "line": {"color": QUIET, "width": 1, "dash": dash},
    }


def _written(picture: Picture) -> list[Figure]:
    """Return what is written into the picture and at its right end."""
    axis = picture.axis
    middle = (axis.low + axis.high) / 2
    found = []
    for number, row in enumerate(picture.rows):
        found += _at_the_end(number, row)
        found += _on_hatching(picture, number, row)
        if row.hidden:
            found.append(_note(row.hidden, middle, number))
        if row.broken:
            found.append(_note(row.broken, middle, number - 0.5))
    for at, word in axis.lines:
        found.append(_note(word, at, len(picture.rows) - 0.5) | {"yanchor": "top"})
    return found


def _at_the_end(number: int, row: PictureRow) -> list[Figure]:
    if not row.value:
        return []
    place = {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 10}
    return [_note(row.value, 1, number) | place | BOLD]


def _on_hatching(picture: Picture, number: int, row: PictureRow) -> list[Figure]:
    """Return the words of hatched pieces, each on a white ground."""
    return [
        _note(mark.text, (mark.at + mark.to) / 2, number)
        for mark in row.marks
        if mark.to is not None and mark.text and picture.looks[mark.look].hatched
    ]


BOLD = {"bgcolor": "rgba(0,0,0,0)", "font": {"color": INK, "weight": 700}}
"""Never by an element of HTML: plotly would write a style into the page for it."""


def _note(text: str, x: float, y: float) -> Figure:
    return {
        "text": _plain(text),
        "x": x,
        "y": y,
        "showarrow": False,
        "bgcolor": "#fff",
        "font": {"color": INK},
    }
