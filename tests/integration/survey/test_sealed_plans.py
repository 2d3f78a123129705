"""Who writes to the database cannot change what may be shown, unseen."""

import json
from typing import Any

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from survey_app.audit.integrity import Finding, findings
from survey_app.ballot.count_decrypted import count_decrypted
from survey_app.database import writing
from survey_app.domain.disclosure.frozen_plan import FrozenPlan
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.migrate import alembic_config, migrate
from survey_app.survey.closing import close_survey
from survey_app.survey.kept_plan import seal_frozen
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.settled_plan import plan_of
from survey_app.survey.tables import PublicationPlan, Survey
from tests.support.answers import let_answers_agree
from tests.support.closed_box import closed_box, decrypt_compared
from tests.support.drafts import ready
from tests.support.holder_keys import holder_keys
from tests.support.office import MANAGER, desk
from tests.support.result_files import results_file, work_off_jobs
from tests.support.small_county import MAY_1, County, add_counts, small_county


@pytest.fixture
def county(engine: Engine) -> County:
    """A county with a settled survey, one group of which is withheld."""
    county = small_county(engine)
    county.count("staff", good=20, bad=9)
    county.count("residents", bad=7)
    county.settle()
    return county


def lowered(plan: str) -> str:
    """Return a frozen plan that would show everybody."""
    kept = json.loads(plan)
    kept["floors"] = dict.fromkeys(kept["floors"], 1)
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def lower_floors(db: Session, survey_id: int, *, fingerprint: bool = True) -> None:
    """Change the floors as somebody with the database's password would."""
    kept = db.get_one(PublicationPlan, survey_id)
    plan = lowered(kept.frozen)
    db.execute(
        text("UPDATE publication_plan SET frozen = :plan WHERE survey_id = :survey"),
        {"plan": plan, "survey": survey_id},
    )
    if fingerprint:
        db.execute(
            text("UPDATE publication_plan SET fingerprint = :fingerprint"),
            {"fingerprint": FrozenPlan.from_json(plan).fingerprint},
        )
    db.commit()
    db.expire_all()


CHANGES = [
    "UPDATE publication_plan SET evaluated = replace(evaluated, 'null', '7')",
    "UPDATE publication_plan SET frozen = replace(frozen, '10', '1')",
    "UPDATE publication_plan SET seal = NULL, settled_seal = NULL",
    "UPDATE publication_plan SET settled_seal = seal",
    "UPDATE survey SET small_groups = 'withhold'",
    "UPDATE survey SET is_recheck = NOT is_recheck",
    "UPDATE survey SET questionnaire = replace(questionnaire, 'good', 'best')",
    "UPDATE cycle SET scheme = replace(scheme, '100', '1000')",
]
OF_A_SUBJECT = [
    "UPDATE settled_subject SET plan = replace(plan, 'null', '7')",
    "UPDATE settled_subject SET tally = tally || '0'",
    "UPDATE settled_subject SET seal = NULL",
    "UPDATE settled_subject SET seal = (SELECT max(seal) FROM settled_subject)",
    "DELETE FROM settled_subject",
]
SHOWN = (
    "/surveys/{survey}/results",
    "/surveys/{survey}/results/{subject}",
    "/surveys/{survey}/results.xlsx",
    "/score-sheets/{cycle}/{subject}",
    "/alerts",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_shown_nowhere_and_the_page_says_so(
    app: Flask, db: Session, county: County, change: str
) -> None:
    office = desk(app, db, MANAGER)
    office.send("/language", language="en", back="")
    places = [
        path.format(
            survey=county.survey_id, subject=county.subject_id, cycle=county.cycle_id
        )
        for path in (*SHOWN, "/surveys/{survey}/turnout")
    ]
    results_file(office, county.survey_id, "en")
    assert {office.open(place).status_code for place in places} == {200}

    db.execute(text(change))
    db.commit()

    for place in places:
        said = office.open(place)
        assert said.status_code == 409, place
        assert "was changed in the database" in said.get_data(as_text=True)


@pytest.mark.parametrize("change", OF_A_SUBJECT)
def test_what_was_decided_about_a_subject_cannot_be_changed_or_taken_away(
    app: Flask, db: Session, county: County, change: str
) -> None:
    """What was made of it before, its alerts and the workbook, has its own seals."""
    office = desk(app, db, MANAGER)
    places = (*SHOWN[:2], SHOWN[3], "/surveys/{survey}/turnout")

    db.execute(text(change))
    db.commit()

    for path in places:
        place = path.format(
            survey=county.survey_id, subject=county.subject_id, cycle=county.cycle_id
        )
        assert office.open(place).status_code == 409, place
    assert Finding("plan", county.survey_id) in findings(county.engine, None)


COUNTERS = [
    "UPDATE choice_count SET count = count + 16 WHERE choice_key = 'bad'",
    "DELETE FROM choice_count",
]


@pytest.mark.parametrize("change", COUNTERS)
def test_counters_that_changed_after_settling_are_shown_nowhere(
    app: Flask, db: Session, county: County, change: str
) -> None:
    office = desk(app, db, MANAGER)
    office.send("/language", language="en", back="")

    db.execute(text(change))
    db.commit()

    for path in SHOWN:
        place = path.format(
            survey=county.survey_id, subject=county.subject_id, cycle=county.cycle_id
        )
        said = office.open(place)
        if place.endswith(".xlsx"):  # there is none, and none is made
            place = office.send(f"/surveys/{county.survey_id}/results-file").location
            work_off_jobs(app)
            said = office.open(place.removeprefix("/office"))
        else:
            assert said.status_code == 409, place
        assert "counters of this survey differ" in said.get_data(as_text=True)


@pytest.mark.parametrize("fingerprint", [True, False])
def test_lowered_floors_keep_an_open_survey_from_being_settled(
    db: Session, *, fingerprint: bool
) -> None:
    made = ready(db)
    open_survey(db, made.survey_id, today=MAY_1)
    add_counts(db, made.survey_id, made.subject_ids[0], "staff", {"good": 4})
    let_answers_agree(db, made.survey_id)
    lower_floors(db, made.survey_id, fingerprint=fingerprint)

    with pytest.raises(PlanChanged) as refused:
        close_survey(db, made.survey_id)
    db.rollback()

    assert refused.value.surveys == (made.survey_id,)
    assert db.get_one(Survey, made.survey_id).state == "open"


def test_a_box_is_counted_only_by_the_plan_of_its_manifest(
    engine: Engine, ballots: Engine, db: Session, tmp_path: Any
) -> None:
    """Even where somebody knows the key of the seals."""
    box = closed_box(engine, ballots, tmp_path)
    lower_floors(db, box.survey_id)
    seal_frozen(db, db.get_one(PublicationPlan, box.survey_id))
    db.commit()

    with pytest.raises(PlanChanged), Session(writing(engine)) as main:
        decrypt_compared(box, main, holder_keys())
    with pytest.raises(PlanChanged), Session(writing(engine)) as main:
        count_decrypted(main, ballots, box.survey_id)

    db.expire_all()
    assert db.get_one(PublicationPlan, box.survey_id).evaluated is None


def test_what_lay_there_before_is_sealed_by_migrating(
    engine: Engine, county: County, db: Session
) -> None:
    before = plan_of(db, county.survey_id)
    db.rollback()
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        connection.commit()

    migrate(engine)

    assert plan_of(db, county.survey_id) == before
