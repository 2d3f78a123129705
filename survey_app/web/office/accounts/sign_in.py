"""Coming in, going out, and the language the office speaks."""

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import SIGNED_IN
from survey_app.forms.account_forms import OneTimeForm, SignInForm
from survey_app.web.language import COOKIE, LANGUAGES
from survey_app.web.office.access import allow, open_door
from survey_app.web.office.entering import (
    PROVIDER,
    Halfway,
    Refused,
    enter_here,
    finish_here,
    go_out,
    set_lasting,
    who_waits,
)
from survey_app.web.office.form_page import form_page, is_page
from survey_app.web.office.pages import pages

ENDED = Refused("ended", 401)
"""The sign-in ended before a form was sent, or there was none."""
OLD = Refused("old", 400)
"""The page was drawn for another visit than this."""

SLOW = Refused("slow", 401)
"""The code came too late."""
OTHER = Refused("other", 400)
"""The page was drawn for another account than the one that is signed in."""
UNTYPED = (ENDED, SLOW, OTHER)


def sign_in_page(
    form: SignInForm, refused: Refused, *, kept: str | None = None
) -> Response:
    """Return the page with what is said above the form.

    `kept` is a locked form that travels along; then the page leads to that form's page.
    "" stands for a form that could not be kept, None for none.
    """
    page = render_template(
        "office/accounts/sign_in.html",
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


def code_page(
    form: OneTimeForm, refused: Refused | None = None, *, kept: str = "", to: str = ""
) -> Response:
    """Return the page that asks for a code; `kept` is a locked form that travels on.

    `to` is the page that signing in leads to.
    """
    if refused and refused.why == "slow":
        return sign_in_here(refused, kept=kept or None)
    if refused and refused.why == "code":
        form.refuse()
    page = render_template(
        "office/accounts/code.html",
        form=form, refused=refused, kept=kept, name=who_waits(),
        here=form_page() if kept else url_for(".sign_in_code", next=to or None),
    )  # fmt: skip
    response = make_response(page, refused.status if refused else 200)
    if refused and refused.seconds:
        response.headers["Retry-After"] = str(refused.seconds)
    return response


@pages.get("/sign-in")
@open_door
def sign_in() -> str:
    """Ask for name and password."""
    return render_template("office/accounts/sign_in.html", form=SignInForm())


@pages.post("/sign-in")
@open_door
def enter() -> ResponseReturnValue:
    """Let somebody in, or say that it failed and never why."""
    form = SignInForm()
    outcome = enter_here(form)
    if isinstance(outcome, Refused):
        return sign_in_page(form, outcome)
    to = request.args.get("next", "")
    if isinstance(outcome, Halfway):
        return redirect(url_for(".sign_in_code", next=to or None), 303)
    return redirect(within_office(to), 303)


@pages.get("/sign-in/code")
@open_door
def sign_in_code() -> ResponseReturnValue:
    """Ask for a code of whoever showed the password just now."""
    if who_waits() is None:
        return sign_in()
    return code_page(OneTimeForm(), to=request.args.get("next", ""))


@pages.post("/sign-in/code")
@open_door
def enter_code() -> ResponseReturnValue:
    """Let in whoever types the right code."""
    form, to = OneTimeForm(), request.args.get("next", "")
    outcome = finish_here(form)
    if isinstance(outcome, Refused):
        return code_page(form, outcome, to=to)
    return redirect(within_office(to), 303)


@pages.post("/sign-out")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def sign_out() -> ResponseReturnValue:
    """End this sign-in, here and on the server; an identity provider's goes on."""
    through = cookie.get(PROVIDER)
    go_out()
    flash(_("You are signed out."))
    return redirect(url_for(".signed_out" if through else ".sign_in"), 303)


@pages.post("/language")
@open_door
def choose_language() -> ResponseReturnValue:
    """Remember the language in the office's own cookie and show the page again."""
    back = redirect(within_office(request.form.get("back", "")), 303)
    response = make_response(back)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        set_lasting(response, COOKIE, chosen, same_site="Lax")
    return response


def within_office(address: str) -> str:
    """Return the address if it leads to a page of the office, otherwise the first."""
    plain = address.isprintable() and "\\" not in address
    inside = plain and is_page(address.partition("?")[0])
    return address if inside else url_for(".home")
