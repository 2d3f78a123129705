"""What respondents wrote: released by two readers, and only among enough other texts.

Comments are kept apart from answers, channels, rater groups and days; here they come in
the order of their random keys, which nobody chose.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from survey_app.ballot.paper.fragments import about_whole
from survey_app.domain.ground.bilingual import Bilingual
from survey_app.domain.ground.refusals import CommentsSealed, NotFound
from survey_app.domain.questionnaire.questionnaire import Questionnaire
from survey_app.survey.comment_floor import open_questions
from survey_app.survey.rated import rated_of, rated_some
from survey_app.survey.responses import Comment
from survey_app.survey.review_comment import (
    CommentReview,
    Outcome,
    Review,
    Verdict,
    agreed,
    outcome_of,
    waits_for,
)
from survey_app.survey.settled_plan import settled_plan
from survey_app.survey.tables import Survey


@dataclass(frozen=True, slots=True)
class WrittenComment:
    """One text as it was written, and what its readers have said so far."""

    slot: int
    id: bytes
    text: str
    reviews: tuple[Review, ...]
    question: str = ""
    """Key of the question it answers; "": it is the comment beside them all."""

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
class ReleasedComment:
    """One text as two readers passed it."""

    text: str
    question: str
    """Key of the question it answers; "": it is the comment beside them all."""


@dataclass(frozen=True, slots=True)
class Comments:
    """The texts about one subject, or one unit, when counts are final."""

    survey_id: int
    survey: str
    subject_id: int
    """The negative number of a unit where they are about all of it."""
    subject: str
    is_open: bool
    """Whether the plan found enough texts, and answers, to hide among."""
    floor: int
    questions: Mapping[str, Bilingual] = field(default_factory=dict)
    """The questions that were answered in words."""
    readable: frozenset[str] | None = None
    """Of which of them, "" for the comment, there are enough; None: comments only."""
    unit_id: int = 0
    """The unit whose other page has what was written about nobody by himself; 0: none.
    """

    @property
    def is_whole(self) -> bool:
        """Whether they are about nobody by himself."""
        return self.subject_id < 0

    @property
    def place(self) -> dict[str, Any]:
        """What stands in the address of their pages."""
        about = {"unit_id": -self.subject_id} if self.is_whole else {}
        return {
            "survey_id": self.survey_id,
            **(about or {"subject_id": self.subject_id}),
        }

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
    texts = Questionnaire.from_json(survey.questionnaire).texts
    readable = None
    if texts:
        floor = plan.floors.comments
        enough = open_questions(session, survey_id, subject_id, floor=floor)
        about = plan.of_subject(subject_id)
        # As many texts as answers: where those are not told, texts would tell them.
        readable = frozenset(q for q in enough if not about.keeps_back(q))
    return Comments(
        survey_id=survey_id,
        survey=survey.title,
        subject_id=subject_id,
        subject=rated[0].name,
        is_open=plan.of_subject(subject_id).comments,
        floor=plan.floors.comments,
        questions={one.key: one.text for one in texts},
        readable=readable,
        unit_id=rated[0].unit_id if survey.is_secret else 0,
    )


def whole_comments_of(
    session: Session, survey_id: int, *, unit_id: int, today: date
) -> Comments:
    """Return what was written about all of a unit on one secret ballot.

    Raises NotFound where no ballot asked about several of it, or ResultsSealed until
    counts are final.
    """
    survey = session.get(Survey, survey_id)
    rated = rated_of(session, survey_id) if survey and survey.is_secret else []
    ours = [one for one in rated if one.unit_id == unit_id]
    if survey is None or len(ours) < 2:
        raise NotFound
    floor = settled_plan(session, survey, today=today, subject_ids=[]).floors.comments
    about = about_whole(unit_id)
    readable = open_questions(session, survey_id, about, floor=floor)
    return Comments(
        survey_id=survey_id,
        survey=survey.title,
        subject_id=about,
        subject=ours[0].unit.name,
        is_open="" in readable,
        floor=floor,
    )


def released_page(
    session: Session, told: Comments, asked: ListAsked
) -> ListPage[ReleasedComment]:
    """Return one page of the texts two readers passed, as they passed them.

    Nothing of it can be searched: what was struck out would be found too. Raises
    CommentsSealed where nobody may read any.
    """
    page = _page(session, told, asked, _agreed(Verdict.PASS))
    passed = {one.id: agreed(one.reviews) for one in page.rows}
    return page.of(
        lambda one: ReleasedComment(
            shown.text if (shown := passed[one.id]) else "", one.question
        )
    )


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
    about = select(Comment.slot, Comment.id).where(
        Comment.survey_id == told.survey_id, Comment.subject_id == told.subject_id
    )
    if told.readable is None:
        return about
    return about.where(Comment.question.in_(sorted(told.readable)))


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
        WrittenComment(*key, found[key].text, tuple(reviews[key]), found[key].question)
        for key in wanted
        if key in found
    ]
