"""Results, sheets and alerts as the office sees them: sealed, complete, discreet."""

import json
import re
from html import unescape

import plotly.graph_objects as go
import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.charts.plotly_script import drawing_version
from tests.support.office import MANAGER, READER, Desk, desk
from tests.support.result_files import results_file
from tests.support.small_county import County, small_county
from tests.support.workbooks import rows_of

TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine)
    county.give(county.subject_id, achievements="90", direct="1")
    county.give(county.body_id, body="88")
    return county


@pytest.fixture
def reader(app: Flask, db: Session) -> Desk:
    return desk(app, db, READER)


def pages(county: County) -> list[str]:
    """Every page that shows anything about 王一."""
    results = f"/surveys/{county.survey_id}/results"
    sheets = f"/score-sheets/{county.cycle_id}"
    return [
        results,
        f"{results}/{county.subject_id}",
        sheets,
        f"{sheets}/{county.subject_id}",
        "/alerts",
    ]


def seen(reader: Desk, county: County) -> list[str]:
    """Everything the office can read, pages and workbook, without what is random."""
    county.settle()
    read = [TOKEN.sub("", reader.open(page).text) for page in pages(county)]
    book = results_file(reader, county.survey_id).data
    return [*read, str(rows_of(book))]


def test_results_are_sealed_while_answers_can_come(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=20, bad=30)
    county.reopen()

    statuses = [reader.open(page).status_code for page in pages(county)]

    assert statuses == [403, 403, 200, 200, 200]
    assert "2026年满意度调查" not in reader.open("/alerts").text


@pytest.mark.parametrize("told", [{"good": 9}, {"bad": 9}, {"dont_know": 9}])
def test_no_page_and_no_workbook_depends_on_what_a_small_group_said(
    reader: Desk, engine: Engine, county: County, told: dict[str, int]
) -> None:
    county.count("residents", good=40, bad=3)
    county.count("staff", good=5, bad=4)
    before = seen(reader, county)

    replace_counts(county, "staff", told)

    assert seen(reader, county) == before


def replace_counts(county: County, group: str, told: dict[str, int]) -> None:
    """Let the people of a group have said something else."""
    with county.engine.begin() as connection:
        connection.exec_driver_sql(
            f"DELETE FROM choice_count WHERE rater_group = '{group}' "  # noqa: S608 -- a word of this test
            f"AND survey_id = {county.survey_id} AND subject_id = {county.subject_id}"
        )
    county.count(group, **told)


def test_a_small_group_is_called_fewer_than_ten(reader: Desk, county: County) -> None:
    county.count("residents", good=40, bad=3)
    county.count("staff", good=5, bad=4)

    county.settle()
    for page in pages(county):
        read = reader.open(f"{page}?lang=en").text
        assert re.search(r"fewer than 10 people|fewer than 10|no score yet", read), page


def test_a_rate_says_which_choices_count(reader: Desk, county: County) -> None:
    county.count("residents", good=40, bad=3)

    county.settle()
    for page in pages(county)[:2]:
        read = reader.open(page).text
        assert "好评率＝（好）÷有效票（有效票：不含“不了解”、弃权和未答）" in read


def test_results_lead_back_to_the_survey_for_whoever_may_open_it(
    app: Flask, db: Session, reader: Desk, county: County
) -> None:
    county.settle()
    results = f"/surveys/{county.survey_id}/results"
    survey = f'href="/office/surveys/{county.survey_id}"'

    assert survey in desk(app, db, MANAGER).open(results).text
    assert survey not in reader.open(results).text


def test_a_units_results_lead_to_its_alerts_and_score_sheets(
    reader: Desk, county: County
) -> None:
    county.settle()
    read = reader.open(pages(county)[1]).text

    for there in ("alerts", f"score-sheets/{county.cycle_id}"):
        assert f'<li><a href="/office/{there}">' in read


def test_what_is_assumed_is_explained_without_pointing_at_it(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=40, bad=3)
    county.count("staff", good=30)

    county.settle()
    for page in pages(county)[1::2]:
        read = reader.open(f"{page}?lang=en").text
        assert "Assumed: not published by the scheme" in read


def test_every_chart_stands_beside_a_table(reader: Desk, county: County) -> None:
    county.count("residents", good=40, bad=3)
    county.count("staff", good=30)

    county.settle()
    for page in pages(county)[1::2]:
        read = reader.open(page).text
        drawings = [found.start() for found in re.finditer('class="drawing"', read)]
        assert drawings
        for place, following in zip(drawings, [*drawings[1:], len(read)], strict=True):
            assert "<table" in read[place:following], page


FIGURE = re.compile(r'data-figure="/office([^"]+)"')


def test_plotly_takes_every_figure_as_it_stands(reader: Desk, county: County) -> None:
    """It refuses a property it does not know, or a value that cannot be."""
    county.count("residents", good=40, bad=3)
    county.count("staff", good=30, bad=12)
    county.settle()

    figures = [
        json.loads(reader.open(unescape(address)).text)
        for page in pages(county)[1::2]
        for address in FIGURE.findall(reader.open(page).text)
    ]

    assert len(figures) >= 3
    for figure in figures:
        taken = json.loads(go.Figure(figure).to_json())
        taken["layout"].pop("template", None)
        told = {key: one for key, one in figure["layout"].items() if one != []}
        assert taken == {"data": figure["data"], "layout": told}


def test_every_page_is_valid_and_has_one_heading(reader: Desk, county: County) -> None:
    county.count("residents", good=40, bad=30)
    county.count("staff", good=4)

    county.settle()
    for page in pages(county):
        read = reader.see(page)
        ids = [e.get("id") for e in read.tree.iter() if e.get("id")]
        assert len(read.all("h1")) == 1, page
        assert len(ids) == len(set(ids)), page
        assert read.title, page


def test_pages_that_draw_load_the_script_and_others_do_not(
    reader: Desk, county: County
) -> None:
    county.count("residents", good=40)

    county.settle()
    loads = ["plotly-" in reader.open(page).text for page in pages(county)]

    assert loads == [False, True, False, True, False]


def test_the_sheet_says_the_exact_number_and_marks_what_was_assumed(
    reader: Desk, county: County
) -> None:
    county.count("staff", good=30)
    county.count("residents", good=20, bad=10)

    county.settle()
    read = reader.open(f"/score-sheets/{county.cycle_id}/{county.subject_id}?lang=en")

    # 0.7 · 90 + 0.1 · 88 + 0.2 · (3 · 100 + 6 · 200/3) / 9 + 1
    assert "88.36" in read.text
    assert "3976/45" in read.text
    assert "assumed" in read.text


@pytest.mark.parametrize("wrong", ["/score-sheets/99", "/score-sheets/99/1"])
def test_what_is_not_there_is_not_found(
    reader: Desk, county: County, wrong: str
) -> None:
    assert reader.open(wrong).status_code == 404


def test_a_leading_body_has_no_sheet_under_a_scheme_for_cadres(
    reader: Desk, county: County
) -> None:
    page = f"/score-sheets/{county.cycle_id}/{county.body_id}"

    assert reader.open(page).status_code == 404


def test_the_drawing_script_is_sent_compressed_and_kept_for_a_year(
    reader: Desk,
) -> None:
    path = f"/plotly-{drawing_version()}.js"

    zipped = reader.client.get(f"/office{path}", headers={"Accept-Encoding": "gzip"})
    plain = reader.client.get(f"/office{path}", headers={"Accept-Encoding": "identity"})

    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "immutable" in zipped.headers["Cache-Control"]
    assert "Accept-Encoding" in zipped.headers["Vary"]
    assert len(zipped.data) < 1_600_000 < len(plain.data)
    assert "Content-Encoding" not in plain.headers


def test_another_version_of_the_script_is_not_there(reader: Desk) -> None:
    assert reader.open("/plotly-0.0.0.js").status_code == 404


def test_without_any_cycle_the_pages_say_what_comes_first(reader: Desk) -> None:
    for page in ("/score-sheets", "/alerts"):
        assert reader.open(page).status_code == 200
