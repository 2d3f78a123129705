"""The results workbook: the page's numbers, what they mean, and formulas that agree."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.analytics.results import results_of
from survey_app.analytics.workbook.results_workbook import results_workbook
from survey_app.appraisal.people import Cadre
from survey_app.database import writing
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scheme.scheme_file import read_scheme
from survey_app.survey.tables import Survey
from tests.support.office import READER, desk
from tests.support.result_files import results_file
from tests.support.small_county import BOTH_GROUPS, MAY_1, SCHEME, County, small_county
from tests.support.small_scheme import changed
from tests.support.spreadsheet import Spreadsheet
from tests.support.workbooks import rows_of

POOLED = read_scheme(
    BOTH_GROUPS.replace('weight = { published = "3" }\n', "")
    .replace('weight = { published = "6" }\n', "")
    .replace(
        'values = "levels"\n',
        'values = "levels"\ngrouping = { published = "pooled" }\n',
    ),
    file="small.toml",
)
WITH_ABSTENTIONS = read_scheme(
    changed(
        BOTH_GROUPS,
        (
            'values = "levels"\n',
            'values = "levels"\ndont_know = { published = "zero" }\n',
        ),
    ),
    file="small.toml",
)


@pytest.fixture
def county(engine: Engine) -> County:
    county = small_county(engine)
    county.count("staff", good=31, bad=11)
    county.count("residents", good=45, bad=15, dont_know=7)
    return county


def exported(county: County, scheme: Scheme = SCHEME) -> bytes:
    county.settle()
    with Session(county.engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        told = results_of(session, survey, scheme=scheme, today=MAY_1)
    return results_workbook(told, str, "zh")


def look(content: bytes, sheet: int, cell: str) -> str:
    """Return how a cell's number is written, as the file itself says it."""
    with ZipFile(BytesIO(content)) as book:
        styles = book.read("xl/styles.xml").decode()
        cells = book.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    formats = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    codes = {"2": "0.00"} | dict(
        re.findall(r'<numFmt numFmtId="(\d+)" formatCode="([^"]+)"', styles)
    )
    (style,) = re.findall(rf'<c r="{cell}" s="(\d+)"', cells)
    return codes[formats[int(style)]]


def test_the_answers_are_those_of_the_page(county: County) -> None:
    first, *rows = rows_of(exported(county))["Results"]

    assert first[:3] == ["No.", "Subject", "Unit"]
    assert [row[3:6:2] + row[7:8] + row[9:12] for row in rows[:3]] == [
        ["staff", "overall", "good", 31, 42, 31 / 42],
        ["staff", "overall", "bad", 11, 42, 11 / 42],
        ["staff", "overall", "dont_know", 0, 42, 0],
    ]
    # Nobody of the other survey, nobody of the other subject.
    assert sum(row[9] for row in rows if row[1] == "王一" and row[3] == "pooled") == 109


def test_the_second_sheet_holds_the_scores_of_the_page(county: County) -> None:
    county.count("staff", subject_id=county.other_subject_id, bad=4)
    content = rows_of(exported(county))

    assert list(content)[1] == "Scores"
    weighed = (31 * 100 / 42 * 3 + 45 * 100 / 60 * 6) / 9
    assert [row[1:2] + row[3:4] + row[5:] for row in content["Scores"][1:]] == [
        ["王一", "staff", 42, pytest.approx(3100 / 42)],
        ["王一", "residents", 67, pytest.approx(75)],
        ["王一", "", 109, pytest.approx(weighed)],
        ["李二", "staff", "fewer than 10: not shown", "—"],
        ["李二", "residents", 77, pytest.approx(700 / 77)],
        ["李二", "", "—", "—"],
    ]


def test_shares_look_like_per_cent(county: County) -> None:
    content = exported(county)

    assert look(content, 2, "G2") == "0.00"
    assert look(content, 3, "L2") == "0.0%"
    assert look(content, 4, "L2") == "0.0%"


def test_rates_name_their_denominator(county: County) -> None:
    _, *rows = rows_of(exported(county))["Rates"]

    (residents,) = (row for row in rows if row[1] == "王一" and row[3] == "residents")
    assert residents[7:12] == ["好评率", 45, 60, "有效票", 0.75]


def test_the_codebook_explains_every_key_in_both_languages(county: County) -> None:
    content = rows_of(exported(county))
    _, *codes = content["Codebook"]
    _, *answers = content["Results"]

    assert {(row[5], row[7]) for row in answers} <= {(row[1], row[2]) for row in codes}
    assert ["choice", "overall", "good", "好", "Good", 100, "assumed"] in codes
    assert [
        "choice",
        "overall",
        "dont_know",
        "不了解",
        "Don't know",
        "",
        "not counted",
    ] in codes


def test_the_first_sheet_says_what_was_left_out_and_why(county: County) -> None:
    county.count("staff", subject_id=county.other_subject_id, bad=4)

    about = dict(rows_of(exported(county))["About"])

    assert about["Fingerprint of the scheme"] == SCHEME.fingerprint
    assert about["好评率"] == (
        "好评率＝（好）÷有效票（有效票：不含“不了解”、弃权和未答） (assumed)"
    )
    assert "10" in about["Withheld"]
    assert about["Withheld about 李二"] == "职工"
    assert "Withheld about 王一" not in about


@pytest.mark.parametrize("scheme", [SCHEME, POOLED, WITH_ABSTENTIONS])
def test_live_formulas_come_to_the_scores_of_the_page(
    county: County, scheme: Scheme
) -> None:
    sheet = Spreadsheet(exported(county, scheme))

    rows = range(2, len(sheet.sheets["Check"]) + 1)

    assert len(rows) >= 2
    for row in rows:
        page = sheet.cell("Check", f"H{row}")
        assert sheet.cell("Check", f"G{row}") == pytest.approx(page), row
        assert sheet.cell("Check", f"I{row}") == "✓"


def test_every_score_of_the_page_is_checked(county: County) -> None:
    _, *rows = rows_of(exported(county))["Check"]

    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("question", "王一", "staff"),
        ("question", "王一", "residents"),
        ("question", "李二", "residents"),
        ("rater group", "王一", "staff"),
        ("rater group", "王一", "residents"),
        ("rater group", "李二", "residents"),
        ("all groups", "王一", ""),
    ]


def test_a_formula_that_finds_another_number_says_so(county: County) -> None:
    sheet = Spreadsheet(exported(county))
    sheet.sheets["Results"][1][9] += 1

    assert sheet.cell("Check", "I2") == "✗"


def test_a_name_never_becomes_a_formula(county: County) -> None:
    with Session(writing(county.engine)) as session:
        for cadre in session.query(Cadre):
            cadre.name = "=1+1"
        session.commit()

    content = exported(county)

    assert rows_of(content)["Results"][1][1] == "=1+1（清河镇 镇长）"
    assert not [a for a in Spreadsheet(content).formulas if a[0] == "Results"]


def test_a_small_group_is_in_no_cell(county: County) -> None:
    county.count("staff", subject_id=county.other_subject_id, bad=7)

    content = rows_of(exported(county))

    told = [row for sheet in ("Results", "Rates") for row in content[sheet][1:]]
    assert {row[3] for row in told if row[1] == "李二"} == {"residents"}


def test_the_workbook_comes_through_the_front_door(
    app: Flask, db: Session, county: County
) -> None:
    county.settle()
    reader = desk(app, db, READER)

    sent = results_file(reader, county.survey_id)

    assert sent.headers["Cache-Control"] == "no-store"
    assert "attachment" in sent.headers["Content-Disposition"]
    assert len(rows_of(sent.data)) == 6
    assert sent.content_length == len(sent.data)


def test_an_open_survey_has_no_workbook(
    app: Flask, db: Session, county: County
) -> None:
    county.reopen()

    sent = desk(app, db, READER).open(f"/surveys/{county.survey_id}/results.xlsx")

    assert sent.status_code == 403
