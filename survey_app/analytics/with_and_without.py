"""The result about somebody with and without what came through unusual channels.

Three readings of the same answers: as was decided, with everything, and without any
flagged channel. What stands between two of them came through few channels, so it is
told only where those brought nothing about a group, or enough that nobody can be seen.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.results import CountedSurvey, asked_survey
from survey_app.analytics.survey_results import ResultNumbers
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.flags import ThroughCount, tallies_through, undecided
from survey_app.survey.set_aside import channels_aside
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import Survey

MOST = 100
"""Subjects that are told of at once."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What is said of one subject, read three times."""

    subject: Rated
    decided: ResultNumbers
    everything: ResultNumbers | None
    """None: nothing was set aside, or it may not be told."""
    without: ResultNumbers | None
    """None: nothing is flagged that counts, or it may not be told."""
    is_withheld: bool
    """Whether one of the two exists and may not be told."""

    @property
    def told(self) -> list[tuple[str, ResultNumbers]]:
        """The readings that may be told, each with its name."""
        every = {
            "decided": self.decided,
            "everything": self.everything,
            "without": self.without,
        }
        return [(name, numbers) for name, numbers in every.items() if numbers]


def with_and_without(
    session: Session, survey: Survey, *, scheme: Scheme, today: date
) -> tuple[Readings, ...]:
    """Return the readings of those whom unusual channels are about, `MOST` at most.

    Raises what `results_of` raises: before the counts are final there is none.
    """
    aside = channels_aside(session, survey.id)
    flagged = undecided(session, survey.id)
    some = _subjects(session, survey.id, aside | flagged)
    if not some:
        settled_plan(session, survey, today=today, subject_ids=())
        return ()
    plan = settled_plan(session, survey, today=today, subject_ids=some)
    every = asked_survey(session, survey, plan, scheme=scheme, some=some)
    told = _Told(
        every.counted(session),
        plan.floors.office,
        _by_subject(tallies_through(session, survey.id, aside)),
        _by_subject(tallies_through(session, survey.id, flagged)),
    )
    return tuple(told.readings(subject) for subject in every.subjects)


def _subjects(session: Session, survey_id: int, channels: Collection[int]) -> list[int]:
    """Return the first ones of whom something came through these channels."""
    if not channels:
        return []
    about = (
        select(ThroughCount.subject_id)
        .where(
            ThroughCount.survey_id == survey_id, ThroughCount.channel_id.in_(channels)
        )
        .distinct()
        .order_by(ThroughCount.subject_id)
        .limit(MOST)
    )
    return list(session.scalars(about))


def _by_subject(through: Mapping[tuple[int, int], Tally]) -> dict[int, Tally]:
    """Return subject → what came about it, all these channels together."""
    found: dict[int, Tally] = {}
    for (_, subject), tally in through.items():
        found[subject] = _combined(found.get(subject, {}), tally, 1)
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """The counts of a survey, and what of them came through unusual channels."""

    counted: CountedSurvey
    floor: int
    aside: Mapping[int, Tally]
    flagged: Mapping[int, Tally]

    def readings(self, subject: Rated) -> Readings:
        """Return the three readings about one subject."""
        decided: Tally = self.counted.tallies.get(subject.id, {})
        more = self.aside.get(subject.id, {})
        less = self.flagged.get(subject.id, {})
        plan = self.counted.plans[subject.id]
        everything = _combined(decided, more, 1)
        without = _combined(decided, less, -1)
        tells_more = self._may_tell(plan, more, decided)
        tells_less = self._may_tell(plan, less, without)
        return Readings(
            subject,
            self.counted.numbers(subject),
            self._numbers(subject, everything) if more and tells_more else None,
            self._numbers(subject, without) if less and tells_less else None,
            bool((more and not tells_more) or (less and not tells_less)),
        )

    def _numbers(self, subject: Rated, tally: Tally) -> ResultNumbers:
        """Return what a list would say, were these the answers about the subject."""
        tallies = {**self.counted.tallies, subject.id: tally}
        numbers = replace(self.counted, tallies=tallies).numbers(subject)
        return replace(
            numbers,
            groups=tuple(
                replace(group, n=_most(tally, group.key)) if group.n else group
                for group in numbers.groups
            ),
        )

    def _may_tell(self, plan: SubjectPlan, part: Tally, rest: Tally) -> bool:
        """Return whether neither part nor rest of any group are a few people.

        Nor is anything told of groups that count together: their parts are small.
        """
        if plan.joined:
            return False
        sizes = [_most(tally, group) for group in part for tally in (part, rest)]
        return all(size == 0 or size >= self.floor for size in sizes)


def _most(tally: Tally, group: str) -> int:
    """Return how many of a group answered: the most that answered one question."""
    asked = tally.get(group, {})
    return max((sum(counts.values()) for counts in asked.values()), default=0)


def _combined(one: Tally, other: Tally, sign: int) -> Tally:
    """Return the counts of one with those of the other added or taken away."""
    made = {
        group: {question: dict(counts) for question, counts in asked.items()}
        for group, asked in one.items()
    }
    for group, asked in other.items():
        for question, counts in asked.items():
            here = made.setdefault(group, {}).setdefault(question, {})
            for choice, count in counts.items():
                here[choice] = here.get(choice, 0) + sign * count
    return {
        group: {
            question: {choice: n for choice, n in counts.items() if n}
            for question, counts in asked.items()
        }
        for group, asked in made.items()
    }
