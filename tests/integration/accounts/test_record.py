"""The record of acts: in the transaction of its act, without gaps, never changed."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from survey_app.accounts.record import FIRST, acting, hash_of, newest, note
from survey_app.accounts.tables import RecordEntry, RecordHead
from survey_app.database import writing

NOON = datetime.fromisoformat("2026-05-01T12:00:59")


def recorded(engine: Engine) -> list[RecordEntry]:
    with Session(engine) as session:
        ordered = select(RecordEntry).order_by(RecordEntry.number)
        return list(session.scalars(ordered))


def test_an_act_leaves_its_entry_when_it_is_kept(engine: Engine) -> None:
    with Session(writing(engine), info=acting("王芳", now=NOON)) as session:
        note(session, "one", about="survey:1", before="a", after="b", reason="因为")
        note(session, "two")
        session.commit()
        note(session, "three")
        session.commit()
        head = newest(session)

    entries = recorded(engine)
    assert [(one.number, one.act) for one in entries] == [
        (1, "one"), (2, "two"), (3, "three"),
    ]  # fmt: skip
    first = entries[0]
    assert (first.account, first.via, first.about) == ("王芳", "page", "survey:1")
    assert (first.before, first.after, first.reason) == ("a", "b", "因为")
    assert first.minute == NOON.replace(second=0)
    assert [one.previous for one in entries] == [
        FIRST, entries[0].hash, entries[1].hash,
    ]  # fmt: skip
    assert [one.hash for one in entries] == [hash_of(vars(one)) for one in entries]
    assert head == (3, entries[2].hash)


def test_what_is_undone_leaves_no_entry(db: Session, engine: Engine) -> None:
    note(db, "undone")
    db.rollback()
    note(db, "closed")
    db.close()
    note(db, "kept")
    undone = db.begin_nested()
    note(db, "within")
    undone.rollback()
    with db.begin_nested():
        note(db, "within too")
    db.commit()
    db.commit()

    assert [one.act for one in recorded(engine)] == ["kept", "within too"]


def test_what_no_database_keeps_is_kept_in_other_signs(
    db: Session, engine: Engine
) -> None:
    note(db, "one", reason="a\0b\ud800", after="长" * 5000)
    db.commit()

    (entry,) = recorded(engine)
    assert entry.reason == "a\ufffdb?"
    assert len(entry.after) <= 4000
    assert "SHA-256" in entry.after


@pytest.mark.parametrize(
    "change",
    [
        update(RecordEntry).values(reason="another"),
        delete(RecordEntry),
        update(RecordHead).values(hash=FIRST),
        update(RecordHead).values(number=0),
        delete(RecordHead),
    ],
    ids=str,
)
def test_nothing_recorded_is_changed(db: Session, change: object) -> None:
    note(db, "one")
    db.commit()

    with pytest.raises(DBAPIError, match="stays as it is"):
        db.execute(change)  # type: ignore[call-overload]  # update and delete alike


def test_nothing_recorded_is_truncated(db: Session, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        return  # it knows no TRUNCATE
    for table in ("record", "record_head"):
        with pytest.raises(DBAPIError, match="stays as it is"):
            db.execute(text(f"TRUNCATE {table}"))
        db.rollback()
