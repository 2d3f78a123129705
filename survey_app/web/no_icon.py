"""The icon nobody has, asked for by browsers that run no script.

Looking for it keeps a page with answers in it out of what a browser shows again after
Back (templates/respondent/base.html). An icon that is not found is not looked for a
second time, and the second form of the same device would come back as it was left; so
it is found, and empty.
"""

from flask import Flask, Response


def init_app(app: Flask) -> None:
    """Answer for the icon."""
    app.add_url_rule("/favicon.ico", "no_icon", no_icon)


def no_icon() -> Response:
    """Return nothing, which may not be stored either."""
    return Response(status=204)
