"""A picture drawn by the server: one SVG, no script, no style, no foreign font.

Narrow, for a phone and for whoever has no script: names stand above their marks. Wide,
for a file that is kept or hung on a wall: names stand beside them. Whatever it says is
escaped here and nowhere else.
"""

from dataclasses import dataclass
from functools import cached_property
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
)
from survey_app.analytics.charts.svg_heads import ColumnHeads
from survey_app.analytics.charts.svg_marks import (
    break_line,
    column,
    patterns_of,
    shape,
    tag,
)
from survey_app.analytics.charts.wrapped import width_of, wrapped

NARROW, WIDE, NAMES, VALUES = 340, 960, 330, 66
"""Names: the most they take, beside the rows of the wide one."""
SIZE, LEADING, BAND = 13, 17, 20
"""Of letters, of lines, of a line of marks."""
EDGE = 14


def svg(picture: Picture, *, width: int = NARROW, alone: bool = False) -> str:
    """Return the picture as an SVG element; `alone`: as a file with its title."""
    return _Sheet(picture, width, is_alone=alone).drawn()


@dataclass(frozen=True)
class _Sheet:
    """The paper a picture is drawn on."""

    picture: Picture
    width: int
    is_alone: bool

    @property
    def is_wide(self) -> bool:
        return self.width >= WIDE

    @property
    def suffix(self) -> str:
        """Ends the names of patterns, which must be nobody else's in the page."""
        return f"{self.picture.key}-{self.width}"

    @cached_property
    def left(self) -> float:
        return self.names + EDGE if self.is_wide else EDGE

    @cached_property
    def names(self) -> float:
        """What the names take beside the rows: no more than the longest of them."""
        longest = max((width_of(r.label, SIZE) for r in self.picture.rows), default=0)
        return min(longest + 18, NAMES)

    @cached_property
    def right(self) -> float:
        has_values = any(row.value for row in self.picture.rows)
        return self.width - EDGE - (VALUES if has_values else 0)

    @cached_property
    def heads(self) -> ColumnHeads:
        """What stands above the rows."""
        axis = self.picture.axis
        one = (self.right - self.left) / max(axis.high - axis.low, 1)
        return ColumnHeads(axis.ticks if axis.are_names else (), one, SIZE - 2)

    def x(self, at: float) -> float:
        """Return where a number stands; beyond the axis, at its end."""
        axis = self.picture.axis
        share = (at - axis.low) / (axis.high - axis.low)
        return self.left + min(max(share, 0), 1) * (self.right - self.left)

    def drawn(self) -> str:
        """Return all of it."""
        parts, y = self._head()
        top = y
        y += self.heads.height
        rows: list[str] = []
        before: tuple[PictureRow, float] | None = None
        for row in self.picture.rows:
            label = self._label(row)
            above = 0 if self.is_wide else LEADING * len(label)
            gap = 34 if row.broken else 4 if self.picture.close else 10
            band = BAND * self.picture.tall
            height = max(band, LEADING * len(label)) if self.is_wide else above + band
            top_of_row = y + gap - 5
            middle = top_of_row + (height / 2 if self.is_wide else above + band / 2)
            rows += self._named(label, top_of_row, height)
            if before:
                rows += self._tie(before, (row, middle), top_of_row)
            rows += self._row(row, middle)
            before = row, middle
            y += height + gap
        bottom = y + 4
        parts += self._grid(top + self.heads.height, bottom)
        bottom += LEADING if self.picture.axis.lines else 0
        parts += rows
        if self.picture.note:
            for line in wrapped(self.picture.note, self.width - 2 * EDGE, SIZE - 1):
                bottom += LEADING
                parts.append(self._text(line, EDGE, bottom, QUIET, SIZE - 1))
        return self._whole(parts, bottom + 8)

    def _whole(self, parts: list[str], height: float) -> str:
        outer = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img"'
            f' aria-label="{escape(self.picture.title)}"'
            f' viewBox="0 0 {self.width} {height:.0f}" width="{self.width}"'
            f' height="{height:.0f}" font-family="{escape(FONT)}">'
        )
        ground = tag("rect", width=self.width, height=height, fill="#fff")
        patterns = patterns_of(self.picture, self.suffix)
        defs = f"<defs>{patterns}</defs>" if patterns else ""
        return "".join([outer, defs, ground * self.is_alone, *parts, "</svg>"])

    def _head(self) -> tuple[list[str], float]:
        """Return title and legend, and where they end."""
        parts: list[str] = []
        y = 6.0
        if self.is_alone:
            for line in wrapped(self.picture.title, self.width - 2 * EDGE, SIZE + 4):
                y += LEADING + 5
                parts.append(
                    self._text(line, EDGE, y, INK, SIZE + 4, font_weight="bold")
                )
            y += 8
        x, looks = float(EDGE), [one for one in self.picture.looks if one.label]
        if looks:
            y += LEADING
        for look in looks:
            needed = 20 + width_of(look.label, SIZE - 1) + 14
            if x > EDGE and x + needed > self.width - EDGE:
                x, y = float(EDGE), y + LEADING + 2
            parts += shape(look, x + 7, y - 4, suffix=self.suffix)
            parts.append(
                self._text(look.label, x + 20, y, QUIET, SIZE - 1, class_="key")
            )
            x += needed
        return parts, y + 6

    def _grid(self, top: float, bottom: float) -> list[str]:
        """Return the lines of the axis and what is written along it."""
        axis = self.picture.axis
        parts = self.heads.named(self.x, top)
        for at, word in () if axis.are_names else axis.ticks:
            x = self.x(at)
            parts.append(tag("path", d=f"M{x:.1f} {top:.0f}V{bottom:.0f}", stroke=LINE))
            parts.append(self._middle(word, x, top - 5, QUIET, SIZE - 2, class_="tick"))
        for at, word in axis.lines:
            x = self.x(at)
            parts.append(
                tag(
                    "path", d=f"M{x:.1f} {top:.0f}V{bottom:.0f}", stroke=QUIET,
                    stroke_dasharray="5 3", told=word,
                )
            )  # fmt: skip
            parts.append(self._middle(word, x, bottom + 12, QUIET, SIZE - 2))
        return parts

    def _label(self, row: PictureRow) -> list[str]:
        room = self.names - 10 if self.is_wide else self.width - 2 * EDGE
        return wrapped(row.label, room, SIZE)

    def _named(self, lines: list[str], top: float, height: float) -> list[str]:
        first = top + SIZE
        if self.is_wide:
            first = top + height / 2 - (len(lines) - 1) * LEADING / 2 + SIZE / 2 - 2
        return [
            self._text(line, EDGE, first + number * LEADING, INK, SIZE)
            for number, line in enumerate(lines)
        ]

    def _row(self, row: PictureRow, middle: float) -> list[str]:
        parts: list[str] = []
        if row.hidden:
            place: Any = {
                "x": self.left,
                "y": middle - 8,
                "width": self.right - self.left,
            }
            parts.append(
                tag(
                    "rect",
                    **place,
                    height=16,
                    fill=f"url(#{LINES}-{self.suffix})",
                    stroke=LINE,
                )
            )
            room = width_of(row.hidden, SIZE - 1) + 14
            at = (self.left + self.right) / 2
            parts.append(
                tag("rect", x=at - room / 2, y=middle - 9, width=room, height=18,
                    fill="#fff")
            )  # fmt: skip
            parts.append(self._middle(row.hidden, at, middle + 4, QUIET, SIZE - 1))
        for mark in row.marks:
            parts += self._mark(mark, middle)
        if row.value:
            parts.append(
                self._text(
                    row.value, self.width - EDGE, middle + 5, INK, SIZE,
                    text_anchor="end", font_weight="bold",
                )
            )  # fmt: skip
        return parts

    def _mark(self, mark: Mark, middle: float) -> list[str]:
        look = self.picture.looks[mark.look]
        y = middle + mark.lane * BAND * self.picture.tall
        parts: list[str] = []
        if mark.low is not None and mark.high is not None:
            a, b = self.x(mark.low), self.x(mark.high)
            line = (
                f"M{a:.1f} {y:.1f}H{b:.1f}M{a:.1f} {y - 4:.1f}v8M{b:.1f} {y - 4:.1f}v8"
            )
            parts.append(
                tag("path", d=line, stroke=look.colour, stroke_width="1.5", fill="none")
            )
        if mark.to is None:
            return [
                *parts,
                *shape(look, self.x(mark.at), y, suffix=self.suffix, told=mark.told),
            ]
        a, b = sorted((self.x(mark.at), self.x(mark.to)))
        half = 11 if self.picture.close else 8
        box: Any = {"x": a, "y": y - half, "width": max(b - a, 1.0), "height": 2 * half}
        if mark.rise:
            tall = BAND * self.picture.tall
            return [*parts, *column(mark, look, (a, b), (middle + tall / 2, tall))]
        parts.append(
            tag("rect", **box, fill=look.colour, stroke="#fff", told=mark.told)
        )
        if look.hatched:
            pattern = f"url(#{look.pattern}-{self.suffix})"
            parts.append(tag("rect", **box, fill=pattern, told=mark.told))
        room = width_of(mark.text, SIZE - 2)
        if mark.text and room + 2 <= b - a:
            ink = "#fff" if look.colour in DARK else INK
            if look.hatched:
                ground: Any = {"x": (a + b - room) / 2 - 1, "y": y - 7, "height": 14}
                parts.append(tag("rect", **ground, width=room + 2, fill="#fff"))
                ink = INK
            parts.append(self._middle(mark.text, (a + b) / 2, y + 4, ink, SIZE - 2))
        return parts

    def _tie(
        self,
        before: tuple[PictureRow, float],
        now: tuple[PictureRow, float],
        top: float,
    ) -> list[str]:
        """Return the line from the row before to this one, or the break between."""
        row, y = now
        last, above = before
        if row.broken:
            return break_line(row.broken, (self.left, self.right), top)
        if not (row.joined and last.marks and row.marks):
            return []
        ends = last.marks[-1]
        x = self.x(ends.at if ends.to is None else ends.to)
        line = f"M{x:.1f} {above:.1f}L{self.x(row.marks[0].at):.1f} {y:.1f}"
        return [tag("path", d=line, stroke=QUIET, stroke_width="1")]

    def _text(
        self, text: str, x: float, y: float, ink: str, size: int, **more: str
    ) -> str:
        return tag("text", text, x=x, y=y, fill=ink, font_size=size, **more)

    def _middle(
        self, text: str, x: float, y: float, ink: str, size: int, **more: str
    ) -> str:
        """Return a text around x, moved inwards where it would leave the paper."""
        half = width_of(text, size) / 2
        inside = min(max(x, half + 2), self.width - half - 2)
        return self._text(text, inside, y, ink, size, text_anchor="middle", **more)
