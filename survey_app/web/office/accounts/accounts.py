"""Accounts of the office, made and deleted by their keepers; everybody's own password.

A generated password is shown in the answer to the request that made it and nowhere
else: a redirect would have to keep it somewhere on the way.
"""

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts import change_password as passwords
from survey_app.accounts import lost_phone
from survey_app.accounts.make_account import confirm_owner as vouch_for
from survey_app.accounts.make_account import delete_account as end_account
from survey_app.accounts.make_account import make_account as begin_account
from survey_app.accounts.permissions import DECIDE, INSPECT, KEEP, ROLES, SIGNED_IN
from survey_app.accounts.second_person import given_last
from survey_app.accounts.sign_in import go_on
from survey_app.analytics import office_lists
from survey_app.analytics.account_list import accounts_page
from survey_app.database import session, writer
from survey_app.domain.ground.account_refusals import LastKeeper
from survey_app.domain.ground.refusals import (
    NameTaken,
    SignInFailed,
    TooManyRequests,
    WeakPassword,
)
from survey_app.forms.account_forms import AccountForm, OwnerForm, PasswordForm
from survey_app.web.clock import now
from survey_app.web.office.access import allow, current_account, username
from survey_app.web.office.accounts.found import found_account
from survey_app.web.office.accounts.roles import REFUSED, chosen_roles, refuse_roles
from survey_app.web.office.entering import PROVIDER, Refused, caller, lasts, welcome
from survey_app.web.office.found import excluded_roles, settings
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages


@pages.get("/accounts")
@allow(KEEP, DECIDE, INSPECT)
def accounts() -> str:
    """List the accounts and offer to make one."""
    return _list(AccountForm())


@pages.post("/accounts")
@allow(KEEP)
def make_account() -> ResponseReturnValue:
    """Make an account and show its password, once."""
    form = AccountForm()
    roles = chosen_roles(form)
    if roles is None:
        return _list(form), 422
    name = str(form.username.data)
    try:
        password = begin_account(
            writer(),
            name,
            roles=roles,
            real_name=str(form.real_name.data),
            excluded=excluded_roles(),
            by=username(),
        )
    except REFUSED as refusal:
        refuse_roles(form, refusal)
        return _list(form), 422
    except NameTaken:
        form.username.errors = [
            _(
                "Somebody has this name already, or one that looks like it, or acted "
                "under it before."
            )
        ]
        return _list(form), 422
    return render_template(
        "office/accounts/new_password.html", name=name, password=password
    )


@pages.get("/accounts/<int:account_id>/confirm")
@allow(KEEP, DECIDE)
def confirm_account(account_id: int) -> str:
    """Say what confirming an owner states, and ask."""
    account = found_account(account_id)
    held = office_lists.roles_by_account(session(), [account_id])
    return render_template(
        "office/accounts/confirm_owner.html",
        account=account,
        held=held.get(account_id, ()),
        seen=given_last(session(), account.username),
    )


@pages.post("/accounts/<int:account_id>/confirm")
@allow(KEEP, DECIDE)
def confirm_owner(account_id: int) -> ResponseReturnValue:
    """Keep that whoever sits here knows the account's owner."""
    seen = OwnerForm().number
    vouch_for(writer(), account_id, by=username(), seen=seen)
    flash(_("The owner is confirmed."))
    return redirect(url_for(".accounts"), 303)


@pages.get("/accounts/<int:account_id>/password")
@allow(KEEP)
def confirm_reset(account_id: int) -> str:
    """Say what a new password will do, and ask."""
    return render_template(
        "office/accounts/reset_password.html", account=found_account(account_id)
    )


@pages.post("/accounts/<int:account_id>/password")
@allow(KEEP)
def reset_password(account_id: int) -> str:
    """Give an account a new password and show it, once."""
    name = found_account(account_id).username
    # A keeper may reset the own account too: then nobody else knows the new one.
    giver = username() if name != username() else None
    password = passwords.reset_password(writer(), account_id, by=giver)
    return render_template(
        "office/accounts/new_password.html", name=name, password=password
    )


@pages.get("/accounts/<int:account_id>/delete")
@allow(KEEP)
def confirm_deletion(account_id: int) -> str:
    """Say what deleting will do, and ask."""
    account = found_account(account_id)
    return render_template(
        "office/accounts/delete_account.html", account=account, last=False
    )


@pages.post("/accounts/<int:account_id>/delete")
@allow(KEEP)
def delete_account(account_id: int) -> ResponseReturnValue:
    """Delete the account unless it is the last keeper's."""
    try:
        end_account(writer(), account_id)
    except LastKeeper:
        account = found_account(account_id)
        page = render_template(
            "office/accounts/delete_account.html", account=account, last=True
        )
        return page, 422
    flash(_("The account is deleted and signed out everywhere."))
    return redirect(url_for(".accounts"), 303)


@pages.get("/password")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def password() -> str:
    """Ask for the current and the new password."""
    return render_template(
        "office/accounts/password.html", form=PasswordForm(), failed=False
    )


@pages.post("/password")
@allow(SIGNED_IN, scoped=True, by_survey=True)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every sign-in made with the old one ends."""
    form, account = PasswordForm(), current_account()
    if account is None or not form.validate():
        return render_template(
            "office/accounts/password.html", form=form, failed=False
        ), 422
    given = {"current": form.current.data or "", "new": form.new.data or ""}
    place = settings().place_name
    try:
        passwords.change_password(writer(), account.id, **given, now=now(), place=place)
    except WeakPassword as refusal:
        form.refuse_weak(short=refusal.short)
        return render_template(
            "office/accounts/password.html", form=form, failed=False
        ), 422
    except (SignInFailed, TooManyRequests):
        return render_template(
            "office/accounts/password.html", form=form, failed=True
        ), 422
    through = cookie.get(PROVIDER)
    entered = go_on(caller(), writer(), account, now=now(), lasts=lasts())
    if isinstance(welcome(entered), Refused):
        return redirect(url_for(".sign_in"), 303)  # deleted in this instant
    if through:
        cookie[PROVIDER] = True
    flash(_("Your password is changed. Wherever else you were signed in you are not."))
    return redirect(url_for(".home"), 303)


def _list(form: AccountForm) -> str:
    """Draw the list with the form below it."""
    asks = listing("name", "username", keep=("role",), endpoint=".accounts")
    told = request.args.get("role", "")
    role = told if told in ROLES else ""
    page = accounts_page(session(), asks.asked, role=role)
    names = [one.username for one in page.rows]
    factors = lost_phone.states(session(), [one.id for one in page.rows])
    return render_template(
        "office/accounts/accounts.html",
        listing=asks,
        page=page,
        keepers=office_lists.keepers(session()),
        held=office_lists.roles_by_account(session(), [one.id for one in page.rows]),
        confirmed=office_lists.confirmed_by(session(), names),
        factors=factors,
        limited=office_lists.limited_accounts(session(), [r.id for r in page.rows]),
        form=form,
        me=username(),
        role=role,
        every_role=ROLES,
    )
