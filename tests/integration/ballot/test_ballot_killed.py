"""The power fails at any step of casting: the ballot is in the box or it is not."""

from datetime import date
from pathlib import Path

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from survey_app.ballot.casting import BallotBoxes
from survey_app.ballot.paper.ballot import Ballot, read_answers, read_comment
from survey_app.ballot.sealing.envelope import unseal
from survey_app.ballot.tickets import NEW, USED
from survey_app.database import NO_LOG, engine_of, main_engine_of
from survey_app.settings import Settings
from tests.support.holder_keys import holder_keys
from tests.support.killed_process import Step, killed_at
from tests.support.open_box import Box, BoxPlan, open_box

MOST_STEPS = 30
MOMENTS = ("before_cursor_execute", "after_cursor_execute", "begin", "commit")
TODAY = date(2026, 5, 1)


def said(subject_ids: tuple[int, ...]) -> Ballot:
    """Return what everybody says."""
    return Ballot({who: {"welcome": "good", "solved": "bad"} for who in subject_ids})


def cast_until(step: int, code: str, settings: Settings) -> bool:
    """Cast in a process that dies at this step; return whether it got that far."""

    def cast(passed: Step) -> None:
        main = main_engine_of(settings)
        ballots = engine_of(settings.ballots_at, journal=NO_LOG)
        boxes = BallotBoxes(main, ballots, Path(str(settings.secrets_folder)))
        found = boxes.find(code, today=TODAY)
        assert found is not None
        for moment in MOMENTS:
            event.listen(ballots, moment, passed)
        ballot = said(found.form.subject_ids)
        receipt = boxes.cast(found, code, ballot, (), today=TODAY)
        passed()
        assert receipt is not None

    return killed_at(step, cast)


def is_whole(box: Box, code: str) -> bool:
    """Return whether the row holds exactly the ballot that was cast, sealed."""
    _, envelope, comment = box.row(code)
    opened = unseal(envelope, holder_keys(), aad=box.form.aad)
    note = unseal(comment, holder_keys(), aad=box.form.aad)
    return (
        read_answers(box.form, opened) == said(box.form.subject_ids)
        and read_comment(box.form, note) is None
    )


def test_killed_at_any_step_a_ticket_is_new_or_used_never_between(
    db: Session, ballots: Engine, settings: Settings
) -> None:
    assert settings.secrets_folder is not None
    plan = BoxPlan(tickets=MOST_STEPS)
    box = open_box(db, ballots, settings.secrets_folder, plan)
    printed = box.rows()
    killed, states = [], []

    for step, code in enumerate(box.codes, start=1):
        killed.append(cast_until(step, code, settings))
        states.append(box.row(code)[0])
        if states[-1] == NEW:
            assert box.row(code) == printed[box.digest(code)]
        else:
            assert is_whole(box, code)
        if not killed[-1]:
            break

    assert killed == [True] * (len(killed) - 1) + [False]
    assert states == sorted(states)
    assert set(states) == {NEW, USED}
    # A begin, two statements seen from both sides, a commit, and the reply's own step.
    assert len(killed) >= 7
