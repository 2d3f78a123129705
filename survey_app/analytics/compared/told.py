"""What another scheme would have changed, as it is kept: only what may be told.

Names are those of the settled cycle. A score that may not be told is None, with the
reasons; an alert that may not be told is None, too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.appraisal.compared_schemes import ComparedScheme
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.canonical import sorted_text
from survey_app.domain.ground.frozen_text import parsed
from survey_app.domain.ground.plain import plain_of, value_of

NAME = "compared scheme"


@dataclass(frozen=True, slots=True)
class ComparedSubject:
    """One score under the scheme of its cycle, and under another."""

    id: int
    name: str
    unit: str
    before: Fraction | None
    after: Fraction | None
    before_place: int | None = None
    """Among all who have a score; equal scores share a place."""
    after_place: int | None = None
    why: str = ""
    """The first reason why there is no score under the other one; JSON of a remark."""

    @property
    def change(self) -> Fraction | None:
        """How much the score would have changed; None where one of them is not told."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class ComparedAlert:
    """One alert that only one of the two schemes raises."""

    subject: int
    name: str
    unit: str
    rule: str
    label: Bilingual
    question: Bilingual
    group: Bilingual
    before: bool | None
    """None: no such rule there, or it may not be told."""
    after: bool | None


@dataclass(frozen=True, slots=True)
class ComparedRule:
    """How many alerts one rule raises under each of the two schemes."""

    rule: str
    label: Bilingual
    before: int | None
    """None: no such rule there."""
    after: int | None
    untold: int = 0
    """Of how many it may not be told what the other scheme would find."""


@dataclass(frozen=True, slots=True)
class Became:
    """Of how many subjects the score would have become what."""

    rose: int = 0
    fell: int = 0
    same: int = 0
    untold: int = 0

    @property
    def all(self) -> int:
        """How many subjects were compared."""
        return self.rose + self.fell + self.same + self.untold


@dataclass(frozen=True, slots=True)
class SchemeComparison:
    """Everything that was found."""

    places: int
    became: Became
    subjects: tuple[ComparedSubject, ...]
    """Whoever changes most first; whoever is kept may be read in parts."""
    rules: tuple[ComparedRule, ...]
    alerts: tuple[ComparedAlert, ...]
    """These may be read in parts, too."""
    every_alert: int = 0
    """How many alerts only one of the two schemes raises."""


def became(subjects: Sequence[ComparedSubject]) -> Became:
    """Return how many scores rose, fell, stayed, or cannot be told."""
    return Became(**Counter(_way(one.change) for one in subjects))


def _way(change: Fraction | None) -> str:
    if change is None:
        return "untold"
    return "rose" if change > 0 else "fell" if change < 0 else "same"


def placed(subjects: Sequence[ComparedSubject]) -> tuple[ComparedSubject, ...]:
    """Return the subjects with both their places, whoever changes most first."""
    before = _places([one.before for one in subjects])
    after = _places([one.after for one in subjects])
    return tuple(
        ComparedSubject(
            one.id, one.name, one.unit, one.before, one.after,
            before.get(one.before), after.get(one.after), one.why,
        )
        for one in sorted(subjects, key=_size, reverse=True)
    )  # fmt: skip


def _size(one: ComparedSubject) -> Fraction:
    return Fraction(-1) if one.change is None else abs(one.change)


def _places(scores: Sequence[Fraction | None]) -> dict[Fraction | None, int]:
    told = sorted((one for one in scores if one is not None), reverse=True)
    places: dict[Fraction | None, int] = {}
    for place, one in enumerate(told, 1):
        places.setdefault(one, place)
    return places


def keep_comparison(
    session: Session,
    whose: tuple[int, int, str],
    found: SchemeComparison,
    by: tuple[str, date],
) -> None:
    """Keep what was found of a cycle, a version and its fingerprint."""
    cycle_id, rule_id, fingerprint = whose
    row = session.get(ComparedScheme, (cycle_id, rule_id)) or ComparedScheme(
        cycle_id=cycle_id, rule_id=rule_id
    )
    row.fingerprint, row.told = fingerprint, sorted_text(plain_of(found))
    row.made_by, row.made_on = by
    session.add(row)
    session.commit()


def comparison_of(
    session: Session, cycle_id: int, rule_id: int, *, first: int, many: int
) -> tuple[ComparedScheme, SchemeComparison] | None:
    """Return what is kept of a cycle and a version; None: nothing.

    Of the subjects only so many from this one on, and of the alerts as many of the
    first: a place may have thousands.
    """
    wanted = select(ComparedScheme, ComparedScheme.told).where(
        ComparedScheme.cycle_id == cycle_id, ComparedScheme.rule_id == rule_id
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        return None
    told = parsed(row[1], NAME)
    told["subjects"] = told["subjects"][first : first + many]
    told["alerts"] = told["alerts"][:many]
    return row[0], value_of(SchemeComparison, told)
