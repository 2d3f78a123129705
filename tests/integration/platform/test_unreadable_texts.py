"""What a later program wrote, or something damaged: said in words, breaking no page."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from survey_app.ballot.tables import BallotBox
from survey_app.database import writing
from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.guards import drop_box_guards
from tests.support.office import MANAGER, desk
from tests.support.respondents import ask_about
from tests.support.secret_county import secret_county
from tests.support.small_county import small_county

pytestmark = ONE_DATABASE


def later(written: str) -> str:
    """Return the text as a later program might have written it."""
    kept = json.loads(written)
    for part in (kept, kept.get("manifest"), kept.get("closing"), kept.get("head")):
        if isinstance(part, dict) and (part is not kept or "format" in kept):
            part |= {"format": 99, "said later": {}}
    return json.dumps(kept | ({} if "signature" in str(kept) else {"format": 99}))


def broken(written: str) -> str:
    """Return the text as half of it lies on a damaged disk."""
    return written[: len(written) // 2]


CHANGES = pytest.mark.parametrize(
    ("change", "said"),
    [
        (later, "written by a newer program than the one that runs here"),
        (broken, "is not whole, or something else stands in its place"),
    ],
    ids=["later", "broken"],
)


@dataclass(frozen=True)
class Place:
    """A column, a page that reads it, and what the page calls it."""

    table: str
    column: str
    page: str
    called: str


PLACES = (
    Place("survey", "questionnaire", "/surveys/{survey}", "The questionnaire of a"),
    Place("cycle", "scheme", "/score-sheets/{cycle}", "The scheme of a cycle"),
    Place("cycle", "scheme", "/surveys/{survey}", "The scheme of a cycle"),
)


@CHANGES
@pytest.mark.parametrize("place", PLACES)
def test_the_office_is_told_which_text_cannot_be_read(
    app: Flask, db: Session, place: Place, change: Callable[[str], str], said: str
) -> None:
    county = small_county(app.extensions["survey_engine"])
    office = desk(app, db, MANAGER)
    office.send("/language", language="en", back="")
    page = place.page.format(survey=county.survey_id, cycle=county.cycle_id)
    table, column = place.table, place.column
    assert office.open(page).status_code == 200
    for number, written in db.execute(text(f"SELECT id, {column} FROM {table}")).all():  # noqa: S608 -- names written in this test
        db.execute(
            text(f"UPDATE {table} SET {column} = :new WHERE id = :number"),  # noqa: S608 -- the same
            {"new": change(written), "number": number},
        )
    db.commit()

    shown = office.open(page)

    assert shown.status_code == 409
    assert place.called in shown.get_data(as_text=True)
    assert said in shown.get_data(as_text=True)


@pytest.fixture
def box(engine: Engine, ballots: Engine, settings: Settings) -> StandingBox:
    assert settings.secrets_folder is not None
    return standing_box(secret_county(engine), ballots, settings.secrets_folder)


@CHANGES
def test_an_unreadable_manifest_is_told_to_the_office_and_to_whoever_reads_papers(
    app: Flask, db: Session, box: StandingBox, change: Callable[[str], str], said: str
) -> None:
    client, office = app.test_client(), desk(app, db, MANAGER)
    office.send("/language", language="en", back="")
    drop_box_guards(box.ballots)
    with writing(box.ballots).begin() as connection:
        wrong = change(box.row().manifest)
        connection.execute(update(BallotBox).values(manifest=wrong))

    for page in (f"/surveys/{box.survey_id}", f"/surveys/{box.survey_id}/manifest"):
        shown = office.open(page)
        assert shown.status_code == 409, page
        assert said in shown.get_data(as_text=True)
        assert "The opening manifest of a ballot" in shown.get_data(as_text=True)
    assert client.get(f"/b/papers/{box.survey_id}?lang=en").status_code == 409
    assert client.get("/b/papers?lang=en").status_code == 200
    assert client.get("/b?lang=en").status_code == 200, "another box may be open"


@CHANGES
def test_a_respondent_is_told_without_a_fault_of_ours(
    app: Flask, db: Session, change: Callable[[str], str], said: str
) -> None:
    asked = ask_about(db)
    written = db.execute(text("SELECT questionnaire FROM survey")).scalar_one()
    db.execute(text("UPDATE survey SET questionnaire = :new"), {"new": change(written)})
    db.commit()

    shown = app.test_client().get(f"/s/{asked.code}?lang=en")

    assert shown.status_code == 409
    assert "This page cannot be shown just now" in shown.text
    assert said not in shown.text, "which program runs here is nothing for respondents"


@CHANGES
def test_a_ballot_whose_questions_cannot_be_read_closes_the_door_of_no_other(
    app: Flask, db: Session, box: StandingBox, change: Callable[[str], str], said: str
) -> None:
    code = next(iter(box.slips.values()))[0]
    written = db.execute(text("SELECT questionnaire FROM survey")).scalar_one()
    db.execute(text("UPDATE survey SET questionnaire = :new"), {"new": change(written)})
    db.commit()

    shown = app.test_client().post("/b?lang=en", data={"code": code})

    assert shown.status_code == 503, "like any box that cannot be used: try again later"
    assert said not in shown.text
