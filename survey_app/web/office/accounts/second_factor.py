"""One's own second factor, and the one that two others take away after a lost phone.

Recovery codes are shown in the answer to the request that made them and nowhere else.
"""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app import qr
from survey_app.accounts import lost_phone
from survey_app.accounts import second_factor as factors
from survey_app.accounts.lost_phone import FactorState
from survey_app.accounts.one_time_codes import address_of
from survey_app.accounts.permissions import DECIDE, KEEP, SIGNED_IN
from survey_app.accounts.sign_in import SignedIn, has_second_factor
from survey_app.accounts.tables import Account
from survey_app.database import session, writer
from survey_app.domain.ground.account_refusals import CodeNotFitting
from survey_app.domain.ground.refusals import (
    NotFound,
    SignInFailed,
    SignInNeeded,
    TooManyRequests,
)
from survey_app.forms.account_forms import OneTimeForm, SetUpForm
from survey_app.web.clock import now
from survey_app.web.office.access import (
    allow,
    current_account,
    needs_second_factor,
    username,
)
from survey_app.web.office.entering import this_sign_in
from survey_app.web.office.found import settings
from survey_app.web.office.pages import pages
from survey_app.web.office.tokens import secret_key

RENEW, CHANGE = "renew", "change"


@pages.get("/second-factor")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def second_factor() -> str:
    """Show the secret to set up, or what can be done with what is set up."""
    account = _me()
    if has_second_factor(session(), account.id):
        return _own_page(OneTimeForm())
    return _set_up_page(SetUpForm())


@pages.post("/second-factor")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def set_up_second_factor() -> ResponseReturnValue:
    """Take the phone's first code, and show ten recovery codes, once."""
    account, form = _me(), SetUpForm()
    offered = _offered(account, form)
    if offered.locked != form.offer.data or not form.validate():
        return _set_up_page(form), 422
    try:
        taken = factors.confirmed(offered, form.one_time_code.data or "", now=now())
        paper = factors.set_up(
            writer(), account.id, taken,
            key=secret_key(), here=this_sign_in(), now=now(),
        )  # fmt: skip
    except CodeNotFitting as refusal:
        form.refuse_first(refusal.minutes)
        return _set_up_page(form), 422
    except SignInNeeded:  # set up in another window meanwhile
        return redirect(url_for(".second_factor"), 303)
    return _codes_page(paper)


@pages.post("/second-factor/codes")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def renew_recovery_codes() -> ResponseReturnValue:
    """Show ten new recovery codes, once."""
    form = OneTimeForm()
    if not form.validate():
        return _own_page(form, RENEW), 422
    try:
        paper = factors.renew_recovery_codes(
            writer(),
            _me().id,
            form.one_time_code.data or "",
            key=secret_key(),
            now=now(),
        )
    except (SignInFailed, TooManyRequests):
        form.refuse()
        return _own_page(form, RENEW), 422
    return _codes_page(paper)


@pages.post("/second-factor/change")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def change_second_factor() -> ResponseReturnValue:
    """Give up what is set up, by a code of it, and lead to setting up another."""
    form = OneTimeForm()
    if not form.validate():
        return _own_page(form, CHANGE), 422
    try:
        factors.give_up(
            writer(),
            _me().id,
            form.one_time_code.data or "",
            key=secret_key(),
            now=now(),
        )
    except (SignInFailed, TooManyRequests):
        form.refuse()
        return _own_page(form, CHANGE), 422
    flash(_("The old phone and its recovery codes open nothing any more."))
    return redirect(url_for(".second_factor"), 303)


@pages.get("/accounts/<int:account_id>/second-factor")
@allow(KEEP, DECIDE)
def lost_second_factor(account_id: int) -> str:
    """Say what taking it away takes, and ask, or let the second person decide."""
    name, state = _other(account_id)
    return render_template(
        "office/accounts/lost_phone.html",
        name=name, state=state, account_id=account_id, me=username(),
    )  # fmt: skip


@pages.post("/accounts/<int:account_id>/second-factor/ask")
@allow(KEEP, DECIDE)
def ask_factor_reset(account_id: int) -> ResponseReturnValue:
    """Ask another account to take it away."""
    lost_phone.ask_reset(writer(), account_id, by=username())
    flash(_("Asked. Somebody else who keeps accounts confirms it."))
    return redirect(url_for(".accounts"), 303)


@pages.post("/accounts/<int:account_id>/second-factor/withdraw")
@allow(KEEP, DECIDE)
def withdraw_factor_reset(account_id: int) -> ResponseReturnValue:
    """Leave it as it is."""
    lost_phone.withdraw_reset(writer(), account_id)
    flash(_("The second factor stays."))
    return redirect(url_for(".accounts"), 303)


@pages.post("/accounts/<int:account_id>/second-factor/confirm")
@allow(KEEP, DECIDE)
def confirm_factor_reset(account_id: int) -> ResponseReturnValue:
    """Take it away, as the second of two."""
    lost_phone.confirm_reset(writer(), account_id, by=username())
    flash(_("It is taken away; its owner sets up a new one at the next sign-in."))
    return redirect(url_for(".accounts"), 303)


@dataclass(frozen=True, slots=True)
class _SecretShown:
    """A secret as a phone scans it and as somebody types it."""

    drawing: qr.Drawing
    typed: str
    """In groups of four."""
    locked: str


def _set_up_page(form: SetUpForm) -> str:
    account = _me()
    offered = _offered(account, form)
    secret, place = offered.secret, settings().place_name
    address = address_of(secret, name=account.username, place=place)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return render_template(
        "office/accounts/set_up_factor.html",
        form=form,
        shown=_SecretShown(qr.drawing(address), groups, offered.locked),
        needed=needs_second_factor(account) and not account.proved,
    )


def _offered(account: SignedIn, form: SetUpForm) -> factors.OfferedSecret:
    again = form.offer.data or ""
    return factors.offer(secret_key(), account.id, again=again, now=now())


def _own_page(form: OneTimeForm, about: str = "") -> str:
    """Draw what is set up; `about`: the form of the two that was sent."""
    empty = OneTimeForm(formdata=None)
    return render_template(
        "office/accounts/second_factor.html",
        left=factors.recovery_codes_left(session(), _me().id),
        renew=form if about == RENEW else empty,
        change=form if about == CHANGE else empty,
    )


def _codes_page(paper: list[str]) -> str:
    return render_template(
        "office/accounts/recovery_codes.html", codes=paper, name=username()
    )


def _me() -> SignedIn:
    account = current_account()
    if account is None:
        raise SignInNeeded
    return account


def _other(account_id: int) -> tuple[str, FactorState]:
    """Return name and state of somebody's second factor; raises NotFound."""
    account = session().get(Account, account_id)
    state = lost_phone.states(session(), [account_id]).get(account_id)
    if account is None or state is None or not state.is_set_up:
        raise NotFound
    return account.username, state
