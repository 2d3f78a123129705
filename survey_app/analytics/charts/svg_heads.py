"""Names above columns: across where there is room for them, downwards where not.

Chinese signs stand upright below each other, as on a signboard; what is written with
spaces is turned by a quarter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from survey_app.analytics.charts.picture import QUIET
from survey_app.analytics.charts.svg_marks import tag
from survey_app.analytics.charts.wrapped import width_of, wrapped

ACROSS = 56
"""Pixels of a column from which its name is written across."""
DEEPEST = 100
"""Pixels that a name may go down."""
LEADING = 15
MOST_LINES = 4


@dataclass(frozen=True)
class ColumnHeads:
    """The names of the columns of a picture; without any, the room of plain ticks."""

    names: tuple[tuple[float, str], ...]
    one: float
    """How wide a column is."""
    size: int

    @property
    def is_across(self) -> bool:
        """Whether the names are written as on any other line."""
        return self.one >= ACROSS

    @cached_property
    def lines(self) -> list[list[str]]:
        """The lines of each name; what finds no room ends in dots."""
        room = self.one - 6 if self.is_across else DEEPEST
        most = MOST_LINES if self.is_across else max(int(self.one // LEADING), 1)
        found = [wrapped(name, room, self.size) for _, name in self.names]
        return [
            lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]
            for lines in found
        ]

    @property
    def height(self) -> float:
        """How much room they take above the rows."""
        if not self.names:
            return 17
        if self.is_across:
            return LEADING * max(map(len, self.lines)) + 6
        return max(self._depth(line) for lines in self.lines for line in lines) + 10

    def named(self, x: Callable[[float], float], bottom: float) -> list[str]:
        """Return the names, their ends a little above the rows."""
        way = self._across if self.is_across else self._down
        return [
            drawn
            for (at, name), lines in zip(self.names, self.lines, strict=True)
            for drawn in way(name, lines, x(at), bottom - 6)
        ]

    def _across(self, name: str, lines: list[str], x: float, last: float) -> list[str]:
        first = last - LEADING * (len(lines) - 1)
        return [
            self._text(
                line, name if number == 0 else "", x=x, y=first + LEADING * number,
                text_anchor="middle",
            )
            for number, line in enumerate(lines)
        ]  # fmt: skip

    def _down(self, name: str, lines: list[str], x: float, last: float) -> list[str]:
        are_signs = all(map(_is_upright, lines))
        drawn = []
        for number, line in enumerate(lines):
            beside = LEADING * (number - (len(lines) - 1) / 2)
            told = name if number == 0 else ""
            if are_signs:
                first = last - (self.size + 1) * (max(map(len, lines)) - 1)
                drawn.append(self._signs(line, told, x - beside, first))
            else:
                at = x + beside + self.size / 3
                turn = f"rotate(-90 {at:.1f} {last:.0f})"
                drawn.append(self._text(line, told, x=at, y=last, transform=turn))
        return drawn

    def _signs(self, line: str, told: str, x: float, first: float) -> str:
        """Return a column of signs; the first one of several stands at the right."""
        steps = ((self.size + 1) * place for place in range(len(line)))
        down = " ".join(f"{first + step:.0f}" for step in steps)
        across = " ".join([f"{x:.0f}"] * len(line))
        return self._text(line, told, x=across, y=down, text_anchor="middle")

    def _text(self, line: str, told: str, **where: object) -> str:
        return tag(
            "text", line, told=told, fill=QUIET, font_size=self.size, class_="tick",
            **where,
        )  # fmt: skip

    def _depth(self, line: str) -> float:
        if _is_upright(line):
            return (self.size + 1) * len(line)
        return width_of(line, self.size)


def _is_upright(line: str) -> bool:
    """Return whether no sign of it belongs to a writing that only runs across."""
    return not any(sign.isascii() and sign.isalnum() for sign in line)
