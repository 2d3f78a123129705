"""Who may call which page of the office: nobody, unless the page names a role.

@pages.get("/surveys")
@allow(MANAGER, ORGANIZER)
def surveys() -> str: ...
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.sign_in import SignedIn
from survey_app.accounts.tables import ROLES
from survey_app.domain.ground.refusals import NotAllowed, SignInNeeded
from survey_app.web.office import entering

View = TypeVar("View", bound=Callable[..., Any])

ANYONE = frozenset({"anyone"})
"""Stands in the table for the pages that need no account."""

OWN_PASSWORD = frozenset(
    {"office.password", "office.change_password", "office.sign_out"}
)
"""All that is open to an account whose password somebody else knows."""

LONGEST = 500
"""Characters of an address that the sign-in page leads back to."""

_allowed: dict[Callable[..., Any], frozenset[str]] = {}


def allow(*roles: str) -> Callable[[View], View]:
    """Return a decorator, written under the route, that lets these roles in."""
    if not roles or set(roles) - set(ROLES):
        raise ValueError("name one role or more of accounts.tables.ROLES")

    def register(view: View) -> View:
        _allowed[view] = frozenset(roles)
        return view

    return register


def open_door(view: View) -> View:
    """Let everybody call this view: signing in, and choosing a language."""
    _allowed[view] = ANYONE
    return view


def allowed_roles(endpoint: str) -> frozenset[str]:
    """Return who may call the endpoint: roles, ANYONE, or nobody at all."""
    view = current_app.view_functions.get(endpoint)
    return _allowed.get(view, frozenset()) if view else frozenset()


def may(endpoint: str) -> bool:
    """Return whether whoever is here may call the endpoint; for links in templates."""
    account = current_account()
    if account is None or _chooses_first(account, endpoint):
        return False
    return account.role in allowed_roles(endpoint)


def current_account() -> SignedIn | None:
    """Return who is signed in; None before anybody was asked for.

    It is a value, found once per request: a page about a broken database can still
    be drawn.
    """
    account: SignedIn | None = g.get("office_account")
    return account


def username() -> str:
    """Return the account that sits at this desk."""
    account = current_account()
    return account.username if account else ""


def refuse_strangers() -> ResponseReturnValue | None:
    """Send a stranger to the sign-in page; raise NotAllowed for everybody else.

    A stranger who sends a form is asked to sign in where the form would have led:
    SignInNeeded. Whose password was given by somebody else chooses one first, before
    anything.

    A page that names no role is refused to all: forgetting the decorator closes.
    """
    roles = allowed_roles(request.endpoint or "")
    if roles == ANYONE:
        return None
    g.office_account = account = current_account() or entering.who_is_here()
    if account is None and roles:
        if request.method not in ("GET", "HEAD"):
            raise SignInNeeded
        if entering.has_ended():
            flash(_("Your sign-in has ended. Sign in again; you then go on from here."))
        return redirect(url_for("office.sign_in", next=_back_here()), 303)
    if account is None or account.role not in roles:
        raise NotAllowed
    entering.stay()
    if _chooses_first(account, request.endpoint or ""):
        return redirect(url_for("office.password"), 303)
    return None


def _back_here() -> str | None:
    """Return the address of this page; None for one too long to stand in another."""
    address = request.full_path.rstrip("?")
    return address if len(address) <= LONGEST else None


def _chooses_first(account: SignedIn, endpoint: str) -> bool:
    """Return whether a password of one's own must be chosen before this."""
    return account.given_by is not None and endpoint not in OWN_PASSWORD
