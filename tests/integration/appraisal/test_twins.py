"""People and units of one name are told apart wherever they are named."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey_app.analytics.results import results_of
from survey_app.analytics.scores import sheets_of
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Unit
from survey_app.appraisal.roster.import_roster import ImportOutcome, import_roster
from survey_app.database import writing
from survey_app.forms.roster.roster_workbook import roster_sheets
from survey_app.survey.rated import in_use
from survey_app.survey.settling.settle_cycle import freeze_facts
from survey_app.survey.tables import Survey
from tests.support.drafts import ready
from tests.support.office import MANAGER, desk
from tests.support.raised import every_alert
from tests.support.respondents import Plan, ask_about, shown
from tests.support.small_county import MAY_1, SCHEME, small_county
from tests.support.workbooks import Cells, roster

# Names are told apart after they were read, on either kind of database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TWINS = ("李强（清河镇 镇长）", "李强（柳林镇 镇长）")


def test_the_office_reads_two_people_of_one_name_apart(app: Flask, db: Session) -> None:
    made = ready(db)
    db.execute(update(Cadre).values(name="李强"))
    db.commit()
    manager = desk(app, db, MANAGER)
    where = f"/surveys/{made.survey_id}"

    for path in (where, f"{where}/posters", f"{where}/channels"):
        page = manager.see(path).text
        assert all(name in page for name in TWINS), path
    manager.send(f"{where}/subjects/{made.subject_ids[0]}/remove")
    assert "清河镇 镇长" in manager.see(f"{where}/subjects").text


def test_a_respondent_reads_them_apart(client: FlaskClient, db: Session) -> None:
    asked = ask_about(db, Plan(units=("甲", "乙", "清河镇", "柳林镇")))
    ids = {unit.name: unit.id for unit in db.scalars(select(Unit))}
    for name, above in (("甲", "清河镇"), ("乙", "柳林镇")):
        values = {"name": "财政所", "parent_id": ids[above]}
        db.execute(update(Unit).where(Unit.id == ids[name]).values(values))
    db.commit()

    page = shown(client.get(f"/s/{asked.code}")).text

    assert "财政所（清河镇）" in page
    assert "财政所（柳林镇）" in page
    assert "柳林镇（" not in page


def test_a_channel_about_one_subject_says_which(
    client: FlaskClient, db: Session
) -> None:
    asked = ask_about(db, Plan(units=("财政所",)))
    above = Unit(code="above", name="清河镇")
    db.add(above)
    db.flush()
    db.execute(update(Unit).where(Unit.name == "财政所").values(parent_id=above.id))
    db.commit()

    assert "财政所 清河镇" in " ".join(
        shown(client.get(f"/s/{asked.code}")).text.split()
    )


def test_results_score_sheets_and_alerts_name_them_apart(engine: Engine) -> None:
    county = small_county(engine)
    with Session(writing(engine)) as session:
        session.execute(update(Cadre).values(name="李强", title="镇长"))
        session.execute(update(Cadre).where(Cadre.code == "C2").values(title="副镇长"))
        session.commit()
    county.count("residents", good=60, bad=40)
    with Session(writing(engine)) as session:
        freeze_facts(session, session.get_one(Survey, county.survey_id))
        session.commit()
    county.settle()
    twins = ["李强（清河镇 镇长）", "李强（柳林镇 副镇长）"]

    with Session(engine) as session:
        survey = session.get_one(Survey, county.survey_id)
        cycle = session.get_one(Cycle, county.cycle_id)
        told = results_of(session, survey, scheme=SCHEME, today=MAY_1)
        sheets = sheets_of(session, cycle, scheme=SCHEME)
        found = {one.subject.name for one in every_alert(session)}

    assert [one.name for one in told.subjects] == twins
    assert [one.name for one in sheets] == twins
    assert found >= {twins[0]}


def outcome(engine: Engine, **sheets: Cells) -> ImportOutcome:
    with Session(writing(engine)) as session:
        return import_roster(session, roster_sheets(roster(**sheets)), in_use=in_use)


def told(found: ImportOutcome) -> list[tuple[str, str]]:
    return [(one.where, one.what.key) for one in (*found.faults, *found.warnings)]


def test_the_check_warns_of_twins_and_of_two_principals(engine: Engine) -> None:
    small_county(engine)
    outcome(
        engine,
        units=[["U8", "财政所", "U1"], ["U9", "水务局", ""]],
        cadres=[["C8", "李强", "U8", "正职", "所长"]],
    )

    found = outcome(
        engine,
        units=[["U7", "财政所", "U2"], ["U08", "石桥镇", ""]],
        cadres=[
            ["C5", "李 强", "U8", "副职", "副所长"],
            ["C6", "李强", "U9", "副职", "副局长"],
            ["C7", "王芳", "U8", "正职", "所长"],
            ["\u04218", "赵敏", "U9", "副职", "副局长"],
        ],
    )

    assert not found.faults
    assert told(found) == [
        ("单位!A3", "roster-alike-code"),
        ("干部!A5", "roster-alike-code"),
        ("单位!B2", "roster-same-unit-name"),
        ("干部!B2", "roster-same-name-in-unit"),
        ("干部!B3", "roster-same-name"),
        ("干部!D4", "roster-two-principals"),
    ]


def test_a_twin_that_was_looked_at_is_no_news_the_next_time(engine: Engine) -> None:
    small_county(engine)
    rows: dict[str, Cells] = {
        "units": [["U7", "财政所", "U2"], ["U07", "财政所", "U1"]],
        "cadres": [
            ["C5", "李强", "U7", "正职", "所长"],
            ["C6", "李强", "U7", "正职", "所长"],
        ],
    }
    outcome(engine, **rows)

    assert told(outcome(engine, **rows)) == []


def test_codes_that_differ_in_capitals_only_are_refused(engine: Engine) -> None:
    small_county(engine)

    found = outcome(engine, units=[["u1", "清河镇", ""], ["Ｕ２", "柳林镇", ""]])

    assert told(found) == [("单位!A2", "roster-twin-code")]
