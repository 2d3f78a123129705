"""No line of the office runs for whoever answers: that is what walls are for."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.settings import Settings
from tests.support.open_box import Voter, open_box
from tests.support.respondents import Respondent, ask_about


@contextmanager
def entered() -> Iterator[set[str]]:
    """Give the files of ours in which a function was called in the block."""
    found: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and "survey_app/" in frame.f_code.co_filename:
            found.add(frame.f_code.co_filename.rpartition("survey_app/")[2])

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield found
    finally:
        sys.setprofile(before)


def of_the_office(files: set[str]) -> set[str]:
    return {file for file in files if file.startswith("web/office/")}


def test_scanning_and_answering_pass_no_room_of_the_office(
    client: FlaskClient, db: Session
) -> None:
    respondent = Respondent(client, ask_about(db).code)

    with entered() as files:
        assert respondent.answer().status_code == 303
        assert client.get("/").status_code == 200

    assert "survey/intake.py" in files
    assert of_the_office(files) == set()


def test_casting_a_ballot_passes_no_room_of_the_office(
    client: FlaskClient, db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    box = open_box(db, ballots, settings.secrets_folder)
    voter = Voter(client, box.codes[0])

    with entered() as files:
        assert client.get("/b").status_code == 200
        assert voter.send(box.answers()).status_code == 200

    assert "ballot/casting.py" in files
    assert of_the_office(files) == set()


def test_a_page_of_the_office_is_seen_to_be_one(client: FlaskClient) -> None:
    with entered() as files:
        client.get("/office/sign-in")

    assert of_the_office(files)
