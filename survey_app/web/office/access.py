"""Who may call which page of the office: nobody, unless the page names a permission.

@pages.get("/surveys")
@allow(SEE_TURNOUT, scoped=True)
def surveys() -> str: ...

Whoever is limited to a unit is let in only where the view says `scoped`: it narrows
all that it shows to `scope()`. Whoever works on some surveys alone is let in where the
address names one of these, or where the view says `by_survey`. What a page's own
address names is looked at here.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from survey_app.accounts.permissions import PERMISSIONS, SEE_OWN, SEE_RESULTS, Standing
from survey_app.accounts.sign_in import SignedIn
from survey_app.alerts.tables import AlertCase, Objection
from survey_app.appraisal.adjustments import GivenAdjustment
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.appraisal.scope import Column, Scope
from survey_app.domain.ground.account_refusals import (
    OwnMatter,
    RolesAtRest,
    RolesNotConfirmed,
)
from survey_app.domain.ground.refusals import NotAllowed, NotFound, SignInNeeded
from survey_app.survey.settling.correction import Correction
from survey_app.survey.tables import Channel
from survey_app.web.office import entering
from survey_app.web.office.found import looking, settings

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Door:
    """Who may pass to one view."""

    permissions: frozenset[str] = frozenset()
    """Any of these opens it; none: it opens to nobody."""
    scoped: bool = False
    """Whether it opens to those who are limited to a unit."""
    by_survey: bool = False
    """Whether it opens to those who work on some surveys alone."""
    is_open: bool = False
    """Whether no account is needed."""

    def lets_in(self, standing: Standing) -> bool:
        """Return whether an account of this standing may pass."""
        return standing.may(*self.permissions) and (
            self.scoped or standing.units(self.permissions) is None
        )


OWN_PASSWORD = frozenset(
    {"office.password", "office.change_password", "office.sign_out"}
)
"""All that is open to an account whose password somebody else knows."""

OWN_FACTOR = frozenset(
    {"office.second_factor", "office.set_up_second_factor", "office.sign_out"}
)
"""All that is open to an account that must set up a second factor first."""

LONGEST = 500
"""Characters of an address that the sign-in page leads back to."""

_doors: dict[Callable[..., Any], Door] = {}


def allow(
    *permissions: str, scoped: bool = False, by_survey: bool = False
) -> Callable[[View], View]:
    """Return a decorator, written under the route, that lets in whoever may any of it.

    `scoped`: the view shows nothing outside `scope()`, whoever it lets in. `by_survey`:
    nor anything of other surveys than `scope().surveys`; of a view whose address names
    a survey, or an alert, that one is looked at here.
    """
    if not permissions or set(permissions) - PERMISSIONS:
        raise ValueError("name one or more of accounts.permissions")

    def register(view: View) -> View:
        _doors[view] = Door(frozenset(permissions), scoped, by_survey)
        return view

    return register


def open_door(view: View) -> View:
    """Let everybody call this view: signing in, and choosing a language."""
    _doors[view] = Door(is_open=True)
    return view


def door_to(endpoint: str) -> Door:
    """Return who may call the endpoint; nobody where no view says so."""
    view = current_app.view_functions.get(endpoint)
    return _doors.get(view, Door()) if view else Door()


def may(endpoint: str) -> bool:
    """Return whether whoever is here may call the endpoint; for links in templates."""
    account = current_account()
    if account is None or first_step(account, endpoint):
        return False
    return door_to(endpoint).lets_in(account.standing) and (
        account.surveys is None or _knows_surveys(endpoint)
    )


def _knows_surveys(endpoint: str) -> bool:
    """Return whether a page can be opened to whoever works on some surveys alone."""
    if door_to(endpoint).by_survey:
        return True
    rules = current_app.url_map.iter_rules(endpoint)
    return all("survey_id" in rule.arguments for rule in rules)


def scope() -> Scope:
    """Return where whoever is here may look on this page."""
    return scope_for(*door_to(request.endpoint or "").permissions)


def may_here(*permissions: str) -> bool:
    """Return whether whoever is here may any of these, somewhere."""
    account = current_account()
    return account is not None and account.standing.may(*permissions)


def sees_all() -> bool:
    """Return whether this page leaves nothing out; totals are told only then."""
    return scope().is_whole


def scope_for(*permissions: str) -> Scope:
    """Return where whoever is here may do any of these: nowhere, if nowhere."""
    account = current_account()
    if account is None:
        return Scope(frozenset())
    own = account.standing.own_subjects if SEE_OWN in permissions else frozenset()
    return Scope(account.standing.units(permissions), own, account.surveys)


def scope_to(*endpoints: str) -> Scope:
    """Return where whoever is here may look at what these endpoints show or do."""
    doors = [door_to(endpoint).permissions for endpoint in endpoints]
    return scope_for(*frozenset().union(*doors))


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
    anything; then whoever needs a second factor sets it up.

    A page that names no permission is refused to all: forgetting the decorator closes.
    """
    door = door_to(request.endpoint or "")
    if door.is_open:
        return None
    g.office_account = account = current_account() or entering.who_is_here()
    if account is None and door.permissions:
        if request.method not in ("GET", "HEAD"):
            raise SignInNeeded
        if entering.has_ended():
            flash(_("Your sign-in has ended. Sign in again; you then go on from here."))
        return redirect(url_for("office.sign_in", next=_back_here()), 303)
    if account is None or not door.lets_in(account.standing):
        raise _refusal(account, door)
    entering.stay()
    first = first_step(account, request.endpoint or "")
    if first:
        return redirect(url_for(first), 303)
    if account.surveys is not None:
        _require_survey(account, request.endpoint or "")
    _require_within(scope())
    _refuse_own_matter(account, door)
    return None


def _refusal(account: SignedIn | None, door: Door) -> Exception:
    """Return why the door stays shut to this account."""
    held = account.standing if account else Standing(())
    if door.lets_in(replace(held, is_confirmed=True)):
        return RolesNotConfirmed()
    everything = Standing(held.grants)
    return RolesAtRest() if door.lets_in(everything) else NotAllowed()


ABOUT: dict[str, tuple[Column, Column]] = {
    "adjustment_id": (GivenAdjustment.id, GivenAdjustment.subject_id),
    "rating_id": (NamedRatingEntry.id, NamedRatingEntry.subject_id),
    "correction_id": (Correction.id, Correction.subject_id),
    "channel_id": (Channel.id, Channel.subject_id),
    "alert_id": (AlertCase.id, AlertCase.subject_id),
    "objection_id": (Objection.id, Objection.subject_id),
}
"""Name in an address → the key of what it means, and the column of its subject."""


def _require_survey(account: SignedIn, endpoint: str) -> None:
    """Raise NotAllowed where a page knows no surveys, NotFound for another one.

    An alert is of the survey that raised it.
    """
    if not _knows_surveys(endpoint):
        raise NotAllowed
    named = request.view_args or {}
    if "survey_id" in named and not account.works_on(named["survey_id"]):
        raise NotFound
    if "alert_id" in named:
        with looking() as reader:
            case = reader.get(AlertCase, named["alert_id"])
            if case is None or not account.works_on(case.survey_id):
                raise NotFound


def _require_within(scope: Scope) -> None:
    """Raise NotFound where the address names something that lies elsewhere.

    Asks nothing where whoever is here may look everywhere.
    """
    named = request.view_args or {}
    if scope.is_whole:
        return
    with looking() as reader:
        if "subject_id" in named:
            scope.require_subject(reader, named["subject_id"])
        if "unit_id" in named:
            scope.require_unit(reader, named["unit_id"])
        for name in ABOUT.keys() & named.keys():
            row, about = ABOUT[name]
            scope.require(reader, row, named[name], about)


def _refuse_own_matter(account: SignedIn, door: Door) -> None:
    """Raise OwnMatter where somebody would work on what is about himself (回避).

    Results that the office reads he reads; an objection is his to file; raw comments,
    acts and confirmations are others'. Asks nothing of whoever is not appraised.
    """
    named, own = request.view_args or {}, account.standing.own_subjects
    if not own or door.permissions & {SEE_OWN, SEE_RESULTS}:
        return
    about = {named["subject_id"]} if "subject_id" in named else set()
    with looking() as reader:
        for name in ABOUT.keys() & named.keys():
            row, subject = ABOUT[name]
            about |= set(reader.scalars(select(subject).where(row == named[name])))
    if about & own:
        raise OwnMatter


def _back_here() -> str | None:
    """Return the address of this page; None for one too long to stand in another."""
    address = request.full_path.rstrip("?")
    return address if len(address) <= LONGEST else None


def first_step(account: SignedIn, endpoint: str) -> str | None:
    """Return the page that comes before this one: an own password, a second factor."""
    if account.given_by is not None:
        return None if endpoint in OWN_PASSWORD else "office.password"
    if needs_second_factor(account) and not account.proved:
        return None if endpoint in OWN_FACTOR else "office.second_factor"
    return None


def needs_second_factor(account: SignedIn) -> bool:
    """Return whether the settings want more of this account than a password."""
    return account.standing.may(*settings().second_factor.split())
