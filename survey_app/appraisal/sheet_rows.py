"""Score sheets as they are kept, and which of them have become stale since.

A sheet is worked out once, beside the requests, and read by key. Every verb that
changes what a sheet rests on marks it in the same transaction; a marked sheet is shown
nowhere until it is worked out anew.
"""

from collections.abc import Collection
from secrets import randbits
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.domain.ground.in_parts import in_parts
from survey_app.jobs.jobs import ask_for
from survey_app.table_base import Base

SCORE_SHEETS = "score-sheets"
"""The job that works out what is marked."""
EVERYBODY = 0
"""Stands for a subject where names, units or their order may have changed."""
AT_ONCE = 500


class KeptSheet(Base):
    """One subject's line in the list of its cycle, and its whole sheet."""

    __tablename__ = "kept_sheet"
    __table_args__ = (
        CheckConstraint("(sheet IS NULL) = (digest IS NULL)", name="whole"),
        Index("ix_kept_sheet_position", "cycle_id", "position"),
        Index("ix_kept_sheet_overall", "cycle_id", "overall"),
        Index("ix_kept_sheet_body_id", "cycle_id", "body_id"),
    )

    cycle_id: Mapped[int] = mapped_column(
        ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(
        ForeignKey("subject.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int]
    """In the order of the units."""
    kind: Mapped[str]
    name: Mapped[str]
    """Told from whoever else bears it in the cycle, and so is the unit."""
    unit: Mapped[str]
    unit_code: Mapped[str]
    code: Mapped[str]
    """The cadre's own; of a leading body the unit's."""
    parent: Mapped[str]
    title: Mapped[str]
    post: Mapped[str]
    initials: Mapped[str]
    """Of name and unit, in pinyin: what a search finds them by."""
    body_id: Mapped[int]
    """The leading body whose parts the sheet takes in; 0: the unit has none."""
    overall: Mapped[int | None] = mapped_column(BigInteger)
    """To sort by and nothing else: see `ordinal` of analytics/paging.py."""
    blocked: Mapped[int] = mapped_column(default=0)
    """How many reasons there are why it has no overall score."""
    summary: Mapped[str] = mapped_column(default="")
    """What a list says: the rounded score, or the first of those reasons as JSON."""
    sheet: Mapped[str | None] = mapped_column(deferred=True)
    """All of it; see analytics/kept/sheets.py. None: it was never worked out."""
    digest: Mapped[str | None]
    """SHA-256 of the sheet, in hex."""
    seal: Mapped[str | None]
    """Over who it is about and what it says; None: no key is known."""


class StaleSheet(Base):
    """A sheet that is to be worked out, maybe anew."""

    __tablename__ = "stale_sheet"

    cycle_id: Mapped[int] = mapped_column(
        ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True
    )
    subject_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Or `EVERYBODY`."""
    turn: Mapped[int] = mapped_column(BigInteger)
    """Another number at every marking: whoever worked the sheet out takes back the
    mark he saw, and no later one."""


def mark_stale(
    session: Session,
    cycle_id: int,
    subject_ids: Collection[int] | Select[int] | None,
    *,
    renames: bool = False,
) -> None:
    """Let these subjects' sheets be worked out anew once the caller has committed.

    Besides their own these are the sheets that take in what is said of them: those of
    the cadres whose leading body is named. None: every sheet of the cycle. `renames`
    says that names, units or posts may have changed: then the lines of the list are
    compared with them, too. In a series nobody has one. Does not commit.
    """
    session.flush()
    if not session.get_one(Cycle, cycle_id).appraises:
        return
    turn = randbits(62)
    if subject_ids is None:
        kind = session.get_one(Cycle, cycle_id).rules.subject.value
        _mark_found(session, cycle_id, Subject.kind == kind, turn)
    elif isinstance(subject_ids, Select):
        _mark_found(session, cycle_id, _rests_on(cycle_id, subject_ids), turn)
    else:
        for some in in_parts(subject_ids, AT_ONCE):
            _mark_found(session, cycle_id, _rests_on(cycle_id, some), turn)
    if renames or subject_ids is None:
        everybody = {"cycle_id": cycle_id, "subject_id": EVERYBODY, "turn": turn}
        session.execute(_or_again(_blank(session).values(everybody)))
    ask_for(session, SCORE_SHEETS, about=cycle_id)


def _rests_on(
    cycle_id: int, subjects: Collection[int] | Select[int]
) -> ColumnElement[bool]:
    """Return the condition of a subject whose sheet rests on what is said of these.

    A sheet that should take a leading body in by now and did not is marked already:
    whatever moved it there did that.
    """
    taking = select(KeptSheet.subject_id).where(
        KeptSheet.cycle_id == cycle_id, KeptSheet.body_id.in_(subjects)
    )
    return or_(Subject.id.in_(subjects), Subject.id.in_(taking))


def _mark_found(
    session: Session, cycle_id: int, found: ColumnElement[bool], turn: int
) -> None:
    """Mark every subject found, in one order: two who mark never wait crosswise."""
    marks = select(literal(cycle_id), Subject.id, literal(turn, BigInteger))
    columns = ["cycle_id", "subject_id", "turn"]
    filled = _blank(session).from_select(
        columns, marks.where(found).order_by(Subject.id)
    )
    session.execute(_or_again(filled))


def _blank(session: Session) -> Any:
    """Return the statement that inserts marks, in the words of the database."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite if is_sqlite else postgresql).insert(StaleSheet)


def _or_again(filled: Any) -> Any:
    """Return the statement that marks, or gives what is marked its new turn."""
    return filled.on_conflict_do_update(
        index_elements=["cycle_id", "subject_id"], set_={"turn": filled.excluded.turn}
    )
