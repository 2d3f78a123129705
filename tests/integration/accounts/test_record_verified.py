"""Whatever is done to the record behind its triggers is found, and where."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as told
from hypothesis import strategies as some
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey_app.accounts import verify_record as verifying
from survey_app.accounts.record import FIRST, head_seal, note
from survey_app.accounts.record_anchor import anchors, told_line
from survey_app.accounts.verify_record import RecordFault, verify, verify_as_seen
from survey_app.audit.integrity import findings
from survey_app.cli.main import main
from survey_app.database import main_engine_of, writing
from survey_app.settings import Settings

TEXT = some.text(max_size=8)
ACTS = some.lists(some.tuples(TEXT, TEXT), min_size=2, max_size=5)
HARM = {
    "change": ["UPDATE record SET {column} = {other} WHERE number = :n"],
    "remove": ["DELETE FROM record WHERE number = :n"],
    "swap": [
        "UPDATE record SET number = 1000000 WHERE number = :n",
        "UPDATE record SET number = number + 1 WHERE number = :n - 1",
        "UPDATE record SET number = :n - 1 WHERE number = 1000000",
    ],
    "cut": ["DELETE FROM record WHERE number >= :n"],
    "add": [
        "INSERT INTO record SELECT (SELECT max(number) FROM record) + 1, minute,"
        " account, via, act, about, before, after, reason, previous, hash"
        " FROM record WHERE number = :n"
    ],
}
COLUMN = some.sampled_from(
    ("account", "via", "act", "about", "before", "after", "reason", "previous", "hash")
)
OTHER, JOINED = {"via": "'job'"}, "{column} || 'x'"
HARMS = some.sampled_from(sorted(HARM))


def act(engine: Engine, *reasons: str) -> None:
    with Session(writing(engine)) as session:
        for reason in reasons:
            note(session, "an-act", reason=reason)
        session.commit()


@contextmanager
def behind(engine: Engine, *, keep: bool = True) -> Iterator[Session]:
    """Give a session whose triggers are gone, as whoever owns the database can."""
    with Session(writing(engine)) as session:
        if engine.dialect.name == "sqlite":
            every = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in session.scalars(text(every)).all():
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("record", "record_head"):
                session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield session
        if keep:
            session.commit()


@pytest.mark.parametrize(
    ("harm", "kind", "number"),
    [
        ("UPDATE record SET reason = 'another' WHERE number = 2", "changed", 2),
        ("DELETE FROM record WHERE number = 2", "missing", 2),
        ("DELETE FROM record WHERE number > 2", "cut", 2),
        ("UPDATE record_head SET number = 2", "head", 4),
        ("UPDATE record_head SET seal = NULL", "head", 4),
        ("UPDATE record SET minute = '2026-01-01 00:00:00.000000'", "changed", 1),
    ],
)  # fmt: skip
def test_harm_is_found_where_it_was_done(
    engine: Engine, harm: str, kind: str, number: int
) -> None:
    act(engine, "a", "b")
    act(engine, "c", "d")
    assert verify(engine).faults == ()

    with behind(engine) as session:
        session.execute(text(harm))

    assert verify(engine).faults[0] == RecordFault(kind, number)


def test_guards_that_were_taken_away_are_named(engine: Engine) -> None:
    assert not [one for one in findings(engine, None) if one.kind == "guards"]

    with behind(engine):
        pass

    (found,) = [one for one in findings(engine, None) if one.kind == "guards"]
    assert "record_update" in found.told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO record SELECT number, minute, account, via, act, about, before, "
        "after, 'another', previous, hash FROM record WHERE number = 1",
        "REPLACE INTO record_head SELECT id, 1, hash, seal FROM record_head",
    ],
    ids=["entry", "head"],
)
def test_nothing_of_the_record_is_replaced(engine: Engine, statement: str) -> None:
    """SQLite replaces a row without asking the guards of DELETE."""
    act(engine, "a", "b")

    with Session(writing(engine)) as session, pytest.raises(IntegrityError):
        session.execute(text(statement))

    assert verify(engine).faults == ()


def test_a_record_written_anew_lacks_the_seal_of_the_server(engine: Engine) -> None:
    """Whoever makes every hash anew, but has not the key."""
    act(engine, "a", "b", "c")
    with behind(engine) as session:
        session.execute(text("DELETE FROM record"))
        session.execute(
            text("UPDATE record_head SET number = 0, hash = :first"), {"first": FIRST}
        )
    keyless = create_engine(engine.url)

    act(keyless, "a", "c")

    assert verify(engine).faults == (RecordFault(verifying.HEAD, 2),)
    keyless.dispose()


def test_with_the_key_only_what_was_told_elsewhere_finds_it(engine: Engine) -> None:
    act(engine, "a", "b", "c")
    before = verify(engine)
    elsewhere = anchors([f"<14>survey: {told_line(before.number, before.hash)}"])
    key = engine.get_execution_options()["seal_key"]
    with behind(engine) as session:
        session.execute(text("DELETE FROM record WHERE number > 1"))
        last = session.scalar(text("SELECT hash FROM record"))
        told = {"hash": last, "seal": head_seal(key, 1, last)}
        session.execute(
            text("UPDATE record_head SET number = 1, hash = :hash, seal = :seal"), told
        )

    assert verify(engine).faults == ()
    assert verify(engine, elsewhere).faults == (RecordFault(verifying.CUT, 3),)
    act(engine, "others", "and more")
    assert verify(engine, elsewhere).faults == (RecordFault(verifying.ANCHOR, 3),)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@told(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, place=some.integers(0, 9), harm=HARMS, column=COLUMN)
def test_any_single_harm_to_any_acts_is_found(
    engine: Engine, acts: list[tuple[str, str]], place: int, harm: str, column: str
) -> None:
    with Session(writing(engine)) as session:
        for about, reason in acts:
            note(session, "an-act", about=about, reason=reason)
        session.commit()
        whole = verify_as_seen(session, {})
        session.rollback()
    number = max(2, whole.number - place % len(acts))

    with behind(engine, keep=False) as session:
        for statement in HARM[harm]:
            filled = statement.format(column=column, other=OTHER.get(column, JOINED))
            session.execute(text(filled.format(column=column)), {"n": number})
        faults = verify_as_seen(session, {}).faults

    assert whole.faults == ()
    assert faults


def test_writers_at_once_leave_one_unbroken_chain(engine: Engine) -> None:
    """Two connections that chain at the same moment; the head lets one wait."""
    both = Barrier(2)

    def work(name: str) -> None:
        for number in range(5):
            with Session(writing(engine)) as session:
                both.wait(timeout=60)
                note(session, name, reason=str(number))
                session.commit()

    threads = [Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = verify(engine)
    assert (found.number, found.faults) == (10, ())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_terminal_says_where_and_ends_with_a_status(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "anchor"
    own = {
        "SURVEY_DATABASE_URL": settings.database_url,
        "SURVEY_SECRET_KEY": settings.secret_key,
        "SURVEY_RECORD_ANCHOR": str(file),
        "SURVEY_LANGUAGE": "en",
    }
    anchored = main_engine_of(
        Settings(settings.database_url, settings.secret_key, record_anchor=str(file))
    )
    act(anchored, "a")
    act(anchored, "b")
    anchored.dispose()
    asked = ["--language", "en", "record", "verify"]

    whole = CliRunner().invoke(main, asked, env=own)
    with behind(engine) as session:
        session.execute(text("UPDATE record SET reason = 'c' WHERE number = 1"))
    broken = CliRunner().invoke(main, asked, env=own)

    assert len(file.read_text().splitlines()) == 2
    assert whole.exit_code == 0
    assert "up to entry 2 as told elsewhere" in whole.output
    assert broken.exit_code == 1
    assert "entry 1 was changed" in broken.output


def test_a_place_that_does_not_answer_holds_up_no_act(
    settings: Settings, tmp_path: Path, engine: Engine
) -> None:
    nowhere = str(tmp_path / "none" / "anchor")
    anchored = main_engine_of(
        Settings(settings.database_url, settings.secret_key, record_anchor=nowhere)
    )

    act(anchored, "a")
    anchored.dispose()

    assert verify(engine).number == 1
