"""Importing a roster: tried first, kept whole or not at all, the same when repeated."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.appraisal.cycle import GivenValue
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.appraisal.roster.import_roster import (
    ImportOutcome,
    import_roster,
    try_roster,
)
from survey_app.appraisal.roster.write_rows import Hand
from survey_app.database import writing
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.survey.rated import in_use
from tests.conftest import rows_in
from tests.support.office import ORGANIZER, Desk, desk
from tests.support.respondents import shown
from tests.support.small_county import MAY_1, County, small_county
from tests.support.statements import counted
from tests.support.workbooks import Cells, roster

FILLED: dict[str, Cells] = {
    "units": [["U3", "石桥镇", "U4"], ["U4", "龙泉片区", ""], ["U1", "清河镇", ""]],
    "cadres": [["C3", "张三", "U3", "副职", "副镇长"]],
    "values": [
        ["2026", "C3", "实绩", 93.2, "file 3"],
        ["2026", "U3", "body", "88", "file 4"],
    ],
}

NOISE = 2
"""Values of last year, which no import touches."""


@pytest.fixture
def county(engine: Engine) -> County:
    """Two units with a cadre each, who must stay as they are."""
    return small_county(engine)


BOSS = Hand("the manager", MAY_1, may_replace=True)


def imported(county: County, **sheets: Cells) -> ImportOutcome:
    with Session(writing(county.engine)) as session:
        return import_roster(
            session, roster_sheets(roster(**sheets)), BOSS, in_use=in_use
        )


def happened(outcome: ImportOutcome) -> list[tuple[str, int, str]]:
    return [(c.form.key, c.row.number, c.happens.value) for c in outcome.changes]


def test_trying_lists_everything_and_keeps_nothing(county: County) -> None:
    with Session(writing(county.engine)) as session:
        tried = try_roster(session, roster_sheets(roster(**FILLED)), in_use=in_use)

    with Session(county.engine) as session:
        assert rows_in(session, "unit") == 2
        assert rows_in(session, "given_value") == NOISE
    assert happened(tried) == [
        ("units", 2, "added"),
        ("units", 3, "added"),
        ("units", 4, "same"),
        ("cadres", 2, "added"),
        ("values", 2, "added"),
        ("values", 3, "added"),
    ]


def test_importing_does_what_trying_said(county: County) -> None:
    with Session(writing(county.engine)) as session:
        tried = try_roster(session, roster_sheets(roster(**FILLED)), in_use=in_use)

    kept = imported(county, **FILLED)

    assert happened(kept) == happened(tried)
    with Session(county.engine) as session:
        unit = session.scalars(select(Unit).where(Unit.code == "U3")).one()
        assert unit.parent_id == session.scalar(
            select(Unit.id).where(Unit.code == "U4")
        )
        cadre = session.scalars(select(Cadre).where(Cadre.code == "C3")).one()
        assert (cadre.name, cadre.post, cadre.unit_id) == ("张三", "deputy", unit.id)


def test_every_unit_and_every_cadre_can_be_rated(county: County) -> None:
    imported(county, **FILLED)

    with Session(county.engine) as session:
        bodies = session.scalars(
            select(Unit.code).join(Subject).where(Subject.kind == "leading-body")
        )
        assert sorted(bodies) == ["U1", "U2", "U3", "U4"]
        persons = session.execute(
            select(Cadre.code, Subject.unit_id == Cadre.unit_id).join(Subject)
        )
        assert sorted(map(tuple, persons)) == [("C1", 1), ("C2", 1), ("C3", 1)]


def test_values_are_kept_exactly_and_about_whom_they_mean(county: County) -> None:
    imported(county, **FILLED)

    with Session(county.engine) as session:
        values = session.execute(
            select(Subject.kind, GivenValue.component_key, GivenValue.value)
            .join(Subject, Subject.id == GivenValue.subject_id)
            .where(GivenValue.cycle_id == county.cycle_id)
        )
        assert sorted(map(tuple, values)) == [
            ("cadre", "achievements", "93.2"),
            ("leading-body", "body", "88"),
        ]


def test_the_same_workbook_a_second_time_changes_nothing(county: County) -> None:
    imported(county, **FILLED)

    with counted(county.engine) as statements:
        again = imported(county, **FILLED)

    assert {change.happens for change in again.changes} == {"same"}
    assert not [s for s in statements if s.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_only_what_differs_is_changed_and_said(county: County) -> None:
    imported(county, **FILLED)

    outcome = imported(
        county,
        cadres=[["C3", "张三", "U1", "副职", "副镇长"]],
        values=[
            ["2026", "C3", "实绩", "93.20", "file 3"],
            ["2026", "U3", "body", "89", "file 4"],
        ],
    )

    assert [
        (one.column, one.before, one.after)
        for change in outcome.changes
        for one in change.differences
    ] == [("unit", "U3", "U1"), ("value", "88", "89")]
    assert outcome.number("changed") == 2
    assert outcome.number("same") == 1
    with Session(county.engine) as session:
        moved = session.scalars(
            select(Subject).join(Cadre).where(Cadre.code == "C3")
        ).one()
        assert moved.unit.code == "U1"


def test_a_single_mistake_keeps_everything_out(county: County) -> None:
    outcome = imported(
        county,
        units=[["U3", "石桥镇", ""]],
        cadres=[["C3", "张三", "U9", "正职", "长"]],
    )

    assert [fault.where for fault in outcome.faults] == ["干部!C2"]
    with Session(county.engine) as session:
        assert rows_in(session, "unit") == 2


def test_a_roster_of_any_length_takes_as_many_statements_to_read(
    county: County,
) -> None:
    def reading(units: int) -> int:
        rows = [[f"N{n}", f"单位{n}", ""] for n in range(units)]
        with counted(county.engine) as statements:
            imported(county, units=rows)
        return len([s for s in statements if s.startswith("SELECT")])

    assert reading(3) == reading(60)


# Through the front door


@pytest.fixture
def organizer(app: Flask, db: Session, county: County) -> Desk:
    return desk(app, db, ORGANIZER)


def file(content: bytes) -> tuple[BytesIO, str]:
    return BytesIO(content), "roster.xlsx"


def test_an_organizer_checks_then_imports(organizer: Desk, db: Session) -> None:
    checked = organizer.send("/imports/try", workbook=file(roster(**FILLED)))
    assert checked.status_code == 200
    assert "石桥镇" in checked.text
    assert rows_in(db, "unit") == 2
    db.rollback()

    sent = organizer.send("/imports", workbook=file(roster(**FILLED)))

    assert sent.status_code == 303
    assert rows_in(db, "unit") == 4


def test_mistakes_come_back_with_their_cells(organizer: Desk) -> None:
    wrong = roster(units=[["U3", "", ""]])

    for path in ("/imports/try", "/imports"):
        answer = organizer.send(path, workbook=file(wrong))
        assert answer.status_code == 422
        assert "单位!B2" in answer.text


def test_no_file_and_no_workbook_are_said_plainly(organizer: Desk) -> None:
    assert organizer.send("/imports/try").status_code == 422
    sent = organizer.send("/imports/try", workbook=file(b"nothing of the kind"))
    assert sent.status_code == 422
    assert ".xlsx" in sent.text


def test_five_megabytes_are_enough_for_a_workbook_and_for_nothing_else(
    organizer: Desk,
) -> None:
    def status(path: str, size: int) -> int:
        return sent_raw(organizer, path, bytes(size)).status_code

    assert status("/imports/try", 4 * 1024 * 1024) == 422
    assert status("/imports/try", 6 * 1024 * 1024) == 413
    assert status("/surveys/new", 100 * 1024) == 413


@pytest.mark.parametrize("path", ["/imports/try", "/imports"])
def test_a_workbook_without_rows_is_said_to_be_empty(
    organizer: Desk, path: str
) -> None:
    organizer.send("/language", language="en", back="")

    sent = organizer.send(path, workbook=file(roster(units=[])))

    assert sent.status_code == 422
    page = sent.get_data(as_text=True)
    assert "The workbook has no rows to import." in page
    assert "What importing would do" not in page


def sent_raw(organizer: Desk, path: str, content: bytes) -> TestResponse:
    """Send a file in a body made by hand: the client would spill it onto the disk."""
    token = shown(organizer.open("/sign-in")).named("csrf_token")[0].get("value")
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return organizer.client.post(
        f"/office{path}",
        data=head.encode() + content + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def test_the_template_offers_the_cycles_there_are(organizer: Desk) -> None:
    sent = organizer.open("/imports/template.xlsx")

    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-store"
    assert sent.data.startswith(b"PK")
