"""Scores of a cycle: one sheet, or the list of all with what blocks them.

Sheets are worked out from the frozen scheme, the counts and the given values whenever
somebody looks; nothing computed is kept, so nothing can go stale.
"""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.analytics.adjustments import AdjustmentLine
from survey_app.analytics.cycle_evidence import CycleEvidence, cycle_evidence
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.rated import Rated
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.domain.scoring.score_sheet import ScoreSheet, rounded


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
    """Return the sheet of everybody the scheme is about, in the order of the units.

    The number of statements does not grow with the number of subjects.
    """
    evidence = cycle_evidence(session, cycle, scheme=scheme)
    return tuple(
        _sheet(evidence, subject)
        for subject in evidence.subjects
        if subject.kind == scheme.subject
    )


def sheet_of(
    session: Session, cycle: Cycle, subject_id: int, *, scheme: Scheme
) -> SubjectSheet:
    """Return one subject's sheet; raises NotFound where the scheme is not about it."""
    evidence = cycle_evidence(session, cycle, scheme=scheme, beside=subject_id)
    for subject in evidence.subjects:
        if subject.id == subject_id and subject.kind == scheme.subject:
            return _sheet(evidence, subject)
    raise NotFound


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
