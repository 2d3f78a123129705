"""What it costs to give out the recount file of a box of 10,000 ballots."""

import secrets
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from survey_app.analytics.ballot_papers import fragment_lines
from survey_app.ballot.paper.head import Head
from survey_app.ballot.tables import FragmentRow
from survey_app.database import NO_LOG, create_file, engine_of, writing
from survey_app.migrate import migrate_ballots

BALLOTS, SUBJECTS, QUESTIONS = 10_000, (1, 2, 3), tuple("abcdefg")
SURVEY, GROUP, CHOICE = 1, "staff", "competent"


def main() -> None:
    """Print lines, megabytes, processor time and the most memory in use."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_of(f"sqlite:///{Path(folder) / 'b.sqlite'}", journal=NO_LOG)
        create_file(engine)
        migrate_ballots(engine)
        with writing(engine).begin() as connection:
            connection.execute(insert(FragmentRow), sorted(_rows(), key=_by_id))
        began = time.process_time()
        lines, size = _given_out(engine)
        seconds = time.process_time() - began
        tracemalloc.start()
        _given_out(engine)
        peak = tracemalloc.get_traced_memory()[1]
        engine.dispose()
    sys.stdout.write(
        f"{lines} lines, {size / 1e6:.1f} MB: {seconds:.1f} s of processor time, "
        f"at most {peak / 1e6:.1f} MB in use\n"
    )


def _rows() -> Iterator[dict[str, Any]]:
    for _ in range(BALLOTS):
        for subject in SUBJECTS:
            for question in QUESTIONS:
                yield {
                    "id": secrets.token_bytes(16),
                    "survey_id": SURVEY,
                    "subject_id": subject,
                    "rater_group": GROUP,
                    "question_key": question,
                    "choice_key": CHOICE,
                }


def _by_id(row: Mapping[str, Any]) -> bytes:
    return bytes(row["id"])


def _given_out(engine: Engine) -> tuple[int, int]:
    """Return how many lines and characters there are; all of them are opened."""
    tally = {s: {GROUP: {q: {CHOICE: BALLOTS} for q in QUESTIONS}} for s in SUBJECTS}
    lines = fragment_lines(engine, _head(tally), opened=True)
    sizes = [len(line) for line in lines]
    return len(sizes), sum(sizes)


def _head(tally: dict[int, dict[str, dict[str, dict[str, int]]]]) -> Head:
    """Return a result of which only survey and tally are read here."""
    return Head(
        survey_id=SURVEY, title="", manifest="", closing="", key_holders=(),
        signing_key="", root_in="", root_out="", questions=QUESTIONS, subjects={},
        batches=(), merged={}, tally=tally, challenges=(), fragments=0, comments=0,
        comments_root="",
    )  # fmt: skip
