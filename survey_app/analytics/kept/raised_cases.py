"""The alerts that were kept become cases that people look into.

Only what is over its threshold becomes one by itself: what is near it, or has too
little data, stays on its list, and the office may open a case of it by hand.
"""

import json
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.alerts.raising import FoundAlert, raise_alerts
from survey_app.analytics.alerts import ToldAlert
from survey_app.analytics.kept.alerts import CROSSED, KeptAlert
from survey_app.database import seal_key_of, writing
from survey_app.domain.ground.plain import value_of
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.jobs.jobs import Job, Progress
from survey_app.jobs.run_job import Workplace
from survey_app.survey.kept_plan import seal
from survey_app.survey.tables import UNSETTLED, Survey

RAISE = "raise-alerts"
"""The kind of job that raises the alerts of a survey that kept them long ago."""


def raise_cases(session: Session, survey_id: int, *, today: date) -> None:
    """Raise what is kept as over its threshold; again raises nothing twice; commits.

    Raises PlanChanged where a kept row is not as it was sealed.
    """
    raise_alerts(session, survey_id, _found(session, survey_id), today=today)


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
