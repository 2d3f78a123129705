"""Surveys are found, narrowed and ordered; how many answered is told where it may."""

from collections.abc import Iterable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.survey.closing import close_survey
from survey_app.survey.counters import ChoiceCount, TurnoutCount
from survey_app.survey.draft import SurveyPlan, make_survey
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.parts import add_subjects
from survey_app.survey.tables import Channel, ExpectedRaters
from tests.conftest import ONE_DATABASE
from tests.support.answers import let_answers_agree
from tests.support.drafts import QUESTIONNAIRE, Draft, ready
from tests.support.office import MANAGER, Desk, desk

MAY_1 = date(2026, 5, 1)


@pytest.fixture
def office(app: Flask, db: Session) -> Desk:
    office = desk(app, db, MANAGER)
    office.send("/language", language="en", back="")
    return office


def answer(db: Session, made: Draft, counts: Iterable[int]) -> None:
    """Count so many answers of staff about each subject, on one day after another."""
    through = {
        one.subject_id: one.id
        for one in db.scalars(select(Channel).where(Channel.rater_group == "staff"))
    }
    for place, count in enumerate(counts):
        subject = made.subject_ids[place]
        about = {"slot": 0, "survey_id": made.survey_id, "subject_id": subject}
        day = MAY_1.replace(day=1 + place)
        db.add(
            TurnoutCount(
                **about, count=count, channel_id=through[subject], answered_on=day
            )
        )
        db.add(
            ChoiceCount(
                **about, count=count, rater_group="staff", question_key="overall",
                choice_key="good",
            )
        )  # fmt: skip
    db.add(ExpectedRaters(survey_id=made.survey_id, rater_group="staff", people=100))
    db.commit()


@ONE_DATABASE
@pytest.mark.parametrize(
    ("counts", "before", "after"),
    [((40, 80), "60.0%", "60.0%"), ((7, 80), "43.5%", "")],
)
def test_how_many_answered_stays_where_it_betrays_nobody(
    db: Session, office: Desk, counts: tuple[int, int], before: str, after: str
) -> None:
    made = ready(db)
    answer(db, made, counts)
    open_survey(db, made.survey_id, today=MAY_1)

    assert before in office.see("/surveys").text

    let_answers_agree(db, made.survey_id)
    close_survey(db, made.survey_id)

    read = office.see("/surveys").text
    assert after in read
    assert (before in read) == bool(after)


@ONE_DATABASE
def test_turnout_is_told_by_day_and_of_the_expected_while_it_runs(
    db: Session, office: Desk
) -> None:
    made = ready(db)
    answer(db, made, (40, 83))
    open_survey(db, made.survey_id, today=MAY_1)
    path = f"/surveys/{made.survey_id}/turnout"

    read = office.see(path)

    (days,) = (one for one in read.all("section") if one.get("id") == "days")
    said = " ".join(filter(None, map(str.strip, days.itertext())))
    assert "40 40 20.0%" in said
    assert "83 123 61.5%" in said
    assert "83.0%" in read.text, "of those expected about one subject"

    let_answers_agree(db, made.survey_id)
    close_survey(db, made.survey_id)

    over = office.see(path)
    assert not [one for one in over.all("section") if one.get("id") == "days"]
    assert "83.0%" in over.text


@ONE_DATABASE
def test_surveys_are_found_by_initials_and_unit_narrowed_and_ordered(
    db: Session, office: Desk
) -> None:
    made = ready(db)
    plan = SurveyPlan("窗口服务评价", "satisfaction", MAY_1, MAY_1.replace(month=6))
    other = make_survey(db, made.cycle_id, questionnaire=QUESTIONNAIRE, plan=plan)
    add_subjects(db, other.id, subject_ids=made.subject_ids)

    def listed(query: str) -> list[str]:
        page = office.see(f"/surveys?{query}")
        links = [row.find("th/a") for row in page.all("tr")]
        titles = ["".join(one.itertext()) for one in links if one is not None]
        return [one for one in titles if one in ("窗口服务评价", "群众满意度调查")]

    every = listed("")
    assert len(every) == 2
    assert listed("q=ckfw") == ["窗口服务评价"]
    assert listed("state=draft") == every
    assert listed("state=closed") == []
    assert listed("mode=secret") == []
    assert listed("sort=name") == sorted(every)
    assert listed("sort=closes&down=1")[0] == "窗口服务评价"
    assert listed("unit=nowhere") == []
