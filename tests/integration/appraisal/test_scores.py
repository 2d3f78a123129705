"""Score sheets from the database, and why there sometimes is no score."""

from fractions import Fraction

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.scores import SubjectSheet, sheet_of, sheets_of
from survey_app.appraisal.adjustments import COUNTS, GivenAdjustment
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject
from survey_app.database import writing
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.ground.refusals import NotFound
from survey_app.domain.scheme.scheme import Post
from survey_app.domain.scoring.score import score
from survey_app.survey.tables import SECRET_BALLOT, Survey
from tests.support.small_county import SCHEME, County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    """Return a county that knows everything the score of 王一 needs."""
    county = small_county(engine)
    county.count("staff", good=20, bad=10)
    county.count("residents", good=45, bad=15, dont_know=3)
    county.give(county.subject_id, achievements="93.2", direct="1544/190")
    county.give(county.body_id, body="88")
    return county


def sheet(county: County, subject_id: int = 0) -> SubjectSheet:
    county.settle()
    with Session(county.engine) as session:
        return sheet_of(
            session,
            session.get_one(Cycle, county.cycle_id),
            subject_id or county.subject_id,
            scheme=SCHEME,
        )


def every_sheet(county: County) -> tuple[SubjectSheet, ...]:
    county.settle()
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        return sheets_of(session, cycle, scheme=SCHEME)


def reasons(found: SubjectSheet) -> list[str]:
    return [remark.key for remark in found.blocked]


def test_the_score_is_the_one_the_rules_give_for_the_same_counts(
    county: County,
) -> None:
    found = sheet(county)

    evidence = ScoreInput(
        tallies={
            "satisfaction": {
                "staff": {"overall": {"good": 20, "bad": 10}},
                "residents": {"overall": {"good": 45, "bad": 15, "dont_know": 3}},
            }
        },
        values={
            "achievements": Fraction("93.2"),
            "direct": Fraction(1544, 190),
            "body": Fraction(88),
        },
    )
    assert found.overall == score(SCHEME, evidence).overall
    assert found.overall is not None
    assert found.rounded == "96.61"
    assert (found.name, found.unit, found.title) == ("王一", "清河镇", "镇长")


def test_the_list_holds_every_cadre_and_the_same_scores(county: County) -> None:
    found = every_sheet(county)

    assert [one.name for one in found] == ["王一", "李二"]
    assert found[0].overall == sheet(county).overall
    assert found[1].overall is None
    assert set(reasons(found[1])) == {"value-missing"}


def test_a_score_waits_while_a_survey_takes_answers(county: County) -> None:
    county.reopen()

    found = sheet(county)

    assert reasons(found) == ["survey-still-open"]
    assert found.overall is None
    assert found.rounded == ""


def test_a_score_waits_for_a_box_and_not_for_answers(county: County) -> None:
    with Session(writing(county.engine)) as session:
        session.get_one(Survey, county.survey_id).mode = SECRET_BALLOT
        session.commit()
    county.reopen()

    assert reasons(sheet(county)) == ["box-not-opened"]


def test_a_score_waits_though_another_survey_of_the_component_is_over(
    county: County,
) -> None:
    county.reopen()

    found = sheet(county, county.other_subject_id)

    assert "survey-still-open" in reasons(found)
    social = next(n for n in found.sheet.root.parts if n.key == "social")
    assert social.parts[-1].parts == ()


def test_two_surveys_of_one_component_are_added_up(county: County) -> None:
    (_, other) = every_sheet(county)

    social = next(n for n in other.sheet.root.parts if n.key == "social")
    groups = {n.key: n.value for n in social.parts[-1].parts}
    # Staff answered in the other survey, residents in the first.
    assert groups == {"staff": 100, "residents": Fraction(700, 77)}


def test_a_deputy_has_the_deputys_weights(county: County) -> None:
    with Session(writing(county.engine)) as session:
        cadre = session.get_one(Subject, county.subject_id).cadre
        assert isinstance(cadre, Cadre)
        cadre.post = "deputy"
        session.commit()

    assert sheet(county).post is Post.DEPUTY


def test_adjustments_are_nodes_with_their_reasons(county: County) -> None:
    before = sheet(county).overall
    with Session(writing(county.engine)) as session:
        session.add(
            GivenAdjustment(
                cycle_id=county.cycle_id,
                subject_id=county.subject_id,
                kind="deduction",
                points="0.5",
                reason="督查扣分",
                state=COUNTS,
                source="file 4",
            )
        )
        session.commit()

    found = sheet(county)

    assert before is not None
    assert found.overall == before - Fraction(1, 2)


def test_the_sheet_of_a_leading_body_is_not_this_schemes(county: County) -> None:
    with pytest.raises(NotFound):
        sheet(county, county.body_id)


def test_a_small_group_is_nowhere_on_the_sheet(engine: Engine) -> None:
    county = small_county(engine)
    county.count("staff", good=2, bad=7)
    county.count("residents", good=40)

    found = sheet(county)

    assert "group-below-floor" in reasons(found)
    social = next(n for n in found.sheet.root.parts if n.key == "social")
    staff = social.parts[-1].parts[0]
    assert (staff.key, staff.value, staff.parts) == ("staff", None, ())
