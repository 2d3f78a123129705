"""Draft the first survey of a series that stands alone and feeds no score."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.appraisal.make_cycle import begin_cycle
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.domain.scheme.standalone import standalone_scheme
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class StandAlone:
    """What a series is called, whom it asks about whom, and what means dissatisfied."""

    name: str
    about: SubjectKind
    raters: str
    dissatisfied: Collection[str]


def make_stand_alone(
    session: Session,
    series: StandAlone,
    *,
    questionnaire: Questionnaire,
    plan: SurveyPlan,
) -> Survey:
    """Return the draft of the first survey of a new series.

    Raises NameTaken where a cycle or series bears the name, or SchemeRefused where the
    questionnaire offers no such rating.
    """
    scheme = standalone_scheme(
        questionnaire,
        dissatisfied=series.dissatisfied,
        about=series.about,
        raters=series.raters,
    )
    cycle = begin_cycle(session, series.name, scheme=scheme, appraises=False)
    return make_survey(session, cycle.id, questionnaire=questionnaire, plan=plan)
