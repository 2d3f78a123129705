"""Scores of a cycle: one sheet, or the list of all with what blocks them.

Sheets are worked out from the frozen scheme, the counts and the given values whenever
somebody looks; nothing computed is kept, so nothing can go stale. What is known about
the subjects is read in a fixed number of statements.

Only surveys whose publication plan was evaluated give their tallies. Until a survey
about a subject is closed, or its box opened, its component has no tally: a score must
not move as people answer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.adjustments import (
    AdjustmentLine,
    adjustment_lines,
    counting_of,
)
from survey_app.analytics.named_ratings import Signed, counting_ratings
from survey_app.analytics.settled_tallies import SettledTallies, settled_tallies
from survey_app.appraisal.cycle import Cycle, GivenValue
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import (
    every_component,
    from_outside,
    named_places,
)
from survey_app.domain.scheme.scheme import Component, Post, Scheme, SubjectKind
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.scoring.score_sheet import ScoreSheet, rounded
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.settled_plan import plans_of
from survey_app.survey.tables import SECRET_BALLOT, UNCOUNTED, Survey, SurveySubject

Found = TypeVar("Found")
LEADING_BODY = SubjectKind.LEADING_BODY


@dataclass(frozen=True, slots=True)
class CycleEvidence:
    """The evidence of one cycle, by subject."""

    scheme: Scheme
    components: tuple[Component, ...]
    """Of the scheme, at every depth."""
    subjects: Sequence[Rated]
    """Cadres and leading bodies, by unit code, as the cycle knows them."""
    questionnaires: Mapping[str, Questionnaire]
    tallies: SettledTallies
    """(component, subject) → what all surveys whose counts are final say."""
    still_open: Mapping[tuple[str, int], bool]
    """(component, subject) whose counts are not final → whether a box is waited for."""
    values: Mapping[tuple[str, int], Fraction]
    named: Signed
    bodies: Mapping[int, int]
    """Unit → its leading body."""
    adjustments: Mapping[int, tuple[AdjustmentLine, ...]]
    """Subject → its bonuses and deductions, counting or not."""

    def sheet_of(self, subject: Rated) -> ScoreSheet:
        """Return a subject's score sheet as it may be shown.

        The rater groups of the scheme are those that were counted about this subject.
        """
        places = {one.key: self._place(one, subject) for one in self.components}
        settled = {
            key: found
            for key, place in places.items()
            if place not in self.still_open and (found := self.tallies.get(place))
        }
        scheme = self.scheme
        for key, one in settled.items():
            if merged := one.plan.counted_in:
                scheme = with_merged_groups(scheme, key, merged)
        tallies = {key: one.tally for key, one in settled.items()}
        turnout = {key: one.turnout for key, one in settled.items() if one.turnout}
        given = [one.key for one in from_outside(self.scheme)]
        evidence = ScoreInput(
            tallies,
            turnout,
            _at({key: places[key] for key in given}, self.values),
            counting_of(self.adjustments.get(subject.id, ())),
            named=_at(places, self.named),
            waits_for=self._waiting(places),
        )
        return shown_sheet(
            scheme,
            evidence,
            {key: one.plan for key, one in settled.items()},
            post=subject.post,
            questionnaires=self.questionnaires,
        )

    def _waiting(self, places: Mapping[str, tuple[str, int]]) -> dict[str, Remark]:
        """Return component → what its counts about a subject still wait for."""
        return {
            one.key: remark("box-not-opened", where=one.label)
            if self.still_open[place]
            else remark("survey-still-open", where=one.label)
            for one in self.components
            if (place := places[one.key]) in self.still_open
        }

    def tally_at(self, component: Component, subject: Rated) -> tuple[int, Tally]:
        """Return whom the component means, and the tally its sheet takes, if settled.

        The subject itself, or the leading body of its unit.
        """
        place = self._place(component, subject)
        settled = self.tallies.get(place)
        return place[1], settled.tally if settled else {}

    def _place(self, component: Component, subject: Rated) -> tuple[str, int]:
        """Return the component with whom it means: the subject or its leading body."""
        if component.about == subject.kind:
            return component.key, subject.id
        return component.key, self.bodies.get(subject.unit.id, 0)


def cycle_evidence(
    session: Session,
    cycle: Cycle,
    *,
    scheme: Scheme,
    beside: int | None = None,
) -> CycleEvidence:
    """Return the evidence about every subject, or about those of one subject's unit."""
    surveys = session.scalars(select(Survey).where(Survey.cycle_id == cycle.id)).all()
    subjects = rated_in_cycle(
        session, cycle.id, is_settled=cycle.is_settled, beside=beside
    )
    some = None if beside is None else [subject.id for subject in subjects]
    plans = plans_of(session, [survey.id for survey in surveys], subject_ids=some)
    settled = [survey for survey in surveys if survey.id in plans]
    return CycleEvidence(
        scheme=scheme,
        components=every_component(scheme.components),
        subjects=subjects,
        bodies={s.unit.id: s.id for s in subjects if s.kind == LEADING_BODY},
        questionnaires=_questionnaires(settled),
        tallies=settled_tallies(
            session, settled, plans, subjects=[subject.id for subject in subjects]
        ),
        still_open=_still_open(session, cycle, plans),
        values=_values(session, cycle, some),
        named=_named(session, cycle, scheme, some),
        adjustments=adjustment_lines(session, cycle.id, some),
    )


def _at(
    places: Mapping[str, tuple[str, int]], known: Mapping[tuple[str, int], Found]
) -> dict[str, Found]:
    """Return component → what is known at its place, where anything is."""
    return {key: known[place] for key, place in places.items() if place in known}


def _questionnaires(surveys: Sequence[Survey]) -> dict[str, Questionnaire]:
    """Return key → questionnaire; each text is read once."""
    texts = dict.fromkeys(survey.questionnaire for survey in surveys)
    found = (Questionnaire.from_json(text) for text in texts)
    return {questionnaire.key: questionnaire for questionnaire in found}


def _still_open(
    session: Session, cycle: Cycle, settled: Collection[int]
) -> dict[tuple[str, int], bool]:
    """Return (component, subject) wherever counts are not final yet.

    True where a secret ballot is among what is waited for.
    """
    places = (
        select(Survey.component_key, SurveySubject.subject_id, Survey.mode)
        .join(SurveySubject, SurveySubject.survey_id == Survey.id)
        .where(Survey.cycle_id == cycle.id)
        .where(Survey.state.not_in(UNCOUNTED), Survey.id.not_in(settled))
    )
    found: dict[tuple[str, int], bool] = {}
    for key, subject, mode in session.execute(places):
        found[key, subject] = found.get((key, subject), False) or mode == SECRET_BALLOT
    return found


def _named(
    session: Session, cycle: Cycle, scheme: Scheme, some: Sequence[int] | None
) -> Signed:
    """Return the named ratings that count; nothing is asked where none can be."""
    if not any(named_places(scheme.components)):
        return {}
    return counting_ratings(session, cycle.id, some)


def _values(
    session: Session, cycle: Cycle, some: Sequence[int] | None
) -> dict[tuple[str, int], Fraction]:
    """Return (component, subject) → the value given from outside."""
    given = select(GivenValue).where(GivenValue.cycle_id == cycle.id)
    if some is not None:
        given = given.where(GivenValue.subject_id.in_(some))
    return {
        (value.component_key, value.subject_id): Fraction(value.value)
        for value in session.scalars(given)
    }


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
