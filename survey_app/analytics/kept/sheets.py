"""Score sheets are worked out once, beside the requests, and kept.

Nothing holds the write lock while it computes: marks are taken note of first, evidence
is read without a lock, and a batch is written in one short transaction together with
taking back the marks it knew. A sheet that was marked again meanwhile is not written
and stays marked.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheet_lines import (
    OF_ROW,
    ROWS,
    changed_lines,
    keep_lines,
)
from survey_app.analytics.kept.sheet_text import Lines, remark_text, sheet_text
from survey_app.analytics.paging import ordinal
from survey_app.analytics.score_evidence import Ground, ground_of
from survey_app.analytics.scores import TOGETHER, SubjectSheet, worked_out
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import (
    EVERYBODY,
    KeptSheet,
    StaleSheet,
    mark_stale,
)
from survey_app.database import reading, seal_key_of, writing
from survey_app.domain.ground.in_parts import in_parts
from survey_app.jobs.jobs import Job, Progress, untold
from survey_app.jobs.run_job import Workplace
from survey_app.survey.kept_plan import seal
from survey_app.survey.rated import rated_in_cycle

Marks = dict[int, int]
"""Subject, or EVERYBODY → the turn of its mark."""
TOLD = ("overall", "blocked", "summary", "digest")
"""What a line says of its sheet, and the seal is over."""


def score_sheets(place: Workplace, job: Job, progress: Progress) -> None:
    """Work out the marked sheets of the cycle a job is about."""
    with Session(writing(place.engine)) as session:
        keep_sheets(session, job.about, progress=progress)


def keep_sheets(
    session: Session,
    cycle_id: int,
    *,
    stale_only: bool = True,
    progress: Progress = untold,
) -> int:
    """Work out the marked sheets of a cycle, or all, and keep them; return how many.

    Ends when no mark is left. It can be cut off anywhere and called again, and several
    may be at it at once. Raises PlanChanged or CountersDiffer where what a sheet would
    rest on is not what was settled: such a sheet stays marked.
    """
    if not stale_only:
        mark_stale(session, cycle_id, None)
    session.commit()
    done = 0
    while marks := _marks(session, cycle_id):
        if EVERYBODY in marks:
            _keep_lines(session, cycle_id, marks.pop(EVERYBODY))
            continue
        total = done + len(marks)
        for count in _kept(session, cycle_id, marks):
            done += count
            progress(done, total)
    return done


def _marks(session: Session, cycle_id: int) -> Marks:
    """Return every mark of the cycle as it is now."""
    marked = select(StaleSheet.subject_id, StaleSheet.turn)
    with reading(session) as reader:
        rows = reader.execute(marked.where(StaleSheet.cycle_id == cycle_id))
        return {subject: turn for subject, turn in rows}  # noqa: C416 -- typed


def _keep_lines(session: Session, cycle_id: int, turn: int) -> None:
    """Bring the lines of the list up to date, as they were to be when it was marked."""
    with reading(session) as reader:
        changed = changed_lines(reader, reader.get_one(Cycle, cycle_id))
    keep_lines(session, cycle_id, changed)
    _taken_back(session, cycle_id, {EVERYBODY: turn})
    session.commit()


def _kept(session: Session, cycle_id: int, marks: Marks) -> Iterator[int]:
    """Yield how many sheets were worked out, batch for batch.

    What they all rest on is read after the marks: whatever changed it later has marked
    them again.
    """
    with reading(session) as reader:
        cycle = reader.get_one(Cycle, cycle_id)
        ground = ground_of(reader, cycle, cycle.rules)
        order = _in_order(reader, cycle_id, marks)
    for some in in_parts(order, TOGETHER):
        rows = _sheets(session, ground, some)
        taken = _taken_back(session, cycle_id, {one: marks[one] for one in some})
        _write(session, [row for row in rows if row["of_subject"] in taken])
        session.commit()
        yield len(rows)


def _in_order(reader: Session, cycle_id: int, marks: Marks) -> list[int]:
    """Return the marked subjects by unit: what is shared is worked out once."""
    rows = select(KeptSheet.subject_id).where(KeptSheet.cycle_id == cycle_id)
    if len(marks) < TOGETHER:
        rows = rows.where(KeptSheet.subject_id.in_(marks))
    kept = reader.scalars(rows.order_by(KeptSheet.position))
    listed = dict.fromkeys(one for one in kept if one in marks)
    return [*listed, *(one for one in marks if one not in listed)]


def _sheets(
    session: Session, ground: Ground, some: Sequence[int]
) -> list[Mapping[str, Any]]:
    """Return the rows of these subjects' sheets."""
    key, lines = seal_key_of(session), dict[Any, Any]()
    with reading(session) as reader:
        rated = rated_in_cycle(
            reader, ground.cycle_id, is_settled=ground.is_settled, some=some
        )
        found = worked_out(reader, ground, rated)
        return [_row(one, ground.cycle_id, key, lines) for one in found]


def _row(
    found: SubjectSheet, cycle_id: int, key: bytes | None, lines: Lines
) -> Mapping[str, Any]:
    """Return what is kept of one sheet."""
    score, blocked = found.overall, found.blocked
    text = sheet_text(found.sheet, lines)
    told = {
        "overall": ordinal(score),
        "blocked": len(blocked),
        "summary": remark_text(blocked[0]) if blocked else found.rounded,
        "digest": digest_of_sheet(text),
    }
    return {
        "of_cycle": cycle_id,
        "of_subject": found.subject_id,
        **told,
        "sheet": text,
        "seal": seal_of_sheet(key, cycle_id, found.subject_id, told),
    }


def digest_of_sheet(text: str) -> str:
    """Return the SHA-256 of a sheet's text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def seal_of_sheet(
    key: bytes | None, cycle_id: int, subject_id: int, told: Mapping[str, Any]
) -> str | None:
    """Return the seal over what a line says of whose sheet; None without a key."""
    said = (told[name] for name in TOLD)
    return seal(key, "score sheet", cycle_id, subject_id, *said)


def _taken_back(session: Session, cycle_id: int, marks: Marks) -> set[int]:
    """Return whose marks were still these, and are gone now; does not commit."""
    gone = delete(StaleSheet).where(
        StaleSheet.cycle_id == cycle_id,
        StaleSheet.subject_id.in_(marks),
        StaleSheet.turn.in_(set(marks.values())),
    )
    return set(session.scalars(gone.returning(StaleSheet.subject_id)))


def _write(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    names = (*TOLD, "sheet", "seal")
    told: dict[str, Any] = {name: bindparam(name) for name in names}
    if rows:
        session.connection().execute(update(ROWS).where(*OF_ROW).values(told), rows)
