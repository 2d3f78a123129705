"""Workbooks to take away; they hold what the page shows and nothing else."""

from io import BytesIO

from flask import Response, send_file
from flask_babel import gettext

from survey_app.analytics.results_workbook import results_workbook as workbook_of
from survey_app.models.account import MANAGER, READER
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages
from survey_app.web.office.results import told_by

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/surveys/<int:survey_id>/results.xlsx")
@allow(MANAGER, READER)
def results_workbook(survey_id: int) -> Response:
    """Send the results of the whole survey as a workbook."""
    told = told_by(survey_id)
    return workbook(workbook_of(told, gettext, language()), f"{told.title}.xlsx")


def workbook(content: bytes, name: str) -> Response:
    """Return a workbook to be saved under this name."""
    response = send_file(
        BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name
    )
    response.headers["Cache-Control"] = "no-store"
    return response
