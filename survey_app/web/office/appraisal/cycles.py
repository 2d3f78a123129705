"""Beginning an appraisal cycle under a scheme, renaming and deleting it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _

from survey_app.accounts.permissions import SETTLE
from survey_app.appraisal import make_cycle as changing
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.make_cycle import make_cycle as begin_cycle
from survey_app.database import session, writer
from survey_app.domain.ground.fault_words import fault_in_words
from survey_app.domain.ground.file_faults import Fault
from survey_app.domain.ground.refusals import AlreadyOpened, NameTaken, NotFound
from survey_app.forms.act_forms import CycleNameForm
from survey_app.forms.survey_forms import CycleForm
from survey_app.rulebook.offered import OfferedRules
from survey_app.web.office.access import allow
from survey_app.web.office.found import offered_rules
from survey_app.web.office.pages import pages


@pages.get("/cycles/new")
@allow(SETTLE)
def new_cycle() -> str:
    """Offer the schemes with their sources."""
    files = offered_rules()
    return cycle_page(CycleForm(list(files.schemes.usable)), files)


@pages.post("/cycles/new")
@allow(SETTLE)
def make_cycle() -> ResponseReturnValue:
    """Create the cycle."""
    files = offered_rules()
    form = CycleForm(list(files.schemes.usable))
    if not form.validate():
        return cycle_page(form, files), 422
    scheme = files.schemes.usable[form.scheme.data]
    try:
        cycle = begin_cycle(writer(), str(form.name.data), scheme=scheme)
    except NameTaken:
        form.name.errors = [
            _("An appraisal cycle has this name already, perhaps written wider.")
        ]
        return cycle_page(form, files), 422
    for fault in files.warnings_of(scheme):
        flash(_("Scheme: %(warning)s", warning=in_words(fault)))
    flash(_("The appraisal cycle “%(name)s” is created.", name=cycle.name))
    return redirect(url_for(".surveys"), 303)


@pages.get("/cycles/<int:cycle_id>/name")
@allow(SETTLE)
def cycle_name(cycle_id: int) -> str:
    """Ask for another name, and offer to delete the cycle."""
    cycle = _unfrozen(cycle_id)
    return _name_page(cycle, CycleNameForm(obj=cycle))


@pages.post("/cycles/<int:cycle_id>/name")
@allow(SETTLE)
def rename_cycle(cycle_id: int) -> ResponseReturnValue:
    """Give the cycle another name."""
    cycle, form = _unfrozen(cycle_id), CycleNameForm()
    if not form.validate():
        return _name_page(cycle, form), 422
    try:
        changing.rename_cycle(writer(), cycle_id, name=str(form.name.data))
    except NameTaken:
        form.name.errors = [_("An appraisal cycle has this name already.")]
        return _name_page(_unfrozen(cycle_id), form), 422
    flash(_("The name is changed."))
    return redirect(url_for(".surveys"), 303)


@pages.post("/cycles/<int:cycle_id>/delete")
@allow(SETTLE)
def delete_cycle(cycle_id: int) -> ResponseReturnValue:
    """Delete a cycle nothing hangs on."""
    changing.delete_cycle(writer(), cycle_id)
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
    return render_template("office/appraisal/cycle_name.html", cycle=cycle, form=form)


def in_words(fault: Fault) -> str:
    """Return a fault of a file in the language of the page."""
    return fault_in_words(fault, gettext)


def cycle_page(form: CycleForm, files: OfferedRules) -> str:
    """Draw the form beside what each scheme says of itself, and what is broken."""
    usable = files.schemes.usable
    return render_template(
        "office/appraisal/cycle.html",
        form=form,
        schemes=usable.values(),
        warnings={key: files.warnings_of(one) for key, one in usable.items()},
        broken=files.broken,
        is_own=files.is_own,
        in_words=in_words,
    )
