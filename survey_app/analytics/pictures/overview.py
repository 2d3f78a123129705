"""All units of a survey at a glance: where each stands, and how far chance reaches.

Everything is read from what is kept of results, page by page; of all the others only
how many stand in each step of the axis.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.results import KeptResult, ResultsList, results_page
from survey_app.analytics.paging import SCALE, Fact, ListAsked
from survey_app.analytics.pictures.chance import (
    is_change,
    score_interval,
    share_interval,
)
from survey_app.analytics.pictures.earlier import (
    compared,
    earlier_surveys,
    numbers_by_key,
    same_groups,
)
from survey_app.analytics.rate_meaning import Interval
from survey_app.analytics.survey_results import ResultLine, ResultNumbers
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.survey.tables import RatedSubject, Survey

SCORE, DISSATISFIED = "score", "dissatisfied"
MEASURES = (SCORE, DISSATISFIED)
"""What can stand on the axis."""
STEPS = 50
"""Into how many steps the whole axis of a strip is cut."""


@dataclass(frozen=True, slots=True)
class Strip:
    """How many stand in each step of an axis; those that are not shown in none."""

    bins: tuple[tuple[int, int], ...]
    """Where a step begins, and how many stand in it; empty steps are absent."""
    step: int
    full: Fraction
    hidden: int
    """How many have no number, or none that is shown."""

    @property
    def shown(self) -> int:
        """How many have one."""
        return sum(count for _, count in self.bins)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one subject, and how far chance alone could move it."""

    value: Fraction | None
    """In points, or a share; None where it is not shown."""
    interval: Interval | None
    """In the same; None where everybody was counted, or it is not told."""
    full_count: bool


@dataclass(frozen=True, slots=True)
class YearChange:
    """What a number was in the cycle before."""

    before: Figure
    is_comparable: bool
    is_clear: bool = False
    """Whether chance alone does not explain it; only of what compares."""


@dataclass(frozen=True, slots=True)
class Overview:
    """One page of the units, and what stands around them."""

    told: ResultsList
    strip: Strip
    measure: str
    last: Survey | None
    """The survey of the cycle before; None: there was none, or it was not asked for."""
    changes: dict[int, YearChange]
    """Subject → what its number was then."""

    def figure(self, line: ResultLine) -> Figure:
        """Return the number of one unit on the axis."""
        full = self.told.survey.component.full_marks.value
        return figure_of(line.numbers, self.measure, full)


def overview(
    session: Session,
    survey: Survey,
    asked: ListAsked,
    *,
    measure: str,
    today: date,
    with_change: bool = False,
) -> Overview:
    """Return one page of the units; raises what `results_page` raises."""
    scheme = survey.cycle.rules
    told = results_page(session, survey, asked, scheme=scheme, today=today)
    last, changes = None, dict[int, YearChange]()
    if with_change:
        earlier = earlier_surveys(session, survey, most=1)
        last = earlier[0] if earlier else None
        changes = _changes(session, survey, last, told, measure) if last else {}
    strip = strip_of_survey(session, survey, measure, scope=asked.scope)
    return Overview(told, strip, measure, last, changes)


def figure_of(numbers: ResultNumbers, measure: str, full: Fraction) -> Figure:
    """Return the number of a measure with its interval, or that all were counted."""
    if measure == DISSATISFIED:
        share, people = numbers.dissatisfied, numbers.people
        ends = None
        if share is not None and people and not numbers.full_count:
            ends = share_interval(share, people)
        return Figure(share, ends, numbers.full_count)
    ends = None
    if numbers.score is not None and numbers.variance is not None:
        ends = score_interval(numbers.score, numbers.variance, full_marks=full)
    return Figure(
        numbers.score, None if numbers.full_count else ends, numbers.full_count
    )


def _changes(
    session: Session,
    survey: Survey,
    last: Survey,
    told: ResultsList,
    measure: str,
) -> dict[int, YearChange]:
    some = [line.subject_id for line in told.page.rows]
    found = numbers_by_key(session, [last], some)
    alike = compared(survey, last)
    means_the_same = alike.score if measure == SCORE else alike.dissatisfied
    full = told.survey.component.full_marks.value
    changes = {}
    for line in told.page.rows:
        then = found.get((last.id, line.subject_id))
        if then is None:
            continue
        before = figure_of(then, measure, full)
        now = figure_of(line.numbers, measure, full)
        is_told = before.value is not None and now.value is not None
        is_comparable = means_the_same and (
            not is_told or same_groups(line.numbers, then)
        )
        is_clear = is_comparable and clear_change(before, now)
        changes[line.subject_id] = YearChange(before, is_comparable, is_clear)
    return changes


def clear_change(before: Figure, now: Figure) -> bool:
    """Return whether chance alone does not explain the change, as far as is told.

    Where both years counted everybody, any change is one.
    """
    if before.value is None or now.value is None:
        return False
    ends = [_ends(one) for one in (before, now)]
    if ends[0] is None or ends[1] is None:
        return False
    return is_change(float(before.value), ends[0], float(now.value), ends[1])


def _ends(figure: Figure) -> Interval | None:
    if figure.full_count and figure.value is not None:
        return Interval(float(figure.value), float(figure.value))
    return figure.interval


def reach_of(interval: Interval | None) -> tuple[float | None, float | None]:
    """Return both ends of an interval in points as they are printed."""
    if interval is None:
        return None, None
    return round(interval.low, 1), round(interval.high, 1)


def strip_of_survey(
    session: Session,
    survey: Survey,
    measure: str,
    *,
    post: str = "",
    scope: Scope = EVERYWHERE,
) -> Strip:
    """Return the strip of all subjects of a survey, or of those in such a post."""
    full = survey.cycle.rules.component(survey.component_key).full_marks.value
    column = {SCORE: KeptResult.score, DISSATISFIED: KeptResult.dissatisfied}[measure]
    ours = kept_of(survey.id, post)
    if not scope.is_whole:
        ours = ours.where(scope.of_subject(KeptResult.subject_id))
    if measure == DISSATISFIED:
        return strip_of(session, ours, column, Fraction(1), scale=100)
    return strip_of(session, ours, column, full)


def kept_of(survey_id: int, post: str = "") -> Select[tuple[()]]:
    """Return the statement about what is kept of a survey, or of those in a post."""
    kept: Select[tuple[()]] = select().select_from(KeptResult)
    if post:
        kept = kept.outerjoin(
            RatedSubject,
            (RatedSubject.survey_id == KeptResult.survey_id)
            & (RatedSubject.subject_id == KeptResult.subject_id),
        ).where(func.coalesce(RatedSubject.post, "principal") == post)
    return kept.where(KeptResult.survey_id == survey_id)


def strip_of(
    session: Session,
    rows: Select[tuple[()]],
    column: Fact | ColumnElement[int],
    full: Fraction,
    *,
    scale: int = 1,
) -> Strip:
    """Return how many rows stand in each step of a column to order by; one statement.

    The database counts: as many rows come back as there are steps, however many there
    are behind them. What has no number has none to be counted by.
    """
    step = max(1, int(full * scale) // STEPS)
    bin_ = column.expression // (SCALE * step // scale)
    counted = rows.add_columns(bin_.label("bin"), func.count().label("found"))
    found = session.execute(counted.group_by(bin_).order_by(bin_)).all()
    most = full * scale
    bins: dict[int, int] = {}
    for place, count in found:
        if place is not None:
            # The full marks themselves belong to the last step; what lies beyond them,
            # with a bonus, has a step of its own.
            start = int(place) * step
            start -= step if start == most else 0
            bins[start] = bins.get(start, 0) + count
    hidden = sum(count for place, count in found if place is None)
    ends = [most, *(Fraction(start + step) for start in bins)]
    return Strip(tuple(sorted(bins.items())), step, max(ends), hidden)
