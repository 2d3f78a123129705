"""How the parts of a score add up: a waterfall that ends at the overall score."""

from collections.abc import Sequence
from fractions import Fraction

from survey_app.analytics.charts.picture import (
    ACCENT,
    LINES,
    OBJECTS,
    WHOLE,
    Axis,
    Mark,
    Picture,
    PictureRow,
    Series,
    axis_of,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.score_sheet import (
    NodeKind,
    rounded,
)
from survey_app.domain.scoring.written_sheet import WrittenSheet, WrittenStep

ADDS = Bilingual("加分的部分", "adds")
TAKES = Bilingual("减分的部分", "takes away")
CUT = Bilingual("不计的部分", "does not count")
TITLE = Bilingual("得分是怎样构成的", "How the parts add up")
ENDS = (Bilingual("下限 {}", "floor {}"), Bilingual("上限 {}", "ceiling {}"))
RISES, FALLS, LOST, ALL = range(4)


def score_chart(
    sheet: WrittenSheet, scheme: Scheme, *, language: str
) -> Picture | None:
    """Return the waterfall, or None while the score is blocked.

    A bar runs from what was reached before to what is reached with its step, both added
    up exactly and rounded once; so the last one ends at the overall score. Floor and
    ceiling of the scheme are lines where something was cut off.
    """
    if sheet.blocked:
        return None
    rows, before = list[PictureRow](), 0.0
    for step in sheet.steps:
        rows.append(_row(step, before, is_first=not rows))
        before = float(step.so_far)
    whole = float(sheet.root.value)
    total = Mark(ALL, whole, 0.0, told=f"{sheet.root.label}\n{sheet.root.value}")
    rows.append(
        PictureRow(
            sheet.root.label, (total,), value=sheet.root.value, joined=bool(rows)
        )
    )
    labels = (ADDS, TAKES, CUT)
    used = {mark.look for row in rows for mark in row.marks}
    return Picture(
        key="waterfall",
        title=f"{TITLE.in_language(language)} · {sheet.root.label}",
        axis=_axis(sheet, scheme, language),
        looks=(
            *(
                Series(label.in_language(language) if place in used else "", colour,
                     pattern=LINES * (place == LOST))
                for place, (label, colour) in enumerate(
                    zip(labels, (ACCENT, OBJECTS[0], "#c3cad2"), strict=True)
                )
            ),
            Series("", WHOLE),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _row(step: WrittenStep, before: float, *, is_first: bool) -> PictureRow:
    look = FALLS if step.value.startswith("-") else RISES
    if step.kind == NodeKind.CUT:
        look = LOST
    told = f"{step.label}\n{step.value} → {step.so_far}"
    mark = Mark(look, before, float(step.so_far), told=told)
    return PictureRow(step.label, (mark,), value=step.value, joined=not is_first)


def _axis(sheet: WrittenSheet, scheme: Scheme, language: str) -> Axis:
    """Return an axis from zero, or from below it, to beyond all that was reached."""
    reached = [0.0, *(float(step.so_far) for step in sheet.steps)]
    lines = _bounds(sheet.steps, scheme, language)
    reached += [at for at, _ in lines]
    return axis_of(reached, bounds=(min(reached) - 10, max(reached) + 10), lines=lines)


def _bounds(
    steps: Sequence[WrittenStep], scheme: Scheme, language: str
) -> tuple[tuple[float, str], ...]:
    if not any(step.kind == NodeKind.CUT for step in steps):
        return ()
    ends = scheme.floor, scheme.ceiling
    return tuple(
        (float(end.value), name.in_language(language).format(_plain(scheme, end.value)))
        for end, name in zip(ends, ENDS, strict=True)
        if end is not None
    )


def _plain(scheme: Scheme, value: Fraction) -> str:
    return rounded(value, scheme.places.value)
