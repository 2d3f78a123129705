"""Turnout: how many answered, never what they said; afterwards no small number."""

from flask import render_template

from survey_app.analytics.stored_plans import plan_of
from survey_app.analytics.turnouts import turnout_of
from survey_app.database import session
from survey_app.domain.refusals import SurveyVoid, WrongMode
from survey_app.models.account import ROLES
from survey_app.models.survey import VOID, Survey
from survey_app.web.office.access import allow
from survey_app.web.office.ended_turnout import EndedTurnout
from survey_app.web.office.found import (
    component_of,
    found_survey,
    group_labels,
    named_in,
    state_of,
)
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/turnout")
@allow(*ROLES)
def turnout(survey_id: int) -> str:
    """Show the number of answers by rater group, by subject and by channel.

    Of a secret ballot nobody counts how many have answered: WrongMode. Of a void
    survey nothing is told: SurveyVoid.
    """
    survey = found_survey(survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state == VOID:
        raise SurveyVoid
    turnout = turnout_of(session(), survey_id=survey_id)
    return render_template(
        "office/turnout.html",
        survey=survey,
        rated=named_in(survey),
        state=state_of(survey),
        groups=group_labels(survey),
        minimum=_minimum(survey),
        turnout=turnout,
        by_subject=turnout.by_subject(),
        ended=ended_or_none(survey),
    )


def ended_or_none(survey: Survey) -> EndedTurnout | None:
    """Return what may be shown after the end; None while answers are taken."""
    if state_of(survey) not in {"over", "closing", "closed", "void"}:
        return None
    return EndedTurnout(plan_of(session(), survey.id))


def _minimum(survey: Survey) -> dict[str, int]:
    """Return rater group → answers a subject needs before the group has a score."""
    component = component_of(survey)
    rules = component.survey if component else None
    if rules is None:
        return {}
    return {g.key: rules.minimum_for(g).value for g in rules.rater_groups}
