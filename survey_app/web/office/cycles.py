"""Beginning an appraisal cycle under a shipped scheme, renaming and deleting it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.database import session
from survey_app.domain.refusals import AlreadyOpened, NameTaken, NotFound
from survey_app.forms.act_forms import CycleNameForm
from survey_app.forms.survey_forms import CycleForm
from survey_app.models.account import MANAGER
from survey_app.models.cycle import Cycle
from survey_app.services import change_cycle as changing
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


@pages.get("/cycles/<int:cycle_id>/name")
@allow(MANAGER)
def cycle_name(cycle_id: int) -> str:
    """Ask for another name, and offer to delete the cycle."""
    cycle = _unfrozen(cycle_id)
    return _name_page(cycle, CycleNameForm(obj=cycle))


@pages.post("/cycles/<int:cycle_id>/name")
@allow(MANAGER)
def rename_cycle(cycle_id: int) -> ResponseReturnValue:
    """Give the cycle another name."""
    cycle, form = _unfrozen(cycle_id), CycleNameForm()
    if not form.validate():
        return _name_page(cycle, form), 422
    try:
        changing.rename_cycle(session(), cycle_id, name=str(form.name.data))
    except NameTaken:
        form.name.errors = [_("An appraisal cycle has this name already.")]
        return _name_page(_unfrozen(cycle_id), form), 422
    flash(_("The name is changed."))
    return redirect(url_for(".surveys"), 303)


@pages.post("/cycles/<int:cycle_id>/delete")
@allow(MANAGER)
def delete_cycle(cycle_id: int) -> ResponseReturnValue:
    """Delete a cycle nothing hangs on."""
    changing.delete_cycle(session(), cycle_id)
    flash(_("The appraisal cycle is deleted."))
    return redirect(url_for(".surveys"), 303)


def _unfrozen(cycle_id: int) -> Cycle:
    """Return a cycle that can be changed; raises NotFound or AlreadyOpened."""
    cycle = session().get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    if cycle.frozen:
        raise AlreadyOpened
    return cycle


def _name_page(cycle: Cycle, form: CycleNameForm) -> str:
    return render_template("office/cycle_name.html", cycle=cycle, form=form)


def _page(form: CycleForm) -> str:
    """Draw the form beside what each scheme says of itself."""
    return render_template("office/cycle.html", form=form, schemes=shipped_schemes())
