"""Closing a survey as a job: what is final is made once, and can be made again."""

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.alerts import RaisedAlerts, keep_alerts
from survey_app.analytics.kept.made_from import RESULTS
from survey_app.analytics.kept.raised_cases import raise_cases
from survey_app.analytics.kept.results import KeptResult, keep_results
from survey_app.database import writing
from survey_app.jobs.jobs import Job, Progress, ask_for, part_of
from survey_app.jobs.run_job import Workplace
from survey_app.survey.closing import KEEP_LISTS, Step, close_survey
from survey_app.survey.tables import UNSETTLED, PublicationPlan, Survey

STEPS: tuple[Step, ...] = (keep_results, keep_alerts)
"""What is kept of a survey once its plan is settled, in this order."""
OFFICIAL = "zh"
"""The language of the workbook that is made without anybody asking."""


def close(place: Workplace, job: Job, progress: Progress) -> None:
    """Close the survey that the job is about; raises what `close_survey` raises."""
    with Session(writing(place.engine)) as session:
        steps = (*STEPS, raising(place.today))
        close_survey(session, job.about, progress, steps=steps)
        ask_for(session, RESULTS, about=job.about, detail=OFFICIAL)
        session.commit()


def keep_lists(place: Workplace, job: Job, progress: Progress) -> None:
    """Keep what lists show of a survey that is settled: of a ballot, or of long ago."""
    with Session(writing(place.engine)) as session:
        for number, step in enumerate(STEPS):
            step(session, job.about, part_of(progress, number, len(STEPS)), None)
        raise_cases(session, job.about, today=place.today)


def raising(today: date) -> Step:
    """Return the step after `STEPS` that raises, today, what was kept as an alert."""

    def step(session: Session, survey_id: int, _: Progress, __: object) -> None:
        raise_cases(session, survey_id, today=today)

    return step


def ask_for_lists(session: Session) -> list[int]:
    """Ask for what lists show of every survey of which it is not kept; commit."""
    missing = {*unkept(session, KeptResult), *unkept(session, RaisedAlerts)}
    asked = [ask_for(session, KEEP_LISTS, about=one) for one in sorted(missing)]
    session.commit()
    return asked


def unkept(session: Session, table: type[KeptResult | RaisedAlerts]) -> list[int]:
    """Return the surveys that count and of which nothing is kept in this table."""
    settled = (
        select(Survey.id)
        .join(PublicationPlan, PublicationPlan.survey_id == Survey.id)
        .where(Survey.state.not_in(UNSETTLED), PublicationPlan.evaluated.is_not(None))
        .where(~exists().where(table.survey_id == Survey.id))
    )
    return list(session.scalars(settled.order_by(Survey.id)))
