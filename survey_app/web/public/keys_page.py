"""The page of key holders and auditors, for everybody who wants to save it.

It asks nobody who he is and keeps nothing: everybody gets the same bytes, whose SHA-256
stands in the manifest.
"""

from flask import Blueprint, Flask, Response

from survey_app.ballot.paper.keys_page import keys_page

pages = Blueprint("keys_page", __name__)


def init_app(app: Flask) -> None:
    """Give the page away."""
    keys_page()  # put together now: a part that is missing stops the start
    app.register_blueprint(pages)


@pages.get("/survey-keys.html")
def page() -> Response:
    """Give the page, which works without us from then on."""
    return Response(keys_page(), mimetype="text/html")
