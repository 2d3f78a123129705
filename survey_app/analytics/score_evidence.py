"""All that is known of some subjects of a cycle, and the sheet it makes of each.

What is the same for all sheets of a cycle is read once, what is known about some
subjects in a fixed number of statements: one of them costs the same in a county and in
a city.

Only surveys whose publication plan was evaluated give their tallies. Until a survey
about a subject is closed, or its box opened, its component has no tally: a score must
not move as people answer.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
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
from survey_app.analytics.settled_tallies import (
    SettledTallies,
    SettledTally,
    settled_tallies,
)
from survey_app.appraisal.cycle import Cycle, GivenValue
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.tally import Tally
from survey_app.domain.ground.remark import Remark, remark
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import (
    every_component,
    from_outside,
    named_places,
)
from survey_app.domain.scheme.scheme import Component, Scheme, SubjectKind
from survey_app.domain.scoring.group_score import Scales, Shared
from survey_app.domain.scoring.score import shown_sheet
from survey_app.domain.scoring.score_sheet import ScoreSheet
from survey_app.domain.scoring.worked import Worked
from survey_app.survey.settled_plan import plan_heads, plans_of
from survey_app.survey.tables import SECRET_BALLOT, UNCOUNTED, Survey, SurveySubject

Found = TypeVar("Found")
LEADING_BODY = SubjectKind.LEADING_BODY


@dataclass(frozen=True, slots=True)
class Ground:
    """What all sheets of a cycle rest on, read once."""

    cycle_id: int
    is_settled: bool
    scheme: Scheme
    components: tuple[Component, ...]
    """Of the scheme, at every depth."""
    surveys: Sequence[Survey]
    """Those whose counts are final."""
    questionnaires: Mapping[str, Questionnaire]
    takes_named: bool
    scales: Scales = field(default_factory=dict)
    """What the choices of its questions are worth, for all sheets of the cycle."""


def ground_of(session: Session, cycle: Cycle, scheme: Scheme) -> Ground:
    """Return what the sheets of this cycle rest on."""
    surveys = session.scalars(select(Survey).where(Survey.cycle_id == cycle.id)).all()
    # Of all of them: one that was made a re-check behind our back is found out, too.
    heads = plan_heads(session, [survey.id for survey in surveys])
    settled = [one for one in surveys if one.id in heads and not one.is_recheck]
    return Ground(
        cycle_id=cycle.id,
        is_settled=cycle.is_settled,
        scheme=scheme,
        components=every_component(scheme.components),
        surveys=settled,
        questionnaires=_questionnaires(settled),
        takes_named=any(named_places(scheme.components)),
    )


@dataclass(frozen=True, slots=True)
class CycleEvidence:
    """The evidence about some subjects of one cycle."""

    ground: Ground
    subjects: Sequence[Rated]
    """Cadres and leading bodies, by unit code, as the cycle knows them."""
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
    shared: defaultdict[int, dict[Hashable, Worked]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Leading body → what was worked out of it for the first sheet that took it."""

    def sheet_of(self, subject: Rated) -> ScoreSheet:
        """Return a subject's score sheet as it may be shown.

        The rater groups of the scheme are those that were counted about this subject.
        """
        ground, scheme = self.ground, self.ground.scheme
        places = {one.key: self._place(one, subject) for one in ground.components}
        settled = {
            key: found
            for key, place in places.items()
            if place not in self.still_open and (found := self.tallies.get(place))
        }
        for key, one in settled.items():
            if merged := one.plan.counted_in:
                scheme = with_merged_groups(scheme, key, merged)
        tallies = {key: one.tally for key, one in settled.items()}
        turnout = {key: one.turnout for key, one in settled.items() if one.turnout}
        given = [one.key for one in from_outside(ground.scheme)]
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
            questionnaires=ground.questionnaires,
            shared=Shared(
                ground.scales, self.shared[self.bodies.get(subject.unit.id, 0)]
            ),
        )

    def _waiting(self, places: Mapping[str, tuple[str, int]]) -> dict[str, Remark]:
        """Return component → what its counts about a subject still wait for."""
        return {
            one.key: remark("box-not-opened", where=one.label)
            if self.still_open[place]
            else remark("survey-still-open", where=one.label)
            for one in self.ground.components
            if (place := places[one.key]) in self.still_open
        }

    def tally_at(self, component: Component, subject: Rated) -> tuple[int, Tally]:
        """Return whom the component means, and the tally its sheet takes, if settled.

        The subject itself, or the leading body of its unit.
        """
        place = self._place(component, subject)
        settled = self.tallies.get(place)
        return place[1], settled.tally if settled else {}

    def settled_at(self, component: Component, subject: Rated) -> SettledTally | None:
        """Return what its surveys say where a component means somebody, if settled."""
        return self.tallies.get(self._place(component, subject))

    def _place(self, component: Component, subject: Rated) -> tuple[str, int]:
        """Return the component with whom it means: the subject or its leading body."""
        if component.about == subject.kind:
            return component.key, subject.id
        return component.key, self.bodies.get(subject.unit.id, 0)


def cycle_evidence(
    session: Session, ground: Ground, subjects: Sequence[Rated]
) -> CycleEvidence:
    """Return the evidence about these subjects, and about their leading bodies."""
    bodies = _bodies(session, {one.unit.id for one in subjects})
    some = sorted({*bodies.values(), *(one.id for one in subjects)})
    settled = [survey.id for survey in ground.surveys]
    plans = plans_of(session, settled, subject_ids=some)
    return CycleEvidence(
        ground=ground,
        subjects=subjects,
        bodies=bodies,
        tallies=settled_tallies(session, ground.surveys, plans, subjects=some),
        still_open=_still_open(session, ground, settled, some),
        values=given_values(session, ground.cycle_id, some),
        named=counting_ratings(session, ground.cycle_id, some)
        if ground.takes_named  # nothing is asked where none can be
        else {},
        adjustments=adjustment_lines(session, ground.cycle_id, some),
    )


def _bodies(session: Session, units: Collection[int]) -> dict[int, int]:
    """Return unit → its leading body."""
    own = select(Subject.unit_id, Subject.id).where(
        Subject.unit_id.in_(units), Subject.kind == LEADING_BODY.value
    )
    return {unit: body for unit, body in session.execute(own)}  # noqa: C416 -- typed


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
    session: Session, ground: Ground, settled: Sequence[int], some: Sequence[int]
) -> dict[tuple[str, int], bool]:
    """Return (component, subject) wherever counts are not final yet.

    True where a secret ballot is among what is waited for.
    """
    places = (
        select(Survey.component_key, SurveySubject.subject_id, Survey.mode)
        .join(SurveySubject, SurveySubject.survey_id == Survey.id)
        .where(Survey.cycle_id == ground.cycle_id, ~Survey.is_recheck)
        .where(Survey.state.not_in(UNCOUNTED), Survey.id.not_in(settled))
        .where(SurveySubject.subject_id.in_(some))
    )
    found: dict[tuple[str, int], bool] = {}
    for key, subject, mode in session.execute(places):
        found[key, subject] = found.get((key, subject), False) or mode == SECRET_BALLOT
    return found


def given_values(
    session: Session, cycle_id: int, some: Sequence[int]
) -> dict[tuple[str, int], Fraction]:
    """Return (component, subject) → the value given from outside."""
    given = select(
        GivenValue.component_key, GivenValue.subject_id, GivenValue.value
    ).where(GivenValue.cycle_id == cycle_id, GivenValue.subject_id.in_(some))
    return {
        (component, subject): Fraction(value)
        for component, subject, value in session.execute(given)
    }
