"""Score sheets worked out: of one subject, of some, of everybody in a cycle.

Pages read what is kept (analytics/kept/sheets.py); this is how it is made.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.analytics.adjustments import AdjustmentLine
from survey_app.analytics.score_evidence import (
    CycleEvidence,
    Ground,
    cycle_evidence,
    ground_of,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.rated import Rated
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.scoring.score_sheet import ScoreSheet, rounded
from survey_app.survey.rated import rated_in_cycle

TOGETHER = 200
"""Subjects whose evidence is read and held at one time."""


@dataclass(frozen=True, slots=True)
class SubjectSheet:
    """A score sheet and whom it is about."""

    subject_id: int
    name: str
    unit: str
    title: str
    """The cadre's post in its own words; empty for a leading body."""
    post: Post
    sheet: ScoreSheet
    body_id: int = 0
    """The leading body of the unit, as the cycle knows it; 0 without one."""
    parent: str = ""
    """The unit above; empty where there is none."""
    adjustments: tuple[AdjustmentLine, ...] = ()
    """Its bonuses and deductions, counting or not."""

    @property
    def overall(self) -> Fraction | None:
        """The exact overall score, or None while something blocks it."""
        return self.sheet.overall

    @property
    def rounded(self) -> str:
        """The overall score in digits, rounded once; empty while blocked."""
        score = self.sheet.overall
        return "" if score is None else rounded(score, self.sheet.places)

    @property
    def blocked(self) -> tuple[Remark, ...]:
        """Why there is no overall score; empty when there is one."""
        return self.sheet.blocked


def sheets_of(
    session: Session, cycle: Cycle, *, scheme: Scheme
) -> tuple[SubjectSheet, ...]:
    """Return the sheet of everybody the scheme is about, in the order of the units."""
    rated = rated_in_cycle(session, cycle.id, is_settled=cycle.is_settled)
    ground = ground_of(session, cycle, scheme)
    return tuple(worked_out(session, ground, rated))


def sheet_of(
    session: Session, cycle: Cycle, subject_id: int, *, scheme: Scheme
) -> SubjectSheet:
    """Return one subject's sheet; raises NotFound where the scheme is not about it."""
    rated = rated_in_cycle(
        session, cycle.id, is_settled=cycle.is_settled, some=[subject_id]
    )
    for found in worked_out(session, ground_of(session, cycle, scheme), rated):
        return found
    raise NotFound


def worked_out(
    session: Session, ground: Ground, rated: Sequence[Rated]
) -> Iterator[SubjectSheet]:
    """Yield the sheets of those of these subjects whom the scheme is about."""
    scored = [one for one in rated if one.kind == ground.scheme.subject]
    for first in range(0, len(scored), TOGETHER):
        evidence = cycle_evidence(session, ground, scored[first : first + TOGETHER])
        for subject in evidence.subjects:
            yield _sheet(evidence, subject)


def _sheet(evidence: CycleEvidence, subject: Rated) -> SubjectSheet:
    return SubjectSheet(
        subject_id=subject.id,
        name=subject.name,
        unit=subject.unit.shown,
        title=subject.title,
        post=subject.post,
        sheet=evidence.sheet_of(subject),
        body_id=evidence.bodies.get(subject.unit.id, 0),
        parent=subject.unit.parent_name,
        adjustments=evidence.adjustments.get(subject.id, ()),
    )
