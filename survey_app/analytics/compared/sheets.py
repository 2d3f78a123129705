"""The scores of a settled cycle under another scheme, beside those that are kept."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.compared.told import ComparedSubject
from survey_app.analytics.kept.sheet_text import remark_text, sheet_of_text
from survey_app.analytics.score_evidence import (
    CycleEvidence,
    Ground,
    cycle_evidence,
    ground_of,
)
from survey_app.analytics.scores import TOGETHER
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.sheet_rows import KeptSheet
from survey_app.database import reading
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.disclosure.other_scheme import untold_by
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.scheme.scheme import Component, Scheme
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.survey.rated import rated_in_cycle


def asked_otherwise(other: Scheme, ground: Ground) -> tuple[Component, ...]:
    """Return the counted components that the other scheme would ask otherwise."""
    counted = {survey.component_key for survey in ground.surveys}
    known = {one.key: one.survey for one in ground.components if one.survey}
    return tuple(
        one
        for key in sorted(counted)
        if (one := _component(other, key)) is not None
        and one.survey is not None
        and (
            key not in known
            or one.survey.questionnaire != known[key].questionnaire
            or fit_faults(replace(other, components=(one,), alerts=()),
                          ground.questionnaires)
        )
    )  # fmt: skip


def _component(scheme: Scheme, key: str) -> Component | None:
    try:
        return scheme.component(key)
    except KeyError:
        return None


def compared_scores(
    session: Session, cycle_id: int, other: Scheme
) -> Iterator[tuple[int, list[ComparedSubject]]]:
    """Yield how many there are, and what became of some of them, batch for batch."""
    with reading(session) as reader:
        cycle = reader.get_one(Cycle, cycle_id)
        kept = ground_of(reader, cycle, cycle.rules)
        tried = ground_of(reader, cycle, other)
        rated = rated_in_cycle(reader, cycle_id, is_settled=cycle.is_settled)
    scored = [one for one in rated if one.kind == other.subject]
    strange = asked_otherwise(other, kept)
    for first in range(0, len(scored), TOGETHER):
        some = scored[first : first + TOGETHER]
        with reading(session) as reader:
            evidence = cycle_evidence(reader, kept, some)
            before = _kept_scores(reader, cycle_id, [one.id for one in some])
        under = _Under(evidence, tried, strange)
        yield len(scored), [under.compared(one, before.get(one.id)) for one in some]


def _kept_scores(
    reader: Session, cycle_id: int, some: Sequence[int]
) -> dict[int, Fraction | None]:
    """Return subject → the score of the kept sheet."""
    rows = select(KeptSheet.subject_id, KeptSheet.sheet).where(
        KeptSheet.cycle_id == cycle_id, KeptSheet.subject_id.in_(some)
    )
    return {
        subject: sheet_of_text(text).overall
        for subject, text in reader.execute(rows)
        if text
    }


class _Under:
    """The evidence about some subjects, under another scheme."""

    def __init__(
        self, evidence: CycleEvidence, tried: Ground, strange: Sequence[Component]
    ) -> None:
        self.kept = evidence.ground
        self.evidence = replace(evidence, ground=tried, shared=defaultdict(dict))
        self.strange = strange

    def compared(self, subject: Rated, before: Fraction | None) -> ComparedSubject:
        """Return one subject's score under both; of the other only what may be told."""
        after, why = None, self._why_not(subject)
        if why is None:
            sheet = self.evidence.sheet_of(subject)
            after = sheet.overall
            why = sheet.blocked[0] if sheet.blocked else None
        return ComparedSubject(
            id=subject.id,
            name=subject.name,
            unit=subject.unit.shown,
            before=before,
            after=after,
            why=remark_text(why) if why else "",
        )

    def _why_not(self, subject: Rated) -> Remark | None:
        """Return why nothing may be worked out about this subject; None: it may."""
        if self.strange:
            return remark("asked-otherwise", where=self.strange[0].label)
        untold = untold_by(
            self.evidence.ground.scheme, self.kept.scheme, self._plans(subject)
        )
        if not untold:
            return None
        return remark("withheld-of-other-scheme", where=untold[0].label)

    def _plans(self, subject: Rated) -> Mapping[str, SubjectPlan]:
        """Return what may be told of each component's counts about a subject."""
        return {
            one.key: settled.plan
            for one in self.evidence.ground.components
            if (settled := self.evidence.settled_at(one, subject)) is not None
        }
