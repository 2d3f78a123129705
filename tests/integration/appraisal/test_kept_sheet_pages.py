"""The pages of kept score sheets: lists, one sheet, and what they say of a change."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheet_pages import sheets_page
from survey_app.analytics.paging import ListAsked
from survey_app.analytics.scores import sheets_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import (
    mark_stale,
)
from survey_app.audit.integrity import findings
from survey_app.jobs.tables import JobRow
from survey_app.settings import Settings
from tests.support.closed_county import (
    closed_county,
    imported,
)
from tests.support.jobs import run_waiting_jobs
from tests.support.kept_sheets import keep
from tests.support.office import READER, Desk, desk
from tests.support.small_county import small_county


def drawn(reader: Desk, page: str) -> bytes:
    """Return the bytes of a page, but for the token of its forms, which has a clock."""
    response = reader.open(page)
    assert response.status_code == 200
    return re.sub(rb'value="[^"]{60,}"', b"", response.get_data())


CHANGES = (
    "UPDATE kept_sheet SET sheet = replace(sheet, '100', '99')",
    "UPDATE kept_sheet SET summary = '99.99', blocked = 0",
    "UPDATE kept_sheet SET overall = 0",
    "UPDATE kept_sheet SET seal = NULL",
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_kept_sheet_that_somebody_changed_is_not_shown_and_is_found(
    app: Flask, db: Session, change: str
) -> None:
    county = closed_county(app.extensions["survey_engine"])
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    page = f"/score-sheets/{county.cycle_id}/{county.subject_id}"
    before = drawn(reader, page)
    engine = app.extensions["survey_engine"]
    assert [one.kind for one in findings(engine, None)].count("sheets") == 0

    db.execute(text(change))
    db.commit()

    assert drawn(reader, page) == before, "worked out for this page"
    found = [one for one in findings(engine, None) if one.kind == "sheets"]
    assert "王一" in found[0].told
    if "sheet = " not in change:
        listed = reader.see(f"/score-sheets/{county.cycle_id}").text
        assert "changed in the database: not shown" in listed
        assert "99.99" not in listed


def test_a_page_is_the_same_whether_its_sheet_is_kept_or_worked_out(
    app: Flask, db: Session
) -> None:
    county = closed_county(app.extensions["survey_engine"])
    reader = desk(app, db, READER)
    for subject in (county.subject_id, county.other_subject_id):
        page = f"/score-sheets/{county.cycle_id}/{subject}"
        of_kept = drawn(reader, page)
        mark_stale(db, county.cycle_id, [subject])
        db.commit()

        assert drawn(reader, page) == of_kept


def test_the_list_says_what_is_worked_out_and_the_worker_does_it(
    app: Flask, db: Session, settings: Settings
) -> None:
    county = closed_county(app.extensions["survey_engine"])
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")
    listed = f"/score-sheets/{county.cycle_id}"
    score = reader.see(f"{listed}/{county.subject_id}")
    db.execute(delete(JobRow))
    mark_stale(db, county.cycle_id, [county.subject_id])
    db.commit()

    waits = reader.see(f"{listed}?sort=score&down=1")
    assert "Being worked out: 1" in waits.text
    assert "being worked out" in waits.text
    assert "See how far it is" in waits.text
    run_waiting_jobs(app.extensions["survey_engine"], settings)

    done = reader.see(listed).text
    assert "worked out:" not in done
    assert "王一" in score.text
    assert "96.6" in done or "no score yet" in done


def test_the_settling_page_says_every_reason_for_a_missing_score(
    app: Flask, db: Session
) -> None:
    county = small_county(app.extensions["survey_engine"])
    county.settle()
    with Session(county.engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        sheets = sheets_of(session, cycle, scheme=cycle.rules)
        lines = sheets_page(session, cycle.id, ListAsked(), only_blocked=True).rows
    reader = desk(app, db, READER)
    reader.send("/language", language="en", back="")

    page = reader.see(f"/cycles/{county.cycle_id}")

    right = {one.subject_id: one.blocked for one in sheets if one.blocked}
    assert {line.subject_id: line.reasons for line in lines} == right
    assert max(map(len, right.values())) > 1
    (blocked,) = [one for one in page.all("details") if one.get("id") == "blocked"]
    listed = ["".join(one.itertext()) for one in blocked.iter("li")]
    assert len(listed) == sum(len(reasons) for reasons in right.values())

    db.execute(text("UPDATE kept_sheet SET sheet = replace(sheet, '[1,', '[1, ')"))
    db.commit()
    assert "changed in the database" in reader.see(f"/cycles/{county.cycle_id}").text


def test_the_list_is_searched_sorted_and_paged(engine: Engine) -> None:
    county = small_county(engine)
    people = [[f"D{n:03}", f"某{n:03}", "U2", "副职", "副镇长"] for n in range(60)]
    imported(county, cadres=people)
    keep(county, all_of_them=True)

    def page(**asked: Any) -> tuple[int, list[str]]:
        everybody = asked.pop("everybody", True)
        with Session(engine) as session:
            found = sheets_page(
                session, county.cycle_id, ListAsked(**asked), everybody=everybody
            )
        return found.found, [line.name for line in found.rows]

    assert page()[0] == 62
    assert page(everybody=False)[0] == 2, "in a survey of the cycle, or with a value"
    assert page(page=2)[1][-1] == "某059"
    assert page(search="D007") == page(search="某007") == (1, ["某007"])
    assert page(search="wy")[1] == ["王一"]
    assert page(unit="U1") == page(unit="清河") == (1, ["王一"])
    assert page(sort="name", down=True)[1][0] == "王一"
