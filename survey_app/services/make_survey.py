"""Draft a survey for one component of a cycle's scheme."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.domain.questionnaire import Questionnaire
from survey_app.domain.refusals import CycleSettled, NotFound
from survey_app.models.cycle import Cycle
from survey_app.models.survey import OPEN_SURVEY, Survey


@dataclass(frozen=True, slots=True)
class SurveyPlan:
    """What a survey is called, what it feeds, and its first and last day."""

    title: str
    component_key: str
    opens_on: date
    closes_on: date
    mode: str = OPEN_SURVEY
    """"open" or "secret"; see the words list."""


def make_survey(
    session: Session, cycle_id: int, *, questionnaire: Questionnaire, plan: SurveyPlan
) -> Survey:
    """Return the draft with its own copy of the questionnaire.

    Raises NotFound, or CycleSettled where nothing can be added any more.

    Whether everything fits together is asked once, when it opens.
    """
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound
    if cycle.is_settled:
        raise CycleSettled
    survey = Survey(
        cycle_id=cycle_id,
        component_key=plan.component_key,
        title=plan.title,
        questionnaire=questionnaire.to_json(),
        questionnaire_fingerprint=questionnaire.fingerprint,
        opens_on=plan.opens_on,
        closes_on=plan.closes_on,
        mode=plan.mode,
    )
    session.add(survey)
    session.commit()
    return survey
