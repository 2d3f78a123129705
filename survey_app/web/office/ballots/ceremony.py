"""How a secret ballot is held, step by step, to read and to print."""

from flask import render_template
from markupsafe import Markup

from survey_app.accounts.permissions import SIGNED_IN
from survey_app.analytics.written_papers import CEREMONY, written_paper
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages


@pages.get("/ceremony")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def ceremony() -> str:
    """Show the ceremony; other pages lead to the step that they are about."""
    paper = written_paper(CEREMONY, language())
    # Written by us and rendered with HTML switched off.
    html = Markup(paper.html)  # noqa: S704
    return render_template("office/ballots/ceremony.html", paper=paper, html=html)
