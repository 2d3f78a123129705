"""A survey as the office drafts it, in a county of two units."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.parts import add_channels, add_subjects
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, SMALL_SCHEME

SCHEME = read_scheme(SMALL_SCHEME, file="small.toml")
QUESTIONNAIRE = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")
KEY = b"k" * 32
"""The secret key of the settings in tests."""
PLAN = SurveyPlan(
    title="群众满意度调查",
    component_key="satisfaction",
    opens_on=date(2026, 5, 1),
    closes_on=date(2026, 5, 15),
)


@dataclass(frozen=True)
class Draft:
    """Numbers only, so that any session may use them."""

    cycle_id: int
    survey_id: int
    subject_ids: tuple[int, int]
    """Two cadres, of 清河镇 and of 柳林镇; in the county, in no survey yet."""


def draft(db: Session, plan: SurveyPlan = PLAN) -> Draft:
    """Return a draft with neither subjects nor channels."""
    subjects = [cadre(db, "清河镇", "王建国"), cadre(db, "柳林镇", "李秀兰")]
    cycle = make_cycle(db, "2026年度考核", scheme=SCHEME)
    survey = make_survey(db, cycle.id, questionnaire=QUESTIONNAIRE, plan=plan)
    made = Draft(cycle.id, survey.id, (subjects[0].id, subjects[1].id))
    db.commit()
    return made


def ready(db: Session, plan: SurveyPlan = PLAN) -> Draft:
    """Return a draft that can open: two subjects, one channel each per group."""
    made = draft(db, plan)
    add_subjects(db, made.survey_id, subject_ids=made.subject_ids)
    add_channels(db, made.survey_id, key=KEY)
    return made


def cadre(db: Session, unit_name: str, name: str) -> Subject:
    """Return a new cadre of a new unit, as a subject."""
    unit = Unit(code=unit_name, name=unit_name)
    db.add(unit)
    db.flush()
    person = Cadre(
        code=name, name=name, unit_id=unit.id, post="principal", title="镇长"
    )
    db.add(person)
    db.flush()
    subject = Subject(kind="cadre", unit_id=unit.id, cadre_id=person.id)
    db.add_all([subject, Subject(kind="leading-body", unit_id=unit.id)])
    db.flush()
    return subject
