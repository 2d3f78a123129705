"""What respondents wrote: released by two readers, and only among enough other texts.

Comments are kept apart from answers, channels, rater groups and days; here they come in
the order of their random keys, which nobody chose.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.ground.refusals import CommentsSealed, NotFound
from survey_app.survey.rated import rated_some
from survey_app.survey.responses import Comment
from survey_app.survey.review_comment import (
    Outcome,
    Review,
    Verdict,
    agreed,
    outcome_of,
    waits_for,
)
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import CommentReview, Survey


@dataclass(frozen=True, slots=True)
class WrittenComment:
    """One text as it was written, and what its readers have said so far."""

    slot: int
    id: bytes
    text: str
    reviews: tuple[Review, ...]

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return outcome_of(self.reviews)

    def waits_for(self, reader: str) -> bool:
        """Return whether this reader should look, for the first time or once more."""
        return waits_for(reader, self.reviews)

    def by(self, reader: str) -> Review | None:
        """Return what this reader said; None: nothing yet."""
        return next((one for one in self.reviews if one.reader == reader), None)

    def of_others(self, reader: str) -> tuple[Review, ...]:
        """Return what the other readers said."""
        return tuple(one for one in self.reviews if one.reader != reader)


@dataclass(frozen=True, slots=True)
class Comments:
    """The texts about one subject of a survey whose counts are final."""

    survey_id: int
    survey: str
    subject_id: int
    subject: str
    is_open: bool
    """Whether the plan found enough texts, and answers, to hide among."""
    floor: int
    written: tuple[WrittenComment, ...]
    """For reviewers only; empty where nobody may read any."""

    @property
    def released(self) -> tuple[str, ...]:
        """The texts two readers passed, as they passed them."""
        settled = (agreed(comment.reviews) for comment in self.written)
        return tuple(
            review.text
            for review in settled
            if review and review.verdict is Verdict.PASS
        )

    @property
    def some_withheld(self) -> bool:
        """Whether two readers withheld any; how many is told to nobody."""
        return any(one.outcome is Outcome.WITHHELD for one in self.written)

    @property
    def some_waiting(self) -> bool:
        """Whether readers have yet to agree on any."""
        return any(one.outcome is Outcome.WAITING for one in self.written)

    def waiting_for(self, reader: str) -> tuple[WrittenComment, ...]:
        """Return what this reader should look at, in the order of the random keys."""
        return tuple(one for one in self.written if one.waits_for(reader))

    def require_open(self) -> None:
        """Raise CommentsSealed where nobody may read what was written."""
        if not self.is_open:
            raise CommentsSealed

    def find(self, slot: int, comment_id: bytes) -> WrittenComment:
        """Return one comment for its reader; raises CommentsSealed or NotFound."""
        self.require_open()
        for one in self.written:
            if (one.slot, one.id) == (slot, comment_id):
                return one
        raise NotFound


def comments_of(
    session: Session, survey_id: int, *, subject_id: int, today: date
) -> Comments:
    """Return the comments; raises NotFound, or ResultsSealed until counts are final."""
    survey = session.get(Survey, survey_id)
    rated = rated_some(session, survey_id, [subject_id])
    if survey is None or not rated:
        raise NotFound
    plan = settled_plan(session, survey, today=today, subject_ids=[subject_id])
    is_open = plan.of_subject(subject_id).comments
    return Comments(
        survey_id=survey_id,
        survey=survey.title,
        subject_id=subject_id,
        subject=rated[0].name,
        is_open=is_open,
        floor=plan.floors.comments,
        written=_written(session, survey_id, subject_id) if is_open else (),
    )


def _written(
    session: Session, survey_id: int, subject_id: int
) -> tuple[WrittenComment, ...]:
    """Return every text with its reviews, in the order of the random keys."""
    ours = Comment.survey_id == survey_id, Comment.subject_id == subject_id
    reviews: defaultdict[tuple[int, bytes], list[Review]] = defaultdict(list)
    kept = select(CommentReview).join(
        Comment,
        (Comment.slot == CommentReview.slot) & (Comment.id == CommentReview.comment_id),
    )
    for row in session.scalars(kept.where(*ours).order_by(CommentReview.reader)):
        review = Review(row.reader, Verdict(row.verdict), row.text)
        reviews[row.slot, row.comment_id].append(review)
    texts = select(Comment).where(*ours).order_by(Comment.id)
    return tuple(
        WrittenComment(one.slot, one.id, one.text, tuple(reviews[one.slot, one.id]))
        for one in session.scalars(texts)
    )
