"""Score sheets: everybody of a cycle, and one sheet that opens into its arithmetic."""

from flask import render_template

from survey_app.analytics import office_lists
from survey_app.analytics.score_chart import score_chart, steps_of
from survey_app.analytics.scores import sheet_of, sheets_of
from survey_app.database import session
from survey_app.domain.refusals import NotFound
from survey_app.domain.scoring.components import named_places
from survey_app.models.account import MANAGER, READER
from survey_app.models.cycle import Cycle
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.found import scheme_of
from survey_app.web.office.pages import pages


@pages.get("/score-sheets")
@allow(MANAGER, READER)
def score_sheets() -> str:
    """List the sheets of the newest cycle."""
    return _list_page(None)


@pages.get("/score-sheets/<int:cycle_id>")
@allow(MANAGER, READER)
def cycle_sheets(cycle_id: int) -> str:
    """List the sheets of one cycle."""
    return _list_page(cycle_id)


@pages.get("/score-sheets/<int:cycle_id>/<int:subject_id>")
@allow(MANAGER, READER)
def score_sheet(cycle_id: int, subject_id: int) -> str:
    """Show one score and everything it is made of."""
    cycle = _found_cycle(cycle_id)
    scheme = scheme_of(cycle.scheme)
    found = sheet_of(session(), cycle, subject_id, scheme=scheme)
    return render_template(
        "office/score_sheet.html",
        cycle=cycle,
        scheme=scheme,
        found=found,
        steps=steps_of(found.sheet),
        chart=score_chart(found.sheet, language=language()),
    )


def _list_page(cycle_id: int | None) -> str:
    """Draw everybody a cycle's scheme is about, with the score or what blocks it."""
    cycles = office_lists.cycles(session())
    cycle = _found_cycle(cycle_id) if cycle_id else next(iter(cycles), None)
    scheme = scheme_of(cycle.scheme) if cycle else None
    sheets = sheets_of(session(), cycle, scheme=scheme) if cycle and scheme else ()
    return render_template(
        "office/score_sheets.html",
        cycles=cycles,
        cycle=cycle,
        scheme=scheme,
        sheets=sheets,
        takes_named=any(named_places(scheme.components)) if scheme else False,
    )


def _found_cycle(cycle_id: int) -> Cycle:
    """Return the cycle; raises NotFound."""
    cycle = session().get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    return cycle
