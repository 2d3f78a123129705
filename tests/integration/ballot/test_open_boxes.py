"""Which boxes take ballots: only those this server opened, as it opened them."""

import shutil
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, text, update
from sqlalchemy.orm import Session

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.open_boxes import REMEMBERED
from survey_app.ballot.paper.ballot import Ballot
from survey_app.ballot.paper.manifest import posted
from survey_app.ballot.sealing.keys import make_key
from survey_app.ballot.sealing.secrets_folder import destroy_secrets
from survey_app.ballot.tickets import USED
from survey_app.database import writing
from survey_app.domain.ground.refusals import NotKept
from survey_app.settings import Settings
from survey_app.survey.tables import Survey
from tests.support.open_box import Box, open_box, unissued_code, with_questions

TODAY = date(2026, 5, 1)


class Watch:
    """A clock that stands until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def boxes(box: Box, engine: Engine, settings: Settings, watch: Watch) -> BallotBoxes:
    return BallotBoxes(engine, box.ballots, settings.secrets_folder, clock=watch)


def test_a_code_finds_its_own_box_among_several(
    boxes: BallotBoxes, box: Box, db: Session, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    other = open_box(db, box.ballots, settings.secrets_folder)

    for one in (box, other):
        found = boxes.find(one.codes[1], today=TODAY)
        assert found is not None
        assert found.form == one.form


def test_nothing_secret_is_in_what_a_box_says_of_itself(
    boxes: BallotBoxes, box: Box
) -> None:
    said = repr(boxes.find(box.codes[0], today=TODAY))

    assert box.pepper.hex() not in said
    assert repr(box.pepper) not in said


def test_keys_somebody_else_put_into_the_manifest_are_not_sealed_to(
    boxes: BallotBoxes, box: Box
) -> None:
    """Whoever writes to the database could otherwise read every ballot from then on."""
    own = make_key("组织部", "a long passphrase of mine", bits=2048).public
    forged = replace(box.manifest, key_holders=((own.holder, own.to_json()),) * 2)
    box.set_box(manifest=posted(forged.to_json(), "00" * 64))

    with pytest.raises(NotKept):
        boxes.find(box.codes[0], today=TODAY)


def test_other_questions_than_the_posted_ones_are_not_asked(
    boxes: BallotBoxes, box: Box, db: Session
) -> None:
    asked = with_questions(3)
    db.execute(update(Survey).values(questionnaire=asked.to_json()))
    db.commit()

    with pytest.raises(NotKept):
        boxes.find(box.codes[0], today=TODAY)


def test_without_its_secrets_a_box_is_not_said_to_hold_no_such_ticket(
    boxes: BallotBoxes, box: Box, db: Session, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    other = open_box(db, box.ballots, settings.secrets_folder)
    destroy_secrets(settings.secrets_folder, box.form.survey_id)

    for code in (box.codes[0], unissued_code()):
        with pytest.raises(NotKept):
            boxes.find(code, today=TODAY)
    assert boxes.find(other.codes[0], today=TODAY) is not None


def test_a_platform_without_a_folder_of_secrets_takes_no_ballot(
    box: Box, engine: Engine
) -> None:
    boxes = BallotBoxes(engine, box.ballots, None)

    assert boxes.find(box.codes[0], today=TODAY) is None


def test_a_box_is_remembered_for_five_seconds(
    boxes: BallotBoxes, box: Box, db: Session, settings: Settings, watch: Watch
) -> None:
    assert settings.secrets_folder is not None
    boxes.find(box.codes[0], today=TODAY)
    other = open_box(db, box.ballots, settings.secrets_folder)
    shutil.rmtree(settings.secrets_folder)

    watch.now = REMEMBERED - 0.1
    assert boxes.find(box.codes[0], today=TODAY) is not None
    assert boxes.find(other.codes[0], today=TODAY) is None

    watch.now = REMEMBERED
    with pytest.raises(NotKept):
        boxes.find(box.codes[0], today=TODAY)


def test_a_box_once_known_takes_ballots_while_the_main_database_is_away(
    boxes: BallotBoxes, box: Box, engine: Engine, watch: Watch
) -> None:
    boxes.find(box.codes[0], today=TODAY)
    with writing(engine).begin() as connection:
        connection.execute(text("ALTER TABLE survey RENAME TO away"))
    watch.now = 2 * REMEMBERED

    found = boxes.find(box.codes[0], today=TODAY)
    assert found is not None
    picks = {s: {"welcome": "good", "solved": "bad"} for s in box.form.subject_ids}
    cast = boxes.cast(found, box.codes[0], Ballot(picks), (), today=TODAY)

    assert cast is not None
    assert box.row(box.codes[0])[0] == USED


def test_a_box_nobody_could_look_into_is_asked_for_later(
    boxes: BallotBoxes, box: Box, engine: Engine
) -> None:
    with writing(engine).begin() as connection:
        connection.execute(text("ALTER TABLE survey RENAME TO away"))

    with pytest.raises(NotKept):
        boxes.find(box.codes[0], today=TODAY)
