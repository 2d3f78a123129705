"""People by name: whose an account is stands beside it wherever somebody acted."""

from flask import g
from flask_babel import gettext as _

from survey_app.accounts.real_names import real_names
from survey_app.web.office.found import looking
from survey_app.web.office.pages import pages


def who(account: str | None) -> str:
    """Return a person's name and account; the account alone where no name is known.

    All names are read once for a page: they are few, and most pages name several.
    """
    if not account:
        return ""
    if "people_by_account" not in g:
        with looking() as reader:
            g.people_by_account = real_names(reader)
    name = g.people_by_account.get(account)
    return _("%(name)s (%(account)s)", name=name, account=account) if name else account


pages.add_app_template_global(who)
pages.add_app_template_filter(who)
