"""Surveys that stand alone: making the first, following it, and their trend."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from survey_app.accounts.permissions import DESIGN, SEE_RESULTS
from survey_app.analytics.charts.series_chart import series_chart
from survey_app.analytics.pictures.series import SurveySeries, series_of
from survey_app.appraisal.cycle import Cycle
from survey_app.database import session, writer
from survey_app.domain.ground.refusals import NotFound, WrongMode
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.standalone import RATERS, rating_choices
from survey_app.forms.series_forms import FollowForm, StandAloneForm
from survey_app.survey.copy_survey import copy_survey
from survey_app.survey.stand_alone import make_stand_alone
from survey_app.survey.tables import OPEN_SURVEY, Survey
from survey_app.web.language import language, words
from survey_app.web.office.access import allow, scope
from survey_app.web.office.found import (
    cycle_or_series,
    found_survey,
    offered_rules,
    signing_key,
    state_of,
)
from survey_app.web.office.pages import pages


@pages.get("/surveys/stand-alone")
@allow(DESIGN)
def new_stand_alone() -> str:
    """Offer the questionnaires; of the one in the address, ask for the rest."""
    asked = _chosen()
    return _page(asked, _form(asked) if asked else None)


@pages.post("/surveys/stand-alone")
@allow(DESIGN)
def make_stand_alone_survey() -> ResponseReturnValue:
    """Draft the first survey of a series."""
    asked = _chosen()
    if asked is None:
        raise NotFound
    form = _form(asked)
    if not form.validate():
        return _page(asked, form), 422
    made = make_stand_alone(
        writer(), form.series(), questionnaire=asked, plan=form.plan()
    )
    flash(_("The survey is drafted. Next: whom it is about, and its channels."))
    return redirect(url_for(".survey", survey_id=made.id), 303)


@pages.get("/surveys/<int:survey_id>/next")
@allow(DESIGN)
def next_survey(survey_id: int) -> str:
    """Ask what the next survey is called and when it runs."""
    survey = _repeated(survey_id)
    return _next_page(survey, FollowForm())


@pages.post("/surveys/<int:survey_id>/next")
@allow(DESIGN)
def make_next_survey(survey_id: int) -> ResponseReturnValue:
    """Draft the next survey, which takes over the printed codes when it opens."""
    survey, form = _repeated(survey_id), FollowForm()
    if not form.validate():
        return _next_page(survey, form), 422
    first, last = form.days()
    made = copy_survey(
        writer(), survey_id,
        title=str(form.title.data), opens_on=first, closes_on=last,
        key=signing_key(), follows=True,
    )  # fmt: skip
    flash(_("The next survey is drafted. Posters stay: it takes over their codes."))
    return redirect(url_for(".survey", survey_id=made), 303)


@pages.get("/surveys/series/<int:cycle_id>")
@allow(SEE_RESULTS, scoped=True)
def series(cycle_id: int) -> str:
    """Show a series: its surveys, and what each told of every subject."""
    cycle, told = _series(cycle_id)
    return render_template(
        "office/surveys/series.html",
        cycle=cycle,
        series=told,
        steps={one.id: told.steps(one.id) for one in told.subjects},
        state_of=state_of,
    )


@pages.get("/surveys/series/<int:cycle_id>/<int:subject_id>")
@allow(SEE_RESULTS, scoped=True)
def subject_series(cycle_id: int, subject_id: int) -> str:
    """Show the trend of one subject as a picture and as a table."""
    cycle, told = _series(cycle_id)
    subject = next((one for one in told.subjects if one.id == subject_id), None)
    if subject is None:
        raise NotFound
    steps = told.steps(subject_id)
    return render_template(
        "office/surveys/subject_series.html",
        cycle=cycle,
        subject=subject,
        steps=steps,
        drawn=series_chart(steps, language=language()),
    )


def _series(cycle_id: int) -> tuple[Cycle, SurveySeries]:
    """Return the series; raises NotFound, of a cycle that appraises too."""
    cycle = cycle_or_series(cycle_id)
    if cycle.appraises:
        raise NotFound
    return cycle, series_of(session(), cycle_id, scope())


def _repeated(survey_id: int) -> Survey:
    """Return an open survey of a series; NotFound or WrongMode for others."""
    survey = found_survey(survey_id)
    if survey.cycle.appraises:
        raise NotFound
    if survey.mode != OPEN_SURVEY:
        raise WrongMode
    return survey


def _chosen() -> Questionnaire | None:
    """Return the questionnaire in the address; raises NotFound for an unknown one."""
    key = request.args.get("questionnaire", "")
    return offered_rules().questionnaire(key) if key else None


def _form(asked: Questionnaire) -> StandAloneForm:
    ratings = [(one.key, words(one.label)) for one in rating_choices(asked)]
    raters = [(key, words(label)) for key, label in RATERS.items()]
    return StandAloneForm(ratings, raters)


def _page(asked: Questionnaire | None, form: StandAloneForm | None) -> str:
    offered = offered_rules().questionnaires.usable if asked is None else {}
    usable = {key: one for key, one in offered.items() if rating_choices(one)}
    return render_template(
        "office/surveys/stand_alone.html", asked=asked, offered=usable, form=form
    )


def _next_page(survey: Survey, form: FollowForm) -> str:
    return render_template("office/surveys/next_survey.html", survey=survey, form=form)
