"""Pictures in the office's pages and as files, and plotly's script for a desk.

The page has the picture of the server, which needs no script: one as wide as a phone,
one as wide as a desk, and the stylesheet shows the one that fits. For whoever presses
"explore" `draw.js` loads plotly's own script, out of the installed package: compressed
once in each process, and kept by browsers for a year, for its address carries its
fingerprint.
"""

from flask import Response, jsonify, make_response, request
from markupsafe import Markup

from survey_app.accounts.permissions import SEE_OWN, SEE_RESULTS
from survey_app.analytics.charts.figures import figure_of
from survey_app.analytics.charts.picture import Picture
from survey_app.analytics.charts.plotly_script import (
    compressed_drawing_script,
    drawing_script,
    drawing_version,
)
from survey_app.analytics.charts.svg import WIDE, svg
from survey_app.domain.ground.refusals import NotFound
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages

FOR_A_YEAR = "public, max-age=31536000, immutable"


@pages.get("/plotly-<version>.js")
@allow(SEE_RESULTS, SEE_OWN, scoped=True, by_survey=True)
def drawing(version: str) -> Response:
    """Send the script, compressed where the browser takes that."""
    if version != drawing_version():
        raise NotFound
    compressed = request.accept_encodings.quality("gzip") > 0
    script = compressed_drawing_script() if compressed else drawing_script()
    response = make_response(script)
    if compressed:
        response.content_encoding = "gzip"
    response.mimetype = "text/javascript"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = FOR_A_YEAR
    return response


def picture_file(picture: Picture | None) -> Response:
    """Return a picture as a file to be kept; raises NotFound where there is none."""
    if picture is None:
        raise NotFound
    response = make_response(svg(picture, width=WIDE, alone=True))
    response.mimetype = "image/svg+xml"
    name = f"{picture.key}.svg"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def figure_file(picture: Picture | None) -> Response:
    """Return a picture as plotly takes it, for whoever explores it; raises NotFound."""
    if picture is None:
        raise NotFound
    return jsonify(figure_of(picture))


@pages.app_template_filter("svg")
def drawn_here(picture: Picture, is_both: bool = False) -> Markup:  # noqa: FBT001, FBT002 -- a template's filter
    """Return the picture as it stands in a page; `is_both`: for either width."""
    drawn = svg(picture) + (svg(picture, width=WIDE) if is_both else "")
    return Markup(drawn)  # noqa: S704 -- `svg` escapes whatever it says


pages.add_app_template_global(drawing_version)
