"""The worker hears that a process ended, and does not wait for the next look."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.database import writing
from survey_app.jobs.jobs import ask_for
from survey_app.jobs.worker import PAUSES, Worker
from survey_app.settings import Settings
from tests.conftest import ONE_DATABASE

pytestmark = ONE_DATABASE

PROGRAM = """
import os, sys
begun, number = sys.argv[1:3]
with open(begun, "a") as file:
    file.write(number + "\\n")
"""
KILLED, BROKEN = "os.kill(os.getpid(), 9)", "sys.exit(1)"
CUT_OFF_TWICE = f"if len(open(begun).readlines()) < 3: {KILLED}"


@pytest.fixture
def number(engine: Engine) -> int:
    with Session(writing(engine)) as session:
        asked = ask_for(session, "count-sheep", about=7)
        session.commit()
        return asked


@pytest.mark.parametrize(
    ("ends", "times"),
    [
        pytest.param("", 1, id="in peace, as where somebody else is at it"),
        pytest.param(CUT_OFF_TWICE, 3, id="killed twice"),
        pytest.param(KILLED, 1 + len(PAUSES), id="killed every time"),
        pytest.param(BROKEN, 1 + len(PAUSES), id="database away"),
    ],
)
def test_a_job_that_was_cut_off_is_taken_up_again(
    settings: Settings, number: int, tmp_path: Path, ends: str, times: int
) -> None:
    begun = tmp_path / "begun"
    program = (sys.executable, "-S", "-c", PROGRAM + ends, str(begun))

    Worker(settings, program=program, pauses=[0] * len(PAUSES)).work_off(number)

    assert begun.read_text("ascii").split() == [str(number)] * times


def test_what_is_done_is_not_done_again(settings: Settings, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    program = (sys.executable, "-S", "-c", PROGRAM, str(begun))

    Worker(settings, program=program).work_off(999)

    assert not begun.exists()
