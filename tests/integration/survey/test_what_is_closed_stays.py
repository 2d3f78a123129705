"""The roster may change after an opening; what was rated, and its showing, stays."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.ballot.decryption_minutes import decryption_minutes
from survey_app.ballot.paper.manifest import Manifest
from survey_app.database import writing
from survey_app.settings import Settings
from survey_app.survey.rated import rated_of
from survey_app.survey.settling.settle_cycle import freeze_facts
from survey_app.survey.tables import VOID, Channel, Survey
from tests.conftest import FixedClock
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.closed_box import decrypt_compared
from tests.support.closed_county import (
    closed_county,
    imported,
    open_another,
    opened_county,
    sheet,
    shown_of,
)
from tests.support.holder_keys import holder_keys
from tests.support.office import MANAGER, desk
from tests.support.respondents import shown
from tests.support.secret_county import secret_county
from tests.support.small_county import County, small_county
from tests.support.workbooks import Cells

MOVED: Cells = [["C1", "王一", "U2", "正职", "镇长"]]
DEMOTED: Cells = [["C1", "王一", "U1", "副职", "副镇长"]]
SOMEBODY_ELSE: Cells = [["C1", "赵六", "U1", "正职", "镇长"]]
OTHER_UNIT: Cells = [["U1", "新河街道", ""]]


@pytest.fixture
def county(engine: Engine) -> County:
    return closed_county(engine)


@pytest.mark.parametrize(
    "sheets",
    [
        {"cadres": MOVED},
        {"cadres": DEMOTED},
        {"cadres": SOMEBODY_ELSE},
        {"units": OTHER_UNIT},
    ],
    ids=["moved", "demoted", "a wrong code", "unit renamed"],
)
def test_no_import_changes_what_is_closed(
    county: County, sheets: dict[str, Cells]
) -> None:
    before = shown_of(county)

    outcome = imported(
        county, units=sheets.get("units", ()), cadres=sheets.get("cadres", ())
    )

    assert outcome.number("changed") == 1
    assert shown_of(county) == before


def test_somebody_moved_keeps_score_and_leading_body(county: County) -> None:
    assert sheet(county).overall is not None

    imported(county, cadres=MOVED)

    found = sheet(county)
    assert found.overall is not None
    assert (found.name, found.unit, found.title) == ("王一", "清河镇", "镇长")


def test_a_cadre_whose_leading_body_alone_was_rated_stays_as_well(
    engine: Engine,
) -> None:
    county = small_county(engine)
    with Session(writing(engine)) as session:
        survey = session.get_one(Survey, county.survey_id)
        survey.state = "draft"
        survey.subjects = [session.get_one(Subject, county.body_id)]
        session.flush()
        freeze_facts(session, survey)
        session.commit()

    imported(county, cadres=MOVED)

    assert sheet(county).unit == "清河镇"


def test_who_was_never_rated_is_where_the_roster_has_him(engine: Engine) -> None:
    county = small_county(engine)

    imported(county, cadres=MOVED)

    assert sheet(county).unit == "柳林镇"


def test_what_a_void_survey_was_opened_with_decides_nothing(county: County) -> None:
    with Session(writing(county.engine)) as session:
        session.get_one(Survey, county.survey_id).state = VOID
        session.commit()

    imported(county, cadres=MOVED)

    assert sheet(county).unit == "柳林镇"


def test_each_survey_knows_him_as_it_opened_and_the_sheet_as_the_first_did(
    county: County,
) -> None:
    imported(county, cadres=MOVED)

    another = open_another(county)

    with Session(county.engine) as session:
        units = {
            number: rated_of(session, number)[0].unit.code
            for number in (county.survey_id, another)
        }
    assert units == {county.survey_id: "U1", another: "U2"}
    assert sheet(county).unit == "清河镇"


def test_moved_while_answers_come_in_the_survey_still_names_him_as_it_opened(
    engine: Engine, client: FlaskClient
) -> None:
    county = opened_county(engine)
    imported(county, cadres=SOMEBODY_ELSE, units=OTHER_UNIT)

    with Session(county.engine) as session:
        code = session.scalars(
            select(Channel.code).where(Channel.survey_id == county.survey_id)
        ).first()
    page = client.get(f"/s/{code}").text

    assert "王一" in page
    assert "赵六" not in page


def test_a_draft_follows_the_roster(engine: Engine) -> None:
    county = small_county(engine)
    with Session(writing(engine)) as session:
        session.get_one(Survey, county.survey_id).state = "draft"
        session.commit()

    imported(county, cadres=SOMEBODY_ELSE)

    with Session(engine) as session:
        assert "赵六" in [one.name for one in rated_of(session, county.survey_id)]


def test_the_office_reads_the_frozen_names_everywhere(
    app: Flask, db: Session, county: County
) -> None:
    manager = desk(app, db, MANAGER)
    imported(county, cadres=SOMEBODY_ELSE, units=OTHER_UNIT)
    at = f"/surveys/{county.survey_id}"

    for path in (
        at, f"{at}/turnout", f"{at}/results", f"{at}/results/{county.subject_id}",
        f"{at}/results/{county.subject_id}/notice", f"{at}/posters", "/alerts",
        f"/score-sheets/{county.cycle_id}/{county.subject_id}",
    ):  # fmt: skip
        page = manager.see(path).text
        assert "赵六" not in page, path
        assert "新河街道" not in page, path
        assert "王一" in page or path.endswith("posters"), path


# Secret ballots


@pytest.fixture
def box(engine: Engine, ballots: Engine, settings: Settings) -> StandingBox:
    """A small group merged into another, cast in the first unit; the box is open."""
    assert settings.secrets_folder is not None
    box = standing_box(secret_county(engine), ballots, settings.secrets_folder)
    unit = box.county.units[0]
    box.cast_many(unit, "leaders", good=3)
    box.cast_many(unit, "staff", good=5, bad=4)
    box.cast_many(unit, "residents", good=14, bad=9)
    return box


def moved_about(engine: Engine) -> None:
    """Let everybody's roster row say something else."""
    with Session(writing(engine)) as session:
        last = session.scalars(select(Unit.id).order_by(Unit.id.desc())).first()
        session.execute(update(Cadre).values(name="赵六", unit_id=last, post="deputy"))
        session.execute(update(Unit).values(name="改名镇"))
        session.execute(update(Subject).values(unit_id=last))
        session.commit()


def opened(box: StandingBox, db: Session) -> None:
    box.close()
    decrypt_compared(box, db, holder_keys())
    db.rollback()


def test_moved_between_casting_and_opening_nothing_is_counted_elsewhere(
    box: StandingBox, db: Session, app: Flask, engine: Engine
) -> None:
    moved_about(engine)
    opened(box, db)
    manager = desk(app, db, MANAGER)
    db.commit()

    page = manager.see(f"/surveys/{box.survey_id}/results")
    minute = manager.see(f"/surveys/{box.survey_id}/minute").text
    papers = shown(app.test_client().get(f"/b/papers/{box.survey_id}")).text

    for said in (page.text, minute, papers):
        assert "改名镇" not in said
        assert "赵六" not in said
        assert "U1镇" in said
    assert decryption_minutes(box.ballots, box.survey_id).batches


def test_a_ballot_reads_the_names_of_the_opening(
    box: StandingBox, engine: Engine, client: FlaskClient, clock: FixedClock
) -> None:
    clock.day = box.manifest.opens_on
    moved_about(engine)
    unit = box.county.units[0]
    code = box.slips[box.batch(unit, "residents").batch_id][0]

    page = client.post("/b", data={"code": code}).text

    assert "U1某" in page
    assert "赵六" not in page


def test_the_manifest_and_the_plan_speak_of_the_same_units(
    box: StandingBox, db: Session, engine: Engine
) -> None:
    before = {one.id: one.unit_id for one in rated_of(db, box.survey_id)}
    db.rollback()
    moved_about(engine)

    after = {one.id: one.unit_id for one in rated_of(db, box.survey_id)}

    assert after == before
    manifest: Manifest = box.manifest
    assert {s: u for u, some in manifest.subjects.items() for s in some} == after
