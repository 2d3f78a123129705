"""What somebody who was rated may look up about himself: where, and what became of it.

The figures are those of his feedback notice (rated_notice.py). Of alerts he hears where
that notice says itself that a threshold was crossed, and of no other one: that an alert
exists says as much as the crossing.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertCase
from survey_app.analytics.rated_notice import RatedNotice
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.alerts.review import State
from survey_app.domain.disclosure.rated_crossing import RuleVerdict
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.survey.tables import CLOSED, Survey, SurveySubject

NEWEST = 50
"""Surveys that are listed: many years of one person."""


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    """One survey about somebody."""

    survey_id: int
    survey: str
    cycle: str
    subject_id: int


@dataclass(frozen=True, slots=True)
class OwnAlert:
    """What became of a rule that was crossed."""

    rule: Bilingual
    states: tuple[State, ...]
    """How far the alerts are that the notice tells of, each state once."""


def own_surveys(session: Session, subjects: Collection[int]) -> tuple[OwnSurvey, ...]:
    """Return the closed surveys about these subjects, the newest first."""
    about = (
        select(Survey.id, Survey.title, Cycle.name, SurveySubject.subject_id)
        .join(SurveySubject, SurveySubject.survey_id == Survey.id)
        .join(Cycle, Cycle.id == Survey.cycle_id)
        .where(Survey.state == CLOSED, SurveySubject.subject_id.in_(sorted(subjects)))
        .order_by(Survey.id.desc(), SurveySubject.subject_id)
    )
    return tuple(OwnSurvey(*row) for row in session.execute(about.limit(NEWEST)))


def own_alerts(
    session: Session, survey_id: int, subject_id: int, notice: RatedNotice
) -> tuple[OwnAlert, ...]:
    """Return how far the alerts are of which the notice tells the crossing.

    Rule by rule and without the places: where else a rule was crossed, whoever was
    rated is not told, nor by a second state that only such a place can have.
    """
    told = [one for one in notice.crossings if one.verdict is RuleVerdict.CROSSED]
    ours = (
        select(
            AlertCase.rule_key, AlertCase.question_key, AlertCase.rater_group,
            AlertCase.state,
        )
        .where(AlertCase.survey_id == survey_id, AlertCase.subject_id == subject_id)
        .where(AlertCase.rule_key.in_(one.rule.key for one in told))
        .order_by(AlertCase.rule_key, AlertCase.state)
    )  # fmt: skip
    found = session.execute(ours).all() if told else []
    return tuple(
        OwnAlert(
            one.rule.label,
            tuple(
                dict.fromkeys(
                    State(state)
                    for rule, question, group, state in found
                    if rule == one.rule.key and (question, group) in one.keys
                )
            ),
        )
        for one in told
    )
