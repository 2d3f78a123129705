"""Whoever is limited to a unit sees it, what stands below it, and nothing else."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import EVERYWHERE_ONLY, OF_A_SUBJECT, ROLES
from survey_app.appraisal.people import Subject, Unit
from survey_app.database import writing
from tests.conftest import ONE_DATABASE
from tests.integration.office.access_rows import TABLE
from tests.support.doors import call, calls, refused
from tests.support.office import KEEPER, READER, Desk, desk
from tests.support.respondents import shown
from tests.support.result_files import results_file
from tests.support.small_county import County, small_county
from tests.support.statements import counted

WITHIN = {
    "adjustments", "adjustments_file", "adjustments_list", "alert", "alert_cases",
    "alerts", "answer_objection", "attach", "attachment", "change_password",
    "calendar", "calendar_ics", "ceremony", "change_second_factor",
    "choose_correction", "handbook", "handbook_booklet", "handbook_picture",
    "choose_posters", "comment_reviews",
    "comments", "confirm_adjustment", "confirm_named_rating", "confirm_one_correction",
    "confirm_taking_away", "confirm_withdrawal", "cycle", "cycle_sheets",
    "deciding_act", "decline_one_correction", "do_deciding_act", "do_review_act",
    "do_second_act", "drawing", "enter_adjustment", "enter_named_rating",
    "file_objection", "home", "job", "make_adjustments_file", "make_follow_up",
    "make_results_file", "named_ratings", "new_adjustment", "new_attachment",
    "new_correction", "new_named_rating", "new_objection", "new_recheck", "notice",
    "cycle_pictures", "cycle_svg", "picture_svg", "pictures", "subject_svg",
    "cycle_figure", "picture_figure", "subject_figure", "waterfall_figure",
    "make_paper_file", "paper", "paper_file",
    "waterfall_svg", "objection", "objections", "open_by_hand", "raise_by_hand",
    "one_channel", "password", "poster", "posters", "qr_file",
    "read_comment", "renew_recovery_codes", "request_correction", "request_tickets",
    "results", "series", "subject_series", "results_file", "results_workbook",
    "review_act", "review_comment",
    "themes", "write_themes", "agree_on_themes",
    "score_sheet", "score_sheets", "second_act", "second_factor",
    "set_up_second_factor", "sign_out", "start_job_again", "subject_results", "survey",
    "surveys", "take_file_away", "turnout", "unit_numbers", "withdraw_adjustment",
    "withdraw_named_rating",
}  # fmt: skip
"""Pages of the office that show a part of the place; all others take it whole."""


@pytest.fixture
def county(engine: Engine) -> County:
    """Two units with results; of the second one, a unit stands below the first."""
    county = small_county(engine)
    county.count("residents", good=20, bad=30)
    county.settle()
    return county


def unit_of(db: Session, subject_id: int) -> int:
    found = db.scalars(select(Subject.unit_id).where(Subject.id == subject_id)).one()
    db.rollback()
    return found


@pytest.fixture
def limited(app: Flask, db: Session, county: County) -> Desk:
    """A reader of the first unit alone."""
    return desk(app, db, READER, unit=unit_of(db, county.subject_id))


def test_every_list_and_page_leaves_out_what_lies_elsewhere(
    limited: Desk, county: County
) -> None:
    pages = (
        f"/surveys/{county.survey_id}/results", f"/surveys/{county.survey_id}/turnout",
        f"/score-sheets/{county.cycle_id}", "/alerts", "/alerts/cases", "/objections",
        f"/cycles/{county.cycle_id}/adjustments", f"/cycles/{county.cycle_id}",
    )  # fmt: skip
    read = {page: limited.see(page).text for page in pages}

    assert [page for page, text in read.items() if "李二" in text] == []
    assert [page for page, text in read.items() if "柳林镇" in text] == []
    assert "王一" in read[pages[0]]
    assert "王一" in read[pages[2]]
    assert "王一" in read["/alerts"]


def test_what_lies_elsewhere_is_not_found(limited: Desk, county: County) -> None:
    for there, status in (
        (county.subject_id, 200), (county.other_subject_id, 404), (999, 404),
    ):  # fmt: skip
        for page in ("/surveys/{0}/results/{2}", "/score-sheets/{1}/{2}"):
            at = page.format(county.survey_id, county.cycle_id, there)
            assert limited.open(at).status_code == status, at


def test_a_workbook_holds_that_part_alone_and_is_nobody_elses(
    app: Flask, db: Session, limited: Desk, county: County
) -> None:
    def names(reader: Desk) -> set[str]:
        book = ZipFile(BytesIO(results_file(reader, county.survey_id).data))
        told = "".join(book.read(one).decode() for one in book.namelist())
        return {name for name in ("王一", "李二") if name in told}

    whole = desk(app, db, READER, username="everywhere")

    assert names(limited) == {"王一"}
    assert names(whole) == {"王一", "李二"}
    assert names(limited) == {"王一"}


def test_a_unit_shows_what_stands_below_it_however_much_that_is(
    app: Flask, db: Session, engine: Engine, county: County
) -> None:
    upper = unit_of(db, county.subject_id)
    with Session(writing(engine)) as session:
        lower = session.get_one(Unit, unit_of(db, county.other_subject_id))
        between = Unit(code="B", name="中间", parent_id=upper)
        session.add(between)
        session.flush()
        lower.parent_id = between.id
        session.commit()
    reader = desk(app, db, READER, unit=upper)
    page = f"/surveys/{county.survey_id}/results"

    with counted(engine) as few:
        assert "李二" in reader.see(page).text
    with Session(writing(engine)) as session:
        session.execute(
            insert(Unit),
            [{"code": f"x{n}", "name": "x", "parent_id": upper} for n in range(300)],
        )
        session.commit()
    with counted(engine) as many:
        assert "李二" in reader.see(page).text

    assert len(many) == len(few)


def test_totals_of_everybody_are_told_to_whoever_sees_everybody(
    app: Flask, db: Session, limited: Desk, county: County
) -> None:
    """A total beside one unit's part would tell what the rest said."""
    whole = desk(app, db, READER, username="everywhere")
    at = f"/surveys/{county.survey_id}/turnout"

    assert "答卷总数" in whole.see(at).text
    assert "答卷总数" not in limited.see(at).text


@ONE_DATABASE
@pytest.mark.parametrize("role", sorted(EVERYWHERE_ONLY))
def test_what_knows_no_unit_is_not_given_for_one(
    app: Flask, db: Session, county: County, role: str
) -> None:
    keeper = desk(app, db, KEEPER)

    sent = {
        "real_name": "赵",
        "username": "zhao",
        "roles": ["designer", role],
        "unit": "U1",
    }
    refused = keeper.send("/accounts?lang=en", **sent)

    assert refused.status_code == 422
    assert "cannot be limited to a unit" in refused.text
    assert keeper.send("/accounts", **sent | {"unit": ""}).status_code in (200, 422)


LIMITABLE = [role for role in ROLES if role not in EVERYWHERE_ONLY | OF_A_SUBJECT]


@ONE_DATABASE
@pytest.mark.parametrize("role", LIMITABLE)
def test_whoever_is_limited_passes_only_where_a_page_narrows_itself(
    app: Flask, db: Session, role: str
) -> None:
    unit = Unit(code="u", name="清河镇")
    db.add(unit)
    db.commit()
    client = desk(app, db, role, unit=unit.id).client

    passed = {
        endpoint
        for endpoint, method, address in calls(app)
        if endpoint.startswith("office.") and not refused(call(client, method, address))
    }

    meant = {name for name in TABLE if name.startswith("office.")}
    opens = {"office.sign_in", "office.enter", "office.choose_language"}
    within = {f"office.{one}" for one in WITHIN}
    may = {name for name in meant if role in TABLE[name]}
    assert passed - opens - OPEN_TO_STRANGERS == (may & within)


OPEN_TO_STRANGERS = {name for name, who in TABLE.items() if "stranger" in who}


def test_a_form_about_somebody_elsewhere_is_not_taken(
    app: Flask, db: Session, county: County
) -> None:
    unit = unit_of(db, county.subject_id)
    reviewer = desk(app, db, "reviewer", unit=unit)
    at = f"/cycles/{county.cycle_id}/adjustments/new"
    told = {"kind": "bonus", "points": "1", "reason": "表彰", "source": "文件"}

    here = reviewer.send(at, subject="王一", **told)
    there = reviewer.send(at, subject="李二", **told)

    assert there.status_code == 422
    assert here.status_code == 303
    assert "李二" not in shown(there).text.replace("“李二”", "")
