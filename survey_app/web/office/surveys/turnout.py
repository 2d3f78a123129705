"""Turnout: how many answered, never what they said; afterwards no small number."""

from dataclasses import dataclass

from flask import render_template

from survey_app.accounts.tables import ROLES
from survey_app.analytics.turnouts import turnout_of
from survey_app.database import session
from survey_app.domain.disclosure.plan import EvaluatedPlan, PlanHead
from survey_app.domain.ground.refusals import SurveyVoid, WrongMode
from survey_app.survey.settled_plan import plan_head, plan_of
from survey_app.survey.tables import VOID, Survey
from survey_app.web.office.access import allow
from survey_app.web.office.found import found_survey, group_labels, named_in, state_of
from survey_app.web.office.pages import pages


@dataclass(frozen=True, slots=True)
class EndedTurnout:
    """What may be shown; None: withheld, though not because it is small itself."""

    head: PlanHead | None
    """None until somebody closes the survey: then no number is shown at all."""
    plan: EvaluatedPlan | None
    """The same about the subjects that are asked for."""

    @property
    def is_settled(self) -> bool:
        """Whether the survey was closed, so that its numbers are fixed."""
        return self.head is not None

    @property
    def floor(self) -> int:
        """The fewest people whose number is shown; 0 where no number is."""
        return self.head.floors.office if self.head else 0

    @property
    def total(self) -> int | None:
        """All answers, where what the shown parts leave over is 0 or no small group."""
        return self.head.total if self.head else None

    def of_group(self, rater_group: str) -> int | None:
        """Return the answers of one rater group where every part of it is shown."""
        return self.head.of_group(rater_group) if self.head else None

    def of_cell(self, subject_id: int, rater_group: str) -> int | None:
        """Return one rater group's answers about one subject, where that is shown.

        Not of groups that count as one because each of them is small.
        """
        if self.plan is None:
            return None
        plan = self.plan.of_subject(subject_id)
        if rater_group in {*plan.joined, *plan.joined.values()}:
            return None
        return plan.sizes.get(rater_group, 0)

    def is_small(self, subject_id: int, rater_group: str) -> bool:
        """Return whether somebody answered, but too few to be shown as a number."""
        if self.plan is None:
            return False
        plan = self.plan.of_subject(subject_id)
        return rater_group in {*plan.small, *plan.joined, *plan.joined.values()}


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
        "office/surveys/turnout.html",
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
    return EndedTurnout(plan_head(session(), survey.id), plan_of(session(), survey.id))


def _minimum(survey: Survey) -> dict[str, int]:
    """Return rater group → answers a subject needs before the group has a score."""
    component = survey.component
    rules = component.survey if component else None
    if rules is None:
        return {}
    return {g.key: rules.minimum_for(g).value for g in rules.rater_groups}
