"""What an alert is judged on: a survey's tally about a subject, and who took part."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.orm import Session

from survey_app.analytics.reconciled import TurnoutsOfUnits, turnouts_of_ballots
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import added_turnouts, merged_tally
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire
from survey_app.domain.scheme.other_value_checks import counts as counts_at_all
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.settled_counts import SettledCounts
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class SurveyCounts:
    """What was counted in a survey, and what of it may be shown."""

    settled: SettledCounts
    turnouts: TurnoutsOfUnits


def counts_about(
    session: Session, survey: Survey, settled: SettledCounts, subjects: Sequence[Rated]
) -> SurveyCounts:
    """Return the counts about these subjects; of a ballot with who took part."""
    units = {subject.unit_id for subject in subjects}
    secret = [survey.id] if survey.is_secret else []
    return SurveyCounts(settled, turnouts_of_ballots(session, secret, unit_ids=units))


def evidence_about(
    survey: Survey, scheme: Scheme, counts: SurveyCounts, subject: Rated
) -> ScoreInput:
    """Return the tally with every question in it, and a ballot's turnout.

    `scheme` is that of the subject, in which groups may be merged. A question nobody
    answered must stand on the list as "insufficient data".
    """
    key = survey.component_key
    plan = counts.settled.plan.of_subject(subject.id)
    rules = scheme.component(key).survey
    tally = merged_tally(counts.settled.tallies.get(subject.id, {}), plan.joined)
    complete = {
        group.key: {
            question.key: tally.get(group.key, {}).get(question.key, {})
            for question in questions_of(survey.questionnaire)
            if rules and counts_at_all(rules, question)
        }
        for group in (rules.asked if rules else ())
    }
    turnout = counts.turnouts.get((survey.id, subject.unit_id), {})
    turnout = added_turnouts([turnout], plan.joined)
    return ScoreInput(
        tallies={key: complete},
        turnout={key: turnout} if survey.is_secret else {},
        # Whoever scans a code may answer, so no group of it is a roster or a sample.
        open_components=frozenset() if survey.is_secret else frozenset({key}),
    )


def questions_of(text: str) -> tuple[Question, ...]:
    """Return the questions of a kept questionnaire; equal texts are read once."""
    return questionnaire_of(text).questions


@lru_cache(maxsize=32)
def questionnaire_of(text: str) -> Questionnaire:
    """Return a kept questionnaire; equal texts are read once."""
    return Questionnaire.from_json(text)
