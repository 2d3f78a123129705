"""Count an opened box into the main database, in short steps that can be repeated.

What became of the plan is kept with the last of them, and until then nothing is shown.
From then on its tally stands where the tallies of open surveys stand, and everything
behind it is the same road.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from survey_app.ballot.closed_box import closing_in
from survey_app.ballot.held_box import locked_secret, manifest_in
from survey_app.ballot.main_tables import BallotCount
from survey_app.ballot.paper.counted_groups import counted_groups, group_of_batches
from survey_app.ballot.paper.head import CountedBatch, Head, SignedHead
from survey_app.ballot.tables import BallotBox, FragmentRow, OpenedComment
from survey_app.database import forget_order, reading
from survey_app.domain.counting.merged_groups import Merged
from survey_app.domain.counting.tally import Place, nested
from survey_app.domain.ground.in_parts import in_parts
from survey_app.domain.ground.refusals import PlanChanged
from survey_app.domain.questionnaire.ballot_lines import pick_on
from survey_app.jobs.jobs import Progress, ask_for, untold
from survey_app.survey.closing import KEEP_LISTS
from survey_app.survey.comment_floor import texts_about
from survey_app.survey.counters import SLOT, counts_in_parts, forget_counts, put_counts
from survey_app.survey.publication import (
    Evaluation,
    Found,
    evaluation_of,
    put_head,
    put_rows,
    rows_in_parts,
)
from survey_app.survey.responses import Comment
from survey_app.survey.settling.settle_cycle import mark_reached
from survey_app.survey.tables import CLOSED, PublicationPlan, Survey
from survey_app.survey.take_out import taken_out

COMMENTS_AT_ONCE = 500
Write = Callable[[Session], None]


def count_decrypted(
    session: Session, ballots: Engine, survey_id: int, progress: Progress = untold
) -> None:
    """Write tally, comments and reconciliation, and evaluate the publication plan.

    The box must be counted. What a run before wrote is replaced, so that nothing
    counts twice. Raises NotFound, WrongMode, or PlanChanged where the plan is not the
    one of the manifest.
    """
    with Session(ballots) as boxes:
        head = _head(boxes, survey_id)
        gone = taken_out(session, survey_id)
        session.rollback()
        tally = counted_fragments(boxes, survey_id, but=gone)
        comments = _comments(boxes, survey_id, but=gone)
        promised = manifest_in(boxes.get_one(BallotBox, survey_id)).plan_fingerprint
    evaluated = _evaluated(session, survey_id, head.merged, _found(tally, comments))
    writes: list[Write] = [partial(forget_counts, survey_id=survey_id)]
    writes += [partial(put_counts, rows=r) for r in counts_in_parts(survey_id, tally)]
    writes += [
        partial(_add_missing, survey_id=survey_id, comments=part)
        for part in in_parts(comments, COMMENTS_AT_ONCE)
    ]
    _settle(
        session, survey_id, promised, writes, head.batches, evaluated, progress=progress
    )


def count_void(session: Session, ballots: Engine, survey_id: int) -> None:
    """Write that every batch is void, and evaluate the plan over no ballot at all.

    The same as for a box whose batches are all void: nothing of it was opened. Raises
    NotFound or WrongMode.
    """
    with Session(ballots) as boxes:
        box = boxes.get_one(BallotBox, survey_id)
        manifest = manifest_in(box)
        batches, merged = void_batches(box), counted_groups(manifest, {})
    evaluated = _evaluated(session, survey_id, merged, Found({}, {}))
    promised = manifest.plan_fingerprint
    _settle(session, survey_id, promised, [], batches, evaluated)


def void_batches(box: BallotBox) -> tuple[CountedBatch, ...]:
    """Return the batches of a void box as a head would say it: none was opened."""
    manifest = manifest_in(box)
    group_of = group_of_batches(manifest, counted_groups(manifest, {}))
    units = {batch.batch_id: batch.unit for batch in manifest.batches}
    return tuple(
        CountedBatch(
            **asdict(batch)
            | {
                "unit": units[batch.batch_id],
                "rater_group": group_of[batch.batch_id],
                "void": True,
            }
        )
        for batch in closing_in(box).closing.batches
    )


def _evaluated(
    session: Session, survey_id: int, merged: Merged, found: Found
) -> Evaluation | None:
    """Return what becomes of every cell, worked out while nobody is held up.

    Raises NotFound or WrongMode.
    """
    locked_secret(session, survey_id)
    session.rollback()
    with reading(session) as reader:
        survey = reader.get_one(Survey, survey_id)
        return evaluation_of(reader, survey, merged=merged, found=found)


def _found(tally: Mapping[Place, int], comments: Sequence[dict[str, Any]]) -> Found:
    """Return what was opened, as the counters will say it."""
    texts = Counter((one["subject_id"], one["question"]) for one in comments)
    return Found(nested(tally), texts_about(texts))


def _settle(  # noqa: PLR0913 -- all that is settled at once
    session: Session,
    survey_id: int,
    promised: str,
    writes: Sequence[Write],
    batches: Sequence[CountedBatch],
    evaluated: Evaluation | None,
    *,
    progress: Progress = untold,
) -> None:
    """Write all of it, each in a short transaction, and what is decided with the last.

    Where it was decided before, only the last is written once more.
    """
    parts = rows_in_parts(session, survey_id, evaluated) if evaluated else ()
    rows = [partial(put_rows, rows=part) for part in parts]
    last = partial(_decide, survey_id=survey_id, batches=batches, evaluated=evaluated)
    every: list[Write] = [*(writes if evaluated else ()), *rows, last]
    for number, write in enumerate(every):
        progress(number, len(every))
        locked_secret(session, survey_id)
        _require_promised(session, survey_id, promised)
        write(session)
        session.commit()
    forget_order(session)


def _decide(
    session: Session,
    survey_id: int,
    batches: Sequence[CountedBatch],
    evaluated: Evaluation | None,
) -> None:
    """Write the reconciliation, and let what became of the plan count."""
    survey = session.get_one(Survey, survey_id)
    survey.state = CLOSED
    session.execute(delete(BallotCount).where(BallotCount.survey_id == survey_id))
    if rows := [_reconciled(survey_id, batch) for batch in batches]:
        session.execute(insert(BallotCount), rows)
    put_head(session, survey_id, evaluated)
    mark_reached(session, survey)
    ask_for(session, KEEP_LISTS, about=survey_id)


def _require_promised(session: Session, survey_id: int, promised: str) -> None:
    """Raise PlanChanged unless the plan is the one that was promised at the opening."""
    plan = session.get(PublicationPlan, survey_id, populate_existing=True)
    if plan is None or plan.fingerprint != promised:
        session.rollback()
        raise PlanChanged(survey_id)


def _head(boxes: Session, survey_id: int) -> Head:
    return SignedHead.from_json(boxes.get_one(BallotBox, survey_id).head).head


def counted_fragments(
    boxes: Session, survey_id: int, *, but: Collection[int] = ()
) -> dict[Place, int]:
    """Return how many fragments say so, for every choice somebody made.

    `but` are subjects that were taken out: what was marked about them counts nowhere.
    """
    place = (
        FragmentRow.subject_id,
        FragmentRow.rater_group,
        FragmentRow.question_key,
        FragmentRow.choice_key,
    )
    counted = (
        select(*place, func.count())
        .where(FragmentRow.survey_id == survey_id)
        .group_by(*place)
    )
    return {
        (subject, group, *pick): count
        for subject, group, line, said, count in boxes.execute(counted)
        if subject not in but and (pick := pick_on(line, said))
    }


def _comments(
    boxes: Session, survey_id: int, *, but: Collection[int]
) -> list[dict[str, Any]]:
    """Return the comments that wait, in the order of their random ids."""
    waiting = (
        select(OpenedComment)
        .where(OpenedComment.survey_id == survey_id)
        .order_by(OpenedComment.id)
    )
    return [
        {
            "slot": SLOT,
            "id": comment.id,
            "survey_id": survey_id,
            "subject_id": comment.subject_id,
            "question": comment.question,
            "text": comment.text,
        }
        for comment in boxes.scalars(waiting)
        if comment.subject_id not in but
    ]


def _reconciled(survey_id: int, batch: CountedBatch) -> dict[str, object]:
    row = asdict(batch)
    return {"survey_id": survey_id, "unit_id": row.pop("unit"), **row}


def _add_missing(
    session: Session, survey_id: int, comments: Sequence[dict[str, object]]
) -> None:
    """Add the comments that are not there yet; readers may have begun with others."""
    kept = select(Comment.id).where(
        Comment.slot == SLOT, Comment.survey_id == survey_id
    )
    there = set(session.scalars(kept))
    if missing := [comment for comment in comments if comment["id"] not in there]:
        session.execute(insert(Comment), missing)
