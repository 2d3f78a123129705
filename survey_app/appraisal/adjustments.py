"""Bonuses and deductions: proposed by one account, confirmed by another, never erased.

Whatever writes adjustments comes through `propose_adjustment`: the form of the office,
a workbook, supervision. A row is never changed in what was proposed. What is wrong is
withdrawn before it is confirmed; afterwards a correction, an act of two people, takes
it away.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.appraisal.cycle import unsettled_cycle
from survey_app.appraisal.people import Subject
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.domain.ground.cycle_refusals import (
    AdjustmentDecided,
    AdjustmentRefused,
    AdjustmentStands,
)
from survey_app.domain.ground.refusals import NotFound, Refusal
from survey_app.domain.scheme.scheme import Scheme
from survey_app.domain.scoring.proposal import Proposal, points_as_kept, wrong_points
from survey_app.table_base import Base, waiting

WAITING, COUNTS = "waiting", "counts"
TAKEN_BACK, REVERSED = "withdrawn", "reversed"
STATES = (WAITING, COUNTS, TAKEN_BACK, REVERSED)


class GivenAdjustment(Base):
    """A bonus or deduction of one subject, with reason, source and who answers."""

    __tablename__ = "given_adjustment"
    __table_args__ = (
        CheckConstraint("kind IN ('bonus', 'deduction')", name="kind"),
        CheckConstraint(
            "state IN ('waiting', 'counts', 'withdrawn', 'reversed')", name="state"
        ),
        CheckConstraint("confirmed_by <> entered_by", name="two_accounts"),
        CheckConstraint(
            "state NOT IN ('counts', 'reversed') OR confirmed_by IS NOT NULL"
            " OR entered_by IS NULL",
            name="confirmed",
        ),
        CheckConstraint(
            "(state = 'reversed') = (reversed_in IS NOT NULL)", name="reversed"
        ),
        Index(None, "cycle_id", "subject_id"),
        waiting(
            "given_adjustment", "cycle_id", "subject_id", which="state = 'waiting'"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    kind: Mapped[str]
    points: Mapped[str]
    """Exact, as written; without a sign."""
    reason: Mapped[str]
    source: Mapped[str]
    """The document or evidence, and where it is filed."""
    origin: Mapped[str] = mapped_column(default="form")
    """What wrote it; see domain.scoring.proposal."""
    import_no: Mapped[int | None]
    """Rows of one imported workbook bear one number; None: from no workbook."""
    state: Mapped[str] = mapped_column(default=WAITING)
    entered_by: Mapped[str | None]
    """The account that proposed it; None: before this was noted."""
    entered_on: Mapped[date | None]
    passwords_given: Mapped[int] = mapped_column(default=0)
    """How many passwords one account had given another by then; see `given_password`.
    """
    confirmed_by: Mapped[str | None]
    """Another account, which compared it with the source; before that it counts not."""
    confirmed_on: Mapped[date | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_on: Mapped[date | None]
    reversed_in: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
    """The correction that took it away; it says why, and names both people."""


def propose_adjustment(
    session: Session, cycle_id: int, proposal: Proposal, *, account: str, today: date
) -> int:
    """Keep the proposal and return its number; it counts once another confirms it.

    Raises NotFound where the cycle's scheme scores no such subject, AdjustmentRefused,
    which says why, where the scheme takes no such points, AdjustmentStands where the
    very same stands already, and CycleSettled.
    """
    cycle = unsettled_cycle(session, cycle_id)
    try:
        _refuse(session, cycle.rules, proposal)
        if any(
            is_same(one, proposal) for one in _standing(session, cycle_id, proposal)
        ):
            raise AdjustmentStands
    except Refusal:
        session.rollback()
        raise
    entry = proposed(proposal, cycle_id=cycle_id, account=account, today=today)
    entry.passwords_given = given_so_far(session)
    session.add(entry)
    session.commit()
    return entry.id


def proposed(
    proposal: Proposal, *, cycle_id: int, account: str | None, today: date | None
) -> GivenAdjustment:
    """Return the proposal as a row that waits; whoever calls adds and commits it."""
    return GivenAdjustment(
        cycle_id=cycle_id,
        subject_id=proposal.subject_id,
        kind=proposal.kind,
        points=points_as_kept(proposal.points),
        reason=proposal.reason,
        source=proposal.source,
        origin=proposal.origin,
        state=WAITING,
        entered_by=account,
        entered_on=today,
    )


def is_same(entry: GivenAdjustment, proposal: Proposal) -> bool:
    """Return whether the entry says what is proposed; 1.50 points are 1.5."""
    told = entry.subject_id, entry.kind, entry.reason, entry.source
    asked = proposal.subject_id, proposal.kind, proposal.reason, proposal.source
    return told == asked and Fraction(entry.points) == Fraction(
        points_as_kept(proposal.points)
    )


def confirm_adjustment(
    session: Session, cycle_id: int, adjustment_id: int, *, account: str, today: date
) -> None:
    """Let it count: somebody else compared it with its source.

    Raises NotFound, AdjustmentDecided where it does not wait any more, CycleSettled,
    and what `refuse_one_person` raises where one person could be this account and the
    one that entered it.
    """
    entry = _waiting(session, cycle_id, adjustment_id)
    _confirm(session, [entry], account, today)


def confirm_import(
    session: Session, cycle_id: int, import_no: int, *, account: str, today: date
) -> int:
    """Let all rows of one imported workbook count that wait still; return how many.

    All or none of them. Raises AdjustmentDecided where none waits, and what
    `confirm_adjustment` raises.
    """
    entries = _waiting_rows(session, cycle_id, import_no)
    _confirm(session, entries, account, today)
    return len(entries)


def withdraw_adjustment(
    session: Session, cycle_id: int, adjustment_id: int, *, account: str, today: date
) -> None:
    """Let it never count; it stays on the list. It needs no second account.

    Raises NotFound, AdjustmentDecided, or CycleSettled.
    """
    _withdraw(session, [_waiting(session, cycle_id, adjustment_id)], account, today)


def withdraw_import(
    session: Session, cycle_id: int, import_no: int, *, account: str, today: date
) -> int:
    """Let no row of the workbook count that waits still; return how many there were.

    Raises NotFound, AdjustmentDecided, or CycleSettled.
    """
    entries = _waiting_rows(session, cycle_id, import_no)
    _withdraw(session, entries, account, today)
    return len(entries)


def _refuse(session: Session, scheme: Scheme, proposal: Proposal) -> None:
    """Raise NotFound or AdjustmentRefused where the scheme takes no such thing."""
    subject = session.get(Subject, proposal.subject_id)
    if subject is None or subject.kind != scheme.subject:
        raise NotFound
    wrong = wrong_points(scheme, proposal.kind, proposal.points)
    if wrong is not None:
        raise AdjustmentRefused(wrong)


def _standing(
    session: Session, cycle_id: int, proposal: Proposal
) -> Iterable[GivenAdjustment]:
    """Return what waits or counts already about this subject."""
    return session.scalars(
        select(GivenAdjustment).where(
            GivenAdjustment.cycle_id == cycle_id,
            GivenAdjustment.subject_id == proposal.subject_id,
            GivenAdjustment.state.in_((WAITING, COUNTS)),
        )
    )


def _confirm(
    session: Session, entries: Sequence[GivenAdjustment], account: str, today: date
) -> None:
    try:
        for first, since in {(e.entered_by, e.passwords_given) for e in entries}:
            # Nobody is nobody's second person: who entered it must be known.
            refuse_one_person(session, first=first or "", second=account, since=since)
    except Refusal:
        session.rollback()
        raise
    for entry in entries:
        entry.state = COUNTS
        entry.confirmed_by, entry.confirmed_on = account, today
    mark_stale(session, entries[0].cycle_id, {entry.subject_id for entry in entries})
    session.commit()


def _withdraw(
    session: Session, entries: Iterable[GivenAdjustment], account: str, today: date
) -> None:
    for entry in entries:
        entry.state = TAKEN_BACK
        entry.withdrawn_by, entry.withdrawn_on = account, today
    session.commit()


def _waiting(session: Session, cycle_id: int, adjustment_id: int) -> GivenAdjustment:
    """Return the entry; raises NotFound, CycleSettled or AdjustmentDecided."""
    unsettled_cycle(session, cycle_id)
    entry = session.get(GivenAdjustment, adjustment_id, populate_existing=True)
    if entry is None or entry.cycle_id != cycle_id:
        session.rollback()
        raise NotFound
    if entry.state != WAITING:
        session.rollback()
        raise AdjustmentDecided
    return entry


def _waiting_rows(
    session: Session, cycle_id: int, import_no: int
) -> Sequence[GivenAdjustment]:
    """Return the rows that wait; raises NotFound, CycleSettled, AdjustmentDecided."""
    unsettled_cycle(session, cycle_id)
    rows = select(GivenAdjustment).where(
        GivenAdjustment.cycle_id == cycle_id,
        GivenAdjustment.import_no == import_no,
        GivenAdjustment.state == WAITING,
    )
    rows = rows.order_by(GivenAdjustment.id)
    entries = session.scalars(rows.execution_options(populate_existing=True)).all()
    if not entries:
        session.rollback()
        raise AdjustmentDecided
    return entries
