"""Bonuses and deductions: those that count, and the list with its whole history."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.appraisal.adjustments import COUNTS, STATES, WAITING, GivenAdjustment
from survey_app.appraisal.rated import Rated
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.look_alike import squeezed
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.proposal import KINDS, Counted, counted_of, kinds_of
from survey_app.domain.scoring.score_sheet import Adjustment
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.settling.correction import ADJUSTMENT, Correction

AT_ONCE = 50
"""Lines of one page."""
WITH_CORRECTION = select(GivenAdjustment, Correction).outerjoin(
    Correction, Correction.id == GivenAdjustment.reversed_in
)


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """One bonus or deduction as the office reads it."""

    id: int
    subject: Rated | None
    """None on a page that is about one subject."""
    kind: Bilingual
    points: str
    """As it was written."""
    reason: str
    source: str
    origin: str
    import_no: int | None
    state: str
    entered_by: str
    """Empty: entered before this was noted."""
    entered_on: date | None
    confirmed_by: str
    confirmed_on: date | None
    withdrawn_by: str
    withdrawn_on: date | None
    correction_id: int | None
    """The correction that took it away."""
    reversed_because: str
    reversed_by: tuple[str, str]
    """Who asked for that, and who confirmed it."""
    place: str
    """What a correction calls it, as it stands."""


@dataclass(frozen=True, slots=True)
class AdjustmentPage:
    """One page of a cycle's list."""

    lines: tuple[AdjustmentLine, ...]
    number: int
    """Of this page, from 1."""
    pages: int
    found: int
    """Lines on all pages."""
    in_state: dict[str, int]
    """State → how many of the cycle are in it, whatever is looked for."""


@dataclass(frozen=True, slots=True)
class WaitingImport:
    """The rows of one imported workbook that wait for a second account."""

    number: int
    rows: int
    entered_by: str
    entered_on: date | None


@dataclass(frozen=True, slots=True)
class SheetAdjustments:
    """What stands on one score sheet."""

    lines: tuple[AdjustmentLine, ...]
    counted: tuple[Counted, ...]
    """Of each kind that counts: how much of it."""


def counting_adjustments(
    session: Session, cycle_id: int, subjects: Sequence[int] | None = None
) -> dict[int, tuple[Adjustment, ...]]:
    """Return subject → what counts of it, in the order it was entered."""
    counting = select(GivenAdjustment).where(
        GivenAdjustment.cycle_id == cycle_id, GivenAdjustment.state == COUNTS
    )
    if subjects is not None:
        counting = counting.where(GivenAdjustment.subject_id.in_(subjects))
    found: defaultdict[int, tuple[Adjustment, ...]] = defaultdict(tuple)
    for one in session.scalars(counting.order_by(GivenAdjustment.id)):
        found[one.subject_id] += (
            Adjustment(one.kind, Fraction(one.points), one.reason, one.source),
        )
    return dict(found)


def adjustment_page(
    session: Session, cycle_id: int, *, state: str, find: str, number: int
) -> AdjustmentPage:
    """Return one page of the list, by unit and subject; an empty `state` means all.

    `find` is part of the name of a subject or unit, or a code.
    """
    every = session.execute(
        select(GivenAdjustment.id, GivenAdjustment.subject_id, GivenAdjustment.state)
        .where(GivenAdjustment.cycle_id == cycle_id)
        .order_by(GivenAdjustment.id)
    ).all()
    in_state = {one: sum(row.state == one for row in every) for one in STATES}
    by_subject: defaultdict[int, list[int]] = defaultdict(list)
    for row in every:
        if not state or row.state == state:
            by_subject[row.subject_id].append(row.id)
    rated = [
        one
        for one in rated_in_cycle(session, cycle_id, some=by_subject)
        if _is_meant(one, find)
    ]
    wanted = [(number, one) for one in rated for number in by_subject[one.id]]
    pages = max(1, -(-len(wanted) // AT_ONCE))
    at = min(max(number, 1), pages)
    here = dict(wanted[(at - 1) * AT_ONCE : at * AT_ONCE])
    return AdjustmentPage(_lines(session, here), at, pages, len(wanted), in_state)


def every_adjustment(session: Session, cycle_id: int) -> tuple[AdjustmentLine, ...]:
    """Return the whole list of a cycle, by unit and subject."""
    ids: defaultdict[int, list[int]] = defaultdict(list)
    every = select(GivenAdjustment.id, GivenAdjustment.subject_id).where(
        GivenAdjustment.cycle_id == cycle_id
    )
    for number, subject in session.execute(every.order_by(GivenAdjustment.id)):
        ids[subject].append(number)
    rated = rated_in_cycle(session, cycle_id, some=ids)
    return _lines(session, {number: one for one in rated for number in ids[one.id]})


def adjustments_waiting(session: Session, cycle_id: int) -> int:
    """Return how many of the cycle wait for a second account."""
    waiting = select(func.count()).where(
        GivenAdjustment.cycle_id == cycle_id, GivenAdjustment.state == WAITING
    )
    return session.scalar(waiting) or 0


def waiting_imports(session: Session, cycle_id: int) -> tuple[WaitingImport, ...]:
    """Return the imports of which rows wait, the newest first."""
    rows = (
        select(
            GivenAdjustment.import_no,
            func.count(),
            func.min(GivenAdjustment.entered_by),
            func.min(GivenAdjustment.entered_on),
        )
        .where(
            GivenAdjustment.cycle_id == cycle_id,
            GivenAdjustment.state == WAITING,
            GivenAdjustment.import_no.is_not(None),
        )
        .group_by(GivenAdjustment.import_no)
        .order_by(GivenAdjustment.import_no.desc())
    )
    return tuple(
        WaitingImport(number or 0, count, by or "", on)
        for number, count, by, on in session.execute(rows)
    )


def sheet_adjustments(
    session: Session, cycle_id: int, subject_id: int, *, scheme: Scheme
) -> SheetAdjustments:
    """Return all of one subject, and how much of what counts the scheme lets count."""
    rows = session.execute(
        WITH_CORRECTION.where(
            GivenAdjustment.cycle_id == cycle_id,
            GivenAdjustment.subject_id == subject_id,
        ).order_by(GivenAdjustment.id)
    )
    lines = tuple(_line(one, taken, None) for one, taken in rows)
    counting = ((_key(one), Fraction(one.points)) for one in lines if _counts(one))
    return SheetAdjustments(lines, counted_of(scheme.adjustments, counting))


def adjustment_labels(
    session: Session, cycle_id: int, subjects: Sequence[int] | None, scheme: Scheme
) -> dict[str, Bilingual]:
    """Return what corrections call adjustments → kind and reason in words."""
    every = select(
        GivenAdjustment.id, GivenAdjustment.kind, GivenAdjustment.reason
    ).where(GivenAdjustment.cycle_id == cycle_id)
    if subjects is not None:
        every = every.where(GivenAdjustment.subject_id.in_(subjects))
    return _labels(
        [(n, KINDS[kind], reason) for n, kind, reason in session.execute(every)], scheme
    )


def labels_of(lines: Sequence[AdjustmentLine], scheme: Scheme) -> dict[str, Bilingual]:
    """Return the same of lines that were read already."""
    return _labels([(one.id, one.kind, one.reason) for one in lines], scheme)


def _labels(
    entries: Sequence[tuple[int, Bilingual, str]], scheme: Scheme
) -> dict[str, Bilingual]:
    new = {f"{ADJUSTMENT}{kind}": _new(KINDS[kind]) for kind in kinds_of(scheme)}
    return new | {
        f"{ADJUSTMENT}{number}": _with(kind, reason) for number, kind, reason in entries
    }


def _new(kind: Bilingual) -> Bilingual:
    return Bilingual(f"漏登的{kind.zh}", f"a {kind.en} that is missing")


def _with(kind: Bilingual, reason: str) -> Bilingual:
    return Bilingual(f"{kind.zh}：{reason}", f"{kind.en}: {reason}")


def _is_meant(rated: Rated, find: str) -> bool:
    """Return whether what is looked for stands in a name or is a code."""
    sought = squeezed(find)
    codes = [rated.unit.code, rated.cadre.code if rated.cadre else ""]
    names = (rated.name, rated.unit.shown)
    return any(sought in squeezed(name) for name in names) or sought in map(
        squeezed, codes
    )


def _key(line: AdjustmentLine) -> str:
    return next(key for key, name in KINDS.items() if name == line.kind)


def _counts(line: AdjustmentLine) -> bool:
    return line.state == COUNTS


def _lines(session: Session, about: dict[int, Rated]) -> tuple[AdjustmentLine, ...]:
    """Return these rows in the order given, in one statement."""
    rows = session.execute(WITH_CORRECTION.where(GivenAdjustment.id.in_(about)))
    found = {one.id: (one, taken) for one, taken in rows}
    return tuple(
        _line(*found[number], about[number]) for number in about if number in found
    )


def _line(
    one: GivenAdjustment, taken: Correction | None, subject: Rated | None
) -> AdjustmentLine:
    return AdjustmentLine(
        id=one.id,
        subject=subject,
        kind=KINDS[one.kind],
        points=one.points,
        reason=one.reason,
        source=one.source,
        origin=one.origin,
        import_no=one.import_no,
        state=one.state,
        entered_by=one.entered_by or "",
        entered_on=one.entered_on,
        confirmed_by=one.confirmed_by or "",
        confirmed_on=one.confirmed_on,
        withdrawn_by=one.withdrawn_by or "",
        withdrawn_on=one.withdrawn_on,
        correction_id=one.reversed_in,
        reversed_because=taken.reason if taken else "",
        reversed_by=(taken.requested_by, taken.decided_by or "") if taken else ("", ""),
        place=f"{ADJUSTMENT}{one.id}={one.points}",
    )
