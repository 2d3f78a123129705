"""Alerts of one survey: every rule of its scheme applied to the counts that are final.

Which of their numbers may be shown stands in the survey's publication plan. They are
worked out when the survey is settled, and kept: see kept/alerts.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy.orm import Session

from survey_app.analytics.alert_evidence import (
    SurveyCounts,
    counts_about,
    evidence_about,
    questions_of,
)
from survey_app.analytics.earlier_years import earlier_years
from survey_app.appraisal.rated import Rated
from survey_app.domain.alerts.alert import Alert, Evidence
from survey_app.domain.alerts.over_years import NO_YEARS, Before
from survey_app.domain.counting.ballots_handed_in import Ballots
from survey_app.domain.counting.merged_groups import with_merged_groups
from survey_app.domain.counting.subject_plan import Band
from survey_app.domain.disclosure.shown_alert import (
    ShownAlert,
    shown_alerts,
    shown_ballots,
)
from survey_app.domain.ground.bilingual import Bilingual
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
    counts = counts_about(session, survey, settled, subjects)
    earlier = earlier_years(session, survey, settled, some)
    texts = {one.key: one.text for one in questions_of(survey.questionnaire)}
    for subject in subjects:
        before = earlier.get(subject.id, NO_YEARS)
        for shown, label, ballots in _about(survey, subject, counts, before):
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


def _about(
    survey: Survey, subject: Rated, counts: SurveyCounts, before: Before
) -> Iterator[tuple[ShownAlert, Bilingual, Ballots | None]]:
    """Yield the alerts about one subject, with their rater group's name and ballots."""
    plan = counts.settled.plan.of_subject(subject.id)
    key = survey.component_key
    scheme = with_merged_groups(survey.cycle.rules, key, plan.counted_in)
    component = scheme.component(key)
    labels = _group_labels(component)
    evidence = evidence_about(survey, scheme, counts, subject)
    for shown in shown_alerts(scheme, evidence, key, plan, before):
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
