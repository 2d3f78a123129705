"""The record as it is read: newest first, filtered, page by page by number.

A page costs what stands on it. Names are those of today; where something is gone its
number stands there.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from survey_app.accounts.record import FIELDS
from survey_app.accounts.tables import Account, RecordEntry
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Cadre, Subject, Unit
from survey_app.survey.tables import Survey

PER_PAGE = 50
AT_ONCE = 500
"""Entries of an export that are read together."""
COLUMNS = [getattr(RecordEntry, name) for name in (*FIELDS, "hash")]
NAMES: Mapping[str, tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]]] = {
    "survey": (Survey.id, Survey.title),
    "cycle": (Cycle.id, Cycle.name),
    "account": (Account.id, Account.username),
    "unit": (Unit.id, Unit.name),
}
"""Kind of what an entry is about → by which number, and what it is called."""


@dataclass(frozen=True, slots=True)
class RecordAsked:
    """Which entries are asked for; whatever is empty narrows nothing."""

    account: str = ""
    act: str = ""
    about: str = ""
    """Kind and key; entries about a part of it come too."""
    since: datetime | None = None
    until: datetime | None = None
    """In UTC; an entry of that minute is not meant any more."""
    below: int = 0
    """Entries with smaller numbers only; 0: from the newest on."""


@dataclass(frozen=True, slots=True)
class AboutPart:
    """One thing that an entry is about."""

    kind: str
    key: str
    name: str
    """Empty: nobody knows any more."""


@dataclass(frozen=True, slots=True)
class RowTold:
    """What an entry says of one row, or of how many rows."""

    kind: str
    key: str
    values: tuple[tuple[str, str], ...] = ()
    """Name of a column → what stood there."""
    rows: int = 0
    """How many rows of this kind are not told one by one."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One entry as it is shown."""

    number: int
    minute: datetime
    """In UTC."""
    account: str
    via: str
    act: str
    about: tuple[AboutPart, ...]
    before: tuple[RowTold, ...] | str
    """The rows, or words of whoever wrote the entry."""
    after: tuple[RowTold, ...] | str
    reason: str
    hash: str


@dataclass(frozen=True, slots=True)
class RecordPart:
    """Some entries, and whether older ones follow."""

    lines: tuple[RecordLine, ...]
    more: bool

    @property
    def last(self) -> int:
        """The number of the oldest entry of the part; 0 where there is none."""
        return self.lines[-1].number if self.lines else 0


def record_part(session: Session, asked: RecordAsked) -> RecordPart:
    """Return one page of the record; a fixed number of statements."""
    found = list(_rows(session, asked, PER_PAGE + 1))
    shown = found[:PER_PAGE]
    names = _names(session, [parts_of(row["about"]) for row in shown])
    lines = tuple(_line(row, names) for row in shown)
    return RecordPart(lines, len(found) > PER_PAGE)


def every_entry(session: Session, asked: RecordAsked) -> Iterator[Mapping[str, Any]]:
    """Yield the entries as they are kept, newest first, for a file.

    No picture of the database is held in between: a long file holds up nobody.
    """
    below = asked.below
    while True:
        rows = list(_rows(session, _below(asked, below), AT_ONCE))
        session.rollback()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        below = rows[-1]["number"]


def parts_of(about: str) -> list[tuple[str, str]]:
    """Return kind and key of all that an entry is about."""
    told = (one.partition(":") for one in about.split())
    return [(kind, key) for kind, _, key in told]


def told_rows(text: str) -> tuple[RowTold, ...] | str:
    """Return the rows that a text tells of; the text itself where it tells of none."""
    if not text.startswith("[["):
        return text
    try:
        return tuple(_row(one) for one in json.loads(text))
    except (ValueError, TypeError, AttributeError):
        return text


def _row(told: list[Any]) -> RowTold:
    if len(told) == 2:
        return RowTold(told[0], "", rows=told[1])
    kind, key, values = told
    return RowTold(kind, key, tuple((n, _plain(v)) for n, v in values.items()))


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _below(asked: RecordAsked, number: int) -> RecordAsked:
    return RecordAsked(
        asked.account, asked.act, asked.about, asked.since, asked.until, number
    )


def _rows(session: Session, asked: RecordAsked, many: int) -> Iterable[Any]:
    wanted = select(*COLUMNS).where(*_narrowed(session, asked))
    newest = wanted.order_by(RecordEntry.number.desc()).limit(many)
    return session.execute(newest).mappings()


def _narrowed(session: Session, asked: RecordAsked) -> Iterator[ColumnElement[bool]]:
    if asked.account:
        yield RecordEntry.account == asked.account
    if asked.act:
        yield RecordEntry.act == asked.act
    if asked.about:
        yield _is_about(session, asked.about)
    if asked.since:
        yield RecordEntry.minute >= asked.since
    if asked.until:
        yield RecordEntry.minute < asked.until
    if asked.below:
        yield RecordEntry.number < asked.below


def _is_about(session: Session, about: str) -> ColumnElement[bool]:
    """Return whether an entry is about this or a part of it, by an index."""
    column, part = RecordEntry.about, f"{about} "
    if session.get_bind().dialect.name == "postgresql":
        return or_(column == about, column.startswith(part, autoescape=True))
    # "!" is the sign that follows the blank.
    return or_(column == about, and_(column >= part, column < f"{about}!"))


def _line(row: Any, names: Mapping[tuple[str, str], str]) -> RecordLine:
    about = tuple(
        AboutPart(kind, key, names.get((kind, key), ""))
        for kind, key in parts_of(row["about"])
    )
    told = {name: row[name] for name in ("number", "minute", "account", "via", "act")}
    return RecordLine(
        **told,
        about=about,
        before=told_rows(row["before"]),
        after=told_rows(row["after"]),
        reason=row["reason"],
        hash=row["hash"],
    )


def _names(
    session: Session, about: Iterable[list[tuple[str, str]]]
) -> dict[tuple[str, str], str]:
    """Return what things are called today, in one statement for each kind there is."""
    asked: dict[str, set[int]] = {}
    for parts in about:
        for kind, key in parts:
            if key.isdecimal() and len(key) < 10:
                asked.setdefault(kind, set()).add(int(key))
    found: dict[tuple[str, str], str] = {}
    for kind, (number, name) in NAMES.items():
        if asked.get(kind):
            rows = session.execute(select(number, name).where(number.in_(asked[kind])))
            found |= {(kind, str(one)): str(told) for one, told in rows}
    if asked.get("subject"):
        named = select(Subject.id, Unit.name, Cadre.name).join(Subject.unit)
        named = named.outerjoin(Subject.cadre).where(Subject.id.in_(asked["subject"]))
        for one, unit, cadre in session.execute(named):
            found["subject", str(one)] = cadre or unit
    return found
