"""Freeze what may ever be shown of a survey, at the moment it opens."""

from sqlalchemy.orm import Session

from survey_app.domain.disclosure.frozen_plan import Asking, FrozenPlan, frozen_plan
from survey_app.domain.files.scheme_json import scheme_from_json
from survey_app.domain.questionnaire import Questionnaire
from survey_app.models.publication import PublicationPlan
from survey_app.models.survey import Survey
from survey_app.sealing.sealed_plan import seal_frozen


def freeze_plan(session: Session, survey: Survey) -> str:
    """Write the survey's plan and return its fingerprint, in hex; does not commit.

    Overwrites what an opening that failed half-way left behind. Raises KeyError where
    the scheme has no such component: `missing_to_open` comes first.
    """
    return keep_plan(session, survey.id, plan_to_freeze(survey))


def keep_plan(session: Session, survey_id: int, plan: FrozenPlan) -> str:
    """Write this plan as the survey's, and return its fingerprint; does not commit."""
    kept = session.merge(
        PublicationPlan(
            survey_id=survey_id,
            frozen=plan.to_json(),
            fingerprint=plan.fingerprint,
            evaluated=None,
            tallies=None,
            settled_seal=None,
        )
    )
    session.flush()
    seal_frozen(session, kept)
    session.flush()
    return plan.fingerprint


def plan_to_freeze(survey: Survey) -> FrozenPlan:
    """Return the plan the survey would be opened with; same survey, same plan."""
    asking = Asking(
        survey=survey.id,
        small_groups=survey.small_groups,
        component=survey.component_key,
        is_secret=survey.is_secret,
    )
    return frozen_plan(
        asking,
        scheme_from_json(survey.cycle.scheme),
        Questionnaire.from_json(survey.questionnaire),
        (subject.id for subject in survey.subjects),
    )
