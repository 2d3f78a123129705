"""The demo county's closed survey, counted without sending its answers one by one."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.appraisal.make_cycle import make_cycle
from survey_app.appraisal.people import Subject, Unit
from survey_app.database import writing
from survey_app.demo import county
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.shipped_files import shipped_questionnaire, shipped_scheme
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_channels, add_subjects
from survey_app.survey.tables import Survey
from tests.support.answers import let_answers_agree

MAY_1 = date(2026, 5, 1)


def count_demo_county(engine: Engine, *codes: str) -> int:
    """Make, open, count and close the masses' survey, of these units or of all.

    Return its id.
    """
    kept = [unit for unit in county.UNITS if not codes or unit.code in codes]
    with Session(writing(engine)) as session:
        survey_id = _draft(session, kept)
        open_survey(session, survey_id, today=MAY_1)
        _count(session, session.get_one(Survey, survey_id))
        let_answers_agree(session, survey_id)
        close_survey(session, survey_id)
    return survey_id


def _draft(session: Session, kept: Sequence[county.DemoUnit]) -> int:
    units = [Unit(code=unit.code, name=unit.name) for unit in kept]
    session.add_all(units)
    session.flush()
    bodies = [Subject(kind="leading-body", unit_id=unit.id) for unit in units]
    session.add_all(bodies)
    cycle = make_cycle(session, county.CYCLE, scheme=shipped_scheme(county.SCHEME))
    survey = make_survey(
        session,
        cycle.id,
        questionnaire=shipped_questionnaire(county.QUESTIONNAIRE),
        plan=SurveyPlan(county.TITLE, county.COMPONENT, MAY_1, MAY_1),
    )
    survey_id = survey.id
    add_subjects(session, survey_id, subject_ids=[body.id for body in bodies])
    add_channels(session, survey_id, key=b"k" * 32)
    return survey_id


def _count(session: Session, survey: Survey) -> None:
    """Count every answer the demo's crowd would send."""
    questionnaire = Questionnaire.from_json(survey.questionnaire)
    subjects = {body.unit.code: body.id for body in survey.subjects}
    asked = tuple(question.key for question in questionnaire.questions)
    answers = [one for one in county.answers(asked) if one.unit in subjects]
    picked = Counter(
        (subjects[answer.unit], answer.rater_group, question, choice)
        for answer in answers
        for question, choice in answer.picks
    )
    session.add_all(
        ChoiceCount(
            slot=0,
            survey_id=survey.id,
            subject_id=subject,
            rater_group=group,
            question_key=question,
            choice_key=choice,
            count=count,
        )
        for (subject, group, question, choice), count in picked.items()
    )
