"""Alerts for tests: all that the counts give, and the list of those that are kept."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.alerts import CountedAlert, counted_alerts
from survey_app.analytics.kept.alert_list import AlertList, AlertsAsked, alert_list
from survey_app.analytics.kept.alerts import PARTS
from survey_app.analytics.paging import ListAsked
from survey_app.survey.settled_counts import settled_counts
from survey_app.survey.settled_plan import plans_of
from survey_app.survey.tables import Survey
from tests.support.small_county import MAY_1


def every_alert(session: Session, *survey_ids: int) -> Iterator[CountedAlert]:
    """Yield all alerts of all settled surveys, or of some, crossed or not."""
    every = select(Survey).order_by(Survey.id.desc())
    surveys = {survey.id: survey for survey in session.scalars(every)}
    plans = plans_of(session, survey_ids or surveys)
    for survey_id, plan in plans.items():
        some = sorted(plan.subjects)
        settled = settled_counts(session, survey_id, some)
        yield from counted_alerts(session, surveys[survey_id], settled, some)


def raised(session: Session, **asked: object) -> AlertList:
    """Return the list as its page reads it."""
    cycle, survey = asked.pop("cycle_id", None), asked.pop("survey_id", None)
    one = ListAsked(**asked)  # type: ignore[arg-type]
    asks = AlertsAsked(dict.fromkeys(PARTS, one), cycle, survey)  # type: ignore[arg-type]
    return alert_list(session, asks, today=MAY_1)
