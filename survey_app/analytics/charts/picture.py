"""What a picture shows: rows along one axis, in printed numbers.

A picture is a value. It is drawn twice from the same: by the server, small and without
a script (`svg.py`), and by plotly on a desk (`figures.py`). Every position is the
number that is printed in the table beside it, rounded once; whatever the table does not
tell has no mark here.

Colours, each with a form or a pattern beside it: ColorBrewer's RdBu and OrRd
(colorbrewer2.org; Harrower and Brewer, The Cartographic Journal 40, 2003), which it
names safe for the colour-blind, for what has an order; Okabe and Ito's set (Color
Universal Design, 2008, jfly.uni-koeln.de/color) for what has none.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scoring.score_sheet import rounded

FONT = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', "
    "'Noto Sans CJK SC', sans-serif"
)
INK, QUIET, LINE, ACCENT = "#1a1f26", "#4a5563", "#d3d9e0", "#1d4e89"
WHOLE = "#123a66"
OBJECTS = ("#ca0020", "#f4a582")
"""RdBu's red side, of five: the stronger first."""
CONTENT = ("#d1e5f0", "#92c5de", "#4393c3", "#2166ac", "#053061")
"""RdBu's blue side: the weaker first."""
APART = "#e8eaed"
KINDS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's, without yellow and black."""
HEAT = ("#fef0d9", "#fdcc8a", "#fc8d59", "#e34a33", "#b30000")
"""OrRd, of five."""
DARK = frozenset({"#ca0020", "#2166ac", "#053061", "#b30000", "#e34a33", WHOLE, ACCENT})
"""On which writing is white."""
THIRD = 100 / 3
"""Per cent; the line for the eye, which decides nothing."""
LINES, DOTS, GRID = PATTERNS = ("lines", "dots", "grid")
"""Told apart without any colour, on paper too."""
SHAPES = ("circle", "square", "diamond", "triangle-up", "cross", "star")

NOT_SHOWN = Bilingual("不予显示", "not shown")
BREAK = Bilingual("题目或规则不同，不可比", "asked or scored otherwise: not comparable")
FULL_COUNT = Bilingual("全数", "full count")


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of mark, as the legend names it."""

    label: str
    colour: str
    shape: str = "bar"
    """A bar, or the form of a dot."""
    pattern: str = ""
    """One of `PATTERNS`, drawn over the colour; "" for none."""

    @property
    def hatched(self) -> bool:
        """Whether a pattern is drawn over it, so that no writing is read on it."""
        return bool(self.pattern)


@dataclass(frozen=True, slots=True)
class Mark:
    """One number, or a bar between two, on the axis."""

    look: int
    """Its place among the picture's looks."""
    at: float
    to: float | None = None
    """Where a bar, or a move, ends; None: a dot."""
    low: float | None = None
    high: float | None = None
    """The ends of its interval."""
    text: str = ""
    """Written on it, where there is room."""
    told: str = ""
    """Said to whoever points at it."""
    rise: float = 0.0
    """Of a column: how much of its row it fills, beginning below; else 0."""
    lane: float = 0.0
    """Above (-) or below (+) the middle of its row, in rows."""


@dataclass(frozen=True, slots=True)
class PictureRow:
    """One line of the picture."""

    label: str
    marks: tuple[Mark, ...] = ()
    value: str = ""
    """Written at the right end."""
    hidden: str = ""
    """Stands, hatched, where a number is not shown."""
    joined: bool = False
    """Whether a line leads here from the last mark of the row before."""
    broken: str = ""
    """Said between this row and the one before, which do not compare."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From where to where, and what is written along it."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[float, str], ...] = ()
    """Lines through all rows, each with its name."""
    are_names: bool = False
    """Whether the ticks name columns, each as wide as one step of the axis."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows along one axis."""

    key: str
    """In the address of its file."""
    title: str
    axis: Axis
    looks: tuple[Series, ...]
    rows: tuple[PictureRow, ...]
    note: str = ""
    """A sentence below."""
    tall: float = 1.0
    """The height of a row, in lines of marks."""
    close: bool = False
    """Whether bars are cells that touch each other, as on a map."""


def printed(value: Fraction, places: int) -> float:
    """Return the number as it is printed, as a place on an axis."""
    return float(rounded(value, places))


def per_cent(share: Fraction) -> str:
    """Return a share as it is printed, with one decimal place."""
    return f"{rounded(share * 100, 1)}%"


STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
MOST_STEPS = 7


def axis_of(
    values: Sequence[float],
    *,
    unit: str = "",
    bounds: tuple[float, float] = (0, 100),
    lines: tuple[tuple[float, str], ...] = (),
) -> Axis:
    """Return an axis of whole steps around these values, within the bounds.

    It need not begin at zero: only dots stand on it, whose place is read, no lengths.
    """
    low, high = min(values, default=bounds[0]), max(values, default=bounds[1])
    step = next((s for s in STEPS if high - low <= s * (MOST_STEPS - 1)), STEPS[-1])
    first = max(math.floor(low / step) * step, math.floor(bounds[0]))
    last = max(min(math.ceil(high / step) * step, math.ceil(bounds[1])), first + step)
    begin = math.ceil(first / step) * step
    ticks = tuple((float(at), f"{at}{unit}") for at in range(begin, last + 1, step))
    return Axis(float(first), float(last), ticks, lines)
