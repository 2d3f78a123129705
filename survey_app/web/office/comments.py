"""Comments about a subject, as two readers released them.

Word for word they are for the organization department alone.
"""

from flask import render_template

from survey_app.analytics.comments import Comments, comments_of
from survey_app.database import session
from survey_app.models.account import MANAGER
from survey_app.web.clock import today
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/results/<int:subject_id>/comments")
@allow(MANAGER)
def comments(survey_id: int, subject_id: int) -> str:
    """Show what was released, or that too few wrote anything."""
    told = comments_about(survey_id, subject_id)
    return render_template("office/comments.html", told=told)


def comments_about(survey_id: int, subject_id: int) -> Comments:
    """Return the comments; raises NotFound, or ResultsSealed while answers can come."""
    return comments_of(session(), survey_id, subject_id=subject_id, today=today())
