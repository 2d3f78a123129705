"""Points given over a signature: kept with everything that was ever entered.

A row is never changed in what was signed. Whoever finds a mistake withdraws it, with
the reason, and enters another one; what counts is confirmed and not withdrawn.
"""

from datetime import date
from fractions import Fraction

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.appraisal.cycle import Cycle, unsettled_cycle
from survey_app.appraisal.people import Subject
from survey_app.appraisal.sheet_rows import mark_stale
from survey_app.domain.counting.evidence import SignedPaper
from survey_app.domain.ground.cycle_refusals import (
    AlreadyRated,
    RatingSettled,
)
from survey_app.domain.ground.refusals import NotFound, Refusal
from survey_app.domain.scheme.components import named_places
from survey_app.domain.scheme.scheme import Component
from survey_app.table_base import Base, waiting


class NamedRatingEntry(Base):
    """One named rating of one subject, as it was copied from the signed paper."""

    __tablename__ = "named_rating"
    __table_args__ = (
        CheckConstraint("confirmed_by <> entered_by", name="two_accounts"),
        CheckConstraint(
            "(withdrawn_by IS NULL) = (withdrawn_because IS NULL)", name="says_why"
        ),
        Index(None, "cycle_id", "subject_id"),
        waiting(
            "named_rating",
            "cycle_id",
            "subject_id",
            which="confirmed_by IS NULL AND withdrawn_by IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"))
    component_key: Mapped[str]
    rater_group: Mapped[str]
    """Empty where the whole component consists of named ratings."""
    rater: Mapped[str]
    capacity: Mapped[str]
    points: Mapped[str]
    """Exact, as written."""
    reason: Mapped[str]
    signed_on: Mapped[date]
    source: Mapped[str]
    """The signed paper, and where it is filed."""
    entered_by: Mapped[str]
    """The account that copied it."""
    passwords_given: Mapped[int]
    """How many passwords one account had given another by then; see `given_password`.
    """
    confirmed_by: Mapped[str | None]
    """Another account, which compared it with the paper; before that it counts not."""
    withdrawn_by: Mapped[str | None]
    withdrawn_because: Mapped[str | None]


def enter_named_rating(
    session: Session, cycle_id: int, paper: SignedPaper, *, account: str
) -> int:
    """Keep what was signed and return its number; it counts once it is confirmed.

    Raises NotFound where the cycle's scheme takes no such rating about this subject,
    AlreadyRated where the same signature stands there already, and CycleSettled in a
    cycle whose sheets are final. ValueError for points beyond the scale, which the form
    refuses first.
    """
    cycle = unsettled_cycle(session, cycle_id)
    subject = session.get(Subject, paper.subject_id)
    if subject is None:
        raise NotFound
    component = _component(cycle, paper)
    if component is None or component.about.value != subject.kind:
        raise NotFound
    if not 0 <= Fraction(paper.points) <= component.full_marks.value:
        raise ValueError("points beyond the scale")
    if _stands(session, cycle_id, paper):
        session.rollback()
        raise AlreadyRated
    entry = NamedRatingEntry(
        cycle_id=cycle_id,
        subject_id=paper.subject_id,
        component_key=paper.component_key,
        rater_group=paper.rater_group,
        rater=paper.rater,
        capacity=paper.capacity,
        points=paper.points,
        reason=paper.reason,
        signed_on=paper.signed_on,
        source=paper.source,
        entered_by=account,
        passwords_given=given_so_far(session),
    )
    session.add(entry)
    session.commit()
    return entry.id


def confirm_named_rating(
    session: Session, cycle_id: int, rating_id: int, *, account: str
) -> None:
    """Let the rating count: somebody else compared it with the signed paper.

    Raises NotFound, RatingSettled where it is confirmed or withdrawn already,
    CycleSettled, and what `refuse_one_person` raises where one person could be this
    account and the one that entered it.
    """
    entry = _held(session, cycle_id, rating_id)
    if entry.confirmed_by is not None or entry.withdrawn_by is not None:
        session.rollback()
        raise RatingSettled
    try:
        refuse_one_person(
            session,
            first=entry.entered_by,
            second=account,
            since=entry.passwords_given,
        )
    except Refusal:
        session.rollback()
        raise
    entry.confirmed_by = account
    mark_stale(session, cycle_id, [entry.subject_id])
    session.commit()


def withdraw_named_rating(
    session: Session, cycle_id: int, rating_id: int, *, account: str, because: str
) -> None:
    """Take the rating out of the score; it stays on the list with the reason.

    Raises NotFound, CycleSettled, or RatingSettled where it was withdrawn before.
    """
    entry = _held(session, cycle_id, rating_id)
    if entry.withdrawn_by is not None:
        session.rollback()
        raise RatingSettled
    entry.withdrawn_by, entry.withdrawn_because = account, because
    mark_stale(session, cycle_id, [entry.subject_id])
    session.commit()


def _held(session: Session, cycle_id: int, rating_id: int) -> NamedRatingEntry:
    """Return the entry, held fast; raises NotFound, or CycleSettled."""
    unsettled_cycle(session, cycle_id)
    entry = session.get(NamedRatingEntry, rating_id, with_for_update=True)
    if entry is None or entry.cycle_id != cycle_id:
        session.rollback()
        raise NotFound
    return entry


def _component(cycle: Cycle, paper: SignedPaper) -> Component | None:
    """Return the component, if the scheme takes named ratings at this place."""
    scheme = cycle.rules
    if (paper.component_key, paper.rater_group) not in named_places(scheme.components):
        return None
    return scheme.component(paper.component_key)


def _stands(session: Session, cycle_id: int, paper: SignedPaper) -> bool:
    """Return whether this rater's rating of the subject stands there already."""
    same = select(NamedRatingEntry.id).where(
        NamedRatingEntry.cycle_id == cycle_id,
        NamedRatingEntry.subject_id == paper.subject_id,
        NamedRatingEntry.component_key == paper.component_key,
        NamedRatingEntry.rater_group == paper.rater_group,
        NamedRatingEntry.rater == paper.rater,
        NamedRatingEntry.withdrawn_by.is_(None),
    )
    return session.scalar(same.limit(1)) is not None
