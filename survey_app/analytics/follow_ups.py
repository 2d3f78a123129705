"""The follow-up of an alert: its survey, and what the two surveys say together.

Both are read under their own publication plans; a number that one of them withholds is
compared with nothing.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertCase
from survey_app.analytics.alert_cases import found_alert, numbers_of
from survey_app.analytics.alerts import CountedAlert
from survey_app.domain.alerts.alert import counted
from survey_app.domain.alerts.case_numbers import OF_PEOPLE
from survey_app.domain.alerts.follow_up import (
    Comparison,
    MeasuredShare,
    Trend,
    Why,
    compared,
    proposed_outcome,
)
from survey_app.domain.alerts.review import ClosedAs
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.scheme import POOLED
from survey_app.survey.settled_plan import plan_head, plans_of
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The survey that re-checks an alert."""

    survey_id: int
    title: str
    opens_on: date
    closes_on: date
    survey: Survey
    """For the word of its state, which depends on the day."""
    comparison: Comparison | None
    """None until its results are final."""
    proposes: ClosedAs | None
    """As what the alert could be closed; people decide."""


def follow_up_of(
    session: Session, alert_id: int, found: CountedAlert | None
) -> FollowUp | None:
    """Return the follow-up of an alert, None while there is no survey.

    `found` is what the first survey says. Raises NotFound, CountersDiffer or
    PlanChanged.
    """
    row = session.get(AlertCase, alert_id)
    if row is None:
        raise NotFound
    survey = session.get(Survey, row.recheck_id) if row.recheck_id else None
    if survey is None:
        return None
    told = None
    if found is not None and plan_head(session, survey.id) is not None:
        told = _compared(session, row, found, survey)
    return FollowUp(
        survey_id=survey.id,
        title=survey.title,
        opens_on=survey.opens_on,
        closes_on=survey.closes_on,
        survey=survey,
        comparison=told,
        proposes=proposed_outcome(told) if told else None,
    )


def _compared(
    session: Session, row: AlertCase, found: CountedAlert, survey: Survey
) -> Comparison:
    first = session.get_one(Survey, row.survey_id)
    then = found_alert(session, survey, row)
    if row.rule_key not in {rule.key for rule in survey.cycle.rules.alerts}:
        return Comparison(Trend.INCOMPARABLE, Why.OTHER_RULE)
    return compared(
        _measured(session, first, row, found),
        _measured(session, survey, row, then) if then else None,
        inverse_alpha=found.rule.inverse_alpha.value,
    )


def _measured(
    session: Session, survey: Survey, row: AlertCase, found: CountedAlert
) -> MeasuredShare:
    """Return what one survey measured, its numbers only where they are shown."""
    rule, alert = found.rule, found.told.alert
    numbers = numbers_of(found)
    by_rule = numbers.by_rule if numbers else None
    whole = by_rule.whole if by_rule else None
    count = counted(rule, numbers.picked, whole) if numbers and whole else None
    kind = rule.denominator.value
    return MeasuredShare(
        questions=survey.questionnaire_fingerprint,
        choices=rule.choices,
        denominator=kind,
        groups=tuple((g, alert.design) for g in _groups(session, survey, row, found)),
        count=count,
        is_full=bool(numbers and (numbers.is_full_count or kind in OF_PEOPLE)),
    )


def _groups(
    session: Session, survey: Survey, row: AlertCase, found: CountedAlert
) -> set[str]:
    """Return whose answers are counted, groups that were merged into them included."""
    asked = found.rule.rater_groups or tuple(survey.group_labels)
    groups = set(asked) if row.rater_group == POOLED else {row.rater_group}
    plans = plans_of(session, [survey.id], subject_ids=[row.subject_id])
    plan = plans.get(survey.id)
    merged = plan.of_subject(row.subject_id).counted_in if plan else {}
    return groups | {group for group, into in merged.items() if into in groups}
