"""Pictures of all units of a survey: on one axis, by question, against last cycle."""

from collections.abc import Sequence
from fractions import Fraction

from survey_app.analytics.charts.picture import (
    ACCENT,
    APART,
    BREAK,
    FULL_COUNT,
    LINES,
    NOT_SHOWN,
    OBJECTS,
    THIRD,
    Axis,
    Mark,
    Picture,
    PictureRow,
    Series,
    per_cent,
    printed,
)
from survey_app.analytics.charts.subject_charts import piles, strip_axis
from survey_app.analytics.kept.sheet_pages import SheetLine
from survey_app.analytics.pictures.cycle_overview import CycleOverview
from survey_app.analytics.pictures.overview import (
    SCORE,
    Figure,
    Overview,
    Strip,
    YearChange,
)
from survey_app.analytics.survey_results import ResultLine
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scoring.score_sheet import rounded

TITLES = {
    SCORE: Bilingual("得分", "Score"),
    "dissatisfied": Bilingual("不满意占比", "Share that is dissatisfied"),
}
INTERVAL = Bilingual("数值和 95% 区间", "number and its 95% interval")
COUNTED = Bilingual("全数（人人都计入）", "full count: everybody was counted")
STRIP = Bilingual("全部对象", "All subjects")
HOW_MANY = Bilingual("每格的个数", "how many in each step")
NOW = Bilingual("本年度", "this cycle")
THEN = Bilingual("上年度（{}）", "the cycle before ({})")
CLEAR = Bilingual("变化超出偶然", "change beyond chance")
UNCLEAR = Bilingual("变化可能出于偶然", "change may be chance")
NO_SCORE = Bilingual("尚无得分", "no score yet")


def units_chart(seen: Overview, *, language: str) -> Picture:
    """Return the units of a page on one axis, each with its interval or full count."""
    rows, places = seen.told.page.rows, seen.told.survey.places
    figures = [seen.figure(line) for line in rows]
    drawn = [
        _unit(line, figure, seen.measure, places, language)
        for line, figure in zip(rows, figures, strict=True)
    ]
    some_full = any(figure.full_count for figure in figures)
    return Picture(
        key=f"units-{seen.measure}",
        title=_title(seen, language),
        axis=_axis(seen, drawn),
        looks=(
            Series(INTERVAL.in_language(language), ACCENT, "circle"),
            Series(
                COUNTED.in_language(language) if some_full else "", ACCENT, "diamond"
            ),
        ),
        rows=tuple(drawn),
    )


def _title(seen: Overview, language: str) -> str:
    return f"{seen.told.survey.title} · {TITLES[seen.measure].in_language(language)}"


def _axis(seen: Overview, rows: Sequence[PictureRow]) -> Axis:
    """Return the axis of all units, not only of those on this page, with one third."""
    ends = [
        end
        for row in rows
        for mark in row.marks
        for end in (mark.at, mark.to, mark.low, mark.high)
        if end is not None
    ]
    if seen.measure == SCORE:
        return strip_axis(seen.strip, tuple(ends))
    axis = strip_axis(seen.strip, (0.0, *ends, THIRD), unit="%")
    return Axis(axis.low, axis.high, axis.ticks, ((THIRD, "1/3"),))


def as_printed(value: Fraction, measure: str, places: int) -> tuple[float, str]:
    """Return a number as a place on the axis and as it is printed."""
    if measure == SCORE:
        return printed(value, places), rounded(value, places)
    return printed(value * 100, 1), per_cent(value)


def interval_words(figure: Figure, measure: str, language: str) -> str:
    """Return the interval in words, or that all were counted; "" where none is told."""
    if figure.full_count and figure.value is not None:
        return FULL_COUNT.in_language(language)
    if figure.interval is None:
        return ""
    low, high = _reach(figure, measure)
    unit = "" if measure == SCORE else "%"
    return f"{low:.1f}–{high:.1f}{unit}"


def _reach(figure: Figure, measure: str) -> tuple[float | None, float | None]:
    if figure.interval is None:
        return None, None
    scale = 1 if measure == SCORE else 100
    return round(figure.interval.low * scale, 1), round(figure.interval.high * scale, 1)


def _unit(
    line: ResultLine, figure: Figure, measure: str, places: int, language: str
) -> PictureRow:
    label = full_name(line)
    if figure.value is None:
        return PictureRow(label, hidden=NOT_SHOWN.in_language(language))
    at, value = as_printed(figure.value, measure, places)
    words = interval_words(figure, measure, language)
    low, high = _reach(figure, measure)
    told = "\n".join(filter(None, (label, value, words)))
    mark = Mark(int(figure.full_count), at, low=low, high=high, told=told)
    return PictureRow(label, (mark,), value=value)


def full_name(line: ResultLine) -> str:
    """Return the name, of a person with the unit."""
    return f"{line.name}（{line.unit}）" if line.title else line.name


def strip_chart(
    strip: Strip, *, title: str, language: str, unit: str = ""
) -> Picture | None:
    """Return where all stand, in one small picture; None where none has a number."""
    if not strip.bins:
        return None
    return Picture(
        key="all",
        title=title,
        axis=strip_axis(strip, unit=unit),
        looks=(Series(HOW_MANY.in_language(language), "#92c5de"),),
        rows=(PictureRow(STRIP.in_language(language), piles(strip, 0)),),
        tall=3.5,
    )


def sheets_chart(seen: CycleOverview, *, title: str, language: str) -> Picture:
    """Return the overall scores of a page on one axis; no interval stands on them."""
    rows = tuple(_sheet(line, language) for line in seen.page.rows)
    ends = [mark.at for row in rows for mark in row.marks]
    return Picture(
        key="overall",
        title=title,
        axis=strip_axis(seen.strip, tuple(ends)),
        looks=(Series("", ACCENT, "circle"),),
        rows=rows,
    )


def _sheet(line: SheetLine, language: str) -> PictureRow:
    label = f"{line.name}（{line.unit}）" if line.title else line.name
    if not line.rounded:
        return PictureRow(label, hidden=NO_SCORE.in_language(language))
    told = f"{label}\n{line.rounded}"
    return PictureRow(
        label, (Mark(0, float(line.rounded), told=told),), value=line.rounded
    )


def change_chart(seen: Overview, *, language: str) -> Picture | None:
    """Return each unit's number of this cycle and the one before; None without one.

    A bar leads from one to the other only where they compare; elsewhere both stand
    there and nothing between them.
    """
    if seen.last is None:
        return None
    rows = tuple(_moved(seen, line, language) for line in seen.told.page.rows)
    then = THEN.in_language(language).format(seen.last.cycle.name)
    return Picture(
        key=f"change-{seen.measure}",
        title=_title(seen, language),
        axis=_axis(seen, rows),
        looks=(
            Series(CLEAR.in_language(language), "#92c5de"),
            Series(UNCLEAR.in_language(language), APART, pattern=LINES),
            Series(then, OBJECTS[1], "square"),
            Series(NOW.in_language(language), ACCENT, "circle"),
        ),
        rows=rows,
        tall=1.2,
    )


def _moved(seen: Overview, line: ResultLine, language: str) -> PictureRow:
    places = seen.told.survey.places
    figure, change = seen.figure(line), seen.changes.get(line.subject_id)
    label = full_name(line)
    marks = []
    points = [
        (look, as_printed(one.value, seen.measure, places))
        for look, one in ((2, change.before if change else None), (3, figure))
        if one is not None and one.value is not None
    ]
    if len(points) == 2 and change and change.is_comparable:
        look = 0 if change.is_clear else 1
        marks.append(Mark(look, points[0][1][0], points[1][1][0]))
    marks += [Mark(look, at, told=f"{label}\n{said}") for look, (at, said) in points]
    hidden = "" if marks else NOT_SHOWN.in_language(language)
    if change and not change.is_comparable and len(points) == 2:
        label = f"{label} ≠ {BREAK.in_language(language)}"
    return PictureRow(label, tuple(marks), hidden=hidden)


def changed_by(change: YearChange | None, now: Figure) -> Fraction | None:
    """Return now minus before, of what compares; in points, or a share."""
    if change is None or not change.is_comparable:
        return None
    if change.before.value is None or now.value is None:
        return None
    return now.value - change.before.value
