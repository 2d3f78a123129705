"""Elements of an SVG: whatever they say is escaped here, and the forms of dots."""

from html import escape
from typing import Any

from survey_app.analytics.charts.picture import (
    DOTS,
    GRID,
    LINES,
    QUIET,
    Mark,
    Picture,
    Series,
)
from survey_app.analytics.charts.wrapped import width_of

SMALL = 11
"""The size of letters between rows."""


def tag(name: str, text: str = "", *, told: str = "", **attributes: Any) -> str:
    """Return an element; whatever it says is escaped."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_number(value))}"'
        for key, value in attributes.items()
        if value != ""
    )
    inside = (f"<title>{escape(told)}</title>" if told else "") + escape(text)
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _number(value: Any) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def patterns_of(picture: Picture, suffix: str) -> str:
    """Return the definitions of the patterns a picture needs, and of no other."""
    used = {one.pattern for one in picture.looks if one.pattern}
    used |= {LINES} if any(row.hidden for row in picture.rows) else set()
    return "".join(DRAWN[name].format(id=f"{name}-{suffix}") for name in sorted(used))


DRAWN = {
    LINES: (
        '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path d="M0 0v6" stroke="#6b7683"'
        ' stroke-width="1.5"/></pattern>'
    ),
    DOTS: (
        '<pattern id="{id}" width="5" height="5" patternUnits="userSpaceOnUse">'
        '<circle cx="2.5" cy="2.5" r="1.3" fill="#4a5563"/></pattern>'
    ),
    GRID: (
        '<pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<path d="M0 3h6M3 0v6" stroke="#6b7683"/></pattern>'
    ),
}


def shape(
    look: Series, x: float, y: float, *, suffix: str, told: str = ""
) -> list[str]:
    """Return a dot, or a small piece of a bar; `suffix` ends the name of a pattern."""
    ink: Any = {"fill": look.colour, "stroke": "#fff", "told": told}
    if look.shape == "bar":
        box: Any = {"x": x - 7, "y": y - 6, "width": 14, "height": 12}
        parts = [tag("rect", **box, **ink)]
        if look.hatched:
            parts.append(tag("rect", **box, fill=f"url(#{look.pattern}-{suffix})"))
        return parts
    if look.shape == "circle":
        return [tag("circle", cx=x, cy=y, r=5.5, **ink)]
    return [tag("path", d=FORMS[look.shape].format(x=x, y=y), **ink)]


def break_line(said: str, ends: tuple[float, float], top: float) -> list[str]:
    """Return the line between two rows that do not compare, and what it says."""
    left, right = ends
    centre, half = (left + right) / 2, width_of(said, SMALL) / 2 + 8
    line = f"M{left:.0f} {top - 14:.0f}H{centre - half:.0f}"
    line += f"M{centre + half:.0f} {top - 14:.0f}H{right:.0f}"
    return [
        tag("path", d=line, stroke=QUIET, stroke_dasharray="2 5"),
        tag("text", said, x=centre, y=top - 10, fill=QUIET, font_size=SMALL,
            text_anchor="middle"),
    ]  # fmt: skip


def column(
    mark: Mark, look: Series, ends: tuple[float, float], ground: tuple[float, float]
) -> list[str]:
    """Return a column on the ground of its row, so much at most above it."""
    (left, right), (bottom, tall) = ends, ground
    height = max((tall - SMALL - 2) * mark.rise, 1.5)
    box: Any = {"x": left, "y": bottom - height, "width": right - left}
    ink: Any = {"fill": look.colour, "stroke": "#fff", "told": mark.told}
    parts = [tag("rect", **box, height=height, **ink)]
    if mark.text and width_of(mark.text, SMALL) <= right - left + 4:
        at: Any = {"x": (left + right) / 2, "y": bottom - height - 3}
        says: Any = {"fill": QUIET, "font_size": SMALL, "text_anchor": "middle"}
        parts.append(tag("text", mark.text, **at, **says))
    return parts


FORMS = {
    "square": "M{x:.1f} {y:.1f}m-5-5h10v10h-10z",
    "diamond": "M{x:.1f} {y:.1f}m0-6.5l6.5 6.5l-6.5 6.5l-6.5-6.5z",
    "triangle-up": "M{x:.1f} {y:.1f}m0-6l6 11h-12z",
    "cross": "M{x:.1f} {y:.1f}m-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    "star": "M{x:.1f} {y:.1f}m0-7l2 5h5l-4 3l2 6l-5-4l-5 4l2-6l-4-3h5z",
    "tick": "M{x:.1f} {y:.1f}m-1.5-9h3v18h-3z",
}
