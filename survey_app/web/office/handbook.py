"""The handbook: a booklet for each reader, to read here and to hand out on paper."""

from flask import Response, abort, render_template, send_from_directory
from flask_babel import lazy_gettext
from markupsafe import Markup

from survey_app.accounts.permissions import SIGNED_IN
from survey_app.analytics.written_papers import WrittenPaper, shelf_of, written_paper
from survey_app.web.language import language
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages

BOOKLETS = {
    "citizen": lazy_gettext("For citizens"),
    "subordinate": lazy_gettext("For those who rate their superiors"),
    "official": lazy_gettext("For the organization department"),
    "assessment-office": lazy_gettext("For the assessment office"),
}
"""Name in the address and of the file → for whom it is."""
FOLDER = "handbook"


@pages.get("/handbook")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def handbook() -> str:
    """List the booklets."""
    return render_template(
        "office/handbook/handbook.html",
        booklets=[
            (name, _booklet(name).title, for_) for name, for_ in BOOKLETS.items()
        ],
    )


@pages.get("/handbook/<booklet>")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def handbook_booklet(booklet: str) -> str:
    """Show one booklet."""
    if booklet not in BOOKLETS:
        abort(404)
    paper = _booklet(booklet)
    # Written by us and rendered with HTML switched off.
    html = Markup(paper.html)  # noqa: S704
    return render_template("office/handbook/booklet.html", paper=paper, html=html)


@pages.get("/handbook/pictures/<picture>")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def handbook_picture(picture: str) -> Response:
    """Send a picture that stands in a booklet."""
    return send_from_directory(shelf_of(FOLDER) / FOLDER / "pictures", picture)


def _booklet(name: str) -> WrittenPaper:
    return written_paper(f"{FOLDER}/{name}", language())
