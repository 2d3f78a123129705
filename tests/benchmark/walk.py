"""Through how many files one request runs, and how often it moves between them.

A file counts where a line of it ran: every Python file of `survey_app` in which a
function was called. A move is a call from one of them into another; libraries and
templates in between are passed over, and what a library calls of its own is none.
Every walk is taken once before, so that only what each request costs is counted.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import CodeType, FrameType

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import survey_app
from survey_app import create_app
from survey_app.database import NO_LOG, engine_of, main_engine_of, writing
from survey_app.migrate import migrate, migrate_ballots
from survey_app.settings import Settings
from survey_app.web.pace import Pace
from tests.support.office import READER, desk
from tests.support.open_box import Voter, open_box
from tests.support.respondents import Respondent, ask_about
from tests.support.small_county import County, small_county

HOUSE = f"{Path(survey_app.__file__).parent}/"
NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
Walk = Callable[[], TestResponse]


@dataclass
class Trace:
    """What one request ran through."""

    files: Counter[str] = field(default_factory=Counter)
    """File → calls into it."""
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(from, to) → how often."""

    def note(self, frame: FrameType, event: str, _argument: object) -> None:
        """Note one call; what `sys.setprofile` asks for."""
        here = _file(frame.f_code) if event == "call" else None
        if here is None:
            return
        self.files[here] += 1
        before = frame.f_back
        while before is not None and _file(before.f_code) is None:
            before = before.f_back
        there = _file(before.f_code) if before else None
        if there is not None and there != here:
            self.moves[there, here] += 1


def _file(code: CodeType) -> str | None:
    """Return the file of ours this code stands in; None for others and templates."""
    return _ours(code.co_filename)


@cache
def _ours(name: str) -> str | None:
    if name.startswith(HOUSE) and name.endswith(".py"):
        return name.removeprefix(HOUSE)
    return None


def traced(walk: Walk) -> Trace:
    """Return what the request ran through, which must be answered as it should be."""
    trace = Trace()
    sys.setprofile(trace.note)
    try:
        answer = walk()
    finally:
        sys.setprofile(None)
    if answer.status_code not in (200, 303):
        raise RuntimeError(answer.status)
    return trace


def main() -> None:
    """Print files and moves of the three walks; with a name, every move of it."""
    wanted = sys.argv[sys.argv.index("walk") + 1 :]
    with tempfile.TemporaryDirectory() as folder, _town(Path(folder)) as town:
        for name, walk in walks(*town).items():
            walk()
            trace = traced(walk)
            sys.stdout.write(
                f"{name}: {len(trace.files)} files, {trace.moves.total()} moves\n"
            )
            if name in wanted:
                for (there, here), times in trace.moves.most_common():
                    sys.stdout.write(f"{times:5} {there} -> {here}\n")


def walks(app: Flask, db: Session, ballots: Engine) -> dict[str, Walk]:
    """Return the walks of docs/walk.md and of a score sheet, each good for twice."""
    # First, for it settles every survey there is.
    path = _counted_sheet(small_county(app.extensions["survey_engine"]))
    folder = app.extensions["survey_settings"].secrets_folder
    box = open_box(db, ballots, folder)
    sheet = desk(app, db, READER)
    return {
        "answer": _answer(app, db),
        "score-sheet": lambda: sheet.open(path),
        "ballot": _ballots(app, box.codes, box.answers()),
    }


@contextmanager
def _town(folder: Path) -> Iterator[tuple[Flask, Session, Engine]]:
    """Give a platform in this folder, a session and the ballots."""
    settings = Settings(
        database_url=f"sqlite:///{folder / 'survey.sqlite'}",
        secret_key="k" * 32,
        second_factor="",
        ballot_secrets=str(folder / "secrets"),
    )
    engine = main_engine_of(settings)
    ballots = engine_of(settings.ballots_at, journal=NO_LOG)
    migrate(engine)
    migrate_ballots(ballots)
    app = create_app(settings, clock=lambda: NOON, pace=Pace(seconds=0))
    with Session(writing(engine)) as db:
        yield app, db, ballots
    engine.dispose()
    ballots.dispose()


def _answer(app: Flask, db: Session) -> Walk:
    somebody = Respondent(app.test_client(), ask_about(db).code)
    forms = iter([somebody.scan().submission for _ in range(2)])
    picks = {"welcome": "good", "solved": "good"}
    return lambda: somebody.send({**picks, "submission": next(forms)})


def _ballots(app: Flask, codes: tuple[str, ...], answers: dict[str, str]) -> Walk:
    voters = iter([Voter(app.test_client(), code) for code in codes])
    return lambda: next(voters).send(answers)


def _counted_sheet(county: County) -> str:
    """Return the address of a score sheet with every kind of number on it."""
    county.count("staff", good=20, bad=10)
    county.count("residents", good=45, bad=15, dont_know=3)
    county.give(county.subject_id, achievements="93.2", direct="5")
    county.give(county.body_id, body="88")
    county.settle()
    return f"/score-sheets/{county.cycle_id}/{county.subject_id}"
