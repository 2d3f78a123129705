"""Which roles an account holds: chosen in words, refused where two cannot be one's."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts import give_roles as giving
from survey_app.accounts.permissions import (
    AUDITOR,
    COUNTER,
    FIXED,
    ISSUER,
    KEEP,
    OF_A_UNIT,
    Grant,
    clashes,
    limited,
)
from survey_app.analytics import office_lists
from survey_app.analytics.office_lists import HeldRole
from survey_app.appraisal.scope import subject_called, unit_called
from survey_app.database import reading, session, writer
from survey_app.domain.ground.account_refusals import (
    LastKeeper,
    RolesExclude,
    RoleWithoutPlace,
    RoleWithoutUnit,
)
from survey_app.domain.ground.refusals import Refusal
from survey_app.forms.account_forms import RolesForm
from survey_app.web.office.access import allow, username
from survey_app.web.office.accounts.found import found_account
from survey_app.web.office.found import excluded_roles
from survey_app.web.office.pages import pages
from survey_app.web.office.role_words import role_word

REFUSED = (LastKeeper, RolesExclude, RoleWithoutPlace, RoleWithoutUnit)
"""What is said at the field, where somebody can mend it."""


@pages.get("/accounts/<int:account_id>/roles")
@allow(KEEP)
def account_roles(account_id: int) -> str:
    """Show what the account may do, and ask what it shall."""
    return _page(account_id, _as_held(account_id))


@pages.post("/accounts/<int:account_id>/roles")
@allow(KEEP)
def give_roles(account_id: int) -> ResponseReturnValue:
    """Let the account hold the roles that are ticked, and no others."""
    form = RolesForm()
    roles = chosen_roles(form)
    if roles is None:
        return _page(account_id, form), 422
    try:
        excluded = excluded_roles()
        giving.give_roles(writer(), account_id, roles, excluded=excluded, by=username())
    except REFUSED as refusal:
        refuse_roles(form, refusal)
        return _page(account_id, form), 422
    flash(
        _(
            "The roles are changed and hold from the next page on; those that see "
            "results, count or decide once somebody else has confirmed them."
        )
    )
    return redirect(url_for(".accounts"), 303)


def chosen_roles(form: RolesForm) -> tuple[Grant, ...] | None:
    """Return the roles that were sent; None where the form says what is wrong."""
    if not form.validate():
        return None
    with reading(session()) as reader:
        unit = unit_called(reader, form.unit.data) if form.unit.data else None
        person = subject_called(reader, form.person.data) if form.person.data else None
    unknown = _("There is nothing with this code. It stands in the roster.")
    if form.unit.data and unit is None:
        form.unit.errors = [unknown]
    if form.person.data and person is None:
        form.person.errors = [unknown]
    if form.errors:
        return None
    return limited(form.roles.data or (), unit_id=unit, subject_id=person)


def refuse_roles(form: RolesForm, refusal: Refusal) -> None:
    """Say at its field why the account cannot hold these roles."""
    if isinstance(refusal, RoleWithoutPlace):
        field = form.unit if refusal.role in OF_A_UNIT else form.person
        field.errors = [
            _("“%(role)s” needs this.", role=role_word(refusal.role)),
        ]
    elif isinstance(refusal, RoleWithoutUnit):
        form.unit.errors = [
            _(
                "“%(role)s” cannot be limited to a unit. Leave this empty, or give "
                "that role to another account.",
                role=role_word(refusal.role),
            )
        ]
    elif isinstance(refusal, RolesExclude):
        form.roles.errors = [why_apart(refusal.first, refusal.second)]
    else:
        form.roles.errors = [
            _("Nobody else keeps the accounts: give somebody else that role first.")
        ]


def why_apart(first: str, second: str) -> str:
    """Return a sentence on why nobody holds both roles."""
    both = {"first": role_word(first), "second": role_word(second)}
    if {first, second} == {ISSUER, COUNTER}:
        return _(
            "Nobody is both %(first)s and %(second)s: whoever had the tickets in his "
            "hand does not count the ballots.",
            **both,
        )
    if frozenset({first, second}) not in FIXED:
        return _(
            "Nobody is both %(first)s and %(second)s: this office’s settings say so.",
            **both,
        )
    if AUDITOR in (first, second):
        return _(
            "Nobody is both %(first)s and %(second)s: whoever audits changes nothing.",
            **both,
        )
    return _(
        "Nobody is both %(first)s and %(second)s: whoever keeps the accounts sees no "
        "results.",
        **both,
    )


def _as_held(account_id: int) -> RolesForm:
    """Return the form as the account stands."""
    with reading(session()) as reader:
        held = office_lists.roles_by_account(reader, [account_id]).get(account_id, ())
    form = RolesForm(formdata=None)
    form.roles.data = [one.grant.role for one in held]
    form.unit.data = next((one.unit_code for one in held if one.unit_code), "")
    form.person.data = next((one.person_code for one in held if one.person_code), "")
    return form


def _page(account_id: int, form: RolesForm) -> str:
    """Draw the form."""
    return render_template(
        "office/accounts/roles.html", account=found_account(account_id), form=form
    )


def clashes_of(held: Sequence[HeldRole]) -> tuple[tuple[str, str], ...]:
    """Return which two of these roles exclude each other here."""
    return clashes((one.grant for one in held), excluded_roles())


pages.add_app_template_global(clashes_of)
pages.add_app_template_global(why_apart)
