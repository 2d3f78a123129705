"""One series of stand-alone surveys: what each of them told, one after the other.

Every number here is one that its own survey's results tell; nothing is counted anew, so
laying months side by side tells nothing that was withheld in any of them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.pictures.earlier import compared, numbers_by_key
from survey_app.analytics.survey_results import ResultNumbers
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.scope import Scope
from survey_app.survey.rated import in_order, rated_in
from survey_app.survey.tables import UNSETTLED, VOID, Survey, SurveySubject

SHOWN = 24
"""Surveys of a series, the newest: two years of months."""


@dataclass(frozen=True, slots=True)
class SeriesStep:
    """What one survey of a series told of one subject."""

    survey: Survey
    numbers: ResultNumbers | None
    """None: nothing of it is kept, or the survey was not about the subject."""
    is_joined: bool = False
    """Whether it may be compared with the one before, and both are shown."""
    is_broken: bool = False
    """Whether the one before asked something else."""

    @property
    def dissatisfied(self) -> Fraction | None:
        """The part of all ratings that objects; None where it is not shown."""
        return self.numbers.dissatisfied if self.numbers else None

    @property
    def answers(self) -> int | None:
        """How many answered; None where it is not shown."""
        return self.numbers.together if self.numbers else None


@dataclass(frozen=True, slots=True)
class SurveySeries:
    """A series as somebody may see it."""

    surveys: tuple[Survey, ...]
    """All of them, the newest first."""
    subjects: tuple[Rated, ...]
    """Whom its settled surveys were about, in the order of lists."""
    told: Mapping[tuple[int, int], ResultNumbers]
    """(survey, subject) → what that survey tells."""

    @property
    def settled(self) -> tuple[Survey, ...]:
        """The surveys that have results, the newest first."""
        return tuple(
            one
            for one in self.surveys
            if one.state not in UNSETTLED and one.state != "open"
        )

    def steps(self, subject_id: int) -> tuple[SeriesStep, ...]:
        """Return what was told of one subject, the oldest first."""
        found: list[SeriesStep] = []
        for survey in reversed(self.settled):
            numbers = self.told.get((survey.id, subject_id))
            before = found[-1] if found else None
            alike = bool(before and compared(survey, before.survey).dissatisfied)
            both = numbers is not None and numbers.dissatisfied is not None
            joined = alike and both and before is not None
            found.append(
                SeriesStep(
                    survey, numbers,
                    is_joined=bool(
                        joined and before and before.dissatisfied is not None
                    ),
                    is_broken=before is not None and not alike,
                )
            )  # fmt: skip
        return tuple(found)


def series_of(session: Session, cycle_id: int, scope: Scope) -> SurveySeries:
    """Return the newest surveys of a series and what may be told, within a scope.

    As many statements for many surveys as for one.
    """
    ours = (
        select(Survey)
        .where(Survey.cycle_id == cycle_id, Survey.is_recheck.is_(False))
        .where(Survey.state != VOID)
        .options(joinedload(Survey.cycle))
        .order_by(Survey.opens_on.desc(), Survey.id.desc())
        .limit(SHOWN)
    )
    surveys = tuple(session.scalars(ours))
    found = SurveySeries(surveys, (), {})
    numbers = [one.id for one in found.settled]
    within = _within(session, numbers, scope)
    subjects = _named(session, numbers, within)
    told = numbers_by_key(session, found.settled, within) if within else {}
    return SurveySeries(surveys, tuple(subjects), told)


def _within(session: Session, surveys: Sequence[int], scope: Scope) -> Collection[int]:
    asked = select(SurveySubject.subject_id).where(
        SurveySubject.survey_id.in_(surveys),
        scope.of_subject(SurveySubject.subject_id),
    )
    return set(session.scalars(asked.distinct())) if surveys else set()


def _named(
    session: Session, surveys: Sequence[int], within: Collection[int]
) -> list[Rated]:
    """Return the subjects as the newest survey about each of them called it."""
    named: dict[int, Rated] = {}
    rated = rated_in(session, surveys, some=within) if within else {}
    for survey in surveys:
        for one in rated.get(survey, ()):
            named.setdefault(one.id, one)
    return in_order(named.values())
