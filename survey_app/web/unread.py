"""The page for what never became a request: in both languages, as neither was asked."""

from functools import partial

from flask import Flask, Response, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from survey_app.settings import Settings
from survey_app.web.language import LANGUAGES


def init_app(app: Flask, settings: Settings) -> None:
    """Let the server ask for the pages it sends by itself."""
    # Behind a proxy of ours everybody is where the public address says.
    met_at = settings.public_url if settings.trusted_proxies else None
    app.extensions["survey_unread"] = partial(unread_page, app, base=met_at)


def unread_page(app: Flask, status: int, *, base: str | None) -> Response:
    """Return the page the server sends for this status, dressed like any other.

    `base` is the address it is met at, as far as that can be known beforehand.
    """
    with app.test_request_context("/", base_url=base):
        said = []
        for language in LANGUAGES:
            with force_locale(language):
                begin = _("Type the code of a survey")
                said.append((language, *_words(status), begin))
        page = Response(
            render_template("respondent/unread.html", said=said),
            status=status,
            mimetype="text/html",
        )
        return app.process_response(page)


def _words(status: int) -> tuple[str, str]:
    """Return what happened and what to do, in the language that is set."""
    if status == 408:
        return _("What you sent did not arrive in time"), _(
            "Nothing was counted by it. Go back and send it once more, where the "
            "network is better if you can."
        )
    if status == 413:
        return _("More was sent than can be taken"), _(
            "Nothing was counted by it. Go back, shorten the comment or choose a "
            "smaller file, and send again."
        )
    if status in (414, 431):
        return _("Your browser sent more with its request than can be read"), _(
            "Nothing was counted by it. Open the page in a private window or another "
            "browser, or scan the code again."
        )
    if status == 503:
        return _("The system does not respond just now"), _(
            "Wait a moment, then load this page again. What was counted before stays "
            "counted."
        )
    if status == 500:
        return _("Something went wrong on our side"), _(
            "Wait a moment, then load this page again. If you were sending an answer, "
            "send it again: the same form counts only once."
        )
    return _("What was sent could not be read"), _(
        "Nothing was counted by it. Go back to the page, load it again and send it "
        "once more; another browser may help."
    )
