"""Whose an account is, and on which surveys it works: changed without a new account."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.limit_surveys import limit_surveys as set_limit
from survey_app.accounts.limit_surveys import surveys_of
from survey_app.accounts.permissions import KEEP
from survey_app.accounts.real_names import change_name, name_of
from survey_app.analytics.office_lists import ChosenSurvey, surveys_to_choose
from survey_app.database import reading, session, writer
from survey_app.forms.account_forms import PersonForm, SurveysForm
from survey_app.web.office.access import allow, username
from survey_app.web.office.accounts.found import found_account
from survey_app.web.office.pages import pages


@pages.get("/accounts/<int:account_id>/name")
@allow(KEEP)
def account_name(account_id: int) -> str:
    """Show whose the account is, and ask whose it shall be."""
    form = PersonForm(formdata=None)
    account = found_account(account_id)
    with reading(session()) as reader:
        form.real_name.data = name_of(reader, account.username)
    return _name_page(account_id, form)


@pages.post("/accounts/<int:account_id>/name")
@allow(KEEP)
def name_account(account_id: int) -> ResponseReturnValue:
    """Put the name of the account's owner right."""
    form = PersonForm()
    if not form.validate():
        return _name_page(account_id, form), 422
    change_name(writer(), account_id, str(form.real_name.data))
    flash(_("The name is changed. What was done before shows it too."))
    return redirect(url_for(".accounts"), 303)


@pages.get("/accounts/<int:account_id>/surveys")
@allow(KEEP)
def account_surveys(account_id: int) -> str:
    """Show on which surveys the account works, and ask on which it shall."""
    form = SurveysForm(formdata=None)
    with reading(session()) as reader:
        held = surveys_of(reader, account_id)
    form.limit.data = "all" if held is None else "some"
    form.surveys.data = sorted(held or ())
    return _surveys_page(account_id, form)


@pages.post("/accounts/<int:account_id>/surveys")
@allow(KEEP)
def limit_surveys(account_id: int) -> ResponseReturnValue:
    """Let the account work on the surveys that are ticked alone, or on all."""
    form = SurveysForm()
    form.offer({one.id for one in _offered(account_id)})
    if not form.validate():
        return _surveys_page(account_id, form), 422
    some = form.surveys.data if form.limit.data == "some" else None
    set_limit(writer(), account_id, some, by=username())
    flash(_("This holds from the next page of the account on."))
    return redirect(url_for(".accounts"), 303)


def _name_page(account_id: int, form: PersonForm) -> str:
    account = found_account(account_id)
    return render_template("office/accounts/name.html", account=account, form=form)


def _surveys_page(account_id: int, form: SurveysForm) -> str:
    """Draw the newest surveys, and older ones that the account holds already."""
    account = found_account(account_id)
    return render_template(
        "office/accounts/surveys.html",
        account=account,
        form=form,
        offered=_offered(account_id),
    )


def _offered(account_id: int) -> Sequence[ChosenSurvey]:
    with reading(session()) as reader:
        held = surveys_of(reader, account_id) or frozenset()
        return surveys_to_choose(reader, held)
