"""Beginning an appraisal cycle under one of the shipped schemes."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import session
from survey_app.domain.refusals import NameTaken
from survey_app.forms.survey_forms import CycleForm
from survey_app.models.account import MANAGER
from survey_app.services.make_cycle import make_cycle as begin_cycle
from survey_app.shipped_files import SCHEMES, keys_in, shipped_scheme, shipped_schemes
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages


@pages.get("/cycles/new")
@allow(MANAGER)
def new_cycle() -> str:
    """Offer the schemes with their sources."""
    return _page(CycleForm(keys_in(SCHEMES)))


@pages.post("/cycles/new")
@allow(MANAGER)
def make_cycle() -> ResponseReturnValue:
    """Create the cycle."""
    form = CycleForm(keys_in(SCHEMES))
    if not form.validate():
        return _page(form), 422
    scheme = shipped_scheme(form.scheme.data)
    try:
        cycle = begin_cycle(session(), str(form.name.data), scheme=scheme)
    except NameTaken:
        form.name.errors = [
            _("An appraisal cycle has this name already, perhaps written wider.")
        ]
        return _page(form), 422
    flash(_("The appraisal cycle “%(name)s” is created.", name=cycle.name))
    return redirect(url_for(".surveys"), 303)


def _page(form: CycleForm) -> str:
    """Draw the form beside what each scheme says of itself."""
    return render_template("office/cycle.html", form=form, schemes=shipped_schemes())
