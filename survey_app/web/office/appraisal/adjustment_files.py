"""The list of bonuses and deductions as a workbook: asked for, made, taken away.

It is the sheet of an import, and sent back as one it changes nothing.
"""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Engine

from survey_app.accounts.permissions import EXPORT
from survey_app.analytics.kept.files import Asked, FileAtHand, file_at_hand, parts_of
from survey_app.analytics.kept.made_from import (
    ADJUSTMENTS,
    adjustments_rest_on,
    detail_of,
)
from survey_app.appraisal.cycle import Cycle
from survey_app.database import session, writer
from survey_app.jobs.jobs import ask_for, latest_job
from survey_app.web.language import language
from survey_app.web.office.access import allow, scope, username
from survey_app.web.office.appraisal.adjustments import adjusting_cycle
from survey_app.web.office.pages import pages
from survey_app.web.office.workbook_file import kept_workbook


@pages.get("/cycles/<int:cycle_id>/adjustments.xlsx")
@allow(EXPORT, scoped=True)
def adjustments_file(cycle_id: int) -> ResponseReturnValue:
    """Send the workbook where it is at hand, or lead to where it can be asked for."""
    cycle = adjusting_cycle(cycle_id)
    file = _at_hand(cycle)
    if file is None:
        return redirect(url_for(".adjustments_list", cycle_id=cycle_id), 303)
    engine: Engine = current_app.extensions["survey_engine"]
    name = _("Bonuses and deductions %(cycle)s.xlsx", cycle=cycle.name)
    return kept_workbook(parts_of(engine, file), file.size, name)


@pages.get("/cycles/<int:cycle_id>/adjustments-file")
@allow(EXPORT, scoped=True)
def adjustments_list(cycle_id: int) -> ResponseReturnValue:
    """Say whether the workbook is at hand, is being made, or has to be asked for."""
    cycle = adjusting_cycle(cycle_id)
    file = _at_hand(cycle)
    job = latest_job(session(), ADJUSTMENTS, about=cycle_id, detail=_detail())
    if file is None and job is not None and job.is_unfinished:
        return redirect(url_for(".job", job_id=job.id), 303)
    return render_template(
        "office/appraisal/adjustments_file.html", cycle=cycle, file=file
    )


@pages.post("/cycles/<int:cycle_id>/adjustments-file")
@allow(EXPORT, scoped=True)
def make_adjustments_file(cycle_id: int) -> ResponseReturnValue:
    """Ask for the workbook, in the language of this page."""
    adjusting_cycle(cycle_id)
    job_id = ask_for(
        writer(),
        ADJUSTMENTS,
        about=cycle_id,
        detail=_detail(),
        account=username(),
    )
    writer().commit()
    return redirect(url_for(".job", job_id=job_id), 303)


def _at_hand(cycle: Cycle) -> FileAtHand | None:
    """Return the workbook, if there is one that says what the list says now."""
    made_from = adjustments_rest_on(session(), cycle)
    asked = Asked(ADJUSTMENTS, cycle.id, _detail())
    if made_from is None:
        return None
    made_from += scope().digest(session())
    return file_at_hand(session(), asked, made_from=made_from)


def _detail() -> str:
    """Return in which language and for which part of the place a file is asked for."""
    return detail_of(language(), scope())
