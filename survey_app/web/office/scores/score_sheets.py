"""Score sheets: all of a cycle, one that opens into its arithmetic, settling."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import SEE_RESULTS, SETTLE
from survey_app.analytics import office_lists
from survey_app.analytics.adjustments import adjustments_waiting
from survey_app.analytics.case_lists import cases_about
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.charts.score_chart import score_chart
from survey_app.analytics.corrections import (
    acts_waiting,
    corrections_page,
    sheet_record,
)
from survey_app.analytics.kept.sheet_counts import sheet_counts
from survey_app.analytics.kept.sheet_pages import sheets_page, shown_sheet_of
from survey_app.analytics.objections import objections_about
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import SCORE_SHEETS
from survey_app.database import session, writer
from survey_app.domain.ground.wording import sentences
from survey_app.domain.scheme.components import named_places
from survey_app.domain.scoring.proposal import KINDS, kinds_of
from survey_app.domain.scoring.score_sheet import ScoreSheet
from survey_app.domain.scoring.written_sheet import WrittenSheet
from survey_app.forms.correction_forms import SettleForm
from survey_app.jobs.jobs import latest_job
from survey_app.survey.settling.settle_cycle import settle_cycle as settle
from survey_app.survey.settling.settle_cycle import surveys_open
from survey_app.web.clock import today
from survey_app.web.language import language
from survey_app.web.office.access import allow, scope, username
from survey_app.web.office.drawing import figure_file, picture_file
from survey_app.web.office.found import found_cycle
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages


@pages.get("/cycles/<int:cycle_id>")
@allow(SEE_RESULTS, scoped=True)
def cycle(cycle_id: int) -> str:
    """Show how far the cycle is, and what was corrected in it."""
    return _page(found_cycle(cycle_id), SettleForm())


@pages.post("/cycles/<int:cycle_id>/settle")
@allow(SETTLE)
def settle_cycle(cycle_id: int) -> ResponseReturnValue:
    """Settle the cycle for good."""
    found, form = found_cycle(cycle_id), SettleForm()
    if not form.validate():
        return _page(found, form), 422
    settle(writer(), cycle_id, account=username(), today=today())
    flash(_("The appraisal cycle “%(name)s” is settled.", name=found.name))
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


def _page(found: Cycle, form: SettleForm) -> str:
    blocked = listing(prefix="b", anchor="blocked", endpoint=".cycle")
    corrected = listing(prefix="c", anchor="corrections", endpoint=".cycle")
    return render_template(
        "office/scores/settling.html",
        cycle=found,
        form=form,
        open_surveys=surveys_open(session(), found.id),
        adjustments_waiting=adjustments_waiting(session(), found.id),
        drafts=office_lists.drafts_of_cycle(session(), found.id),
        counts=sheet_counts(session(), found.id, scope()),
        job=latest_job(session(), SCORE_SHEETS, about=found.id),
        listing=blocked,
        blocked=sheets_page(session(), found.id, blocked.asked, only_blocked=True),
        corrected=corrected,
        corrections=corrections_page(session(), found, found.rules, corrected.asked),
        me=username(),
    )


@pages.get("/score-sheets")
@allow(SEE_RESULTS, scoped=True)
def score_sheets() -> str:
    """List the sheets of the newest cycle."""
    return _list_page(None)


@pages.get("/score-sheets/<int:cycle_id>")
@allow(SEE_RESULTS, scoped=True)
def cycle_sheets(cycle_id: int) -> str:
    """List the sheets of one cycle."""
    return _list_page(cycle_id)


@pages.get("/score-sheets/<int:cycle_id>/<int:subject_id>")
@allow(SEE_RESULTS, scoped=True)
def score_sheet(cycle_id: int, subject_id: int) -> str:
    """Show one score and everything it is made of."""
    cycle = found_cycle(cycle_id)
    scheme = cycle.rules
    found = shown_sheet_of(session(), cycle, subject_id, scheme=scheme)
    written = _written(found.sheet)
    chart = score_chart(written, scheme, language=language())
    return render_template(
        "office/scores/score_sheet.html",
        cycle=cycle,
        scheme=scheme,
        kinds=KINDS,
        takes_adjustments=bool(kinds_of(scheme)),
        found=found,
        record=sheet_record(session(), cycle, scheme, found),
        alerts=cases_about(
            session(), cycle_id, subject_id, today=today(), body_id=found.body_id
        ),
        objections=objections_about(
            session(), cycle_id=cycle_id, subject_id=subject_id
        ),
        sheet=written,
        chart=chart,
        bounds=[word for __, word in chart.axis.lines] if chart else [],
    )


@pages.get("/score-sheets/<int:cycle_id>/<int:subject_id>/waterfall.svg")
@allow(SEE_RESULTS, scoped=True)
def waterfall_svg(cycle_id: int, subject_id: int) -> Response:
    """Send the waterfall of one score as a file."""
    return picture_file(_waterfall(cycle_id, subject_id))


@pages.get("/score-sheets/<int:cycle_id>/<int:subject_id>/waterfall.json")
@allow(SEE_RESULTS, scoped=True)
def waterfall_figure(cycle_id: int, subject_id: int) -> Response:
    """Send the waterfall of one score to be explored."""
    return figure_file(_waterfall(cycle_id, subject_id))


def _waterfall(cycle_id: int, subject_id: int) -> Picture | None:
    cycle = found_cycle(cycle_id)
    scheme = cycle.rules
    found = shown_sheet_of(session(), cycle, subject_id, scheme=scheme)
    return score_chart(_written(found.sheet), scheme, language=language())


def _written(sheet: ScoreSheet) -> WrittenSheet:
    """Return the sheet as it is read in the page's language."""
    spoken = language()
    return sheet.written(sentences(sheet.remarks, _, spoken), spoken)


def _list_page(cycle_id: int | None) -> str:
    """Draw everybody a cycle's scheme is about, with the score or what blocks it."""
    cycle = found_cycle(cycle_id) if cycle_id else office_lists.newest_cycle(session())
    if cycle is None:
        return render_template("office/scores/score_sheets.html", cycle=None)
    asks, scheme = listing("name", "unit", "score", keep=("who",)), cycle.rules
    everybody = request.args.get("who") == "all"
    others = listing(prefix="y", anchor="cycles")
    waiting, adjustments = acts_waiting(session(), cycle.id, scope())
    return render_template(
        "office/scores/score_sheets.html",
        cycles=office_lists.cycles_page(session(), others.asked),
        others=others,
        cycle=cycle,
        scheme=scheme,
        listing=asks,
        page=sheets_page(session(), cycle.id, asks.asked, everybody=everybody),
        everybody=everybody,
        counts=sheet_counts(session(), cycle.id, scope()),
        job=latest_job(session(), SCORE_SHEETS, about=cycle.id),
        waiting=waiting,
        takes_adjustments=bool(kinds_of(scheme)),
        adjustments_waiting=adjustments,
        takes_named=any(named_places(scheme.components)),
    )
