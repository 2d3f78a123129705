"""Results as tables: of counts that may be shown, never of single answers."""

import csv
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pyreadstat
import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.accounts.permissions import READER
from survey_app.analytics.papers.survey_data import escaped
from survey_app.appraisal.people import Cadre
from survey_app.database import writing
from tests.support.office import Desk, desk
from tests.support.result_files import work_off_jobs
from tests.support.small_county import County, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine)
    county.count("staff", good=31, bad=11)
    county.count("residents", good=45, bad=15, dont_know=7)
    county.count("staff", subject_id=county.other_subject_id, good=1, bad=3)
    with Session(writing(engine)) as session:
        session.get_one(Cadre, 1).name = "=1+1"
        session.commit()
    county.settle()
    return county


@pytest.fixture
def files(app: Flask, db: Session, county: County) -> dict[str, bytes]:
    sent = fetched(desk(app, db, READER), county)
    with ZipFile(BytesIO(sent)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def fetched(reader: Desk, county: County) -> bytes:
    page = f"/surveys/{county.survey_id}/results"
    assert reader.open(f"{page}.zip").location.endswith(f"{page}-file")
    assert reader.send(f"{page}-data").status_code == 303
    work_off_jobs(reader.client.application)
    sent = reader.open(f"{page}.zip")
    assert sent.status_code == 200
    content: bytes = sent.data
    return content


def rows(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without it Chinese is garbled"
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def test_tables_have_what_is_told_and_nothing_else(files: dict[str, bytes]) -> None:
    answers = rows(files["answers.csv"])

    counted = {
        (row["rater_group"], row["choice"]): row["picked"]
        for row in answers
        if row["subject"].startswith("'=1+1")
    }
    assert counted["staff", "good"] == "31"
    assert counted["residents", "dont_know"] == "7"
    assert not [
        row for row in answers
        if row["subject"].startswith("李二") and row["rater_group"] == "staff"
    ], "four of the staff, fewer than ten"  # fmt: skip


def test_numbers_in_the_file_for_spss_have_their_labels(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "answers.sav").write_bytes(files["answers.sav"])
    data, told = pyreadstat.read_sav(tmp_path / "answers.sav", output_format="dict")

    assert told.column_names_to_labels["rater_group"] == "测评主体"
    assert told.variable_value_labels["choice"] == {1: "好", 2: "差", 3: "不了解"}
    people = told.variable_value_labels["subject"]
    staff = [
        (people[who], count)
        for who, raters, choice, count in zip(
            data["subject"], data["rater_group"], data["choice"], data["picked"],
            strict=True,
        )
        if (raters, choice) == (1, 1)
    ]  # fmt: skip
    assert staff == [("=1+1", 31)]
    assert str(told.creation_time) == "2026-04-30 00:00:00", "the survey's last day"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\n=1", "＝1", "－1"])
def test_a_text_never_becomes_a_formula(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert escaped(f"王{text}") == f"王{text}"
    assert escaped(-1) == -1
