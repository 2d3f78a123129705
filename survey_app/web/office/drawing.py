"""The script that draws figures, out of the installed plotly package.

Loaded only by pages that draw, compressed once in each process, and kept by browsers:
another version of plotly has another address.
"""

from flask import Response, make_response, request

from survey_app.accounts.tables import MANAGER, READER
from survey_app.analytics.charts.figures import (
    compressed_drawing_script,
    drawing_script,
    drawing_version,
)
from survey_app.domain.ground.refusals import NotFound
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages

FOR_A_YEAR = "public, max-age=31536000, immutable"


@pages.get("/plotly-<version>.js")
@allow(MANAGER, READER)
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


pages.add_app_template_global(drawing_version)
