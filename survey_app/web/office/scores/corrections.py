"""Corrections: one person asks for one, another confirms or declines it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import ADJUST, CONFIRM
from survey_app.analytics.corrections import content_of, correctable_labels, what_is
from survey_app.analytics.cycle_subjects import cycle_subjects_page
from survey_app.analytics.kept.results import keep_again
from survey_app.appraisal.cycle import Cycle
from survey_app.database import session, writer
from survey_app.domain.ground.refusals import NotFound
from survey_app.forms.correction_forms import CorrectionForm
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.settling.apply_correction import correctable
from survey_app.survey.settling.correct import (
    CorrectionAsked,
    confirm_correction,
    decline_correction,
)
from survey_app.survey.settling.correct import request_correction as ask_for
from survey_app.survey.settling.correction import Correctable, Correction
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.found import found_cycle
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages


@pages.get("/cycles/<int:cycle_id>/corrections/new")
@allow(ADJUST, scoped=True)
def choose_correction(cycle_id: int) -> str:
    """Ask about whom something is wrong."""
    cycle = found_cycle(cycle_id)
    asks = listing("name")
    page = cycle_subjects_page(session(), cycle, asks.asked, only_frozen=True)
    return render_template(
        "office/scores/correction_subjects.html",
        cycle=cycle,
        listing=asks,
        page=page,
    )


@pages.get("/cycles/<int:cycle_id>/corrections/new/<int:subject_id>")
@allow(ADJUST, scoped=True)
def new_correction(cycle_id: int, subject_id: int) -> str:
    """Ask what is wrong, what is right, and why."""
    cycle = found_cycle(cycle_id)
    found = correctable(session(), cycle, subject_id)
    form = CorrectionForm(found, request.args.get("place", ""))
    return _page(cycle, subject_id, found, form)


@pages.post("/cycles/<int:cycle_id>/corrections/new/<int:subject_id>")
@allow(ADJUST, scoped=True)
def request_correction(cycle_id: int, subject_id: int) -> ResponseReturnValue:
    """Keep the request; nothing changes before another person confirms it."""
    cycle = found_cycle(cycle_id)
    found = correctable(session(), cycle, subject_id)
    form = CorrectionForm(found)
    if not form.validate():
        return _page(cycle, subject_id, found, form), 422
    asked = CorrectionAsked(
        str(form.place.data),
        str(form.right.data),
        str(form.source.data),
        str(form.reason.data),
    )
    ask_for(writer(), cycle_id, subject_id, asked, account=username(), today=today())
    flash(_("The correction is requested. It counts once another person confirms it."))
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


@pages.post("/corrections/<int:correction_id>/confirm")
@allow(CONFIRM, scoped=True)
def confirm_one_correction(correction_id: int) -> ResponseReturnValue:
    """Let the correction count."""
    cycle_id, subject_id = _place_of(correction_id)
    confirm_correction(writer(), correction_id, account=username(), today=today())
    keep_again(writer(), cycle_id, subject_id)
    flash(_("The correction counts from now on; what stood before is kept."))
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


@pages.post("/corrections/<int:correction_id>/decline")
@allow(ADJUST, CONFIRM, scoped=True)
def decline_one_correction(correction_id: int) -> ResponseReturnValue:
    """Decline the correction, or withdraw one's own."""
    cycle_id, _subject = _place_of(correction_id)
    decline_correction(writer(), correction_id, account=username(), today=today())
    flash(_("The correction does not count. It stays on the list."))
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


def _place_of(correction_id: int) -> tuple[int, int]:
    """Return cycle and subject of a correction; raises NotFound."""
    correction = session().get(Correction, correction_id)
    if correction is None:
        raise NotFound
    return correction.cycle_id, correction.subject_id


def _page(
    cycle: Cycle, subject_id: int, found: Correctable, form: CorrectionForm
) -> str:
    """Draw the form, each thing that can be wrong with what stands there."""
    labels = correctable_labels(session(), cycle.id, cycle.rules, [subject_id])
    (subject,) = rated_in_cycle(session(), cycle.id, some=[subject_id])
    return render_template(
        "office/scores/correction.html",
        cycle=cycle,
        subject=subject,
        form=form,
        places=[
            (one.key, what_is(one.what, labels), content_of(one.what, one.old))
            for one in found.places
        ],
    )
