"""One alert as its page shows it: what was found, how sure it is, what people did.

The numbers are worked out of the settled counts whenever somebody looks, as they were
when it was raised: who changed plan or counts since is told so. What the publication
plan withholds is not in these values at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.alerts.doing import case_of
from survey_app.alerts.due import label_of
from survey_app.alerts.tables import LEADING_GROUP, SECOND, AlertCase
from survey_app.analytics.alerts import CountedAlert, counted_alerts
from survey_app.analytics.case_acts import (
    ActTold,
    CheckTold,
    FileTold,
    acts_of,
    checklist,
    files_of,
)
from survey_app.analytics.kept.sheet_pages import shown_sheet_of
from survey_app.analytics.objections import rated_name
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.alerts.case_numbers import CaseNumbers, case_numbers
from survey_app.domain.alerts.review import Act, ClosedAs, State, outcomes, possible
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.review_rules import Measure, ReviewRules
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.score_sheet import Node, NodeKind, rounded
from survey_app.survey.settled_counts import settled_counts
from survey_app.survey.settled_plan import plan_head
from survey_app.survey.tables import RatedSubject, Survey

COMPONENTS = (NodeKind.SUM, NodeKind.SURVEY, NodeKind.ADJUSTED)
"""Numbers of a sheet among which a survey's component is looked for."""


@dataclass(frozen=True, slots=True)
class CaseHead:
    """Which alert it is, and where it stands."""

    id: int
    cycle_id: int
    cycle: str
    survey_id: int
    survey: str
    is_secret: bool
    subject_id: int
    subject: str
    unit: str
    rule: Bilingual
    round: int
    follows: int | None
    """The alert that was closed before this round of it."""
    state: State
    outcome: str
    measure: str
    proposed: str
    version: int
    held_by: str
    raised_on: date
    due_on: date | None
    recheck_id: int | None

    @property
    def is_closed(self) -> bool:
        """Whether nothing can become of it any more."""
        return self.state is State.CLOSED


@dataclass(frozen=True, slots=True)
class MeasureOffered:
    """A measure the scheme names, and who must agree to it."""

    measure: Measure
    needs: str
    """"second", "leading-group", or "": nobody else."""


@dataclass(frozen=True, slots=True)
class CaseScore:
    """What the score says at the same time."""

    component: Bilingual
    value: str
    """The component's value, rounded; "": not told, or there is none yet."""
    full_marks: Fraction
    overall: str
    """The overall score, rounded; "" while something blocks it."""


@dataclass(frozen=True, slots=True)
class CaseTold:
    """Everything its page shows."""

    head: CaseHead
    found: CountedAlert | None
    """None: its survey was voided, or its rule finds nothing there any more."""
    numbers: CaseNumbers | None
    """None where the plan withholds them."""
    score: CaseScore | None
    """None: the scheme makes no score of this subject."""
    is_scored: bool
    """False in a series of stand-alone surveys: nobody has a score there."""
    rules: ReviewRules
    possible: frozenset[Act]
    outcomes: tuple[ClosedAs, ...]
    checks: tuple[CheckTold, ...]
    measures: tuple[MeasureOffered, ...]
    acts: tuple[ActTold, ...]
    waiting: ActTold | None
    """What waits for a second person."""
    files: tuple[FileTold, ...]


def alert_case(session: Session, alert_id: int) -> CaseTold:
    """Return one alert with everything about it, in a fixed number of statements.

    Raises NotFound, and CountersDiffer or PlanChanged where its numbers are not those
    that were settled.
    """
    row = session.get(AlertCase, alert_id)
    if row is None:
        raise NotFound
    survey = session.get_one(Survey, row.survey_id)
    scheme = survey.cycle.rules
    found = found_alert(session, survey, row)
    case = case_of(session, row, scheme)
    acts = acts_of(session, row, scheme)
    review = scheme.review
    return CaseTold(
        head=_head(session, row, survey, scheme),
        found=found,
        numbers=numbers_of(found),
        score=_score(session, survey.cycle, row, survey.component_key),
        is_scored=survey.cycle.appraises,
        rules=review,
        possible=possible(case),
        outcomes=outcomes(case),
        checks=checklist(row, scheme, acts),
        measures=tuple(
            MeasureOffered(one, _needs(review, one)) for one in review.measures.value
        ),
        acts=acts,
        waiting=next((a for a in acts if a.number == row.waiting), None),
        files=files_of(session, row.id),
    )


def found_alert(
    session: Session, survey: Survey, row: AlertCase
) -> CountedAlert | None:
    """Return what a settled survey says to this rule, question and rater group.

    None where it says nothing to it. Raises CountersDiffer or PlanChanged.
    """
    some = [row.subject_id]
    if plan_head(session, survey.id) is None:
        return None
    settled = settled_counts(session, survey.id, some)
    place = row.rule_key, row.question_key, row.rater_group
    for one in counted_alerts(session, survey, settled, some):
        alert = one.told.alert
        if (alert.rule, alert.question, alert.group) == place:
            return one
    return None


def numbers_of(found: CountedAlert | None) -> CaseNumbers | None:
    """Return every denominator of an alert; None where its plan withholds numbers."""
    if found is None or found.ballots is None:
        return None
    return case_numbers(found.rule, found.told.alert.design, found.ballots)


def _head(session: Session, row: AlertCase, survey: Survey, scheme: Scheme) -> CaseHead:
    rated = session.get(RatedSubject, (survey.id, row.subject_id))
    name, unit = rated_name(session, row.subject_id)
    if rated is not None:
        name = rated.shown_name or rated.cadre_name or rated.unit_name
        unit = rated.shown_unit or rated.unit_name
    return CaseHead(
        id=row.id,
        cycle_id=row.cycle_id,
        cycle=survey.cycle.name,
        survey_id=survey.id,
        survey=survey.title,
        is_secret=survey.is_secret,
        subject_id=row.subject_id,
        subject=name,
        unit=unit,
        rule=label_of(scheme, row.rule_key),
        round=row.round,
        follows=row.follows,
        state=State(row.state),
        outcome=row.outcome,
        measure=row.measure,
        proposed=row.proposed,
        version=row.version,
        held_by=row.held_by,
        raised_on=row.raised_on,
        due_on=row.due_on,
        recheck_id=row.recheck_id,
    )


def _needs(review: ReviewRules, measure: Measure) -> str:
    if review.needs_leading_group(measure):
        return LEADING_GROUP
    return SECOND if review.needs_two(Act.DECIDE.value) else ""


def _score(
    session: Session, cycle: Cycle, row: AlertCase, component: str
) -> CaseScore | None:
    """Return component and overall score of the sheet as it is shown now."""
    if not cycle.appraises:
        return None
    scheme = cycle.rules
    try:
        found = shown_sheet_of(session, cycle, row.subject_id, scheme=scheme)
    except NotFound:
        return None
    node = _node(found.sheet.root.parts, component)
    if node is None:
        return None
    places = found.sheet.places
    return CaseScore(
        component=scheme.component(component).label,
        value="" if node.value is None else rounded(node.value, places),
        full_marks=scheme.component(component).full_marks.value,
        overall=found.rounded,
    )


def _node(parts: Sequence[Node], key: str) -> Node | None:
    """Return the component's number on the sheet; the one nearest to the top."""
    level = [node for node in parts if node.kind in COMPONENTS]
    while level:
        for node in level:
            if node.key == key:
                return node
        level = [n for node in level for n in node.parts if n.kind in COMPONENTS]
    return None
