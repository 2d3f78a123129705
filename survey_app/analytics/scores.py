"""Scores of a cycle: one sheet, or the list of all with what blocks them.

Sheets are worked out from the frozen scheme, the counts and the given values whenever
somebody looks; nothing computed is kept, so nothing can go stale.
"""

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.analytics.cycle_evidence import CycleEvidence, cycle_evidence
from survey_app.domain.disclosure.shown_sheet import shown_sheet
from survey_app.domain.refusals import NotFound
from survey_app.domain.remark import Remark, remark
from survey_app.domain.scheme import Post, Scheme
from survey_app.domain.scoring.rewording import reworded
from survey_app.domain.scoring.score_sheet import ScoreSheet, rounded
from survey_app.models.cycle import Cycle
from survey_app.models.subject import Subject


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
    subject = session.get(Subject, subject_id)
    if subject is None or subject.kind != scheme.subject:
        raise NotFound
    evidence = cycle_evidence(session, cycle, scheme=scheme, unit_id=subject.unit_id)
    return _sheet(evidence, subject)


def post_of(subject: Subject) -> Post:
    """Return the post whose weights apply; a leading body has the principal's."""
    return Post(subject.cadre.post) if subject.cadre else Post.PRINCIPAL


def _sheet(evidence: CycleEvidence, subject: Subject) -> SubjectSheet:
    """Return the sheet as it may be shown, saying so where a survey is still open."""
    post = post_of(subject)
    sheet = shown_sheet(
        evidence.scheme_for(subject),
        evidence.of(subject),
        evidence.plans_of(subject),
        post=post,
        questionnaires=evidence.questionnaires,
    )
    waiting = {
        remark("tally-missing", where=component.label): remark(
            "box-not-opened", where=component.label
        )
        if for_box
        else remark("survey-still-open", where=component.label)
        for component, for_box in evidence.waits_for(subject)
    }
    return SubjectSheet(
        subject_id=subject.id,
        name=subject.name,
        unit=subject.unit.name,
        title=subject.cadre.title if subject.cadre else "",
        post=post,
        sheet=reworded(sheet, waiting),
    )
