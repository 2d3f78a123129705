"""The alert list: what the counts give reason to verify."""

from flask import render_template

from survey_app.accounts.tables import MANAGER, READER
from survey_app.analytics.alerts import alert_list
from survey_app.database import session
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages


@pages.get("/alerts")
@allow(MANAGER, READER)
def alerts() -> str:
    """List every alert of the surveys whose counts are final, the strongest first."""
    found = alert_list(session(), today=today())
    return render_template("office/alerts/alerts.html", found=found)
