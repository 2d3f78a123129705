"""Questions of every kind are told on pages and in files, and scored as a trial is."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.analytics.papers.survey_data import write_survey_data
from survey_app.analytics.results import results_of
from survey_app.analytics.score_evidence import cycle_evidence, ground_of
from survey_app.analytics.workbook.results_workbook import results_workbook
from survey_app.appraisal.cycle import Cycle
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.audit.report import Report
from survey_app.database import borrowed_main_engine
from survey_app.domain.counting.evidence import ScoreInput
from survey_app.domain.scoring.score import score
from survey_app.migrate import migrate
from survey_app.settings import Settings
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.tables import Survey
from tests.conftest import FixedClock
from tests.support.every_kind_scheme import kinds_questionnaire, kinds_scheme
from tests.support.kinds_county import EVERYBODY, MAY_1, KindsCounty, kinds_county
from tests.support.office import READER, desk
from tests.support.workbooks import rows_of

WORDS = {"kinds": kinds_questionnaire()}


@pytest.fixture
def county(engine: Engine) -> KindsCounty:
    return kinds_county(engine)


def test_the_page_tells_bands_ticks_and_who_was_not_asked(
    app: Flask, db: Session, county: KindsCounty
) -> None:
    reader = desk(app, db, READER)
    first, second = county.subject_ids

    results = f"/surveys/{county.survey_id}/results"
    page = reader.see(f"{results}/{first}?lang=en").text
    other = reader.see(f"{results}/{second}?lang=en").text

    for words in (
        "70–79",
        "more than 10 of 12",
        "fewer than 2 of 12",
        "not asked: 11",
        "left empty: 6",
        "more than 10 of 12 said the same: North",
        "it could tell what few people said",
    ):
        assert words in page, words
    for number in ("87", "43", "12–", "17"):
        assert f">{number}<" not in other


def test_the_office_reads_how_every_question_is_answered(
    app: Flask, db: Session, county: KindsCounty
) -> None:
    told = desk(app, db, "designer").see(f"/surveys/{county.survey_id}?lang=en").text
    for words in (
        "Which ways?Phone · Desk · Post · may be left empty",
        "How many points?number 0–100",
        "How many minutes?number 0–100 · may be left empty",
        "Why?free text",
    ):
        assert words in told, words


def test_files_hold_every_choice_and_no_number(
    engine: Engine, county: KindsCounty
) -> None:
    with Session(engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        told = results_of(session, survey, scheme=kinds_scheme(), today=MAY_1)
    file = BytesIO()
    write_survey_data(file, told, told.subjects, (str, "en"))
    book = results_workbook(told, str, "en")

    with ZipFile(file) as packed:
        assert {"answers.sav", "codebook.csv"} <= set(packed.namelist())
        text = packed.read("answers.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    residents = [row for row in rows if row["rater_group"] == "residents"]
    ways = {
        row["choice"]: (row["picked"], row["not_picked"], row["answers"])
        for row in residents[: len(residents) // 2]
        if row["question"] == "ways"
    }
    assert ways == {
        "phone": ("10", "20", "30"), "desk": ("15", "15", "30"),
        "post": ("12", "18", "30"),
    }  # fmt: skip
    bands = [row["choice"] for row in residents if row["question"] == "points"]
    assert bands[:5] == ["0-59", "60-69", "70-79", "80-89", "90-100"]
    assert {row["kind"] for row in rows} == {
        "rating", "single", "several", "number", "text",
    }  # fmt: skip
    assert any("0-19" in map(str, row) for row in rows_of(book)["Codebook"])


def test_the_score_is_what_a_trial_of_the_counts_comes_to(
    engine: Engine, county: KindsCounty
) -> None:
    scheme = kinds_scheme()
    exact = score(
        scheme,
        ScoreInput(tallies={"satisfaction": EVERYBODY}),
        questionnaires=WORDS,
    )

    with Session(engine) as session:
        cycle = session.get_one(Cycle, county.cycle_id)
        rated = rated_in_cycle(session, cycle.id)
        evidence = cycle_evidence(session, ground_of(session, cycle, scheme), rated)
        sheets = {one.id: evidence.sheet_of(one) for one in rated}

    first, second = (sheets[subject] for subject in county.subject_ids)
    assert first.overall == exact.overall
    assert second.overall is None
    said = json.dumps([str(node.rule.key) for node in first.root.parts[0].parts])
    assert "question-mean" in said


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """One audit of the county."""
    file = tmp_path_factory.mktemp("audited") / "survey.sqlite"
    told = Settings(database_url=f"sqlite:///{file}", secret_key="k" * 32)
    clock = FixedClock(date(2026, 5, 1))
    with borrowed_main_engine(told) as engine:
        migrate(engine)
        kinds_county(engine)
        yield disclosure_audit(told, lambda made: create_app(made, clock=clock))


def test_the_audit_finds_nothing_about_any_kind(audited: Report) -> None:
    assert [str(leak) for leak in audited.leaks] == []
    assert audited.groups >= 1
    assert audited.worlds >= 4
