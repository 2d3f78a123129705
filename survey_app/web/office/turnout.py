"""Turnout: how many answered, never what they said; afterwards no small number."""

from flask import render_template

from survey_app.analytics.turnouts import Turnout, turnout_of
from survey_app.database import session
from survey_app.domain.disclosure.residual import FLOOR
from survey_app.models.account import ROLES
from survey_app.models.survey import Survey
from survey_app.web.office.access import allow
from survey_app.web.office.ended_turnout import EndedTurnout, ended_turnout
from survey_app.web.office.found import (
    component_of,
    found_survey,
    group_labels,
    state_of,
)
from survey_app.web.office.pages import pages


@pages.get("/surveys/<int:survey_id>/turnout")
@allow(*ROLES)
def turnout(survey_id: int) -> str:
    """Show the number of answers by rater group, by subject and by channel."""
    survey = found_survey(survey_id)
    turnout = turnout_of(session(), survey_id=survey_id)
    return render_template(
        "office/turnout.html",
        survey=survey,
        state=state_of(survey),
        groups=group_labels(survey),
        minimum=_minimum(survey),
        turnout=turnout,
        by_subject=turnout.by_subject(),
        ended=ended_or_none(survey, turnout),
        floor=FLOOR,
    )


def ended_or_none(survey: Survey, turnout: Turnout) -> EndedTurnout | None:
    """Return what may be shown after the end; None while answers are taken."""
    if state_of(survey) not in {"over", "closed"}:
        return None
    subjects = [subject.id for subject in survey.subjects]
    return ended_turnout(turnout, subjects, group_labels(survey))


def _minimum(survey: Survey) -> dict[str, int]:
    """Return rater group → answers a subject needs before the group has a score."""
    component = component_of(survey)
    rules = component.survey if component else None
    if rules is None:
        return {}
    return {g.key: rules.minimum_for(g).value for g in rules.rater_groups}
