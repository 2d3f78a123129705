"""Pictures of one subject: its dimensions by rater group, its place, its years."""

from collections.abc import Callable
from fractions import Fraction

from survey_app.analytics.charts.picture import (
    ACCENT,
    BREAK,
    FULL_COUNT,
    KINDS,
    NOT_SHOWN,
    SHAPES,
    THIRD,
    WHOLE,
    Axis,
    Mark,
    Picture,
    PictureRow,
    Series,
    axis_of,
    per_cent,
    printed,
)
from survey_app.analytics.charts.short_names import short_names
from survey_app.analytics.pictures.one_subject import GroupPlace, Year
from survey_app.analytics.pictures.overview import Strip, reach_of
from survey_app.analytics.rate_meaning import Interval, wilson
from survey_app.analytics.survey_results import (
    GroupAnswers,
    QuestionResults,
    SubjectResults,
    SurveyResults,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.question import QuestionKind
from survey_app.domain.scheme.scheme import POOLED
from survey_app.domain.scoring.score_sheet import rounded

DIMENSIONS_KEY = "dimensions"
DIMENSIONS = Bilingual(
    "各题得分（按测评主体）", "Score of each question, by rater group"
)
PLACE = Bilingual("在同组中的位置", "Its place in its comparison group")
OTHERS = Bilingual(
    "同组各对象（每格的个数）", "the others of the group, how many in each step"
)
ITSELF = Bilingual("本对象", "this subject")
YEARS = Bilingual("历年得分", "Its years")

Said = Callable[
    [GroupAnswers, QuestionResults], tuple[Fraction, str, Interval | None] | None
]
"""What is drawn of a group's answers: number in per cent or points, words, interval."""


def dimension_chart(
    subject: SubjectResults, results: SurveyResults, *, language: str
) -> Picture | None:
    """Return the mean points of every question by rater group; None without any."""
    full = results.component.full_marks.value

    def score(
        group: GroupAnswers, _question: QuestionResults
    ) -> tuple[Fraction, str, Interval | None] | None:
        if group.score is None:
            return None
        return group.score, rounded(group.score, results.places), None

    values = [
        printed(group.score, results.places)
        for question in subject.questions
        for group in question.groups
        if group.score is not None
    ]
    axis = axis_of(values, bounds=(0, float(full)))
    title = DIMENSIONS.in_language(language)
    names = DIMENSIONS_KEY, title, language
    return _dots(subject, axis, score, names, results.places)


def rate_chart(
    subject: SubjectResults,
    rate: str,
    *,
    title: str,
    language: str,
    objects: bool = False,
) -> Picture | None:
    """Return a rate of every question by rater group with Wilson's intervals.

    A rate that `objects` has a line at one third.
    """

    def share(
        group: GroupAnswers, question: QuestionResults
    ) -> tuple[Fraction, str, Interval | None] | None:
        found = question.share(rate, group.key)
        if found is None or found.value is None:
            return None
        ends = wilson(found.numerator, found.denominator or 0)
        told = per_cent(found.value)
        if ends:
            told += f"\n95%: {ends.low * 100:.1f}–{ends.high * 100:.1f}%"
            ends = Interval(ends.low * 100, ends.high * 100)
        return found.value * 100, told, ends

    ends = _ends(subject, share)
    lines = ((THIRD, "1/3"),) if objects else ()
    axis = axis_of([*ends, *(at for at, _ in lines)], unit="%", lines=lines)
    return _dots(subject, axis, share, (f"rate-{rate}", title, language), 1)


def _ends(subject: SubjectResults, said: Said) -> list[float]:
    """Return every number that is drawn, and where its interval ends."""
    found = [said(group, q) for q in subject.questions for group in q.groups]
    return [
        end
        for one in found
        if one is not None
        for end in (float(one[0]), *((one[2].low, one[2].high) if one[2] else ()))
    ]


def _dots(
    subject: SubjectResults,
    axis: Axis,
    said: Said,
    names: tuple[str, str, str],
    places: int,
) -> Picture | None:
    key, title, language = names
    groups = {g.key: g for question in subject.questions for g in question.groups}
    order = list(groups)
    called = short_names([q.text.in_language(language) for q in subject.questions])
    rows = tuple(
        _dotted(name, question, order, said, (language, places))
        for name, question in zip(called, subject.questions, strict=True)
        if question.kind is QuestionKind.RATING
        or (question.is_scored and key == DIMENSIONS_KEY)
    )
    if not any(row.marks for row in rows):
        return None
    used = [
        place
        for place in range(len(order))
        if any(mark.look == place for row in rows for mark in row.marks)
    ]
    looks = tuple(
        Series(
            groups[name].label.in_language(language) if place in used else "",
            WHOLE if name == POOLED else KINDS[place % len(KINDS)],
            SHAPES[place % len(SHAPES)],
        )
        for place, name in enumerate(order)
    )
    return Picture(key, title, axis, looks, rows, tall=max(1.0, 0.62 * len(order)))


def _dotted(
    name: str,
    question: QuestionResults,
    order: list[str],
    said: Said,
    how: tuple[str, int],
) -> PictureRow:
    language, places = how
    marks = []
    for group in question.groups:
        found = said(group, question)
        if found is None:
            continue
        value, told, ends = found
        place = order.index(group.key)
        marks.append(
            Mark(
                place,
                printed(value, places),
                low=round(ends.low, 1) if ends else None,
                high=round(ends.high, 1) if ends else None,
                told=f"{group.label.in_language(language)}\n{told}",
                lane=0.8 * ((place + 0.5) / len(order) - 0.5),
            )
        )
    is_silent = not marks and question.groups
    hidden = NOT_SHOWN.in_language(language) if is_silent else ""
    return PictureRow(name, tuple(marks), hidden=hidden)


def place_chart(
    place: GroupPlace, *, name: str, places: int, language: str
) -> Picture | None:
    """Return the strip of a comparison group with one subject on it."""
    if place.score is None or not place.strip.bins:
        return None
    at = printed(place.score, places)
    told = f"{name}\n{rounded(place.score, places)}"
    own = PictureRow(
        name, (Mark(1, at, told=told),), value=rounded(place.score, places)
    )
    others = PictureRow(OTHERS.in_language(language), piles(place.strip, 0))
    return Picture(
        key="place",
        title=f"{PLACE.in_language(language)} · {name}",
        axis=strip_axis(place.strip, (at,)),
        looks=(Series("", "#92c5de"), Series("", ACCENT, "diamond")),
        rows=(own, others),
        tall=2.4,
    )


def piles(strip: Strip, look: int) -> tuple[Mark, ...]:
    """Return a column for every step of a strip, as high as many stand in it."""
    width, most = strip.step, max((count for _, count in strip.bins), default=1)
    return tuple(
        Mark(
            look,
            float(start),
            float(start + width),
            text=str(count),
            told=f"{start}–{start + width}: {count}",
            rise=count / most,
        )
        for start, count in strip.bins
    )


def strip_axis(strip: Strip, others: tuple[float, ...] = (), unit: str = "") -> Axis:
    """Return an axis on which all of a strip has room, and these numbers."""
    ends = [start for start, _ in strip.bins]
    ends += [start + strip.step for start in ends]
    found = [*map(float, ends), *others]
    return axis_of(found, unit=unit, bounds=(0, float(strip.full)))


def years_chart(
    years: tuple[Year, ...], *, places: int, language: str
) -> Picture | None:
    """Return the scores of several years, the oldest first; None with fewer than two.

    A line leads from year to year only where both mean the same.
    """
    if len(years) < 2:
        return None
    rows = tuple(_year(year, places, language) for year in years)
    ends = [n for row in rows for m in row.marks for n in (m.at, m.low, m.high)]
    full = max(float(year.full_marks) for year in years)
    return Picture(
        key="years",
        title=YEARS.in_language(language),
        axis=axis_of([n for n in ends if n is not None], bounds=(0, full)),
        looks=(Series("", ACCENT, "circle"),),
        rows=rows,
        tall=1.5,
    )


def _year(year: Year, places: int, language: str) -> PictureRow:
    broken = BREAK.in_language(language) if year.is_broken else ""
    if year.score is None:
        hidden = NOT_SHOWN.in_language(language)
        return PictureRow(year.cycle, hidden=hidden, broken=broken)
    low, high = reach_of(year.interval)
    value = rounded(year.score, places)
    told = f"{year.cycle}\n{value}"
    if low is not None:
        told += f"\n95%: {low:.1f}–{high:.1f}"
    elif year.full_count:
        told += f"\n{FULL_COUNT.in_language(language)}"
    mark = Mark(0, printed(year.score, places), low=low, high=high, told=told)
    return PictureRow(year.cycle, (mark,), value, joined=year.is_joined, broken=broken)
