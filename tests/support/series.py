"""A series of stand-alone surveys about bodies, as the office makes it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from survey_app.analytics.kept.closing import STEPS, raising
from survey_app.domain.scheme.scheme import SubjectKind
from survey_app.domain.scheme.standalone import COMPONENT
from survey_app.shipped_files import shipped_questionnaire
from survey_app.survey.closing import close_survey
from survey_app.survey.copy_survey import copy_survey
from survey_app.survey.draft import SurveyPlan
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channels, add_subjects
from survey_app.survey.stand_alone import StandAlone, make_stand_alone
from tests.support.answers import let_answers_agree
from tests.support.drafts import KEY
from tests.support.small_county import MAY_1, add_counts

MONTHS = (date(2026, 5, 31), date(2026, 6, 30))
ASKED = shipped_questionnaire("government-service-rating")


def begun(db: Session, bodies: Sequence[int]) -> int:
    """Return the first survey of a series about these bodies, open."""
    series = StandAlone(
        "大厅好差评", SubjectKind.LEADING_BODY, "service_objects", ("dissatisfied",)
    )
    plan = SurveyPlan("5月", COMPONENT, MAY_1, MONTHS[0])
    made = make_stand_alone(db, series, questionnaire=ASKED, plan=plan).id
    add_subjects(db, made, subject_ids=bodies)
    add_channels(db, made, key=KEY)
    open_survey(db, made, today=MAY_1)
    return made


def follow(db: Session, survey_id: int) -> int:
    """Return the draft of June."""
    june = {"opens_on": date(2026, 6, 1), "closes_on": MONTHS[1]}
    return copy_survey(db, survey_id, title="6月", key=KEY, follows=True, **june)


def answered(db: Session, survey_id: int, said: dict[int, dict[str, int]]) -> None:
    """Let it be answered about each body, and closed."""
    for body, counts in said.items():
        for question in ASKED.questions:
            add_counts(
                db, survey_id, body, "service_objects", counts, question=question.key
            )
    let_answers_agree(db, survey_id)
    close_survey(db, survey_id, steps=(*STEPS, raising(MAY_1)))
