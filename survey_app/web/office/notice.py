"""The notice to the rated person: one sheet of paper, and nothing beyond it."""

from flask import render_template

from survey_app.analytics.rated_notice import rated_notice
from survey_app.database import session
from survey_app.models.account import MANAGER
from survey_app.web.office.access import allow
from survey_app.web.office.found import settings
from survey_app.web.office.pages import pages
from survey_app.web.office.results import told_by


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>/notice")
@allow(MANAGER)
def notice(survey_id: int, subject_id: int) -> str:
    """Show the sheet; what a manager types into it is printed and never sent."""
    results = told_by(survey_id, subject_id)
    return render_template(
        "office/notice.html",
        results=results,
        subject=results.subjects[0],
        notice=rated_notice(session(), results),
        settings=settings(),
    )
