"""The alerts that were kept become cases that people look into.

Only what is over its threshold becomes one by itself: what is near it, or has too
little data, stays on its list, and the office may open a case of it by hand.
"""

import json
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.alerts.raising import (
    FoundAlert,
    identity,
    lift_for,
    live_cases,
    raise_alerts,
    watch_of,
)
from survey_app.alerts.tables import AlertCase
from survey_app.analytics.alerts import ToldAlert, counted_alerts
from survey_app.analytics.earlier_years import CANNOT_TELL, compared_with
from survey_app.analytics.kept.alerts import CROSSED, KeptAlert
from survey_app.database import seal_key_of, writing
from survey_app.domain.alerts.over_years import COMPARING
from survey_app.domain.ground.plain import value_of
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.jobs.jobs import Job, Progress, ask_for
from survey_app.jobs.run_job import Workplace
from survey_app.survey.closing import KEEP_LISTS
from survey_app.survey.kept_plan import seal
from survey_app.survey.settled_counts import settled_counts
from survey_app.survey.survey_acts import SurveyAct
from survey_app.survey.tables import UNSETTLED, Survey

RAISE = "raise-alerts"
"""The kind of job that raises the alerts of a survey that kept them long ago."""


def raise_cases(session: Session, survey_id: int, *, today: date) -> None:
    """Raise what is kept as over its threshold; again raises nothing twice; commits.

    Raises PlanChanged where a kept row is not as it was sealed.
    """
    raise_alerts(session, survey_id, _found(session, survey_id), today=today)


def lift_voided(session: Session, act: SurveyAct) -> None:
    """Lift what rests on a voided survey: its own alerts, and those of later years.

    A later survey that compared itself with it is judged anew; its list is kept anew by
    a job, which raises what is found only now. Does not commit: it belongs to the act
    that voids.
    """
    for case in live_cases(session, act.survey_id):
        lift_for(session, case, act)
    later = compared_with(session, session.get_one(Survey, act.survey_id))
    for survey in later:
        for case in _gone(session, survey):
            lift_for(session, case, act, but=[one.id for one in later])
        ask_for(session, KEEP_LISTS, about=survey.id)


def _gone(session: Session, survey: Survey) -> list[AlertCase]:
    """Return the cases its comparing rules raised and would not raise now.

    None of them where its own counts cannot be told: that is a matter of its own.
    """
    rules = survey.cycle.rules
    raised = [
        case
        for case in live_cases(session, survey.id, by_counts=True)
        if watch_of(rules, case.rule_key).kind in COMPARING
    ]
    some = sorted({case.subject_id for case in raised})
    try:
        settled = settled_counts(session, survey.id, some)
        every = list(counted_alerts(session, survey, settled, some))
    except CANNOT_TELL:
        return []
    found = {
        FoundAlert(one.subject.id, alert.rule, alert.question, alert.group)
        for one in every
        if (alert := one.told.alert).crossed
    }
    return [case for case in raised if identity(case) not in found]


def raise_kept(place: Workplace, job: Job, _progress: Progress) -> None:
    """Raise the alerts of the survey that the job is about, if it still counts."""
    with Session(writing(place.engine)) as session:
        survey = session.get(Survey, job.about)
        if survey is not None and survey.state not in UNSETTLED:
            raise_cases(session, job.about, today=place.today)


def _found(session: Session, survey_id: int) -> list[FoundAlert]:
    kept = select(KeptAlert).where(
        KeptAlert.survey_id == survey_id, KeptAlert.part == CROSSED
    )
    key = seal_key_of(session)
    found = []
    for row in session.scalars(kept):
        sealed = (
            row.survey_id, row.subject_id, row.number, row.part, row.place,
            row.position, row.told, row.rests_on,
        )  # fmt: skip
        if row.seal != seal(key, *sealed):
            raise PlanChanged
        alert = value_of(ToldAlert, json.loads(row.told)).alert
        found.append(
            FoundAlert(row.subject_id, alert.rule, alert.question, alert.group)
        )
    return found
