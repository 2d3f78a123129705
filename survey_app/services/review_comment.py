"""One reader's verdict on one comment; what two agree on is settled.

A reader has one row for each comment and may change it until then.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.comment_review import (
    Review,
    Verdict,
    agreed,
    edited,
    is_edit_of,
)
from survey_app.domain.disclosure.plan import EvaluatedPlan
from survey_app.domain.refusals import (
    CommentSettled,
    CommentsSealed,
    EditRefused,
    NotFound,
    ResultsSealed,
    SurveyVoid,
)
from survey_app.models.publication import CommentReview
from survey_app.models.response import Comment
from survey_app.models.survey import VOID, Survey
from survey_app.sealing.sealed_plan import untouched_plans
from survey_app.services.second_person import given_so_far, refuse_one_person


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
        _require_readable(session, comment)
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


def _require_readable(session: Session, comment: Comment) -> None:
    """Raise ResultsSealed, or CommentsSealed where the stored plan lets nobody read.

    Raises PlanChanged where the plan is not as it was sealed.
    """
    if session.get_one(Survey, comment.survey_id).state == VOID:
        raise SurveyVoid
    plan = untouched_plans(session, [comment.survey_id]).get(comment.survey_id)
    if plan is None or plan.evaluated is None:
        raise ResultsSealed
    evaluated = EvaluatedPlan.from_json(plan.evaluated)
    if not evaluated.of_subject(comment.subject_id).comments:
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
