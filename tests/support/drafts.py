"""A survey as the office drafts it, in a county of two units."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.domain.ground.channel_kind import ChannelKind
from survey_app.domain.questionnaire.questionnaire_file import read_questionnaire
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.parts import WayIn, add_channels, add_subjects
from survey_app.survey.tables import Channel
from tests.support.small_scheme import SMALL_QUESTIONNAIRE, SMALL_SCHEME

SCHEME = read_scheme(SMALL_SCHEME, file="small.toml")
QUESTIONNAIRE = read_questionnaire(SMALL_QUESTIONNAIRE, file="small.toml")
KEY = b"k" * 32
"""The secret key of the settings in tests."""
POSTER = WayIn(ChannelKind.POSTER, open_reason="试扫")
"""A code on a wall, whoever answers."""
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
    hang_up(db, made.survey_id)
    return made


def hang_up(db: Session, survey_id: int) -> None:
    """Let every channel be a poster, whoever answers: most tests scan one."""
    ours = update(Channel).where(Channel.survey_id == survey_id)
    db.execute(ours.values(kind=POSTER.kind, open_reason=POSTER.open_reason))
    db.commit()


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
