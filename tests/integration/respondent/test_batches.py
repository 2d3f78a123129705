"""What a batch promises each of its answers, wherever they lie and whatever fails."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from survey_app.database import SLOTS, writing
from survey_app.domain.ground.printed_code import receipt_of
from survey_app.domain.questionnaire.answers import NewResponse
from survey_app.survey import recount
from survey_app.survey.batch import BatchWriter, Fate
from survey_app.survey.closing import close_survey
from survey_app.survey.intake import Intake, Receipts
from survey_app.survey.lifecycle import open_survey
from survey_app.survey.recount import came_in_answers, picked_in_answers
from survey_app.survey.tables import CLOSED, Survey
from tests.conftest import FixedClock, rows_in
from tests.support.drafts import ready
from tests.support.respondents import Asked, ask_about
from tests.support.statements import counted

SPREAD = {"intake_gate", "receipt", "response", "comment", "turnout_count"}
"""Tables whose rows lie on many machines, each in its slot."""
ONE_PLACE = {"survey", "channel", "cycle", "subject", "rated_subject"}


@pytest.fixture
def asked(db: Session) -> Asked:
    return ask_about(db)


def answer(asked: Asked, number: int = 0, **other: Any) -> NewResponse:
    made = NewResponse(
        survey_id=asked.survey_id,
        channel_id=asked.channel_id,
        rater_group="residents",
        subject_id=asked.subject_ids[0],
        picks=(("welcome", "good"), ("solved", "bad")),
        comment="",
        receipt=receipt_of(number.to_bytes(16)),
    )
    return replace(made, **other)


@contextmanager
def failing(engine: Engine, words: str, slot: int | None = None) -> Iterator[None]:
    """Let the database be away for these words, everywhere or in one slot."""

    def fail(*told: Any) -> None:
        said, given = told[2], [str(value) for value in told[3]]
        if words in said and (slot is None or str(slot) in given[::7]):
            raise OperationalError(words, None, Exception())

    event.listen(engine, "before_cursor_execute", fail)
    yield
    event.remove(engine, "before_cursor_execute", fail)


@pytest.mark.parametrize(
    "bad", [{"picks": (("welcome", "unheard of"),)}, {"channel_id": 2**70}]
)
def test_a_bad_row_does_not_sink_its_neighbours(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock, bad: dict[str, Any]
) -> None:
    batch = [answer(asked, 1), answer(asked, 2, **bad), answer(asked, 3)]

    fates = BatchWriter(engine, slots=1).write(batch, today=clock.day)

    assert fates == [Fate.KEPT, Fate.FAILED, Fate.KEPT]
    assert rows_in(db, "response") == rows_in(db, "receipt") == 2


def test_who_came_while_the_turn_was_waited_for_shares_the_commit(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    joined = [answer(asked, 2), answer(asked, 3, channel_id=2**70), answer(asked, 1)]
    begun = list[int]()

    def came() -> list[NewResponse]:
        with engine.connect() as beside:
            begun.append(beside.scalar(text("SELECT count(*) FROM response")) or 0)
        return joined

    fates = BatchWriter(engine, slots=1).write(
        [answer(asked, 1), answer(asked, 4)], today=clock.day, came=came
    )

    # One of them cannot be written down: then each is tried alone, and nobody again.
    assert fates == [Fate.KEPT, Fate.KEPT, Fate.KEPT, Fate.FAILED, Fate.REPEATED]
    assert (begun, rows_in(db, "response")) == ([0], 3)


def test_a_slot_that_is_away_takes_only_its_own_answers_with_it(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    batch = [answer(asked, number) for number in range(20)]
    lies_in = [int.from_bytes(one.receipt) % 2 for one in batch]

    with failing(engine, "INSERT INTO response", slot=1):
        fates = BatchWriter(engine, slots=2).write(batch, today=clock.day)

    told = {0: Fate.KEPT, 1: Fate.FAILED}
    assert fates == [told[slot] for slot in lies_in]
    assert rows_in(db, "response") == rows_in(db, "receipt") == lies_in.count(0)


def test_what_a_lost_commit_did_nobody_claims_to_know(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    writer = BatchWriter(engine, slots=1)
    batch = [answer(asked, 1), answer(asked, 1), answer(asked, 2, survey_id=0)]

    def lose(_: Any) -> None:
        raise OperationalError("COMMIT", None, Exception())

    event.listen(engine, "commit", lose)
    fates = writer.write(batch, today=clock.day)
    event.remove(engine, "commit", lose)

    # A file beside us takes such a commit back; a server may have done it.
    lost = Fate.FAILED if engine.dialect.name == "sqlite" else Fate.UNSURE
    assert fates == [lost, lost, Fate.CLOSED]
    assert writer.write(batch[:1], today=clock.day) == [Fate.KEPT]


def test_a_survey_keeps_the_slots_it_opened_with(
    engine: Engine, db: Session, clock: FixedClock
) -> None:
    made = ready(db)
    db.rollback()
    with Session(writing(engine).execution_options(**{SLOTS: 5})) as office:
        open_survey(office, made.survey_id, today=clock.day)
        channel = office.get_one(Survey, made.survey_id).channels[0].id
    asked = Asked("", made.survey_id, channel, tuple(made.subject_ids))
    forms = [answer(asked, n, picks=(("overall", "good"),)) for n in range(12)]

    first, later = Intake(engine, slots=5), Intake(engine, slots=1)

    assert all(first.keep(form, today=clock.day) for form in forms)
    assert not any(later.keep(form, today=clock.day) for form in forms)
    assert len(db.scalars(text("SELECT DISTINCT slot FROM response")).all()) > 1
    receipts = Receipts(engine, slots=1)
    assert {receipts.find(form.receipt).state for form in forms} == {"open"}
    db.rollback()
    close_survey(db, made.survey_id)
    assert db.get_one(Survey, made.survey_id).state == CLOSED


def tables_in(statement: str) -> set[str]:
    return {
        name
        for name in SPREAD | ONE_PLACE
        if f" {name} " in f"{statement} ".replace("\n", " ").replace(".", " ")
    }


def require_apart(statements: Sequence[str]) -> None:
    """Fail where a statement joins what is spread with what is not."""
    for statement in statements:
        named = tables_in(statement)
        assert not (named & SPREAD and named & ONE_PLACE), statement


def test_no_statement_about_answers_joins_what_lies_elsewhere(
    engine: Engine, db: Session, asked: Asked, clock: FixedClock
) -> None:
    writer = BatchWriter(engine, slots=3)
    writer.write([answer(asked, n) for n in range(100, 130)], today=clock.day)

    with counted(engine) as said:
        batch = [answer(asked, n, comment="谢谢") for n in range(12)]
        writer.write(batch, today=clock.day)
        Receipts(engine, slots=3).find(batch[0].receipt)
        picked_in_answers(db, asked.survey_id)
        came_in_answers(db, asked.survey_id)

    require_apart(said)
    assert {table for one in said for table in tables_in(one)} >= {
        "receipt", "response", "comment", "turnout_count", "survey",
    }  # fmt: skip
    assert not [one for one in said if "FROM survey" in one and "FOR " in one]
    if engine.dialect.name == "postgresql":
        assert any("statement_timeout" in one for one in said)
        gates = [one for one in said if "FOR SHARE" in one]
        assert len(gates) == 3
        assert all("FROM intake_gate WHERE slot = %s" in one for one in gates)


def test_batches_of_one_size_say_the_same_words(
    engine: Engine, asked: Asked, clock: FixedClock
) -> None:
    writer = BatchWriter(engine, slots=1)
    writer.write([answer(asked, 99)], today=clock.day)
    said: list[set[str]] = []
    for start in (0, 10):
        batch = [answer(asked, start + n) for n in range(10)]
        with counted(engine) as words:
            writer.write(batch, today=clock.day)
        said.append(set(words))

    assert said[0] == said[1]


def test_counting_in_pieces_says_the_same(
    engine: Engine,
    db: Session,
    asked: Asked,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choices = ("good", "bad", "dont_know")
    batch = [
        answer(
            asked, n, picks=(("welcome", choices[n % 3]), ("solved", choices[n % 2]))
        )
        for n in range(60)
    ]
    BatchWriter(engine, slots=2).write(batch, today=clock.day)
    told: list[tuple[int, int]] = []

    whole = picked_in_answers(db, asked.survey_id)
    monkeypatch.setattr(recount, "PIECE", 7)
    in_pieces = picked_in_answers(
        db, asked.survey_id, lambda done, total: told.append((done, total))
    )

    assert in_pieces == whole
    assert sum(whole.values()) == 120
    assert whole[asked.subject_ids[0], "residents", "welcome", "good"] == 20
    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == (60, 60)
