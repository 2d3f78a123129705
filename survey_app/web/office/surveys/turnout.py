"""Turnout: how many answered, never what they said; afterwards no small number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from flask import render_template

from survey_app.accounts.permissions import REPORT_UNIT, SEE_TURNOUT
from survey_app.analytics.charts.days_chart import days_chart
from survey_app.analytics.kept.results import ordered_by_shown
from survey_app.analytics.listed_subjects import (
    subject_columns,
    subjects_in,
    told_apart_here,
)
from survey_app.analytics.paging import page_of
from survey_app.analytics.turnouts import (
    ordered_by_turnout,
    turnout_by_day,
    turnout_by_group,
    turnout_of_subjects,
)
from survey_app.database import session
from survey_app.domain.disclosure.plan import EvaluatedPlan, PlanHead
from survey_app.domain.ground.refusals import SurveyVoid, WrongMode
from survey_app.survey.rated import named_rated
from survey_app.survey.settled_plan import plan_head, plans_of
from survey_app.survey.tables import VOID, Survey
from survey_app.web.language import language
from survey_app.web.office.access import allow, scope, scope_for, sees_all
from survey_app.web.office.found import found_survey, group_labels, state_of
from survey_app.web.office.listing import listing
from survey_app.web.office.pages import pages
from survey_app.web.office.surveys.foresight import expected_of
from survey_app.web.office.surveys.listed_parts import (
    BESIDE,
    OF_PEOPLE,
    PeopleList,
    codes_of,
)


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

    def of_subject(self, subject_id: int) -> int | None:
        """Return all answers about one subject, where that betrays no small group."""
        return self.plan.of_subject(subject_id).together if self.plan else None

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
@allow(SEE_TURNOUT, REPORT_UNIT, scoped=True)
def turnout(survey_id: int) -> str:
    """Show the number of answers by rater group, by subject and by channel.

    Whoever speaks for a unit that is on the page hears of no number, and none orders
    it; not even where he may see those of another unit.

    Of a secret ballot nobody counts how many have answered: WrongMode. Of a void
    survey nothing is told: SurveyVoid.
    """
    survey = found_survey(survey_id)
    if survey.is_secret:
        raise WrongMode
    if survey.state == VOID:
        raise SurveyVoid
    exact = scope_for(SEE_TURNOUT) == scope()
    people = _people(survey, is_over=is_over(survey), exact=exact)
    here = [subject.id for subject in people.page.rows]
    ended = ended_or_none(survey, here)
    expected = expected_of(survey) if exact else {}
    days = turnout_by_day(session(), survey) if ended is None and sees_all() else ()
    return render_template(
        "office/surveys/turnout.html",
        survey=survey,
        people=people,
        codes=codes_of(survey, counted=True) if ended is None else None,
        state=state_of(survey),
        groups=group_labels(survey),
        minimum=_minimum(survey),
        turnout=turnout_by_group(session(), survey) if ended is None else Counter(),
        by_subject=turnout_of_subjects(session(), survey, here),
        ended=ended,
        exact=exact,
        expected=expected,
        subjects=subjects_in(session(), survey.id) if expected else 0,
        days=days,
        drawn=days_chart(days, language=language()),
        part_of=_part_of,
    )


def _part_of(count: int | None, expected: int | None) -> Fraction | None:
    """Return which part of the expected answered; None where either is not known."""
    return Fraction(count, expected) if count is not None and expected else None


def _people(survey: Survey, *, is_over: bool, exact: bool) -> PeopleList:
    """Return the page of subjects that is asked for; what is hidden orders by nothing.

    Once the survey is over that is every number but those that results tell.
    """
    orders = ("name", "answers") if exact else ("name",)
    own = listing(*orders, prefix=OF_PEOPLE, anchor="subjects", keep=BESIDE)
    by_answers = ordered_by_shown if is_over else ordered_by_turnout
    chosen, order = by_answers(session(), survey)
    columns = subject_columns({"answers": order})
    page = page_of(session(), chosen, columns, own.asked)
    named = told_apart_here(named_rated(row) for row in page.rows)
    return PeopleList(own, page.holding(named))


def ended_or_none(
    survey: Survey, subject_ids: Iterable[int] = ()
) -> EndedTurnout | None:
    """Return what may be shown after the end, about these subjects and as a whole.

    None while answers are taken.
    """
    if not is_over(survey):
        return None
    plans = plans_of(session(), [survey.id], subject_ids=subject_ids)
    return EndedTurnout(plan_head(session(), survey.id), plans.get(survey.id))


def is_over(survey: Survey) -> bool:
    """Return whether no more answers are taken."""
    return state_of(survey) in {"over", "closing", "closed", "void"}


def _minimum(survey: Survey) -> dict[str, int]:
    """Return rater group → answers a subject needs before the group has a score."""
    component = survey.component
    rules = component.survey if component else None
    if rules is None:
        return {}
    return {g.key: rules.minimum_for(g).value for g in rules.rater_groups}
