"""Where nearly everybody objected: pages, workbook, sheet and alerts tell a band."""

import re
from fractions import Fraction

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.scores import SubjectSheet, sheet_of
from survey_app.appraisal.cycle import Cycle
from survey_app.database import writing
from survey_app.domain.scoring.score_sheet import Node
from tests.support.office import READER, Desk, desk
from tests.support.result_files import results_file
from tests.support.small_county import SCHEME, County, add_counts, small_county
from tests.support.workbooks import rows_of


@pytest.fixture
def county(engine: Engine) -> County:
    """All but one of the residents object; the staff do not agree."""
    county = small_county(engine)
    county.count("residents", good=1, bad=36)
    county.count("staff", good=40, bad=8)
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    county.settle()
    return county


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    return reader


def sheet(county: County, subject_id: int = 0) -> SubjectSheet:
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        about = subject_id or county.subject_id
        return sheet_of(session, cycle, about, scheme=SCHEME)


def satisfaction(found: SubjectSheet) -> Node:
    social = next(n for n in found.sheet.root.parts if n.key == "social")
    return social.parts[-1]


def test_the_page_tells_the_band_and_the_score_and_no_count(
    reader: Desk, county: County
) -> None:
    page = f"/surveys/{county.survey_id}/results/{county.subject_id}"
    read = reader.see(page).text

    assert "more than 35 of 37 dissatisfied" in read
    assert not re.search(r">\s*(8|36|40|44)\b", reader.open(page).text)
    # 3 parts of 4000/48 and 6 parts of 100/37, of 9.
    assert "29.58" in read
    assert "Where nearly everybody of a group is dissatisfied" in read


def test_the_workbook_says_the_same_and_checks_nothing_it_does_not_tell(
    reader: Desk, county: County
) -> None:
    sheets = rows_of(results_file(reader, county.survey_id, "en").data)

    about = [row for row in sheets["About"] if row[0] == "Not told about 王一"]
    assert [row[1] for row in about] == [
        "Staff · Overall: not shown: a band could be worked out from it",
        "Residents · Overall: more than 35 of 37 dissatisfied",
        "all rater groups together · Overall: not shown: a band could be worked out "
        "from it",
    ]
    assert not [row for row in sheets["Results"] if row[1] == "王一"]
    assert not [row for row in sheets["Check"] if row[2] == "王一"]
    assert [row[-1] for row in sheets["Scores"] if row[1] == "王一"][-1] != "—"


def test_the_sheet_keeps_the_score_and_says_why_its_parts_are_gone(
    county: County,
) -> None:
    found = sheet(county)

    assert found.overall is not None
    weighed = (3 * Fraction(4000, 48) + 6 * Fraction(100, 37)) / 9
    assert satisfaction(found).value == weighed
    staff, residents = satisfaction(found).parts
    assert (staff.value, residents.value) == (None, None)
    assert [q.rule.key for q in residents.parts] == ["told-as-band"]
    assert dict(residents.parts[0].rule.figures)["most"] == "35"
    assert [q.rule.key for q in staff.parts] == ["gives-way-to-band"]
    assert not any(q.parts for group in (staff, residents) for q in group.parts)


def test_the_alert_stands_with_a_band_for_its_numbers(
    reader: Desk, county: County
) -> None:
    read = reader.see("/alerts").text

    assert "more than 35 of 37 dissatisfied" in read
    assert "36 / 37" not in read


# The other survey counted 55 staff about 李二, all content.


def test_of_two_surveys_added_up_only_the_score_is_told(county: County) -> None:
    both = county.other_subject_id
    county.count("staff", subject_id=both, good=1, bad=40)
    county.settle()

    found = satisfaction(sheet(county, both))

    assert found.value == (3 * Fraction(5600, 96) + 6 * Fraction(700, 77)) / 9
    assert [group.value for group in found.parts] == [None, None]
    assert not any(q.value for group in found.parts for q in group.parts)


def test_a_group_small_in_one_of_two_surveys_is_not_on_the_sheet(
    county: County,
) -> None:
    both = county.other_subject_id
    county.count("staff", subject_id=both, good=4)
    county.settle()

    found = sheet(county, both)

    staff, residents = satisfaction(found).parts
    assert (staff.value, staff.parts) == (None, ())
    assert residents.value == Fraction(700, 77)
    assert satisfaction(found).value is None
    assert "withheld-below-floor" in [reason.key for reason in found.blocked]


def test_what_was_counted_about_a_stranger_to_the_survey_is_not_on_the_sheet(
    county: County,
) -> None:
    before = sheet(county)
    with Session(writing(county.engine)) as session:
        counts = {"bad": 500}
        add_counts(session, county.other_survey_id, county.subject_id, "staff", counts)
        session.commit()
    county.settle()

    assert sheet(county) == before
