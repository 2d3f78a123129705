"""What the appraised are told about themselves: above the higher floor, and no more."""

from flask import render_template

from survey_app.accounts.permissions import SEE_OWN
from survey_app.analytics.comment_themes import themes_told
from survey_app.analytics.objections import objections_about
from survey_app.analytics.own_results import own_alerts, own_surveys
from survey_app.analytics.rated_notice import rated_notice
from survey_app.database import session
from survey_app.domain.ground.refusals import NotFound
from survey_app.web.office.access import allow, scope
from survey_app.web.office.found import settings
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.comments import comments_about
from survey_app.web.office.surveys.results import told_by


@pages.get("/own")
@allow(SEE_OWN, scoped=True)
def own() -> str:
    """List the surveys about oneself whose results are fixed."""
    return render_template(
        "office/own.html", surveys=own_surveys(session(), scope().subjects)
    )


@pages.get("/own/<int:survey_id>/<int:subject_id>")
@allow(SEE_OWN, scoped=True)
def own_results(survey_id: int, subject_id: int) -> str:
    """Show the feedback notice about oneself, and what became of alerts it tells of."""
    if subject_id not in scope().subjects:
        raise NotFound
    results = told_by(survey_id, subject_id)
    notice = rated_notice(session(), results)
    return render_template(
        "office/surveys/notice.html",
        is_own=True,
        results=results,
        subject=results.subjects[0],
        notice=notice,
        alerts=own_alerts(session(), survey_id, subject_id, notice),
        objections=objections_about(
            session(), cycle_id=results.cycle_id, subject_id=subject_id
        ),
        themes=themes_told(session(), comments_about(survey_id, subject_id)),
        settings=settings(),
    )
