"""The power fails at any step of casting: the ballot is in the box or it is not."""

import json
import signal
import subprocess
import sys

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from survey_app.domain.ballots.ballot import Ballot, read_answers, read_comment
from survey_app.migrate import CHECKOUT
from survey_app.models.ballots.ticket import NEW, USED
from survey_app.sealing.envelope import unseal
from survey_app.settings import Settings
from tests.cast_and_die import CAST
from tests.holder_keys import holder_keys
from tests.open_box import Box, BoxPlan, open_box

MOST_STEPS = 30


def cast_until(step: int, code: str, settings: Settings) -> int:
    """Cast in a process of its own; return how it ended."""
    told = {
        "main": settings.database_url,
        "ballots": settings.ballots_at,
        "secrets": str(settings.secrets_folder),
        "code": code,
        "step": step,
    }
    program = [sys.executable, "-m", "tests.cast_and_die", json.dumps(told)]
    return subprocess.run(program, cwd=CHECKOUT, check=False).returncode


def is_whole(box: Box, code: str) -> bool:
    """Return whether the row holds exactly the ballot that was cast, sealed."""
    _, envelope, comment = box.row(code)
    picks = {who: {"welcome": "good", "solved": "bad"} for who in box.form.subject_ids}
    opened = unseal(envelope, holder_keys(), aad=box.form.aad)
    note = unseal(comment, holder_keys(), aad=box.form.aad)
    return (
        read_answers(box.form, opened) == Ballot(picks)
        and read_comment(box.form, note) is None
    )


def test_killed_at_any_step_a_ticket_is_new_or_used_never_between(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    plan = BoxPlan(tickets=MOST_STEPS)
    box = open_box(db, ballots, settings.secrets_folder, plan)
    printed = box.rows()
    ended, states = [], []

    for step, code in enumerate(box.codes, start=1):
        ended.append(cast_until(step, code, settings))
        states.append(box.row(code)[0])
        if states[-1] == NEW:
            assert box.row(code) == printed[box.digest(code)]
        else:
            assert is_whole(box, code)
        if ended[-1] == CAST:
            break

    assert ended == [-signal.SIGKILL] * (len(ended) - 1) + [CAST]
    assert states == sorted(states)
    assert set(states) == {NEW, USED}
    # A begin, two statements seen from both sides, a commit, and the reply's own step.
    assert len(ended) >= 7
