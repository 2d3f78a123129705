"""Publication plans for tests: evaluated from counts, as at a survey's close."""

from collections.abc import Mapping
from dataclasses import replace

from survey_app.domain.counting.subject_plan import SubjectPlan
from survey_app.domain.counting.tally import Tally
from survey_app.domain.disclosure.evaluation import Counted, evaluated
from survey_app.domain.disclosure.frozen_plan import Asking, FrozenPlan, frozen_plan
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme import Post, Scheme
from tests.support.small_scheme import SMALL_QUESTIONNAIRE

QUESTIONNAIRE = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")
COMPONENT = "satisfaction"
SUBJECT = 1

Posts = tuple[Post, ...]
PRINCIPALS: Posts = (Post.PRINCIPAL,)
"""By whose weights a score is made of a tally, where a test does not say."""


def frozen(
    scheme: Scheme,
    tallies: Mapping[int, Tally],
    *,
    component: str = COMPONENT,
    secret: bool = False,
) -> FrozenPlan:
    """The plan of a survey that asks what these tallies answer."""
    asking = Asking(7, "merge", component, is_secret=secret)
    plan = frozen_plan(asking, scheme, QUESTIONNAIRE, tallies)
    asked = [q for tally in tallies.values() for group in tally.values() for q in group]
    return replace(plan, questions=tuple(dict.fromkeys((*plan.questions, *asked))))


def plan_of(
    scheme: Scheme,
    tallies: Mapping[int, Tally],
    *,
    component: str = COMPONENT,
    secret: bool = False,
    posts: Posts = PRINCIPALS,
) -> EvaluatedPlan:
    """What may be shown of a survey in which this was counted, by subject."""
    plan = frozen(scheme, tallies, component=component, secret=secret)
    return evaluated(
        plan,
        (Counted(key, tally, scheme, posts=posts) for key, tally in tallies.items()),
    )


def subject_plan(
    scheme: Scheme,
    tally: Tally,
    *,
    component: str = COMPONENT,
    secret: bool = False,
    posts: Posts = PRINCIPALS,
) -> SubjectPlan:
    """What may be shown of the only subject of a survey."""
    plan = plan_of(
        scheme, {SUBJECT: tally}, component=component, secret=secret, posts=posts
    )
    return plan.of_subject(SUBJECT)


def plans_for(
    scheme: Scheme, tally: Tally, *, secret: bool = False
) -> dict[str, SubjectPlan]:
    """Component → plan, for a sheet that rests on this one survey."""
    return {COMPONENT: subject_plan(scheme, tally, secret=secret)}
