"""Named ratings of a cycle: the list with its history, entering, confirming."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import ADJUST, CONFIRM, SEE_RESULTS
from survey_app.analytics.kept.results import keep_again
from survey_app.analytics.named_ratings import rating_line, rating_page
from survey_app.appraisal import named_ratings as verbs
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.named_ratings import NamedRatingEntry
from survey_app.database import session, writer
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.cycle_refusals import AlreadyRated
from survey_app.domain.ground.refusals import (
    NotFound,
    PasswordGivenSince,
    PasswordStillGiven,
    TwoAccountsNeeded,
)
from survey_app.domain.scheme.components import named_places
from survey_app.domain.scheme.scheme import Component, SubjectKind
from survey_app.forms.named_rating_form import NamedRatingForm, WithdrawRatingForm
from survey_app.web.clock import today
from survey_app.web.office.access import allow, username
from survey_app.web.office.appraisal.choosing import (
    likely_code,
    offered,
    whoever_is_meant,
)
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages


@dataclass(frozen=True, slots=True)
class RatingPlace:
    """Where the scheme takes named ratings."""

    key: str
    """What the form sends: component and rater group."""
    label: Bilingual
    about: SubjectKind
    full_marks: Fraction


@pages.get("/cycles/<int:cycle_id>/named-ratings")
@allow(SEE_RESULTS, scoped=True)
def named_ratings(cycle_id: int) -> str:
    """List everything that was signed, what counts and what was withdrawn."""
    return _list_page(_cycle(cycle_id), "")


@pages.get("/cycles/<int:cycle_id>/named-ratings/new")
@allow(ADJUST, scoped=True)
def new_named_rating(cycle_id: int) -> str:
    """Ask for what stands on the signed paper."""
    cycle = _cycle(cycle_id)
    return _form_page(cycle, _form(cycle, likely_code(cycle)))


@pages.post("/cycles/<int:cycle_id>/named-ratings/new")
@allow(ADJUST, scoped=True)
def enter_named_rating(cycle_id: int) -> ResponseReturnValue:
    """Keep it; it counts once another account has confirmed it."""
    cycle = _cycle(cycle_id)
    form = _form(cycle)
    if not form.validate():
        return _form_page(cycle, form), 422
    try:
        verbs.enter_named_rating(writer(), cycle_id, form.paper(), account=username())
    except AlreadyRated:
        form.rater.errors = [
            _("A rating with this signature stands already; withdraw it first.")
        ]
        return _form_page(_cycle(cycle_id), form), 422
    except NotFound:
        form.subject.errors = [_("This rating is about somebody of another kind.")]
        return _form_page(_cycle(cycle_id), form), 422
    flash(_("Entered. It counts once another person has compared it with the paper."))
    return redirect(url_for(".named_ratings", cycle_id=cycle_id), 303)


@pages.post("/cycles/<int:cycle_id>/named-ratings/<int:rating_id>/confirm")
@allow(CONFIRM, scoped=True)
def confirm_named_rating(cycle_id: int, rating_id: int) -> ResponseReturnValue:
    """Let it count, where another account entered it."""
    account = username()
    try:
        verbs.confirm_named_rating(writer(), cycle_id, rating_id, account=account)
    except TwoAccountsNeeded:
        told = _("Whoever entered a rating does not confirm it: another person does.")
        return _list_page(_cycle(cycle_id), told), 403
    except (PasswordStillGiven, PasswordGivenSince):
        told = _(
            "One of the two accounts got its password from the other, so one person "
            "could be both. Let a third person confirm the rating."
        )
        return _list_page(_cycle(cycle_id), told), 403
    _keep_again(cycle_id, rating_id)
    flash(_("Confirmed: the rating counts."))
    return redirect(url_for(".named_ratings", cycle_id=cycle_id), 303)


@pages.get("/cycles/<int:cycle_id>/named-ratings/<int:rating_id>/withdraw")
@allow(ADJUST, CONFIRM, scoped=True)
def confirm_withdrawal(cycle_id: int, rating_id: int) -> str:
    """Ask why it shall not count any more."""
    return _withdraw_page(_cycle(cycle_id), rating_id, WithdrawRatingForm())


@pages.post("/cycles/<int:cycle_id>/named-ratings/<int:rating_id>/withdraw")
@allow(ADJUST, CONFIRM, scoped=True)
def withdraw_named_rating(cycle_id: int, rating_id: int) -> ResponseReturnValue:
    """Take it out of the score; it stays on the list."""
    form = WithdrawRatingForm()
    if not form.validate():
        return _withdraw_page(_cycle(cycle_id), rating_id, form), 422
    verbs.withdraw_named_rating(
        writer(), cycle_id, rating_id,
        account=username(), because=str(form.because.data),
    )  # fmt: skip
    _keep_again(cycle_id, rating_id)
    flash(_("Withdrawn. It stays on the list and counts no more."))
    return redirect(url_for(".named_ratings", cycle_id=cycle_id), 303)


def _keep_again(cycle_id: int, rating_id: int) -> None:
    """Let lists know the score that this rating has changed."""
    about = session().get_one(NamedRatingEntry, rating_id).subject_id
    keep_again(writer(), cycle_id, about)


def _cycle(cycle_id: int) -> Cycle:
    """Return the cycle, if its scheme takes named ratings; raises NotFound."""
    cycle = session().get(Cycle, cycle_id)
    if cycle is None or not _places(cycle):
        raise NotFound
    return cycle


def _places(cycle: Cycle) -> Mapping[str, RatingPlace]:
    """Return key → where the scheme of the cycle takes named ratings."""
    scheme = cycle.rules
    found = {}
    for key, group in named_places(scheme.components):
        component = scheme.component(key)
        place = f"{key}:{group}"
        full_marks = component.full_marks.value
        label = _label(component, group)
        found[place] = RatingPlace(place, label, component.about, full_marks)
    return found


def _label(component: Component, group: str) -> Bilingual:
    """Return what the component, or the rater group in it, is called."""
    labels = (
        {one.key: one.label for one in component.survey.rater_groups}
        if component.survey
        else {}
    )
    if group not in labels:
        return component.label
    inner, outer = labels[group], component.label
    return Bilingual(f"{outer.zh} · {inner.zh}", f"{outer.en} · {inner.en}")


def _kinds(cycle: Cycle) -> set[str]:
    """Return which kinds of subject the scheme of the cycle takes ratings of."""
    return {place.about.value for place in _places(cycle).values()}


def _form(cycle: Cycle, likely: str = "") -> NamedRatingForm:
    scales = {key: place.full_marks for key, place in _places(cycle).items()}
    meant = whoever_is_meant(cycle, _kinds(cycle))
    return NamedRatingForm(scales, meant, today(), likely)


def _list_page(cycle: Cycle, refused: str) -> str:
    asks = listing(endpoint=".named_ratings")
    return render_template(
        "office/appraisal/named_ratings.html",
        cycle=cycle,
        listing=asks,
        page=rating_page(session(), cycle, asks.asked),
        places=_places(cycle),
        refused=refused,
        me=username(),
    )


def _form_page(cycle: Cycle, form: NamedRatingForm) -> str:
    return render_template(
        "office/appraisal/named_rating.html",
        cycle=cycle,
        form=form,
        places=_places(cycle),
        offered=offered(cycle, _kinds(cycle), form.subject),
    )


def _withdraw_page(cycle: Cycle, rating_id: int, form: WithdrawRatingForm) -> str:
    return render_template(
        "office/appraisal/withdraw_rating.html",
        cycle=cycle,
        line=rating_line(session(), cycle, rating_id),
        form=form,
    )
