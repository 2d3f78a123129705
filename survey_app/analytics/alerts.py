"""Alerts of one survey: every rule of its scheme applied to the counts that are final.

Which of their numbers may be shown stands in the survey's publication plan. They are
worked out when the survey is settled, and kept: see kept/alerts.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from sqlalchemy.orm import Session

from survey_app.analytics.reconciled import TurnoutsOfUnits, turnouts_of_ballots
from survey_app.appraisal.rated import Rated
from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import Band, SubjectPlan
from survey_app.domain.counting.tally import added_turnouts, merged_tally
from survey_app.domain.disclosure.shown_alert import (
    ShownAlert,
    shown_alerts,
    shown_ballots,
)
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire
from survey_app.domain.scheme.scheme import POOLED, AlertRule, Component
from survey_app.domain.scoring.survey_score import ALL_POOLED
from survey_app.survey.rated import rated_some
from survey_app.survey.settled_counts import SettledCounts
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """One alert as the office may read it, with the words of what it is about."""

    alert: Alert
    group: Bilingual
    question: Bilingual
    floor: int
    """The fewest people of a rater group that is shown."""
    has_numbers: bool
    """False: numerator and denominator are 0 and None and mean nothing."""
    is_of_few: bool = False
    """Whether the numbers are withheld because this very group is below the floor."""
    band: Band | None = None
    """What is told instead, where nearly everybody objected."""

    @property
    def evidence(self) -> Evidence:
        """How much it proves."""
        return self.alert.evidence

    @property
    def share(self) -> Fraction | None:
        """The exact share, or None where there are no numbers to show."""
        if not self.has_numbers or not self.alert.denominator:
            return None
        return Fraction(self.alert.numerator, self.alert.denominator)


@dataclass(frozen=True, slots=True)
class CountedAlert:
    """One alert with whom it is about, as the counts give it."""

    subject: Rated
    told: ToldAlert
    rule: AlertRule
    ballots: Ballots | None = None
    """Whose numbers it tells; None where it tells none."""


def counted_alerts(
    session: Session, survey: Survey, settled: SettledCounts, some: Sequence[int]
) -> Iterator[CountedAlert]:
    """Yield every alert of a settled survey about some of its subjects.

    A fixed number of statements.
    """
    subjects = rated_some(session, survey.id, some)
    units = {subject.unit_id for subject in subjects}
    secret = [survey.id] if survey.is_secret else []
    counts = _Counts(settled, turnouts_of_ballots(session, secret, unit_ids=units))
    texts = {
        question.key: question.text for question in _questions(survey.questionnaire)
    }
    for subject in subjects:
        for shown, label, ballots in _about(survey, subject, counts):
            told = ToldAlert(
                shown.alert,
                group=label,
                question=texts[shown.alert.question],
                floor=settled.plan.floors.office,
                has_numbers=shown.has_numbers,
                is_of_few=shown.is_of_few,
                band=shown.band,
            )
            yield CountedAlert(subject, told, shown.rule, ballots)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What was counted in a survey, and what of it may be shown."""

    settled: SettledCounts
    turnouts: TurnoutsOfUnits


def _about(
    survey: Survey, subject: Rated, counts: _Counts
) -> Iterator[tuple[ShownAlert, Bilingual, Ballots | None]]:
    """Yield the alerts about one subject, with their rater group's name and ballots."""
    plan = counts.settled.plan.of_subject(subject.id)
    key = survey.component_key
    scheme = with_merged_groups(survey.cycle.rules, key, plan.counted_in)
    component = scheme.component(key)
    labels = _group_labels(component)
    evidence = _evidence(survey, tuple(labels), counts, subject, plan)
    for shown in shown_alerts(scheme, evidence, key, plan):
        ballots = (
            shown_ballots(shown, evidence, component.survey)
            if component.survey
            else None
        )
        yield shown, labels[shown.alert.group], ballots


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
    tally = counts.settled.tallies.get(subject.id, {})
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
