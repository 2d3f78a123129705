"""The alert list: every rule applied to every survey whose counts are final.

Alerts are worked out from the frozen scheme and the counts whenever somebody looks, so
none can be lost between the closing of a survey and the looking. Which of their numbers
may be shown stands in the survey's publication plan.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from survey_app.analytics.reconciled import TurnoutsOfUnits, turnouts_of_ballots
from survey_app.appraisal.rated import Rated
from survey_app.domain.alerts.alert import Evidence
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally, added_turnouts, merged_tally
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.disclosure.shown_alert import ShownAlert, shown_alerts
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import (
    Question,
    Questionnaire,
)
from survey_app.domain.scheme.scheme import POOLED, Component
from survey_app.domain.scoring.survey_score import ALL_POOLED
from survey_app.survey.counters import tallies_of_surveys
from survey_app.survey.rated import rated_in
from survey_app.survey.settled_plan import plans_of
from survey_app.survey.tables import UNCOUNTED, Survey

UNJUDGED = (Evidence.INSUFFICIENT, Evidence.VOID)


@dataclass(frozen=True, slots=True)
class FoundAlert:
    """One alert with the names of what it is about."""

    survey_id: int
    survey: str
    subject_id: int
    subject: str
    unit: str
    group: Bilingual
    question: Bilingual
    shown: ShownAlert
    floor: int
    """The fewest people of a rater group that is shown."""
    is_secret: bool = False
    """Whether a ballot found it: how many took part is then public elsewhere."""

    @property
    def evidence(self) -> Evidence:
        """How much it proves."""
        return self.shown.alert.evidence

    @property
    def share(self) -> Fraction | None:
        """The exact share, or None where there are no numbers to show."""
        alert = self.shown.alert
        if not self.shown.has_numbers or not alert.denominator:
            return None
        return Fraction(alert.numerator, alert.denominator)


@dataclass(frozen=True, slots=True)
class AlertList:
    """All alerts, the strongest first."""

    alerts: tuple[FoundAlert, ...]
    unsettled: tuple[Survey, ...] = ()
    """Surveys that take no answers any more, whose results nobody has fixed yet."""

    @property
    def crossed(self) -> tuple[FoundAlert, ...]:
        """Those that crossed their threshold."""
        return tuple(found for found in self.alerts if found.shown.alert.crossed)

    def with_evidence(self, *kinds: Evidence) -> tuple[FoundAlert, ...]:
        """Return those that did not cross, of these kinds of evidence."""
        return tuple(
            found
            for found in self.alerts
            if not found.shown.alert.crossed and found.evidence in kinds
        )

    @property
    def judged(self) -> int:
        """How many had enough answers to be judged."""
        return sum(found.evidence not in UNJUDGED for found in self.alerts)

    @property
    def expected_false(self) -> Fraction:
        """At most how many statistical confirmations chance alone would give."""
        return sum(
            (
                Fraction(1, found.shown.rule.inverse_alpha.value)
                for found in self.alerts
                if found.evidence not in UNJUDGED
            ),
            Fraction(0),
        )


def alert_list(session: Session, *, today: date) -> AlertList:
    """Return the alerts of all surveys whose counts are final.

    A fixed number of statements.
    """
    surveys = _surveys(session)
    plans = plans_of(session, [survey.id for survey in surveys])
    counts = _Counts(
        plans,
        tallies_of_surveys(session, plans),
        turnouts_of_ballots(session, [s.id for s in surveys if s.is_secret]),
        rated_in(session, plans),
    )
    found = [
        alert
        for survey in surveys
        if survey.id in plans
        for alert in _alerts(survey, counts)
    ]
    return AlertList(
        tuple(sorted(found, key=_strongest_first)),
        tuple(s for s in surveys if s.id not in plans and s.is_over(today)),
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted in all surveys, and what of it may be shown."""

    plans: Mapping[int, EvaluatedPlan]
    tallies: Mapping[tuple[int, int], Tally]
    turnouts: TurnoutsOfUnits
    rated: Mapping[int, Sequence[Rated]]
    """Survey → whom it was about, as it was opened."""


def _strongest_first(found: FoundAlert) -> tuple[bool, int, Fraction, str]:
    """Return what the list is sorted by: crossing, evidence, share, unit."""
    share = found.share or Fraction(0)
    crossed, strength = found.shown.alert.crossed, found.evidence.strength
    return not crossed, -strength, -share, found.unit


def _surveys(session: Session) -> Sequence[Survey]:
    """Return the surveys that were opened, with their cycles read."""
    opened = (
        select(Survey)
        .where(Survey.state.not_in(UNCOUNTED))
        .options(joinedload(Survey.cycle))
        .order_by(Survey.id.desc())
    )
    return session.scalars(opened).all()


def _alerts(survey: Survey, counts: _Counts) -> list[FoundAlert]:
    """Return the alerts of one survey, about every subject of it."""
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    texts = {question.key: question.text for question in questionnaire.questions}
    return [
        FoundAlert(
            survey_id=survey.id,
            survey=survey.title,
            subject_id=subject.id,
            subject=subject.name,
            unit=subject.unit.shown,
            group=label,
            question=texts[shown.alert.question],
            shown=shown,
            floor=counts.plans[survey.id].floors.office,
            is_secret=survey.is_secret,
        )
        for subject in counts.rated[survey.id]
        for shown, label in _about(survey, subject, counts)
    ]


def _about(
    survey: Survey, subject: Rated, counts: _Counts
) -> Iterator[tuple[ShownAlert, Bilingual]]:
    """Yield the alerts about one subject, each with the name of its rater group."""
    plan = counts.plans[survey.id].of_subject(subject.id)
    key = survey.component_key
    scheme = with_merged_groups(survey.cycle.rules, key, plan.counted_in)
    labels = _group_labels(scheme.component(key))
    evidence = _evidence(survey, tuple(labels), counts, subject, plan)
    for shown in shown_alerts(scheme, evidence, key, plan):
        yield shown, labels[shown.alert.group]


def _group_labels(component: Component) -> dict[str, Bilingual]:
    """Return rater group → its name, all together included."""
    groups = component.survey.asked if component.survey else ()
    return {group.key: group.label for group in groups} | {POOLED: ALL_POOLED}


def _evidence(
    survey: Survey,
    groups: Sequence[str],
    counts: _Counts,
    subject: Rated,
    plan: SubjectPlan,
) -> ScoreInput:
    """Return the tally with every question in it, and a ballot's turnout.

    A question nobody answered must stand on the list as "insufficient data".
    """
    key = survey.component_key
    tally = counts.tallies.get((survey.id, subject.id), {})
    tally = merged_tally(tally, plan.joined)
    complete = {
        group: {
            question.key: tally.get(group, {}).get(question.key, {})
            for question in _questions(survey.questionnaire)
        }
        for group in groups
        if group != POOLED
    }
    turnout = counts.turnouts.get((survey.id, subject.unit_id), {})
    turnout = added_turnouts([turnout], plan.joined)
    return ScoreInput(
        tallies={key: complete},
        turnout={key: turnout} if survey.is_secret else {},
        # Whoever scans a code may answer, so no group of it is a roster or a sample.
        open_components=frozenset() if survey.is_secret else frozenset({key}),
    )


@lru_cache(maxsize=32)
def _questions(text: str) -> tuple[Question, ...]:
    """Return the questions of a kept questionnaire; equal texts are read once."""
    return Questionnaire.from_json(text).questions
