"""A part of the place: some units and all that stands below them.

It narrows a statement and asks none of its own: what a page costs does not depend on
how many units somebody may see. Who belongs where is what the roster says now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.domain.ground.refusals import NotFound

T = TypeVar("T")
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Where somebody may look."""

    tops: frozenset[int] | None = None
    """These units and what stands below them; None: everywhere."""
    subjects: frozenset[int] = frozenset()
    """And these: whoever is appraised, himself."""
    surveys: frozenset[int] | None = None
    """These surveys alone; None: all."""

    @property
    def is_whole(self) -> bool:
        """Whether it leaves nobody out; of surveys it may have some alone."""
        return self.tops is None

    def of_survey(self, survey_id: Column) -> ColumnElement[bool]:
        """Return the condition that a row's survey is one of these."""
        return true() if self.surveys is None else survey_id.in_(sorted(self.surveys))

    def condition(self, unit_id: Column) -> ColumnElement[bool]:
        """Return the condition that a row's unit lies within."""
        if self.tops is None:
            return true()
        return unit_id.in_(self._units()) if self.tops else false()

    def of_subject(self, subject_id: Column) -> ColumnElement[bool]:
        """Return the condition that a row's subject belongs to a unit within."""
        if self.tops is None:
            return true()
        within = select(Subject.id).where(self.condition(Subject.unit_id))
        within = within.correlate(None)  # whatever the statement around it asks
        return or_(subject_id.in_(within), subject_id.in_(sorted(self.subjects)))

    def written(self) -> str:
        """Return it as a job's detail keeps it; empty: everywhere."""
        return ",".join(map(str, sorted(self.tops or ())))

    @classmethod
    def read(cls, text: str) -> "Scope":
        """Return what `written` wrote."""
        return cls(frozenset(map(int, text.split(",")))) if text else EVERYWHERE

    def digest(self, session: Session) -> str:
        """Return what tells this part of the roster from any other; empty: everywhere.

        In two statements; none where nothing is left out.
        """
        if self.tops is None:
            return ""
        units = select(Unit.id).where(self.condition(Unit.id)).order_by(Unit.id)
        subjects = select(Subject.id).where(self.condition(Subject.unit_id))
        told = [*session.scalars(units), 0]
        told += session.scalars(subjects.order_by(Subject.id))
        return sha256(repr(told).encode()).hexdigest()

    def require(
        self, session: Session, row: Column, number: int, about: Column
    ) -> None:
        """Raise NotFound where a row's subject belongs elsewhere; one statement.

        `row` is the key of its table, `about` the column of its subject.
        """
        if self.tops is None:
            return
        found = select(row).where(row == number, self.of_subject(about))
        if session.scalar(found) is None:
            raise NotFound

    def require_subject(self, session: Session, subject_id: int) -> None:
        """Raise NotFound where the subject belongs elsewhere; one statement."""
        self.require(session, Subject.id, subject_id, Subject.id)

    def require_unit(self, session: Session, unit_id: int) -> None:
        """Raise NotFound where the unit lies elsewhere; one statement."""
        if self.tops is None:
            return
        found = select(Unit.id).where(Unit.id == unit_id, self.condition(Unit.id))
        if session.scalar(found) is None:
            raise NotFound

    def _units(self) -> Select[tuple[int]]:
        top = select(Unit.id).where(Unit.id.in_(sorted(self.tops or ())))
        below = top.cte(recursive=True)
        # UNION, not UNION ALL: a roster that runs in a circle must not hang a page.
        below = below.union(select(Unit.id).where(Unit.parent_id == below.c.id))
        return select(below.c.id)


EVERYWHERE = Scope()


def within(session: Session, scope: Scope, by_subject: Mapping[int, T]) -> dict[int, T]:
    """Return what belongs to subjects within; without a statement where all do."""
    if scope.is_whole or not by_subject:
        return dict(by_subject)
    some = select(Subject.id).where(Subject.id.in_(by_subject))
    here = session.scalars(some.where(scope.condition(Subject.unit_id)))
    return {subject: by_subject[subject] for subject in here}


def unit_called(session: Session, code: str) -> int | None:
    """Return the number of the unit with this code of the office's; None: none."""
    return session.scalar(select(Unit.id).where(Unit.code == code))


def subject_called(session: Session, code: str) -> int | None:
    """Return the subject that is the cadre with this code, or the unit's leading body.

    None for a code that nobody has. Of a code that both have it is the cadre.
    """
    cadre = select(Subject.id).join(Cadre, Cadre.id == Subject.cadre_id)
    body = select(Subject.id).join(Unit, Unit.id == Subject.unit_id)
    found = session.scalar(cadre.where(Cadre.code == code))
    if found is not None:
        return found
    return session.scalar(body.where(Unit.code == code, Subject.cadre_id.is_(None)))
