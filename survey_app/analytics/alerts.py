"""The alert list: every rule applied to every survey that is over.

Alerts are worked out from the frozen scheme and the counts whenever somebody looks, so
none can be lost between the closing of a survey and the looking.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from survey_app.analytics.tallies import tallies_of_surveys
from survey_app.domain.alerts.alert import POOLED, Evidence
from survey_app.domain.bilingual import Bilingual
from survey_app.domain.disclosure.shown_alert import ShownAlert, shown_alerts
from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.scheme import Component, Scheme
from survey_app.domain.scoring.asked import Asked
from survey_app.domain.scoring.score_input import ScoreInput
from survey_app.domain.scoring.survey_score import ALL_POOLED
from survey_app.domain.tally import Tally
from survey_app.models.subject import Subject
from survey_app.models.survey import DRAFT, Survey

STRENGTH = (
    Evidence.CONFIRMED_CERTAIN,
    Evidence.CONFIRMED_STATISTICALLY,
    Evidence.CORROBORATED,
    Evidence.WATCH,
    Evidence.ATTENTION,
    Evidence.VOID,
    Evidence.INSUFFICIENT,
    Evidence.CLEAR,
)
"""The strongest first."""

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


def alert_list(
    session: Session, *, today: date, scheme_of: Callable[[str], Scheme]
) -> AlertList:
    """Return the alerts of all surveys that are over; a fixed number of statements."""
    surveys = _surveys(session, today)
    tallies = tallies_of_surveys(session, [survey.id for survey in surveys])
    found = [
        alert
        for survey in surveys
        for alert in _alerts(survey, scheme_of(survey.cycle.scheme), tallies)
    ]
    return AlertList(tuple(sorted(found, key=_strongest_first)))


def _strongest_first(found: FoundAlert) -> tuple[bool, int, Fraction, str]:
    """Return what the list is sorted by: crossing, evidence, share, unit."""
    share = found.share or Fraction(0)
    strength = STRENGTH.index(found.evidence)
    return not found.shown.alert.crossed, strength, -share, found.unit


def _surveys(session: Session, today: date) -> list[Survey]:
    """Return the surveys that are over, with cycle, subjects and units read."""
    opened = (
        select(Survey)
        .where(Survey.state != DRAFT)
        .options(
            joinedload(Survey.cycle),
            selectinload(Survey.subjects).options(
                joinedload(Subject.unit), joinedload(Subject.cadre)
            ),
        )
        .order_by(Survey.id.desc())
    )
    return [survey for survey in session.scalars(opened) if survey.is_over(today)]


def _alerts(
    survey: Survey, scheme: Scheme, tallies: Mapping[tuple[int, int], Tally]
) -> list[FoundAlert]:
    """Return the alerts of one survey, about every subject of it."""
    component = scheme.component(survey.component_key)
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    asked, groups = Asked(questionnaire), _group_labels(component)
    return [
        FoundAlert(
            survey_id=survey.id,
            survey=survey.title,
            subject_id=subject.id,
            subject=subject.name,
            unit=subject.unit.name,
            group=groups[shown.alert.group],
            question=asked.question(shown.alert.question),
            shown=shown,
        )
        for subject in survey.subjects
        for shown in shown_alerts(
            scheme,
            _evidence(
                component, questionnaire, tallies.get((survey.id, subject.id), {})
            ),
            component.key,
        )
    ]


def _group_labels(component: Component) -> dict[str, Bilingual]:
    """Return rater group → its name, all together included."""
    groups = component.survey.rater_groups if component.survey else ()
    return {group.key: group.label for group in groups} | {POOLED: ALL_POOLED}


def _evidence(
    component: Component, questionnaire: Questionnaire, tally: Tally
) -> ScoreInput:
    """Return the tally with every question in it.

    A question nobody answered must stand on the list as "insufficient data".
    """
    complete = {
        group: {
            question.key: tally.get(group, {}).get(question.key, {})
            for question in questionnaire.questions
        }
        for group in _group_labels(component)
        if group != POOLED
    }
    return ScoreInput(
        tallies={component.key: complete},
        # Whoever scans a code may answer, so no group of it is a roster or a sample.
        open_components=frozenset({component.key}),
    )
