"""What `make faults` does at length, as far as it is quick; and that it has teeth."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.database import borrowed_main_engine, writing
from survey_app.survey.closing import close_survey
from tests.conftest import BOTH, own_postgresql
from tests.faults.__main__ import suffered, town_in
from tests.faults.at_rest import flipped_byte
from tests.faults.crowd import Told
from tests.faults.faults import each_killed_in_turn


@pytest.mark.parametrize("kind", BOTH)
def test_whatever_ends_nothing_promised_is_lost_and_all_is_back_by_itself(
    kind: str,
) -> None:
    # Of its own: a PostgreSQL whose process was killed lets all others wait, too.
    with own_postgresql() if kind == "postgresql" else nullcontext() as server:
        outcome = suffered(each_killed_in_turn, server)

    assert outcome.holds, outcome
    assert outcome.told.acknowledged
    assert outcome.told.kept or kind == "postgresql", "a full disk is told on a page"


def test_a_flipped_byte_is_found_by_the_check() -> None:
    assert suffered(flipped_byte, None).holds


@pytest.mark.parametrize(
    ("meddled", "seen"),
    [
        ("DELETE FROM receipt WHERE survey_id = 2", "doubled"),
        ("UPDATE turnout_count SET count = count + 1", "found"),
    ],
)
def test_what_is_lost_or_doubled_is_seen(
    tmp_path: Path, meddled: str, seen: str
) -> None:
    with town_in(tmp_path, None, units=1, answers=60) as town:
        told = Told(acknowledged={"0000-0000-0000-0000"})
        with borrowed_main_engine(town.settings) as engine:
            with Session(writing(engine)) as session:
                close_survey(session, town.survey_id)
            with writing(engine).begin() as connection:
                connection.execute(text(meddled))
        outcome = town.outcome(told, is_closed=True)

    assert outcome.missing == 1
    assert getattr(outcome, seen)
    assert not outcome.holds
