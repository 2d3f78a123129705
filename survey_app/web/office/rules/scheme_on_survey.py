"""A scheme is tried on what a closed survey counted; nothing of it is kept.

Whoever sees this reads results anyway, and only counts that are told whole are taken.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from flask import render_template, request

from survey_app.accounts.permissions import SEE_RESULTS
from survey_app.analytics.told_counts import (
    ToldCounts,
    counted_surveys,
    subjects_counted,
    told_counts,
)
from survey_app.database import session
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.components import every_component
from survey_app.domain.scheme.scheme import Component, Scheme
from survey_app.domain.scheme.scheme_checks import fit_faults
from survey_app.forms.scheme.trial_forms import OnSurveyForm, TriedAsForm
from survey_app.survey.tables import Survey
from survey_app.web.office.access import allow
from survey_app.web.office.pages import pages
from survey_app.web.office.rules.scheme_drafts import found_scheme
from survey_app.web.office.rules.scheme_trial import (
    Tried,
    group_label,
    read_now,
    tried_on,
)


@pages.get("/rules/<int:rule_id>/trial/survey")
@allow(SEE_RESULTS)
def try_on_survey(rule_id: int) -> str:
    """Show what a scheme makes of a survey's counts about one subject."""
    rule = found_scheme(rule_id)
    scheme, _asked = read_now(rule)
    surveys = counted_surveys(session())
    form = OnSurveyForm(request.args)
    form.offer_surveys([(one.id, one.title) for one in surveys])
    survey = next((o for o in surveys if o.id == form.survey.data), None)
    if survey is not None:
        form.offer_subjects(
            [
                (one.id, f"{one.name} · {one.unit.shown}")
                for one in subjects_counted(session(), survey.id)
            ]
        )
    told = _told(form, survey)
    fitting = _fitting(scheme, told, survey) if scheme and told and survey else None
    return render_template(
        "office/rules/trial_survey.html",
        rule=rule,
        scheme=scheme,
        form=form,
        survey=survey,
        told=told,
        fitting=fitting,
        tried=_tried(scheme, told, fitting) if scheme and told and fitting else None,
        is_asked=bool(survey and form.subject.data),
        group_label=partial(group_label, scheme),
    )


def _tried(scheme: Scheme, told: ToldCounts, fitting: Component) -> Tried:
    """Return what the scheme makes of these counts, and of nothing else."""
    evidence = ScoreInput(
        tallies={fitting.key: told.tally},
        turnout={fitting.key: told.turnout} if told.turnout else {},
    )
    how = TriedAsForm(data={"mode": "secret" if told.is_secret else "open"})
    asked = {told.questionnaire.key: told.questionnaire}
    return tried_on(scheme, evidence, asked, how)


def _told(form: OnSurveyForm, survey: Survey | None) -> ToldCounts | None:
    """Return the counts asked for; raises NotFound for a subject it is not about."""
    subject = form.subject.data
    if survey is None or not subject:
        return None
    if subject not in {key for key, _ in form.subjects}:
        raise NotFound
    return told_counts(session(), survey, subject)


def _fitting(scheme: Scheme, told: ToldCounts, survey: Survey) -> Component | None:
    """Return the component that can count these answers, the survey's own first."""
    asked = {told.questionnaire.key: told.questionnaire}
    fits = [
        one
        for one in every_component(scheme.components)
        if one.survey and one.survey.questionnaire == told.questionnaire.key
        and {group.key for group in one.survey.asked} >= set(told.tally)
        and not _choice_faults(scheme, one, asked)
    ]  # fmt: skip
    own = [one for one in fits if one.key == survey.component_key]
    return next(iter(own or fits), None)


def _choice_faults(
    scheme: Scheme, one: Component, asked: Mapping[str, Questionnaire]
) -> bool:
    """Return whether a component values other choices than were offered."""
    alone = replace(scheme, components=(one,), alerts=())
    return bool(fit_faults(alone, asked))
