"""What the closing of a survey made is forgotten where it is opened again unseen."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.alerts.tables import AlertAct, AlertCase
from survey_app.analytics.earlier_years import compared_with
from survey_app.analytics.kept.alerts import KeptAlert, RaisedAlerts
from survey_app.analytics.kept.files import KeptFile, KeptPart
from survey_app.analytics.kept.made_from import RESULTS, SURVEY_DATA
from survey_app.analytics.kept.results import KeptResult
from survey_app.domain.ground.mistake_refusals import ResultsSeen
from survey_app.survey.tables import Survey

KEPT = (KeptResult, KeptAlert, RaisedAlerts)


def refuse_told(session: Session, survey: Survey) -> None:
    """Raise ResultsSeen where what the closing found was told elsewhere.

    An alert stands on desks from the moment it was raised, and a later survey that
    compared itself with this one has shown what it said.
    """
    found = select(AlertCase.id).where(AlertCase.survey_id == survey.id).limit(1)
    again = select(AlertAct.alert_id).where(AlertAct.survey_id == survey.id).limit(1)
    if session.scalar(found) is not None or session.scalar(again) is not None:
        raise ResultsSeen
    if compared_with(session, survey):
        raise ResultsSeen


def forget_closing(session: Session, survey: Survey) -> None:
    """Forget lists, alerts and files that were made of the survey; does not commit."""
    for table in KEPT:
        session.execute(delete(table).where(table.survey_id == survey.id))
    ours = (KeptFile.about == survey.id) & KeptFile.kind.in_((RESULTS, SURVEY_DATA))
    files = select(KeptFile.id).where(ours)
    session.execute(delete(KeptPart).where(KeptPart.file_id.in_(files)))
    session.execute(delete(KeptFile).where(ours))
