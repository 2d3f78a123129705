"""The survey of a follow-up: the same questions to the same groups, about one subject.

It is a draft that the office opens like any other. Its counts enter no score: a year's
score rests on the year's survey (decision 55).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from survey_app.alerts.acts import plan_follow_up
from survey_app.alerts.doing import Acting
from survey_app.alerts.tables import AlertCase
from survey_app.appraisal.cycle import Cycle
from survey_app.domain.ground.alert_refusals import FollowUpRefused
from survey_app.domain.ground.cycle_refusals import CycleSettled
from survey_app.domain.ground.refusals import NotFound, Refusal
from survey_app.domain.scheme.scheme import Component, Scheme
from survey_app.survey.parts import free_codes, usual_kind
from survey_app.survey.tables import Channel, Survey, SurveySubject


@dataclass(frozen=True, slots=True)
class RecheckPlan:
    """Where the survey of a follow-up belongs, and when it takes answers."""

    cycle_id: int
    title: str
    opens_on: date
    closes_on: date


def make_recheck(
    session: Session, alert_id: int, acting: Acting, plan: RecheckPlan, *, key: bytes
) -> int:
    """Return the number of a new draft, planned as the follow-up of this alert.

    Draft and plan are kept together or not at all; `key` signs the channels' codes.
    Raises NotFound, CycleSettled, FollowUpRefused where the cycle's scheme asks other
    groups, and what `plan_follow_up` raises.
    """
    try:
        survey = _draft(session, alert_id, plan)
    except Refusal:
        session.rollback()
        raise
    session.add(survey)
    session.flush()
    survey_id = survey.id
    subject_id = session.get_one(AlertCase, alert_id).subject_id
    session.add(SurveySubject(survey_id=survey_id, subject_id=subject_id))
    if not survey.is_secret:
        groups = list(survey.group_labels)
        codes = free_codes(session, key, len(groups))
        rows = [
            {
                "survey_id": survey_id, "subject_id": subject_id, "place": "",
                "rater_group": group, "code": code, "kind": usual_kind(survey, group),
            }
            for group, code in zip(groups, codes, strict=True)
        ]  # fmt: skip
        session.execute(insert(Channel), rows)
    plan_follow_up(session, alert_id, acting, on=plan.closes_on, survey_id=survey_id)
    return survey_id


def cycles_for_recheck(session: Session, alert_id: int) -> list[tuple[int, str]]:
    """Return number and name of every cycle that can take the follow-up, newest first.

    Not one that is settled, nor one whose scheme asks other groups. Raises NotFound.
    """
    first = _first(session, alert_id)
    wanted = (
        select(Cycle)
        .where(Cycle.settled_on.is_(None))
        .where(Cycle.appraises | (Cycle.id == first.cycle_id))
        .order_by(Cycle.id.desc())
    )
    own = first.cycle.rules
    return [
        (cycle.id, cycle.name)
        for cycle in session.scalars(wanted)
        if asks_the_same(own, cycle.rules, first.component_key)
    ]


def asks_the_same(one: Scheme, other: Scheme, key: str) -> bool:
    """Return whether both schemes ask the same groups in this component."""
    ours, theirs = _component(one, key), _component(other, key)
    if ours is None or theirs is None or not ours.survey or not theirs.survey:
        return False
    return ours.about is theirs.about and (
        [(group.key, group.design) for group in ours.survey.asked]
        == [(group.key, group.design) for group in theirs.survey.asked]
    )


def _component(scheme: Scheme, key: str) -> Component | None:
    try:
        return scheme.component(key)
    except KeyError:
        return None


def _first(session: Session, alert_id: int) -> Survey:
    """Return the survey that raised the alert; raises NotFound."""
    row = session.get(AlertCase, alert_id)
    if row is None:
        raise NotFound
    return session.get_one(Survey, row.survey_id)


def _draft(session: Session, alert_id: int, plan: RecheckPlan) -> Survey:
    first = _first(session, alert_id)
    cycle = session.get(Cycle, plan.cycle_id)
    if cycle is None:
        raise NotFound
    if cycle.is_settled:
        raise CycleSettled
    if plan.opens_on > plan.closes_on or not asks_the_same(
        first.cycle.rules, cycle.rules, first.component_key
    ):
        raise FollowUpRefused
    return Survey(
        cycle=cycle,
        component_key=first.component_key,
        title=plan.title,
        questionnaire=first.questionnaire,
        questionnaire_fingerprint=first.questionnaire_fingerprint,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        mode=first.mode,
        small_groups=first.small_groups,
        is_recheck=True,
    )
