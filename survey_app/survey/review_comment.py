"""Two readers stand between a comment and everybody else.

Each strikes out names, dates, places and events, or withholds the text. Only what two
of them agree on word by word is released: one careless or overbearing reader alone can
neither publish a comment nor make it disappear.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CheckConstraint, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.accounts.second_person import given_so_far, refuse_one_person
from survey_app.domain.ground.clean_text import clean_comment
from survey_app.domain.ground.refusals import (
    CommentSettled,
    CommentsSealed,
    EditRefused,
    NotFound,
    ResultsSealed,
    SurveyVoid,
)
from survey_app.survey.comment_floor import open_questions
from survey_app.survey.responses import Comment
from survey_app.survey.settled_plan import plans_of
from survey_app.survey.tables import VOID, Survey
from survey_app.table_base import Base


class CommentReview(Base):
    """What one reader said of one comment; two who agree release it."""

    __tablename__ = "comment_review"
    __table_args__ = (
        CheckConstraint("verdict IN ('pass', 'withhold')", name="verdict"),
        {"sqlite_with_rowid": False},
    )

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    comment_id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    """The account that read it."""
    verdict: Mapped[str]
    text: Mapped[str]
    """As it may be shown: names, dates, places and events struck out."""
    given_before: Mapped[int | None]
    """How long the list of given passwords and confirmations was when this was said;
    None where that was before there was a list."""


class Verdict(StrEnum):
    """What one reader says of one comment."""

    PASS = "pass"  # noqa: S105 -- a verdict, not a password
    WITHHOLD = "withhold"


class Outcome(StrEnum):
    """What became of a comment."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Review:
    """One reader's verdict; a reader has one for each comment."""

    reader: str
    verdict: Verdict
    text: str
    """As it may be shown; empty where it is withheld."""

    def agrees_with(self, other: "Review") -> bool:
        """Return whether a different reader said exactly the same."""
        return (
            self.reader != other.reader
            and self.verdict is other.verdict
            and self.text == other.text
        )


def agreed(reviews: Iterable[Review]) -> Review | None:
    """Return what two different readers agree on; None while no two do."""
    told = tuple(reviews)
    return next(
        (one for one in told if any(one.agrees_with(other) for other in told)), None
    )


def outcome_of(reviews: Iterable[Review]) -> Outcome:
    """Return what became of a comment with these reviews."""
    settled = agreed(reviews)
    if settled is None:
        return Outcome.WAITING
    if settled.verdict is Verdict.PASS:
        return Outcome.RELEASED
    return Outcome.WITHHELD


def waits_for(reader: str, reviews: Iterable[Review]) -> bool:
    """Return whether this reader should look: for the first time, or once more.

    Once more where another reader disagrees with what this one said.
    """
    told = tuple(reviews)
    own = next((review for review in told if review.reader == reader), None)
    if agreed(told):
        return False
    return own is None or any(review.reader != reader for review in told)


def edited(text: str) -> str:
    """Return a text as it is compared and kept: what is seen of it."""
    return clean_comment(text)


def is_edit_of(text: str, original: str) -> bool:
    """Return whether an edited text may stand for the original: not empty, not longer.

    Striking out never makes a text longer; what is longer says something of its own.
    """
    return 0 < len(edited(text)) <= len(edited(original))


def review_comment(
    session: Session,
    *,
    slot: int,
    comment_id: bytes,
    account: str,
    verdict: Verdict,
    text: str,
) -> None:
    """Keep what this account says of the comment, in place of what it said before.

    Raises NotFound, SurveyVoid, ResultsSealed while counts are not final,
    CommentsSealed where nobody reads comments, CommentSettled once two readers agree,
    EditRefused for a passed text that is empty or longer than what was written, or what
    `refuse_one_person` raises where two who could be one person would settle it.
    """
    said = Review(account, verdict, edited(text) if verdict is Verdict.PASS else "")
    try:
        comment = _held(session, slot, comment_id)
        require_readable(
            session, comment.survey_id, comment.subject_id, comment.question
        )
        kept = _reviews(session, comment)
        if agreed(_told(kept)):
            raise CommentSettled
        if verdict is Verdict.PASS and not is_edit_of(text, comment.text):
            raise EditRefused
        _refuse_one_reader(session, kept, said)
    except Exception:
        session.rollback()
        raise
    session.merge(
        CommentReview(
            slot=slot, comment_id=comment_id, reader=account, verdict=verdict,
            text=said.text, given_before=given_so_far(session),
        )
    )  # fmt: skip
    session.commit()


def _held(session: Session, slot: int, comment_id: bytes) -> Comment:
    """Return the comment; a second reader waits until the first has finished."""
    comment = session.get(Comment, (slot, comment_id), with_for_update=True)
    if comment is None:
        raise NotFound
    return comment


def require_readable(
    session: Session, survey_id: int, subject_id: int, question: str = ""
) -> None:
    """Raise ResultsSealed, or CommentsSealed where the stored plan lets nobody read.

    Raises SurveyVoid, and PlanChanged where the plan is not as it was sealed.
    """
    if session.get_one(Survey, survey_id).state == VOID:
        raise SurveyVoid
    about = [subject_id] if subject_id > 0 else []
    plan = plans_of(session, [survey_id], subject_ids=about).get(survey_id)
    if plan is None:
        raise ResultsSealed
    of_subject = plan.of_subject(subject_id)
    if about and not of_subject.comments:
        raise CommentsSealed
    if question and of_subject.keeps_back(question):
        raise CommentsSealed
    floor = plan.floors.comments
    is_beside = not (about or question)
    if (is_beside or question) and question not in open_questions(
        session, survey_id, subject_id, floor=floor
    ):
        raise CommentsSealed


def _reviews(session: Session, comment: Comment) -> list[CommentReview]:
    """Return what has been said of the comment so far."""
    kept = select(CommentReview).filter_by(slot=comment.slot, comment_id=comment.id)
    return list(session.scalars(kept))


def _told(kept: list[CommentReview]) -> list[Review]:
    return [Review(row.reader, Verdict(row.verdict), row.text) for row in kept]


def _refuse_one_reader(
    session: Session, kept: list[CommentReview], said: Review
) -> None:
    """Raise where this verdict agrees with one of what could be the same person."""
    for row, review in zip(kept, _told(kept), strict=True):
        if said.agrees_with(review):
            refuse_one_person(
                session,
                first=row.reader,
                second=said.reader,
                since=row.given_before,
            )
