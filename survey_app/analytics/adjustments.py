"""Bonuses and deductions: those that count, and the list with its whole history."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey_app.analytics.cycle_subjects import COLUMNS as BY_SUBJECT
from survey_app.analytics.cycle_subjects import named_in, subjects_in
from survey_app.analytics.paging import ListAsked, ListPage, page_of
from survey_app.appraisal.adjustments import COUNTS, STATES, WAITING, GivenAdjustment
from survey_app.appraisal.cycle import Cycle
from survey_app.appraisal.people import Subject
from survey_app.appraisal.rated import Rated
from survey_app.appraisal.scope import EVERYWHERE, Scope, within
from survey_app.domain.counting.evidence import Adjustment
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.proposal import (
    KINDS,
    CountedOfKind,
    counted_of,
    kinds_of,
)
from survey_app.survey.rated import rated_in_cycle
from survey_app.survey.settling.correction import ADJUSTMENT, Correction

COLUMNS = replace(
    BY_SUBJECT, always=(*BY_SUBJECT.always, GivenAdjustment.id), orders={}
)
WITH_CORRECTION = select(GivenAdjustment, Correction).outerjoin(
    Correction, Correction.id == GivenAdjustment.reversed_in
)


@dataclass(frozen=True, slots=True)
class AdjustmentLine:
    """One bonus or deduction as the office reads it."""

    id: int
    subject: Rated | None
    """None on a page that is about one subject."""
    kind: str
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

    @property
    def label(self) -> Bilingual:
        """What its kind is called."""
        return KINDS[self.kind]

    @property
    def place(self) -> str:
        """What a correction calls it, as it stands."""
        return f"{ADJUSTMENT}{self.id}={self.points}"


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
    counted: tuple[CountedOfKind, ...]
    """Of each kind that counts: how much of it."""


def adjustment_lines(
    session: Session, cycle_id: int, subjects: Sequence[int] | None = None
) -> dict[int, tuple[AdjustmentLine, ...]]:
    """Return subject → all of its own, in the order entered; one statement."""
    every = WITH_CORRECTION.where(GivenAdjustment.cycle_id == cycle_id)
    if subjects is not None:
        every = every.where(GivenAdjustment.subject_id.in_(subjects))
    found: defaultdict[int, tuple[AdjustmentLine, ...]] = defaultdict(tuple)
    for one, taken in session.execute(every.order_by(GivenAdjustment.id)):
        found[one.subject_id] += (_line(one, taken, None),)
    return dict(found)


def counting_of(lines: Iterable[AdjustmentLine]) -> tuple[Adjustment, ...]:
    """Return those that count, as the score takes them."""
    return tuple(
        Adjustment(one.kind, Fraction(one.points), one.reason, one.source)
        for one in lines
        if one.state == COUNTS
    )


def sheet_adjustments(
    lines: tuple[AdjustmentLine, ...], scheme: Scheme
) -> SheetAdjustments:
    """Return all of one subject, and how much of what counts the scheme lets count."""
    counting = [(one.kind, one.points) for one in counting_of(lines)]
    return SheetAdjustments(lines, counted_of(scheme.adjustments, counting))


def adjustment_page(
    session: Session, cycle: Cycle, asked: ListAsked, *, state: str
) -> ListPage[AdjustmentLine]:
    """Return one page of the list, by unit and subject; an empty `state` means all."""
    chosen = subjects_in(cycle, GivenAdjustment.id.expression).join(
        GivenAdjustment, GivenAdjustment.subject_id == Subject.id
    )
    chosen = chosen.where(GivenAdjustment.cycle_id == cycle.id)
    if state:
        chosen = chosen.where(GivenAdjustment.state == state)
    page = page_of(session, chosen, COLUMNS, asked)
    here = {row[-1]: named_in(row) for row in page.rows}
    return page.holding(_lines(session, here))


def in_each_state(
    session: Session, cycle_id: int, scope: Scope = EVERYWHERE
) -> dict[str, int]:
    """Return state → how many of the cycle are in it, of those within the scope."""
    counted = (
        select(GivenAdjustment.state, func.count())
        .where(GivenAdjustment.cycle_id == cycle_id)
        .where(scope.of_subject(GivenAdjustment.subject_id))
        .group_by(GivenAdjustment.state)
    )
    found = {state: count for state, count in session.execute(counted)}  # noqa: C416
    return {state: found.get(state, 0) for state in STATES}


def every_adjustment(
    session: Session, cycle_id: int, scope: Scope = EVERYWHERE
) -> tuple[AdjustmentLine, ...]:
    """Return the whole list of a cycle within the scope, by unit and subject."""
    lines = within(session, scope, adjustment_lines(session, cycle_id))
    return tuple(
        replace(line, subject=one)
        for one in rated_in_cycle(session, cycle_id, some=lines)
        for line in lines[one.id]
    )


def adjustments_waiting(session: Session, cycle_id: int) -> int:
    """Return how many of the cycle wait for a second account."""
    return session.scalar(waiting_of(cycle_id)) or 0


def waiting_of(cycle_id: int) -> Select[int]:
    """Return the statement that counts them."""
    return select(func.count()).where(
        GivenAdjustment.cycle_id == cycle_id, GivenAdjustment.state == WAITING
    )


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
    return _labels([(one.id, one.label, one.reason) for one in lines], scheme)


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
        kind=one.kind,
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
    )
