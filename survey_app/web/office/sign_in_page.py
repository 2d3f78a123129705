"""The page that asks for name and password, wherever it stands in the way."""

from flask import Response, make_response, render_template, request

from survey_app.forms.account_forms import SignInForm
from survey_app.web.office.entering import Refused
from survey_app.web.office.form_page import form_page

ENDED = Refused("ended", 401)
"""The sign-in ended before a form was sent, or there was none."""
OLD = Refused("old", 400)
"""The page was drawn for another visit than this."""

OTHER = Refused("other", 400)
"""The page was drawn for another account than the one that is signed in."""
UNTYPED = (ENDED, OTHER)


def sign_in_page(
    form: SignInForm, refused: Refused, *, kept: str | None = None
) -> Response:
    """Return the page with what is said above the form.

    `kept` is a locked form that travels along; then the page leads to that form's page.
    "" stands for a form that could not be kept, None for none.
    """
    page = render_template(
        "office/sign_in.html",
        form=form,
        refused=refused,
        kept=kept,
        here=form_page() if kept else "",
        next=form_page() if kept == "" else "",
    )
    response = make_response(page, refused.status)
    if refused.seconds:
        response.headers["Retry-After"] = str(refused.seconds)
    return response


def sign_in_here(refused: Refused, *, kept: str | None = None) -> Response:
    """Return the same with the name in it that was typed here, if any was."""
    typed = None if refused in UNTYPED else request.form
    return sign_in_page(SignInForm(formdata=typed), refused, kept=kept)
