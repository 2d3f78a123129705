"""Papers that an earlier program wrote stand in nobody's way."""

import json
import subprocess
import sys

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, insert

from survey_app.ballot.tables import OPEN, BallotBox
from survey_app.database import writing
from survey_app.settings import Settings
from tests.support.ballot_box import StandingBox, standing_box
from tests.support.recounting import SCRIPT
from tests.support.samples import sample
from tests.support.secret_ballots import MAY_1
from tests.support.secret_county import secret_county
from tests.support.verbs_desk import survey


@pytest.fixture
def box(engine: Engine, ballots: Engine, settings: Settings) -> StandingBox:
    assert settings.secrets_folder is not None
    return standing_box(secret_county(engine), ballots, settings.secrets_folder)


def test_papers_of_an_earlier_program_hide_no_others(
    client: FlaskClient, box: StandingBox
) -> None:
    earlier = json.loads(box.row().manifest)
    earlier["manifest"] |= {"format": 0, "survey_id": 99}
    days = {"opens_on": MAY_1, "closes_on": MAY_1}
    texts = {"manifest": json.dumps(earlier), "closing": "", "head": ""}
    with writing(box.ballots).begin() as connection:
        row = {"survey_id": 99, "state": OPEN, "voided_by": "", **days, **texts}
        connection.execute(insert(BallotBox).values(row))
    listed = client.get("/b/papers?lang=en")
    its_own = client.get("/b/papers/99?lang=en")
    receipt = client.post("/b/receipt?lang=en", data={"tracker": "0" * 20})

    assert listed.status_code == 200
    assert f"/b/papers/{box.survey_id}" in listed.text
    assert "/b/papers/99" in listed.text, "by its number; its page says what it is"
    assert its_own.status_code == 409
    assert "written by an earlier program" in its_own.text
    assert client.get("/b/papers/99/manifest.json").status_code == 409
    assert box.manifest.title in receipt.text


PAPERS = sample("first") / "papers"
FILES = ("--trackers", PAPERS / "trackers.txt", "--closing", PAPERS / "closing.json")


def test_papers_of_the_first_program_are_verified_as_a_whole() -> None:
    manifest = "--manifest", PAPERS / "manifest.json"
    said = survey(
        "ballots", "verify", PAPERS / "head.json", PAPERS / "fragments.jsonl",
        *FILES, *manifest,
    )  # fmt: skip

    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[-1] == "All of these agree."


def test_papers_of_the_first_program_are_recounted_without_this_one() -> None:
    said = subprocess.run(
        [sys.executable, "-I", SCRIPT, "head.json", "fragments.jsonl", *FILES],
        cwd=PAPERS,
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert "DOES NOT AGREE" not in said.stdout
