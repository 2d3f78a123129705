"""What pages read of kept score sheets: a list by the page, one sheet by its key.

A sheet that is marked is shown nowhere, and neither is one whose seal is broken. The
page of a single one works it out live instead, from what is known of that subject
alone; a list says that it is being worked out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from survey_app.analytics.adjustments import adjustment_lines
from survey_app.analytics.kept.sheet_text import (
    reasons_of_text,
    remark_of_text,
    sheet_of_text,
    sheet_text,
)
from survey_app.analytics.kept.sheets import TOLD, digest_of_sheet, seal_of_sheet
from survey_app.analytics.paging import ListAsked, ListColumns, ListPage, page_of
from survey_app.analytics.score_evidence import ground_of
from survey_app.analytics.scores import TOGETHER, SubjectSheet, sheet_of, worked_out
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.sheet_rows import KeptSheet, StaleSheet
from survey_app.database import seal_key_of
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.domain.ground.remark import Remark
from survey_app.domain.scheme.scheme import Post, Scheme
from survey_app.survey.appraised import is_appraised
from survey_app.survey.counters import tallies_of_surveys
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.settled_plan import plans_of
from survey_app.survey.tables import Survey

IS_STALE = StaleSheet.turn.is_not(None) | KeptSheet.digest.is_(None)
_LINE_SEALED = (
    KeptSheet.subject_id, KeptSheet.seal, *(getattr(KeptSheet, name) for name in TOLD),
)  # fmt: skip
"""What `_is_sealed` reads of a line."""
LINE = (
    select(
        KeptSheet.name,
        KeptSheet.unit,
        KeptSheet.title,
        KeptSheet.parent,
        *_LINE_SEALED,
        IS_STALE.label("is_stale"),
    )
    .select_from(KeptSheet)
    .outerjoin(
        StaleSheet,
        (StaleSheet.cycle_id == KeptSheet.cycle_id)
        & (StaleSheet.subject_id == KeptSheet.subject_id),
    )
)
SEARCHED = (
    KeptSheet.name, KeptSheet.unit, KeptSheet.unit_code, KeptSheet.code,
    KeptSheet.initials,
)  # fmt: skip
COLUMNS = ListColumns(
    always=(KeptSheet.position, KeptSheet.subject_id),
    search=SEARCHED,
    within=lambda scope: scope.of_subject(KeptSheet.subject_id),
    unit_code=KeptSheet.unit_code,
    unit_name=KeptSheet.unit,
    orders={
        "name": KeptSheet.name,
        "unit": KeptSheet.unit,
        "score": case((IS_STALE, None), else_=KeptSheet.overall),
    },
)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One subject in the list of score sheets."""

    subject_id: int
    name: str
    unit: str
    title: str
    parent: str
    is_stale: bool
    """Whether it is being worked out; then nothing of what it said is told."""
    is_changed: bool
    """Whether it is not what was kept: somebody else wrote into the database."""
    rounded: str = ""
    because: Remark | None = None
    """The first reason why there is no overall score."""
    further: int = 0
    """How many more reasons there are."""
    reasons: tuple[Remark, ...] = ()
    """All of them, in the list of those without a score."""


def sheets_page(
    session: Session,
    cycle_id: int,
    asked: ListAsked,
    *,
    only_blocked: bool = False,
    everybody: bool = False,
) -> ListPage[SheetLine]:
    """Return one page of a cycle's sheets, of all or of those without a score.

    The latter say every reason. Of whoever the cycle does not appraise there is no
    line, unless `everybody` is asked for.
    """
    chosen = LINE.where(KeptSheet.cycle_id == cycle_id)
    if not everybody:
        chosen = chosen.where(is_appraised())
    if only_blocked:
        chosen = chosen.where(KeptSheet.blocked > 0, ~IS_STALE)
    key = seal_key_of(session)
    page = page_of(session, chosen, COLUMNS, asked)
    lines = page.of(lambda row: _line(row, cycle_id, key))
    if only_blocked:
        return lines.holding(_explained(session, cycle_id, lines))
    return lines


def _explained(
    session: Session, cycle_id: int, page: ListPage[SheetLine]
) -> list[SheetLine]:
    """Return the lines with all reasons, read from their sheets in one statement."""
    told = [one.subject_id for one in page.rows if one.because]
    wanted = select(KeptSheet.subject_id, KeptSheet.sheet, KeptSheet.digest).where(
        KeptSheet.cycle_id == cycle_id, KeptSheet.subject_id.in_(told)
    )
    found = {row.subject_id: row for row in session.execute(wanted)}
    return [
        _with_reasons(line, found[line.subject_id])
        if line.subject_id in found
        else line
        for line in page.rows
    ]


def _with_reasons(line: SheetLine, row: Any) -> SheetLine:
    """Return the line with the reasons of its sheet, if that is the one it sealed."""
    if digest_of_sheet(row.sheet) != row.digest:
        return replace(line, is_changed=True, because=None, further=0)
    return replace(line, reasons=reasons_of_text(row.sheet))


def every_score(session: Session, cycle_id: int) -> Counter[str]:
    """Return overall score as it is told → how many have it; "": who has none.

    Raises PlanChanged where a line is not as it was kept.
    """
    key = seal_key_of(session)
    told = LINE.with_only_columns(*_LINE_SEALED, IS_STALE.label("is_stale"))
    found: Counter[str] = Counter()
    ours = told.where(KeptSheet.cycle_id == cycle_id, is_appraised())
    for row in session.execute(ours):
        if not (row.is_stale or _is_sealed(row, cycle_id, key)):
            raise PlanChanged
        found["" if row.is_stale or row.blocked else row.summary] += 1
    return found


def _line(row: Any, cycle_id: int, key: bytes | None) -> SheetLine:
    is_changed = not row.is_stale and not _is_sealed(row, cycle_id, key)
    is_told = not row.is_stale and not is_changed
    return SheetLine(
        subject_id=row.subject_id,
        name=row.name,
        unit=row.unit,
        title=row.title,
        parent=row.parent,
        is_stale=row.is_stale,
        is_changed=is_changed,
        rounded=row.summary if is_told and not row.blocked else "",
        because=remark_of_text(row.summary) if is_told and row.blocked else None,
        further=row.blocked - 1 if is_told and row.blocked else 0,
    )


def _is_sealed(row: Any, cycle_id: int, key: bytes | None) -> bool:
    """Return whether the row says what was kept; always where no key is known."""
    told = {name: getattr(row, name) for name in TOLD}
    return key is None or row.seal == seal_of_sheet(key, cycle_id, row.subject_id, told)


def shown_sheet_of(
    session: Session, cycle: Cycle, subject_id: int, *, scheme: Scheme
) -> SubjectSheet:
    """Return one subject's sheet: as it is kept, or worked out where it is not.

    Raises NotFound where the scheme is not about it.
    """
    wanted = LINE.add_columns(KeptSheet.sheet, KeptSheet.post, KeptSheet.body_id)
    row = session.execute(
        wanted.where(KeptSheet.cycle_id == cycle.id, KeptSheet.subject_id == subject_id)
    ).one_or_none()
    if row is None or not is_whole(session, row, cycle.id):
        live = sheet_of(session, cycle, subject_id, scheme=scheme)
        # Told from others where it was; worked out alone it knows of none.
        told = row.name if row and row.name.startswith(live.name) else live.name
        return replace(live, name=told)
    require_settled(session, cycle.id, [subject_id, row.body_id])
    own = adjustment_lines(session, cycle.id, [subject_id])
    return SubjectSheet(
        subject_id=subject_id,
        name=row.name,
        unit=row.unit,
        title=row.title,
        post=Post(row.post),
        sheet=sheet_of_text(row.sheet),
        body_id=row.body_id,
        parent=row.parent,
        adjustments=own.get(subject_id, ()),
    )


def wrong_sheets(session: Session, cycle: Cycle) -> list[str]:
    """Return who has a kept sheet that is not what it is worked out to be now.

    Whatever is marked is to be worked out anyway. A few at a time: every sheet is.
    """
    ground = ground_of(session, cycle, cycle.rules)
    wanted = LINE.add_columns(KeptSheet.sheet).where(
        KeptSheet.cycle_id == cycle.id, ~IS_STALE
    )
    wrong = list[str]()
    rows = session.execute(wanted.order_by(KeptSheet.position))
    for some in rows.partitions(TOGETHER):
        kept = {row.subject_id: row for row in some}
        rated = rated_in_cycle(
            session, cycle.id, is_settled=cycle.is_settled, some=list(kept)
        )
        right = {one.subject_id: one for one in worked_out(session, ground, rated)}
        wrong += [
            row.name
            for subject_id, row in kept.items()
            if not is_whole(session, row, cycle.id)
            or subject_id not in right
            or sheet_text(right[subject_id].sheet) != row.sheet
            or right[subject_id].rounded != ("" if row.blocked else row.summary)
        ]
    return wrong


def require_settled(session: Session, cycle_id: int, some: Sequence[int]) -> None:
    """Return where plans and counts about these are still those that were settled.

    Raises PlanChanged or CountersDiffer: what rests on them is not shown either.
    """
    surveys = list(
        session.scalars(select(Survey.id).where(Survey.cycle_id == cycle_id))
    )
    plans = plans_of(session, surveys, subject_ids=some)
    tallies_of_surveys(session, plans, subject_ids=some)


def is_whole(session: Session, row: Any, cycle_id: int) -> bool:
    """Return whether the row is a sheet that may be shown."""
    return (
        not row.is_stale
        and digest_of_sheet(row.sheet) == row.digest
        and _is_sealed(row, cycle_id, seal_key_of(session))
    )
