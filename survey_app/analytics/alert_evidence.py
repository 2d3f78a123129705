"""What an alert is judged on: a survey's tally about a subject, and who took part."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy.orm import Session

from survey_app.analytics.reconciled import TurnoutsOfUnits, turnouts_of_ballots
from survey_app.appraisal.rated import Rated
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.counting.tally import Turnouts, added_turnouts, merged_tally
from survey_app.domain.questionnaire.questionnaire import Question, Questionnaire
from survey_app.domain.scheme.other_value_checks import counts as counts_at_all
from survey_app.domain.scheme.scheme import Scheme
from survey_app.survey.settled_counts import SettledCounts
from survey_app.survey.tables import Survey
from survey_app.survey.ways_in import WaysIn, ways_in


@dataclass(frozen=True, slots=True)
class SurveyCounts:
    """What was counted in a survey, and what of it may be shown."""

    settled: SettledCounts
    turnouts: TurnoutsOfUnits
    ways: WaysIn = field(default_factory=WaysIn)
    """Of an open survey: how people came in."""


def counts_about(
    session: Session, survey: Survey, settled: SettledCounts, subjects: Sequence[Rated]
) -> SurveyCounts:
    """Return the counts about these subjects, and how people took part."""
    units = {subject.unit_id for subject in subjects}
    secret = [survey.id] if survey.is_secret else []
    turnouts = turnouts_of_ballots(session, secret, unit_ids=units)
    ways = WaysIn() if survey.is_secret else ways_in(session, survey.id)
    return SurveyCounts(settled, turnouts, ways)


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
    groups = survey.group_labels
    if survey.is_secret:
        turnout = counts.turnouts.get((survey.id, subject.unit_id), {})
        turnout = added_turnouts([turnout], plan.joined)
        came_openly = set[str]()
    else:
        told = {one: counts.ways.turnout(one, subject.id) for one in groups}
        slips = {one: known for one, known in told.items() if known is not None}
        turnout = _together(slips, groups, plan.joined)
        # Whoever scans a code may answer: such a group is no roster and no sample.
        came_openly = {one for one in groups if counts.ways.is_open(one, subject.id)}
    into = plan.joined
    return ScoreInput(
        tallies={key: complete},
        turnout={key: turnout},
        open_groups=frozenset((key, into.get(one, one)) for one in came_openly),
    )


def _together(
    turnouts: Turnouts, groups: Collection[str], into: Mapping[str, str]
) -> Turnouts:
    """Return the turnouts with merged groups added up, where all of them are known."""
    unknown = {into.get(one, one) for one in groups if one not in turnouts}
    added = added_turnouts([turnouts], into)
    return {one: known for one, known in added.items() if one not in unknown}


def questions_of(text: str) -> tuple[Question, ...]:
    """Return the questions of a kept questionnaire; equal texts are read once."""
    return questionnaire_of(text).questions


@lru_cache(maxsize=32)
def questionnaire_of(text: str) -> Questionnaire:
    """Return a kept questionnaire; equal texts are read once."""
    return Questionnaire.from_json(text)
