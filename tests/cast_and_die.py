"""A process that casts one ballot and is killed at one of its steps.

Called with the settings, the code, the survey's answers and the number of the step at
which the power fails: before a statement, after it, before the commit, after it.
"""

import json
import os
import signal
import sys
from datetime import date
from itertools import count
from pathlib import Path

from sqlalchemy import event

from survey_app.database import NO_LOG, engine_of
from survey_app.domain.ballots.ballot import Ballot
from survey_app.intake.ballots import BallotBoxes

MOMENTS = ("before_cursor_execute", "after_cursor_execute", "begin", "commit")
CAST = 0
"""How the process ends when its last step was not reached."""


def main(told: str) -> int:
    """Cast; return CAST if the ballot was acknowledged."""
    asked = json.loads(told)
    main_engine = engine_of(asked["main"])
    ballots = engine_of(asked["ballots"], journal=NO_LOG)
    boxes = BallotBoxes(main_engine, ballots, Path(asked["secrets"]))
    today = date(2026, 5, 1)
    found = boxes.find(asked["code"], today=today)
    assert found is not None
    steps = count(1)

    def step(*_: object) -> None:
        if next(steps) == asked["step"]:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in MOMENTS:
        event.listen(ballots, moment, step)
    picks = {
        who: {"welcome": "good", "solved": "bad"} for who in found.form.subject_ids
    }
    receipt = boxes.cast(found, asked["code"], Ballot(picks), None, today=today)
    step()
    assert receipt is not None
    return CAST


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
