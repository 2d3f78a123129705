"""What respondents wrote: released by two readers, and only among enough other texts.

Comments are kept apart from answers, channels, rater groups and days; here they come in
the order of their random keys, which nobody chose.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, select, tuple_
from sqlalchemy.orm import Session, aliased

from survey_app.analytics.paging import (
    ListAsked,
    ListColumns,
    ListPage,
    Statement,
    anywhere,
    page_of,
)
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

    def require_open(self) -> None:
        """Raise CommentsSealed where nobody may read what was written."""
        if not self.is_open:
            raise CommentsSealed


def comments_of(
    session: Session, survey_id: int, *, subject_id: int, today: date
) -> Comments:
    """Return the comments; raises NotFound, or ResultsSealed until counts are final."""
    survey = session.get(Survey, survey_id)
    rated = rated_some(session, survey_id, [subject_id])
    if survey is None or not rated:
        raise NotFound
    plan = settled_plan(session, survey, today=today, subject_ids=[subject_id])
    return Comments(
        survey_id=survey_id,
        survey=survey.title,
        subject_id=subject_id,
        subject=rated[0].name,
        is_open=plan.of_subject(subject_id).comments,
        floor=plan.floors.comments,
    )


def released_page(session: Session, told: Comments, asked: ListAsked) -> ListPage[str]:
    """Return one page of the texts two readers passed, as they passed them.

    Nothing of it can be searched: what was struck out would be found too. Raises
    CommentsSealed where nobody may read any.
    """
    page = _page(session, told, asked, _agreed(Verdict.PASS))
    passed = {one.id: agreed(one.reviews) for one in page.rows}
    return page.of(lambda one: shown.text if (shown := passed[one.id]) else "")


def waiting_page(
    session: Session, told: Comments, asked: ListAsked, *, reader: str, is_mine: bool
) -> ListPage[WrittenComment]:
    """Return one page of the texts this reader should look at, or only others should.

    In the order of the random keys. Raises CommentsSealed where nobody may read any.
    """
    mine = ~_agreed() & (~_reviewed(_is_by(reader)) | _reviewed(~_is_by(reader)))
    others = ~_agreed() & ~mine
    return _page(session, told, asked, mine if is_mine else others)


def some_withheld(session: Session, told: Comments) -> bool:
    """Return whether two readers withheld any; how many is told to nobody."""
    return _some(session, told, _agreed(Verdict.WITHHOLD))


def some_waiting(session: Session, told: Comments) -> bool:
    """Return whether readers have yet to agree on any."""
    return _some(session, told, ~_agreed())


def comment_at(
    session: Session, told: Comments, slot: int, comment_id: bytes
) -> WrittenComment:
    """Return one comment for its reader; raises CommentsSealed or NotFound."""
    told.require_open()
    at = _of(told).where(Comment.slot == slot, Comment.id == comment_id)
    for one in _read(session, session.execute(at).all()):
        return one
    raise NotFound


_COLUMNS = ListColumns(always=(Comment.id, Comment.slot), within=anywhere)
_ONE, _OTHER = aliased(CommentReview), aliased(CommentReview)


def _is_by(reader: str) -> ColumnElement[bool]:
    """Return whether a review is this reader's."""
    return _ONE.reader == reader


def _of(told: Comments) -> Statement:
    """Return the statement about the keys of these comments."""
    return select(Comment.slot, Comment.id).where(
        Comment.survey_id == told.survey_id, Comment.subject_id == told.subject_id
    )


def _reviewed(*further: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return whether a comment has a review of which all this holds."""
    own = _ONE.slot == Comment.slot, _ONE.comment_id == Comment.id
    return exists(select(_ONE.reader).where(*own, *further))


def _agreed(verdict: Verdict | None = None) -> ColumnElement[bool]:
    """Return whether two readers say the same of a comment, as `agreed` has it."""
    same = exists(
        select(_OTHER.reader).where(
            _OTHER.slot == _ONE.slot,
            _OTHER.comment_id == _ONE.comment_id,
            _OTHER.reader != _ONE.reader,
            _OTHER.verdict == _ONE.verdict,
            _OTHER.text == _ONE.text,
        )
    )
    return _reviewed(same, *([] if verdict is None else [_ONE.verdict == verdict]))


def _some(session: Session, told: Comments, which: ColumnElement[bool]) -> bool:
    if not told.is_open:
        return False
    return session.execute(_of(told).where(which).limit(1)).first() is not None


def _page(
    session: Session, told: Comments, asked: ListAsked, which: ColumnElement[bool]
) -> ListPage[WrittenComment]:
    told.require_open()
    page = page_of(session, _of(told).where(which), _COLUMNS, asked)
    return page.holding(_read(session, page.rows))


def _read(session: Session, keys: Sequence[Any]) -> list[WrittenComment]:
    """Return comments by their keys, in this order, with their reviews."""
    wanted = [(key.slot, key.id) for key in keys]
    texts = select(Comment).where(tuple_(Comment.slot, Comment.id).in_(wanted))
    said = select(CommentReview).where(
        tuple_(CommentReview.slot, CommentReview.comment_id).in_(wanted)
    )
    reviews: defaultdict[tuple[int, bytes], list[Review]] = defaultdict(list)
    for row in session.scalars(said.order_by(CommentReview.reader)) if wanted else ():
        review = Review(row.reader, Verdict(row.verdict), row.text)
        reviews[row.slot, row.comment_id].append(review)
    found = {(one.slot, one.id): one for one in session.scalars(texts)}
    return [
        WrittenComment(*key, found[key].text, tuple(reviews[key]))
        for key in wanted
        if key in found
    ]
