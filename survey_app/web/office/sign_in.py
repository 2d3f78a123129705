"""Coming in, going out, and the language the office speaks."""

import flask_login
from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import session
from survey_app.domain.refusals import SignInFailed
from survey_app.forms.account_forms import SignInForm
from survey_app.models.account import ROLES
from survey_app.services.sign_in import sign_in as begin_sign_in
from survey_app.services.sign_out import sign_out as end_sign_in
from survey_app.web.clock import now
from survey_app.web.language import COOKIE, LANGUAGES
from survey_app.web.office.access import allow, open_door
from survey_app.web.office.pages import pages
from survey_app.web.office.visitor import Visitor

A_YEAR = 365 * 24 * 60 * 60
"""Seconds a browser remembers the language."""


@pages.get("/sign-in")
@open_door
def sign_in() -> str:
    """Ask for name and password."""
    return render_template("office/sign_in.html", form=SignInForm(), failed=False)


@pages.post("/sign-in")
@open_door
def enter() -> ResponseReturnValue:
    """Let somebody in, or say that it failed and never why."""
    form = SignInForm()
    name, password = form.username.data or "", form.password.data or ""
    valid = form.validate()
    try:
        if not valid:
            raise SignInFailed
        secret = begin_sign_in(session(), name, password=password, now=now())
    except SignInFailed:
        return render_template("office/sign_in.html", form=form, failed=valid), 422
    cookie.clear()
    flask_login.login_user(Visitor(secret))
    return redirect(_within_office(request.args.get("next", "")), 303)


@pages.post("/sign-out")
@allow(*ROLES)
def sign_out() -> ResponseReturnValue:
    """End this sign-in, here and on the server."""
    end_sign_in(session(), flask_login.current_user.secret)
    cookie.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"), 303)


@pages.post("/language")
@open_door
def choose_language() -> ResponseReturnValue:
    """Remember the language in the office's own cookie and show the page again."""
    response = redirect(_within_office(request.form.get("back", "")), 303)
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(
            COOKIE, chosen, A_YEAR, path="/office", secure=secure, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response


def _within_office(address: str) -> str:
    """Return the address if it leads to a page of the office, otherwise the first."""
    plain = address.isprintable() and "\\" not in address
    inside = plain and address.startswith("/office/")
    return address if inside else url_for(".surveys")
