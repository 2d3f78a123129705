"""All overall scores of a cycle in one picture, as a page and as a file."""

from flask import Response, render_template
from flask_babel import gettext as _

from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.analytics.charts.overview_charts import sheets_chart, strip_chart
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.pictures.cycle_overview import cycle_overview
from survey_app.database import session
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.drawing import figure_file, picture_file
from survey_app.web.office.found import found_cycle
from survey_app.web.office.listing import Listing, listing
from survey_app.web.office.pages import pages


@pages.get("/cycles/<int:cycle_id>/pictures")
@allow(SEE_RESULTS, scoped=True)
def cycle_pictures(cycle_id: int) -> str:
    """Show a page of the overall scores on one axis, and the same as a table."""
    cycle, asked = found_cycle(cycle_id), _asked()
    seen = cycle_overview(session(), cycle, asked.asked)
    title = _("Overall score")
    return render_template(
        "office/scores/cycle_pictures.html",
        cycle=cycle,
        seen=seen,
        listing=asked,
        drawn=sheets_chart(seen, title=f"{cycle.name} · {title}", language=language()),
        strip=strip_chart(seen.strip, title=title, language=language()),
    )


@pages.get("/cycles/<int:cycle_id>/picture.svg")
@allow(SEE_RESULTS, scoped=True)
def cycle_svg(cycle_id: int) -> Response:
    """Send the picture of a page as a file."""
    return picture_file(_drawn(cycle_id))


@pages.get("/cycles/<int:cycle_id>/picture.json")
@allow(SEE_RESULTS, scoped=True)
def cycle_figure(cycle_id: int) -> Response:
    """Send the picture of a page to be explored."""
    return figure_file(_drawn(cycle_id))


def _drawn(cycle_id: int) -> Picture:
    cycle = found_cycle(cycle_id)
    seen = cycle_overview(session(), cycle, _asked().asked)
    title = " · ".join((cycle.name, _("Overall score")))
    return sheets_chart(seen, title=title, language=language())


def _asked() -> Listing:
    return listing("name", "score", sort="-score")
