"""The office reads where a rule comes from in the language of the page."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme_file import read_scheme
from tests.support.office import READER, Desk, desk
from tests.support.result_files import results_file
from tests.support.small_county import BOTH_GROUPS, County, small_county
from tests.support.small_scheme import changed
from tests.support.workbooks import rows_of

SOURCE = Bilingual("《小县办法》（2026年）", "Rules (《小县办法》, 2026)")
REASON = Bilingual("按惯例", "as usual")


def written(text: Bilingual) -> str:
    return f'{{ zh = "{text.zh}", en = "{text.en}" }}'


SCHEME = changed(
    BOTH_GROUPS,
    ('"a source"', written(SOURCE)),
    ('{ published = "70" }', f"{{ assumed = 70, source = {written(REASON)} }}"),
)


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine, read_scheme(SCHEME, file="small.toml"))
    county.count("residents", bad=30)
    county.settle()
    return county


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    return desk(app, db, READER)


@pytest.mark.parametrize(("language", "other"), [("zh", "en"), ("en", "zh")])
def test_the_pages_speak_the_language_of_whoever_reads_them(
    county: County, reader: Desk, language: str, other: str
) -> None:
    address = f"/score-sheets/{county.cycle_id}/{county.subject_id}"

    sheet = reader.see(f"{address}?lang={language}").text
    alerts = reader.see(f"/alerts?lang={language}").text

    for text in (sheet, alerts):
        assert SOURCE.in_language(language) in text
        assert SOURCE.in_language(other) not in text
        assert "Bilingual(" not in text
    assert REASON.in_language(language) in sheet
    assert REASON.in_language(other) not in sheet


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_workbook_speaks_the_language_of_whoever_takes_it_away(
    county: County, reader: Desk, language: str
) -> None:
    sheets = rows_of(results_file(reader, county.survey_id, language).data)

    cells = [cell for rows in sheets.values() for row in rows for cell in row]
    assert SOURCE.in_language(language) in cells
