"""How far the sheets of a cycle are: counted by the database, none of them read."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from survey_app.analytics.kept.sheet_pages import IS_STALE, LINE
from survey_app.appraisal.scope import EVERYWHERE, Scope
from survey_app.appraisal.sheet_rows import EVERYBODY, KeptSheet, StaleSheet
from survey_app.survey.appraised import is_appraised


@dataclass(frozen=True, slots=True)
class SheetCounts:
    """How far the sheets of a cycle are."""

    every: int
    blocked: int
    """Without an overall score, of those that are worked out."""
    beside: int
    """In the roster, but not appraised in this cycle."""
    waiting: int
    """Being worked out, maybe anew."""


def sheet_counts(
    session: Session, cycle_id: int, scope: Scope = EVERYWHERE
) -> SheetCounts:
    """Return how many sheets there are, are blocked, and wait; two statements."""
    row = LINE.with_only_columns(
        case((is_appraised(), 1), else_=0).label("ours"),
        case((~IS_STALE & (KeptSheet.blocked > 0), 1), else_=0).label("blocked"),
    )
    row = row.where(scope.of_subject(KeptSheet.subject_id))
    rows = row.where(KeptSheet.cycle_id == cycle_id).subquery()
    counted = select(
        func.count(),
        func.coalesce(func.sum(rows.c.ours), 0),
        func.coalesce(func.sum(rows.c.ours * rows.c.blocked), 0),
    )
    listed, every, blocked = map(int, session.execute(counted).one())
    marked = select(func.count()).where(
        StaleSheet.cycle_id == cycle_id, StaleSheet.subject_id != EVERYBODY
    )
    marked = marked.where(scope.of_subject(StaleSheet.subject_id))
    waiting = session.scalar(marked) or 0
    return SheetCounts(every, blocked, listed - every, waiting)
