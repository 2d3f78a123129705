"""Elements of an SVG: whatever they say is escaped here, and the forms of dots."""

from html import escape
from typing import Any

from survey_app.analytics.charts.picture import Series


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


def shape(look: Series, x: float, y: float, *, hatch: str, told: str = "") -> list[str]:
    """Return a dot, or a small piece of a bar; `hatch` names the pattern."""
    ink: Any = {"fill": look.colour, "stroke": "#fff", "told": told}
    if look.shape == "bar":
        box: Any = {"x": x - 7, "y": y - 6, "width": 14, "height": 12}
        parts = [tag("rect", **box, **ink)]
        if look.hatched:
            parts.append(tag("rect", **box, fill=f"url(#{hatch})"))
        return parts
    if look.shape == "circle":
        return [tag("circle", cx=x, cy=y, r=5.5, **ink)]
    return [tag("path", d=FORMS[look.shape].format(x=x, y=y), **ink)]


FORMS = {
    "square": "M{x:.1f} {y:.1f}m-5-5h10v10h-10z",
    "diamond": "M{x:.1f} {y:.1f}m0-6.5l6.5 6.5l-6.5 6.5l-6.5-6.5z",
    "triangle-up": "M{x:.1f} {y:.1f}m0-6l6 11h-12z",
    "cross": "M{x:.1f} {y:.1f}m-2-6h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    "star": "M{x:.1f} {y:.1f}m0-7l2 5h5l-4 3l2 6l-5-4l-5 4l2-6l-4-3h5z",
    "tick": "M{x:.1f} {y:.1f}m-1.5-9h3v18h-3z",
}
