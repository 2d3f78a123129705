"""Whether the record is whole: nothing changed, missing, swapped or cut off.

Every entry names the hash of the one before, so a change of one would have to be made
to all that follow, and to the head, whose seal needs the server's key. Whoever has that
key, or puts back an older head, is found by what was told elsewhere: on papers, in a
file, at another machine (record_anchor.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from survey_app.accounts.record import FIELDS, FIRST, hash_of, head_seal
from survey_app.accounts.tables import RecordEntry, RecordHead
from survey_app.database import seal_key_of

CHANGED, MISSING, LOOSE, HEAD, CUT, ANCHOR = (
    "changed", "missing", "loose", "head", "cut", "anchor",
)  # fmt: skip
AT_ONCE = 1000
_COLUMNS = [getattr(RecordEntry, name) for name in (*FIELDS, "hash")]


@dataclass(frozen=True, slots=True)
class RecordFault:
    """One thing that is not as it was written."""

    kind: str
    """CHANGED: the entry is another than the one its hash was made of. MISSING: there
    is none with this number. LOOSE: it does not follow the one before. HEAD: what is
    said of the end is not what the server sealed. CUT: entries after this number were
    there. ANCHOR: it was told elsewhere otherwise."""
    number: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked through."""

    number: int
    """Of the newest entry."""
    hash: str
    faults: tuple[RecordFault, ...]


def verify(engine: Engine, told: Mapping[int, set[str]] | None = None) -> Verified:
    """Return whether the record is whole, as it is at one moment.

    `told`: what was told elsewhere. Reads every entry once and keeps none.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        return verify_as_seen(session, told or {})


def verify_as_seen(session: Session, told: Mapping[int, set[str]]) -> Verified:
    """Return the same of what this session's transaction sees."""
    head = select(RecordHead.number, RecordHead.hash, RecordHead.seal)
    number, last, seal = session.execute(head).one_or_none() or (0, FIRST, None)
    faults = list(_faults(session, dict(told)))
    end, newest = _end(session)
    if (number, last) != (end, newest):
        faults.append(RecordFault(CUT if number > end else HEAD, end))
    # Before the first act, whoever migrated may have had no key.
    elif (seal or end > 1) and seal != head_seal(seal_key_of(session), end, newest):
        faults.append(RecordFault(HEAD, end))
    return Verified(end, newest, tuple(faults))


def _faults(session: Session, told: dict[int, set[str]]) -> Iterator[RecordFault]:
    """Yield what is wrong with the entries themselves."""
    number, previous = 0, FIRST
    for entry in _entries(session):
        for gone in range(number + 1, min(entry["number"], number + AT_ONCE)):
            yield RecordFault(MISSING, gone)
        if hash_of(entry) != entry["hash"]:
            yield RecordFault(CHANGED, entry["number"])
        if entry["previous"] != previous and entry["number"] == number + 1:
            yield RecordFault(LOOSE, entry["number"])
        number, previous = entry["number"], entry["hash"]
        if not all(map(previous.startswith, told.pop(number, ()))):
            yield RecordFault(ANCHOR, number)
    for beyond in sorted(told):
        yield RecordFault(CUT if beyond > number else ANCHOR, beyond)


def _entries(session: Session) -> Iterator[Any]:
    ordered = select(*_COLUMNS).order_by(RecordEntry.number)
    rows = session.execute(ordered, execution_options={"yield_per": AT_ONCE})
    yield from rows.mappings()


def _end(session: Session) -> tuple[int, str]:
    """Return number and hash of the last entry there is."""
    last = select(RecordEntry.number, RecordEntry.hash)
    newest = last.order_by(RecordEntry.number.desc()).limit(1)
    number, told = session.execute(newest).one_or_none() or (0, FIRST)
    return number, told
