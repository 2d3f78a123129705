"""A box as it closed: ballots of three groups, a comment and a challenge ballot."""

from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.export import Export
from survey_app.domain.ballots.opened import Opened
from survey_app.services.ballots.export_ballots import export_ballots
from survey_app.services.ballots.record_opening import record_opening
from tests.ballot_box import StandingBox, standing_box
from tests.secret_county import secret_county

SAID = {
    "leaders": {"good": 3, "bad": 1},
    "staff": {"good": 5, "bad": 4},
    "residents": {"good": 12, "bad": 9, "dont_know": 1},
}


def closed_box(engine: Engine, ballots: Engine, folder: Path) -> StandingBox:
    """Cast in one unit, one ballot with a comment and one challenged, and close."""
    box = standing_box(secret_county(engine), ballots, folder)
    unit = box.county.units[0]
    for group, said in SAID.items():
        box.cast_many(unit, group, **said)
    box.cast(box.batch(unit, "staff"), "good", comment="第一条意见")
    box.challenge(box.cast(box.batch(unit, "residents"), "bad", comment="不算"))
    box.close()
    return box


def exported(box: StandingBox, main: Session) -> Export:
    """Return the export of the box."""
    return export_ballots(main, box.ballots, box.survey_id, secrets_folder=box.folder)


def take(box: StandingBox, main: Session, opened: Opened) -> None:
    """Record the result of its opening."""
    place = {"secrets_folder": box.folder}
    record_opening(main, box.ballots, box.survey_id, opened, **place)
