"""A series of stand-alone surveys tells no score, and nothing of a month of few."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pyreadstat
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app import create_app
from survey_app.analytics.kept.results import KeptResult
from survey_app.analytics.papers.survey_data import write_survey_data
from survey_app.analytics.results import results_of
from survey_app.analytics.survey_results import SurveyResults
from survey_app.analytics.workbook.results_workbook import results_workbook
from survey_app.audit.addresses import addresses_of
from survey_app.audit.disclosure_audit import disclosure_audit
from survey_app.audit.temporary_copy import temporary_copy
from survey_app.audit.visitors import POOLED, Visitors, throw_away_accounts
from survey_app.database import borrowed_main_engine, writing
from survey_app.migrate import migrate
from survey_app.settings import Settings
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.tables import Survey
from tests.conftest import FixedClock
from tests.support.drafts import cadre
from tests.support.series import answered, begun, follow
from tests.support.small_county import MAY_1
from tests.support.workbooks import rows_of

LATER = date(2026, 7, 15)
SAID = {"very_satisfied": 21, "satisfied": 10, "dissatisfied": 22}
FEW = {"satisfied": 2, "dissatisfied": 2}


@dataclass(frozen=True)
class Told:
    """What is told of June, and what lists keep."""

    results: SurveyResults
    kept: tuple[int | None, ...]
    settings: Settings


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
        yield Told(results, kept, settings)


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


def made(settings: Settings) -> Flask:
    return create_app(settings, clock=FixedClock(LATER))


OF_THE_TREND = {
    "office.series", "office.subject_series", "office.results",
    "office.subject_results", "office.results_data", "office.notice",
}  # fmt: skip
"""What lays months side by side, and what it is made from; all else is audited in
counties that appraise."""


def test_whatever_the_few_of_may_said_the_pages_of_the_series_stay(told: Told) -> None:
    report = disclosure_audit(
        told.settings, made, among=lambda one: one.endpoint in OF_THE_TREND
    )

    assert report.lines()[-1] == "Nothing leaks.", "\n".join(report.lines())
    assert (report.surveys, report.groups, report.worlds) == (2, 1, 5)
    assert report.addresses >= len(OF_THE_TREND)


NO_SCORE = re.compile(
    r"得分(?:</t></si><si><t>|,)单独调查，不计分|不计分|不计入任何得分|不计入得分"
    r"|一律不计入：得分|nothing is scored|not scored|feed no score|enter no score"
    r"|not in scores"
)
A_SCORE = re.compile(r"得分|分值|[Ss]cor(?:e|ing)|\b[Pp]oints")


def test_no_page_and_no_file_about_the_series_speaks_of_a_score(told: Told) -> None:
    """In both languages; of addresses that differ only in their numbers the last."""
    with temporary_copy(told.settings, None) as copy:
        app = made(copy.settings)
        with copy.writing() as session:
            office = {POOLED: throw_away_accounts(session)[POOLED]}
        with Session(copy.engine) as session:
            found = addresses_of(app, session).found
        visitors, spoken, seen = Visitors(app, office), [], 0
        alike = {re.sub(r"\d+", "#", one.path): one for one in found if one.is_office}
        for one in (one for shape, one in alike.items() if "/#" in shape):
            for language in ("zh", "en"):
                address = replace(one, path=f"{one.path}?lang={language}")
                (text,) = visitors.see_again([(POOLED, address)]).values()
                if not text.startswith("200"):
                    break
                seen += 1
                body = re.search(r"<main.*</main>", text, re.DOTALL)
                said = NO_SCORE.sub("", body[0] if body else text)
                words = re.sub(r"<[^>]*>", " ", said)
                spoken += [(address.path, w) for w in A_SCORE.findall(words)]
        for name in ("survey_engine", "survey_ballots"):
            app.extensions[name].dispose()

    assert spoken == []
    assert seen > 80
