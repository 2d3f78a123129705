"""Papers of a cycle: pages that print, and files that are made beside the requests."""

import socket
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from markupsafe import Markup
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import READER
from survey_app.accounts.record import newest, note
from survey_app.accounts.tables import RecordEntry
from survey_app.alerts.acts import (
    begin_verification,
    confirm,
    decide,
    note_check,
    record_hearing,
)
from survey_app.analytics.papers import pdf
from survey_app.analytics.papers.pdf import pdf_of
from survey_app.analytics.papers.printed import document
from survey_app.appraisal.cycle import Cycle
from survey_app.database import writing
from survey_app.domain.scheme.review_rules import Measure
from tests.conftest import ONE_DATABASE
from tests.support.adjusted import adjusted_county
from tests.support.cases import POINTS, office_of
from tests.support.office import Desk, desk
from tests.support.result_files import work_off_jobs
from tests.support.secret_ballots import SECOND
from tests.support.small_county import County
from tests.support.workbooks import rows_of


@pytest.fixture
def county(engine: Engine) -> County:
    return adjusted_county(engine)


@pytest.fixture
def reader(app: Flask, db: Session, county: County) -> Desk:
    work_off_jobs(app)
    return desk(app, db, READER)


def page(county: County, which: str = "") -> str:
    return f"/cycles/{county.cycle_id}/papers{which and '/'}{which}"


def made(reader: Desk, county: County, which: str) -> bytes:
    """Return a file of the cycle, made by the worker where it is not at hand."""
    address = page(county, f"{which}/file")
    sent = reader.open(address)
    if sent.status_code == 303:
        progress = reader.send(address).location.removeprefix("/office")
        assert reader.see(progress)
        work_off_jobs(reader.client.application)
        assert reader.open(progress).status_code == 303
        sent = reader.open(address)
    assert sent.status_code == 200, sent.status
    assert sent.headers["Cache-Control"] == "no-store"
    content: bytes = sent.data
    return content


def test_the_workbook_is_made_once_and_anew_when_a_score_has_changed(
    reader: Desk, county: County
) -> None:
    first = made(reader, county, "workbook")

    assert made(reader, county, "workbook") == first
    assert not work_off_jobs(reader.client.application), "it was made once more"
    county.give(county.other_subject_id, achievements="80")
    with Session(writing(county.engine)) as session:
        county.keep_sheets(session)
    work_off_jobs(reader.client.application)
    assert rows_of(made(reader, county, "workbook")) != rows_of(first)


def test_every_paper_carries_fingerprint_and_newest_entry_of_the_record(
    reader: Desk, county: County, db: Session
) -> None:
    fingerprint = db.get_one(Cycle, county.cycle_id).scheme_fingerprint
    db.rollback()
    for which in ("summary", "notice", f"sheet-{county.subject_id}"):
        with Session(writing(county.engine)) as session:
            note(session, "a test", about=f"paper:{which}")
            session.commit()
        number, digest = newest(db)
        db.rollback()

        told = reader.see(page(county, which)).text

        assert number
        assert digest in told, which
        assert fingerprint in told, which
    told_there = dict(rows_of(made(reader, county, "workbook"))["说明"])
    number, digest = told_there["生成时操作记录最新一条"].split(" · ")
    by_number = select(RecordEntry.hash).where(RecordEntry.number == int(number))
    assert db.scalar(by_number) == digest, "that it was asked for is the newest"


def test_a_sheet_says_the_score_and_what_it_is_made_of(
    reader: Desk, county: County
) -> None:
    told = reader.see(page(county, f"sheet-{county.subject_id}")).text

    assert "王一" in told
    assert "87.24" in told
    assert "66.67" in told, "of the staff"


def test_a_group_too_small_is_on_no_paper(reader: Desk, county: County) -> None:
    county.count("staff", subject_id=county.other_subject_id, good=1, bad=3)
    county.settle()
    work_off_jobs(reader.client.application)

    told = reader.see(page(county, f"sheet-{county.other_subject_id}")).text
    scores = rows_of(made(reader, county, "workbook"))

    assert "25.00" not in told
    groups = {tuple(row[1:2] + row[4:5]) for row in scores["分测评主体"]}
    assert ("李二", "居民") in groups
    told_rows = [row for row in scores["分测评主体"] if row[1:5:3] == ["李二", "职工"]]
    assert not [row for row in told_rows if row[5] != "" or row[7] != ""]


def test_the_public_notice_names_nobody(reader: Desk, county: County) -> None:
    told = reader.see(page(county, "notice")).text

    assert "王一" not in told
    assert "87.24" not in told


def test_what_is_no_paper_is_not_found(reader: Desk, county: County) -> None:
    for which in ("sheet-999", "sheet-x", "sheets", "nothing"):
        assert reader.open(page(county, which)).status_code == 404, which
    assert reader.send(page(county, "nothing/file")).status_code == 404


def test_a_paper_is_the_same_bytes_and_asks_nobody_for_anything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        away = f"http://127.0.0.1:{listening.getsockname()[1]}/picture.png"
        text = f'<article class="gw"><p>一张纸<img src="{away}"></p></article>'
        paper = document("一张纸", "zh", [Markup(text)])  # noqa: S704 -- our own

        once, again = pdf_of(paper), pdf_of(paper)

        with pytest.raises(BlockingIOError):
            listening.accept()
    assert once == again
    assert once.startswith(b"%PDF-")
    assert b"CreationDate" not in once


@ONE_DATABASE
def test_all_sheets_come_together_as_pdfs(reader: Desk, county: County) -> None:
    every = made(reader, county, "sheets")

    with ZipFile(BytesIO(every)) as packed:
        (name,) = packed.namelist()
        assert name == "0001-0002.pdf"
        assert packed.read(name).startswith(b"%PDF-")


@ONE_DATABASE
def test_without_the_library_the_office_is_told_what_to_do(
    reader: Desk, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "START", "raise SystemExit(3)")

    address = page(county, "summary/file")
    progress = reader.send(address).location.removeprefix("/office")
    work_off_jobs(reader.client.application)

    assert "WeasyPrint" in reader.see(progress).text
    assert reader.open(page(county, "summary")).status_code == 200


def test_an_alerts_form_has_its_numbers_and_its_letter_none(
    app: Flask, engine: Engine, db: Session
) -> None:
    case = office_of(engine, db)
    db.rollback()
    work_off_jobs(app)
    reader = desk(app, db, READER)
    form, letter = (
        page(case.county, f"{kind}-{case.alert_id}")
        for kind in ("verification", "decision")
    )
    assert "20/40" in reader.see(form).text
    assert reader.open(letter).status_code == 404, "nothing is decided yet"

    begin_verification(case.db, case.alert_id, case.acting())
    for point in POINTS:
        note_check(case.db, case.alert_id, case.acting(), point=point)
    record_hearing(case.db, case.alert_id, case.acting())
    decide(case.db, case.alert_id, case.acting(), measure=Measure.ADMONITION)
    assert reader.open(letter).status_code == 404, "it waits for a second person"
    confirm(case.db, case.alert_id, case.acting(SECOND))

    assert "诫勉" in reader.see(form).text
    told = reader.see(letter).text
    assert "诫勉" in told
    assert "20/40" not in told
    assert "50.0" not in told
    other = form.replace(f"/cycles/{case.county.cycle_id}/", "/cycles/2/")
    assert reader.open(other).status_code == 404, "of another cycle"
