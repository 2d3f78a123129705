"""The demo county with its alerts raised, and follow-ups that somebody answered."""

from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.make_account import make_account
from survey_app.accounts.permissions import Grant
from survey_app.analytics.kept.closing import STEPS
from survey_app.analytics.kept.raised_cases import raise_cases
from survey_app.database import writing
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.jobs.jobs import untold
from survey_app.survey.closing import close_survey
from survey_app.survey.counters import ChoiceCount
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import Survey, SurveySubject
from tests.support.answers import let_answers_agree
from tests.support.demo_counts import MAY_1, count_demo_county
from tests.support.secret_ballots import confirmed

OVER, AT = "T04", "S01"
"""Units of the demo: 38 of 105 service objects dissatisfied, and exactly a third."""


@dataclass(frozen=True)
class AlertCounty:
    """The masses' survey of two units, closed, and who works on what it found."""

    engine: Engine
    survey_id: int
    passwords: dict[str, str]


def alert_county(engine: Engine, *roles: tuple[str, str]) -> AlertCounty:
    """Make the county and an account for every name and role."""
    survey_id = count_demo_county(engine, OVER, AT)
    with Session(writing(engine)) as session:
        for step in STEPS:
            step(session, survey_id, untold, None)
        raise_cases(session, survey_id, today=MAY_1)
        passwords = {
            name: make_account(session, name, roles=[Grant(r)]) for name, r in roles
        }
        confirmed(session, *passwords)
    return AlertCounty(engine, survey_id, passwords)


def answer_follow_up(engine: Engine, *, unhappy: int, of: int) -> None:
    """Open the newest draft, let so many service objects answer, and close it."""
    with Session(writing(engine)) as session:
        wanted = select(Survey.id).where(Survey.is_recheck).order_by(Survey.id.desc())
        survey_id = session.scalars(wanted).first()
        assert survey_id is not None
        survey = session.get_one(Survey, survey_id)
        open_survey(session, survey_id, today=survey.opens_on)
        ours = SurveySubject.survey_id == survey_id
        subject_id = session.scalars(select(SurveySubject.subject_id).where(ours)).one()
        _say(session, survey_id, subject_id, unhappy, of)
        let_answers_agree(session, survey_id)
        close_survey(session, survey_id, steps=STEPS)


def _say(
    session: Session, survey_id: int, subject_id: int, unhappy: int, of: int
) -> None:
    """Count the answers of all groups; of service objects so many are unhappy."""
    survey = session.get_one(Survey, survey_id)
    questions = Questionnaire.from_json(survey.questionnaire).questions
    for group in survey.group_labels:
        bad = unhappy if group == "service_objects" else of // 5
        for question in questions:
            counts = {"satisfied": of - bad, "dissatisfied": bad}
            session.add_all(
                ChoiceCount(
                    slot=0, survey_id=survey_id, subject_id=subject_id,
                    rater_group=group, question_key=question.key, choice_key=choice,
                    count=n,
                )
                for choice, n in counts.items()
            )  # fmt: skip
    session.commit()
