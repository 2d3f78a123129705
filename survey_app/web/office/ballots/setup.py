"""Preparing a secret ballot: key holders, small groups, what auditors commit to."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN, HOLD_KEY
from survey_app.ballot import set_up
from survey_app.ballot.held_box import (
    commitments,
    key_holders,
)
from survey_app.ballot.paper.keys_page import keys_page_print
from survey_app.database import ballot_engine, session, writer
from survey_app.domain.ground.file_faults import FileRefused
from survey_app.domain.ground.refusals import KeyOfAnotherSurvey, KeyRefused
from survey_app.forms.ballot_office_forms import (
    LinesForm,
    PublicKeyForm,
    SmallGroupsForm,
    text_of,
)
from survey_app.forms.sent_file import refused_status
from survey_app.web.office.access import allow
from survey_app.web.office.ballots.found import secret_draft
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/keys")
@allow(HOLD_KEY)
def key_holding(survey_id: int) -> str:
    """Show who holds the keys, how keys are made, and take their public halves."""
    return _keys_page(survey_id, PublicKeyForm())


@pages.post("/surveys/<int:survey_id>/keys/<int:place>")
@allow(HOLD_KEY)
def add_key(survey_id: int, place: int) -> ResponseReturnValue:
    """Keep one holder's public key, or say what is wrong with the file."""
    form = PublicKeyForm()
    secret_draft(survey_id)
    if not form.validate():
        return _keys_page(survey_id, form, place), refused_status(form.key)
    try:
        set_up.add_key_holder(
            writer(), ballot_engine(), survey_id,
            place=place, public_key_text=text_of(form.key),
        )  # fmt: skip
    except KeyRefused as refusal:
        form.refuse_key(elsewhere=isinstance(refusal, KeyOfAnotherSurvey))
        return _keys_page(survey_id, form, place), 422
    flash(_("The key is kept. Compare its fingerprint with the holder’s paper."))
    return redirect(url_for(".key_holding", survey_id=survey_id), 303)


@pages.post("/surveys/<int:survey_id>/keys/<int:place>/remove")
@allow(HOLD_KEY)
def remove_key(survey_id: int, place: int) -> ResponseReturnValue:
    """Take a key away, while nothing is printed."""
    set_up.remove_key_holder(writer(), ballot_engine(), survey_id, place=place)
    flash(_("The key is removed."))
    return redirect(url_for(".key_holding", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/small-groups")
@allow(DESIGN)
def small_groups(survey_id: int) -> str:
    """Ask what happens to rater groups that are too small."""
    survey = secret_draft(survey_id)
    form = SmallGroupsForm(survey.small_groups)
    return render_template("office/surveys/small_groups.html", survey=survey, form=form)


@pages.post("/surveys/<int:survey_id>/small-groups")
@allow(DESIGN)
def choose_small_groups(survey_id: int) -> ResponseReturnValue:
    """Keep the policy."""
    survey, form = secret_draft(survey_id), SmallGroupsForm()
    if not form.validate():
        return render_template(
            "office/surveys/small_groups.html", survey=survey, form=form
        ), 422
    policy = str(form.small_groups.data)
    set_up.set_small_groups(writer(), ballot_engine(), survey_id, policy=policy)
    flash(_("The rule for small groups is kept."))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


@pages.get("/surveys/<int:survey_id>/commitments")
@allow(DESIGN)
def audit_commitments(survey_id: int) -> str:
    """Ask for what auditors commit to."""
    kept = "\n".join(commitments(session(), survey_id))
    return _commitments_page(survey_id, LinesForm(lines=kept))


@pages.post("/surveys/<int:survey_id>/commitments")
@allow(DESIGN)
def keep_commitments(survey_id: int) -> ResponseReturnValue:
    """Keep the commitments in place of the earlier ones, or name the wrong lines."""
    form = LinesForm()
    secret_draft(survey_id)
    lines = [(number, line.strip().lower()) for number, line in form.numbered()]
    wrong = [number for number, line in lines if not set_up.COMMITMENT.fullmatch(line)]
    if wrong:
        return _commitments_page(survey_id, form, wrong=wrong), 422
    try:
        kept = set_up.set_commitments(
            writer(),
            ballot_engine(),
            survey_id,
            commitments=[one for _n, one in lines],
        )
    except FileRefused:
        return _commitments_page(survey_id, form, too_many=True), 422
    flash(_("Commitments kept: %(count)s.", count=kept))
    return redirect(url_for(".survey", survey_id=survey_id), 303)


def _keys_page(survey_id: int, form: PublicKeyForm, place: int = 0) -> str:
    """Draw both places; what is wrong stands in the place it was sent to."""
    return render_template(
        "office/ballots/key_holding.html",
        keys_page=keys_page_print(),
        survey=secret_draft(survey_id),
        holders=key_holders(session(), survey_id),
        form=form,
        sent_to=place,
    )


def _commitments_page(
    survey_id: int, form: LinesForm, *, wrong: list[int] | None = None,
    too_many: bool = False,
) -> str:  # fmt: skip
    """Draw the lines, and what is wrong with them."""
    eligible = set_up.eligible_in(ballot_engine(), survey_id)
    return render_template(
        "office/ballots/commitments.html",
        survey=secret_draft(survey_id),
        form=form,
        wrong=wrong or [],
        too_many=too_many,
        allowed=set_up.commitments_allowed(eligible),
    )
