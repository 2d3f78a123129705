"""One subject among the others of its comparison group, and among its own years.

Its comparison group are those the same survey was about, in the same kind of post: the
same was asked about them and scored with the same weights. Counted among them are only
those whose score the publication plan lets through; nothing is told of the others but
how many they are.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import case, func
from sqlalchemy.orm import Session

from survey_app.analytics.kept.results import KeptResult
from survey_app.analytics.paging import ordinal
from survey_app.analytics.pictures.earlier import (
    compared,
    earlier_surveys,
    numbers_by_key,
    same_groups,
)
from survey_app.analytics.pictures.overview import (
    SCORE,
    Strip,
    figure_of,
    kept_of,
    strip_of_survey,
)
from survey_app.analytics.rate_meaning import Interval
from survey_app.analytics.survey_results import ResultNumbers
from survey_app.survey.tables import RatedSubject, Survey


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Where a score stands in its comparison group."""

    score: Fraction | None
    higher: int
    same: int
    """With itself."""
    lower: int
    within: int | None
    """How many others lie where chance alone could move it; None: not told."""
    strip: Strip

    @property
    def shown(self) -> int:
        """How many have a score that is shown, with itself."""
        return self.higher + self.same + self.lower


@dataclass(frozen=True, slots=True)
class Year:
    """What a subject's score was in one cycle."""

    cycle: str
    survey_id: int
    score: Fraction | None
    interval: Interval | None
    full_count: bool
    full_marks: Fraction
    is_joined: bool = False
    """Whether it compares with the year before, and both are shown."""
    is_broken: bool = False
    """Whether there is a year before that does not compare."""


def own_numbers(
    session: Session, survey: Survey, subject_id: int
) -> ResultNumbers | None:
    """Return what is kept of this subject; None where it is not, or not believed."""
    return numbers_by_key(session, [survey], [subject_id]).get((survey.id, subject_id))


def place_of(
    session: Session, survey: Survey, subject_id: int, numbers: ResultNumbers
) -> GroupPlace:
    """Return where a subject stands in its comparison group, in three statements."""
    post = _post(session, survey.id, subject_id)
    scheme = survey.cycle.rules
    strip = strip_of_survey(session, survey, SCORE, post=post)
    own = ordinal(numbers.score)
    if own is None:
        return GroupPlace(None, 0, 0, 0, None, strip)
    column = KeptResult.score
    full = scheme.component(survey.component_key).full_marks.value
    ends = figure_of(numbers, SCORE, full).interval
    low, high = (ends.low, ends.high) if ends else (0.0, 0.0)
    counted = kept_of(survey.id, post).add_columns(
        func.count(case((column > own, 1))),
        func.count(case((column == own, 1))),
        func.count(case((column < own, 1))),
        func.count(
            case(
                (
                    column.between(ordinal(Fraction(low)), ordinal(Fraction(high))),
                    1,
                )
            )
        ),
    )
    higher, same, lower, within = session.execute(counted).one()
    return GroupPlace(
        numbers.score, higher, same, lower, within - 1 if ends else None, strip
    )


def _post(session: Session, survey_id: int, subject_id: int) -> str:
    """Return the kind of post this survey knows the subject in."""
    row = session.get(RatedSubject, (survey_id, subject_id))
    return (row.post if row else None) or "principal"


def years_of(
    session: Session, survey: Survey, subject_id: int, numbers: ResultNumbers
) -> tuple[Year, ...]:
    """Return the scores of this component in this and earlier cycles, oldest first.

    As many statements for many years as for one; at most a few years are looked at.
    """
    earlier = earlier_surveys(session, survey, about=subject_id)
    found = numbers_by_key(session, earlier, [subject_id]) if earlier else {}
    told = [(survey, numbers)]
    told += [
        (one, found[one.id, subject_id])
        for one in earlier
        if (one.id, subject_id) in found
    ]
    told.reverse()
    years = [_year(one, its) for one, its in told]
    for place in range(1, len(years)):
        (then, before), (now, its) = told[place - 1], told[place]
        alike = compared(now, then).score and same_groups(its, before)
        both = years[place].score is not None and years[place - 1].score is not None
        years[place] = replace(
            years[place], is_joined=alike and both, is_broken=not alike
        )
    return tuple(years)


def _year(survey: Survey, numbers: ResultNumbers) -> Year:
    component = survey.cycle.rules.component(survey.component_key)
    full = component.full_marks.value
    figure = figure_of(numbers, SCORE, full)
    return Year(
        cycle=survey.cycle.name,
        survey_id=survey.id,
        score=figure.value,
        interval=figure.interval,
        full_count=figure.full_count,
        full_marks=full,
    )
