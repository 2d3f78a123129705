"""What a survey says when it is over, and what it never says."""

from fractions import Fraction

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.results import results_of
from survey_app.analytics.scores import sheets_of
from survey_app.analytics.survey_results import GroupAnswers, SubjectResults
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.database import writing
from survey_app.domain.ground.refusals import NotFound, ResultsSealed
from survey_app.survey.counters import tallies_of, tally_of
from survey_app.survey.tables import Survey
from tests.support.small_county import MAY_1, SCHEME, County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    return small_county(engine)


def about(county: County, subject_id: int = 0) -> SubjectResults:
    county.settle()
    with Session(county.engine) as session:
        results = results_of(
            session,
            session.get_one(Survey, county.survey_id),
            scheme=SCHEME,
            today=MAY_1,
            subject_id=subject_id or county.subject_id,
        )
    (subject,) = results.subjects
    return subject


def answers(subject: SubjectResults, group: str) -> GroupAnswers:
    return next(g for g in subject.questions[0].groups if g.key == group)


def test_a_tally_is_summed_over_slots_and_over_nothing_else(county: County) -> None:
    county.count("staff", good=7, bad=4)

    with Session(county.engine) as session:
        one = tally_of(
            session, survey_id=county.survey_id, subject_id=county.subject_id
        )
        every = tallies_of(session, county.survey_id)

    assert one == {"staff": {"overall": {"good": 7, "bad": 4}}}
    assert every == {
        county.subject_id: one,
        county.other_subject_id: {"residents": {"overall": {"good": 7, "bad": 70}}},
    }


def test_results_are_sealed_until_the_survey_is_over(county: County) -> None:
    county.reopen()

    with pytest.raises(ResultsSealed):
        about(county)


def test_a_subject_of_another_survey_is_not_found(county: County) -> None:
    with pytest.raises(NotFound):
        about(county, county.body_id)


def test_shares_are_of_all_answers_and_rates_of_the_schemes_denominator(
    county: County,
) -> None:
    county.count("residents", good=30, bad=6, dont_know=4)

    residents = answers(about(county), "residents")

    assert residents.n == 40
    assert [(c.key, c.count, c.share) for c in residents.choices] == [
        ("good", 30, Fraction(3, 4)),
        ("bad", 6, Fraction(3, 20)),
        ("dont_know", 4, Fraction(1, 10)),
    ]
    assert [rate.value for rate in residents.rates] == [Fraction(30, 36)]
    assert residents.score == Fraction(30 * 100, 36)


def test_the_components_score_weighs_the_groups(county: County) -> None:
    county.count("staff", good=30)
    county.count("residents", good=15, bad=15)

    subject = about(county)

    assert {group.key: group.score for group in subject.groups} == {
        "staff": 100,
        "residents": 50,
    }
    assert subject.score == Fraction(100 * 3 + 50 * 6, 9)
    assert subject.together == 60


def test_a_small_group_is_withheld_and_so_is_what_would_betray_it(
    county: County,
) -> None:
    county.count("staff", good=9)
    county.count("residents", good=40)

    subject = about(county)

    assert [group.key for group in subject.withheld] == ["staff"]
    assert [group.key for group in subject.questions[0].groups] == ["residents"]
    assert subject.together is None
    assert subject.score is None
    assert subject.blocked[0].key == "group-below-floor"


def test_subjects_stand_in_the_order_of_the_score_sheets(county: County) -> None:
    with Session(writing(county.engine)) as session:
        subject = session.get_one(Subject, county.other_subject_id)
        subject.unit.code = "00"
        session.commit()
    county.settle()
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        cycle = session.get_one(Cycle, county.cycle_id)
        told = results_of(session, survey, scheme=SCHEME, today=MAY_1)
        sheets = sheets_of(session, cycle, scheme=SCHEME)

    assert [one.name for one in told.subjects] == ["李二", "王一"]
    assert [one.name for one in sheets] == ["李二", "王一"]


def test_a_subject_nobody_answered_about_has_no_numbers(county: County) -> None:
    subject = about(county)

    assert subject.withheld == ()
    assert [group.n for group in subject.groups] == [0, 0]
    assert subject.together is None
    assert subject.questions[0].groups == ()


def test_intervals_are_wilsons(county: County) -> None:
    county.count("residents", good=3, bad=7)

    good = answers(about(county), "residents").choices[0]

    assert good.interval
    assert (round(good.interval.low, 4), round(good.interval.high, 4)) == (
        0.1078,
        0.6032,
    )
