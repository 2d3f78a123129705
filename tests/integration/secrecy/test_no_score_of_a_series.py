"""A series of stand-alone surveys carries no score in what is handed out of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pyreadstat
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.results import KeptResult
from survey_app.analytics.papers.survey_data import write_survey_data
from survey_app.analytics.results import results_of
from survey_app.analytics.survey_results import SurveyResults
from survey_app.analytics.workbook.results_workbook import results_workbook
from survey_app.database import borrowed_main_engine, writing
from survey_app.migrate import migrate
from survey_app.settings import Settings
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import Survey
from tests.support.drafts import cadre
from tests.support.series import answered, begun, follow
from tests.support.small_county import MAY_1
from tests.support.workbooks import rows_of

LATER = date(2026, 7, 15)
SAID = {"very_satisfied": 31, "dissatisfied": 22}
FEW = {"satisfied": 2, "dissatisfied": 2}


@dataclass(frozen=True)
class Told:
    """What is told of June, and what lists keep."""

    results: SurveyResults
    kept: tuple[int | None, ...]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Two months about a body, in May by a few; and what June told."""
    file = tmp_path_factory.mktemp("series") / "survey.sqlite"
    settings = Settings(database_url=f"sqlite:///{file}", secret_key="k" * 32)

    with borrowed_main_engine(settings) as engine:
        migrate(engine)
        with Session(writing(engine), expire_on_commit=False) as db:
            hall = cadre(db, "大厅", "甲").id + 1
            may = begun(db, [hall])
            june = follow(db, may)
            answered(db, may, {hall: FEW})
            open_survey(db, june, today=MAY_1)
            answered(db, june, {hall: SAID})
            survey = db.get_one(Survey, june)
            rules = survey.cycle.rules
            results = results_of(db, survey, scheme=rules, today=LATER)
            kept = tuple(db.scalars(select(KeptResult.score)))
        yield Told(results, kept)


def test_what_lists_keep_has_no_score(told: Told) -> None:
    assert set(told.kept) == {None}


def test_the_workbook_has_neither_points_nor_score(told: Told) -> None:
    sheets = rows_of(results_workbook(told.results, str, "zh"))

    heads = {name: rows[0] for name, rows in sheets.items()}
    assert set(heads) == {"About", "Rater groups", "Results", "Rates", "Codebook"}
    assert not {"Points", "Score", "Status"}.intersection(*heads.values())
    assert "Points" not in str(heads)
    assert "Score" not in str(heads)
    assert told.results.scheme.fingerprint not in str(sheets)


def test_the_data_files_have_neither_points_nor_score(
    told: Told, tmp_path: Path
) -> None:
    packed = BytesIO()
    write_survey_data(packed, told.results, told.results.subjects, (str, "zh"))

    names = []
    with ZipFile(packed) as files:
        assert "scores.sav" not in files.namelist()
        for name in files.namelist():
            text = files.read(name).decode("utf-8", "replace")
            assert "oints" not in text, name
            assert "score," not in text, name
            if name.endswith(".sav"):
                (tmp_path / name).write_bytes(files.read(name))
                names += pyreadstat.read_sav(tmp_path / name)[1].column_names
    assert "share" in names
    assert not {"points", "score"} & set(names)
