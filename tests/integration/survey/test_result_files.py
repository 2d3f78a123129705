"""The workbook of results is made once, kept in parts, and made anew if it must be."""

import gc
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from survey_app.analytics.kept.files import (
    PART,
    Asked,
    FileAtHand,
    KeptFile,
    KeptPart,
    file_at_hand,
    keep_file,
    parts_of,
)
from survey_app.analytics.results import results_in_turn
from survey_app.analytics.survey_results import SubjectResults
from survey_app.analytics.workbook.results_workbook import write_workbook
from survey_app.database import writing
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.survey.tables import Survey
from tests.conftest import ONE_DATABASE
from tests.support.lock_probe import wanting_lock
from tests.support.office import READER, Desk, desk
from tests.support.result_files import results_file, work_off_jobs
from tests.support.small_county import MAY_1, SCHEME, County, small_county
from tests.support.workbooks import rows_of

FILE = Asked("results-workbook", 1, "zh")


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine)
    county.count("staff", good=31, bad=11)
    county.settle()
    return county


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    return desk(app, db, READER)


def kept(
    engine: Engine, content: bytes, asked: Asked = FILE, **told: int
) -> FileAtHand:
    keep_file(engine, asked, made_from="these", file=BytesIO(content), **told)
    with Session(engine) as session:
        file = file_at_hand(session, asked, made_from="these")
    assert file is not None
    return file


def all_rows(db: Session) -> tuple[int | None, ...]:
    every = [select(func.count()).select_from(one) for one in (KeptFile, KeptPart)]
    found = tuple(db.scalar(one) for one in every)
    db.rollback()
    return found


def test_it_is_made_beside_the_request_and_fetched_as_often_as_one_likes(
    reader: Desk, county: County
) -> None:
    page = f"/surveys/{county.survey_id}/results"
    assert reader.open(f"{page}.xlsx").location.endswith(f"{page}-file")
    first = results_file(reader, county.survey_id)

    assert results_file(reader, county.survey_id).data == first.data
    assert not work_off_jobs(reader.client.application), "it was made once more"
    links = [a.get("href") for a in reader.see(f"{page}-file").all("a")]
    assert f"/office{page}.xlsx" in links


def test_whoever_asks_meanwhile_sees_how_far_it_is(
    app: Flask, reader: Desk, county: County
) -> None:
    page = f"/surveys/{county.survey_id}/results-file"
    progress = reader.send(page).location

    assert reader.open(page).location == progress
    assert reader.send(page).location == progress
    work_off_jobs(app)
    assert reader.open(progress.removeprefix("/office")).location.endswith(page)


def test_what_says_something_else_by_now_is_made_anew(
    reader: Desk, county: County, db: Session
) -> None:
    before = results_file(reader, county.survey_id)
    county.count("residents", good=50)
    county.settle()

    after = results_file(reader, county.survey_id)

    assert rows_of(before.data) != rows_of(after.data)
    assert all_rows(db)[0] == 1


def test_a_new_title_stands_in_a_new_workbook(
    reader: Desk, county: County, db: Session
) -> None:
    results_file(reader, county.survey_id)
    db.get_one(Survey, county.survey_id).title = "改了"
    db.commit()

    first, *_ = rows_of(results_file(reader, county.survey_id).data).values()
    assert first[1][1] == "改了"


def test_a_file_is_cut_and_put_together_again(engine: Engine) -> None:
    content = b"0123456789abcdef" * (PART // 16) * 2 + b"rest"

    file = kept(engine, content)

    assert [len(part) for part in parts_of(engine, file)] == [PART, PART, 4]
    assert b"".join(parts_of(engine, file)) == content


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE kept_part SET content = CAST('other' AS {bytes})",
        "UPDATE kept_part SET number = 1",
        "DELETE FROM kept_part",
    ],
)
def test_a_file_that_was_changed_is_not_handed_out(engine: Engine, change: str) -> None:
    file = kept(engine, b"as it was made")
    with writing(engine).begin() as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        connection.execute(text(change.format(bytes="BLOB" if is_sqlite else "BYTEA")))

    with pytest.raises(PlanChanged):
        list(parts_of(engine, file))


def test_one_file_stands_in_a_place_and_all_of_them_in_a_room(
    engine: Engine, db: Session
) -> None:
    other = Asked("results-workbook", 2, "zh")
    kept(engine, b"x" * 60, other)
    kept(engine, b"a" * 60)
    kept(engine, b"b" * 60)
    assert all_rows(db) == (2, 2)

    kept(engine, b"c" * 60, room=100)

    assert all_rows(db) == (1, 1)
    assert file_at_hand(db, other, made_from="these") is None, "the older one"


def test_what_was_cut_off_is_no_file(engine: Engine, db: Session) -> None:
    class CutOff(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise KeyboardInterrupt
            return super().read(size)

    with pytest.raises(KeyboardInterrupt):
        keep_file(engine, FILE, made_from="these", file=CutOff(b"half"))

    assert all_rows(db) == (1, 1)
    assert file_at_hand(db, FILE, made_from="these") is None
    db.rollback()
    kept(engine, b"whole")
    assert all_rows(db) == (1, 1)


@ONE_DATABASE
def test_nobody_waits_while_it_is_made(
    engine: Engine, reader: Desk, county: County
) -> None:
    """Of SQLite, which has one write lock."""
    reader.send(f"/surveys/{county.survey_id}/results-file")

    with wanting_lock(engine, at=["write_workbook", "row", "write_to"]) as lock:
        work_off_jobs(reader.client.application)

    assert "row" in lock.asked
    # A mark reads in its turn whether the cycle appraises at all.
    writes = (
        "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "SELECT job",
        "SELECT cycle.id",
    )  # fmt: skip
    assert not [one for one in lock.refused if not one.startswith(writes)]


def test_no_more_than_a_few_subjects_are_ever_at_hand(county: County) -> None:
    """However many a survey has: memory does not grow with them."""

    def seen(told: Iterator[SubjectResults]) -> Iterator[SubjectResults]:
        for subject in told:
            yield from [subject] * 4
            at_hand.append(sum(type(one) is SubjectResults for one in gc.get_objects()))

    at_hand: list[int] = []
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        day = MAY_1 + timedelta(1)
        head, told = results_in_turn(session, survey, scheme=SCHEME, today=day)
        write_workbook(BytesIO(), head, seen(told), str, "zh")

    assert len(at_hand) > 1
    assert max(at_hand) <= 2
