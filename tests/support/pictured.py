"""A small county with something to draw: many units, and a year before."""

from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import Session

from survey_app.analytics.kept.results import keep_results
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject, Unit
from survey_app.database import writing
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.publication import settle_plans
from survey_app.survey.tables import CLOSED, Survey, SurveySubject
from tests.support.small_county import County, add_counts


def peopled(county: County, seed: int, units: int = 12) -> list[int]:
    """Add units about which many, few, or nobody said something; return their bodies.

    Some groups are below the floor, some agree, so that much of it is hidden.
    """
    luck = Random(seed)
    found = []
    with Session(writing(county.engine)) as session:
        for number in range(units):
            unit = Unit(code=f"W{number}", name=f"第{'甲乙丙丁'[number % 4]}单位")
            session.add(unit)
            session.flush()
            body = Subject(kind="leading-body", unit_id=unit.id)
            session.add(body)
            session.flush()
            session.add(SurveySubject(survey_id=county.survey_id, subject_id=body.id))
            for group in ("staff", "residents"):
                told = luck.choice(
                    ({}, {"good": 5}, {"good": 2, "bad": 3}, {"bad": 37, "good": 1},
                     {"good": luck.randint(20, 60), "bad": luck.randint(0, 40),
                      "dont_know": luck.randint(0, 9)})
                )  # fmt: skip
                add_counts(session, county.survey_id, body.id, group, told)
            found.append(body.id)
        session.commit()
    county.settle()
    return found


def year_before(county: County, *, asked_otherwise: bool = False) -> int:
    """Add a cycle before with a survey about the same people; return its number."""
    with Session(writing(county.engine)) as session:
        survey = session.get_one(Survey, county.survey_id)
        text = survey.questionnaire
        if asked_otherwise:
            asked = Questionnaire.from_json(text).questions[0].text.zh
            text = text.replace(asked, f"{asked}（另一问法）")
        rules = survey.cycle
        cycle = Cycle(
            name="2024", scheme_key=rules.scheme_key, scheme=rules.scheme,
            scheme_fingerprint=rules.scheme_fingerprint, frozen=True,
        )  # fmt: skip
        session.add(cycle)
        session.flush()
        earlier = Survey(
            cycle=cycle, component_key=survey.component_key, title="前一年",
            questionnaire=text,
            questionnaire_fingerprint=Questionnaire.from_json(text).fingerprint,
            opens_on=survey.opens_on.replace(year=2024),
            closes_on=survey.closes_on.replace(year=2024), state=CLOSED,
        )  # fmt: skip
        session.add(earlier)
        session.flush()
        session.execute(
            insert(SurveySubject).values(
                survey_id=earlier.id, subject_id=county.subject_id
            )
        )
        for group in ("staff", "residents"):
            told = {"good": 20, "bad": 40}
            add_counts(session, earlier.id, county.subject_id, group, told)
        session.commit()
        settle_plans(session)
        keep_results(session, earlier.id)
        return earlier.id
