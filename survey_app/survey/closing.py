"""Close a survey: no answer any more, then the sums, then whatever is made of them.

It can be cut off anywhere and called again; nobody who writes waits for it longer than
one short transaction takes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from survey_app.database import forget_order, reading
from survey_app.domain.ground.refusals import (
    CountersDiffer,
    PlanChanged,
    Refusal,
    WrongMode,
)
from survey_app.jobs.jobs import Progress, ask_for, part_of, untold
from survey_app.survey.counters import counts_in_parts, forget_counts, put_counts
from survey_app.survey.draft import locked_survey, require_open
from survey_app.survey.flags import (
    Unusual,
    flag_writes,
    forget_rushes,
    look_for_flags,
)
from survey_app.survey.looks import newest_entry
from survey_app.survey.paper_stacks import end_open_stacks
from survey_app.survey.phone_calls import forget_calls
from survey_app.survey.publication import (
    Evaluation,
    Found,
    evaluation_of,
    is_evaluated,
    put_head,
    put_rows,
    rows_in_parts,
)
from survey_app.survey.recount import Picked, counted_for_closing
from survey_app.survey.settled_counts import SettledCounts
from survey_app.survey.settling.settle_cycle import mark_reached
from survey_app.survey.tables import CLOSED, CLOSING, OPEN, Survey

CLOSE = "close-survey"
"""The kind of job that closes a survey."""
KEEP_LISTS = "keep-lists"
"""The kind of job that keeps what lists show of a survey whose plan is settled."""
Step = Callable[[Session, int, Progress, SettledCounts | None], None]
"""Keeps something that is final now about a survey; may be repeated.

It is told what was settled where that was just now, and reads it where not.
"""


def close_survey(
    session: Session,
    survey_id: int,
    progress: Progress = untold,
    *,
    steps: Sequence[Step] = (),
) -> None:
    """Close the survey; two people may open it again while nobody saw a result.

    Answers being kept are waited for, so that what was acknowledged is in the result.
    What may be shown is decided once; then `steps` keep what is made of it. Where it
    stopped anywhere the survey is closing: it takes no answer and shows no result, and
    calling it again goes on. Whatever takes long is worked out without the write lock,
    and written in short transactions.

    Raises NotFound, SurveyNotYetOpen for a draft or a rehearsal, SurveyClosed,
    SurveyVoid, or WrongMode for a secret ballot, which closes with its box.
    Raises CountersDiffer where the turnout does not say what the answers say, and
    PlanChanged where the plan is not the one that was frozen: then the survey stays
    open and nothing is settled.
    """
    _closing(session, survey_id)
    session.commit()
    parts = 2 + len(steps)
    made = _worked_out(session, survey_id, part_of(progress, 0, parts))
    _keep(session, survey_id, made, part_of(progress, 1, parts))
    settled = made.evaluation.settled if made else None
    for place, step in enumerate(steps, 2):
        step(session, survey_id, part_of(progress, place, parts), settled)
    end_open_stacks(session, survey_id)
    forget_calls(session, survey_id)
    _finish(session, survey_id)
    forget_order(session)


@dataclass(frozen=True, slots=True)
class _Made:
    """What was worked out of a survey's answers, to be kept."""

    picked: Picked
    evaluation: Evaluation
    flags: Unusual


def _worked_out(session: Session, survey_id: int, progress: Progress) -> _Made | None:
    """Return what was counted and what may be shown of it; None: it is kept already.

    Where one of the two is refused the survey takes answers again.
    """
    try:
        with reading(session) as reader:
            if is_evaluated(reader, survey_id):
                return None
            counted = counted_for_closing(reader, survey_id, progress)
            survey = reader.get_one(Survey, survey_id)
            found = Found.of(reader, survey_id, counted.picked)
            evaluation = evaluation_of(reader, survey, found=found)
            if evaluation is None:
                return None
            flags = look_for_flags(reader, survey, counted)
            return _Made(counted.picked, evaluation, flags)
    except (CountersDiffer, PlanChanged):
        _take_again(session, survey_id)
        raise


def ask_to_close(session: Session, survey_id: int, *, account: str) -> int:
    """Let the survey take no answer any more; return the job that closes it.

    Raises what `close_survey` raises before anything is counted.
    """
    survey = _closing(session, survey_id)
    job_id = ask_for(session, CLOSE, about=survey.id, account=account)
    session.commit()
    return job_id


def _closing(session: Session, survey_id: int) -> Survey:
    """Return the survey, which is closing from now on; does not commit."""
    survey = locked_survey(session, survey_id)
    try:
        if survey.is_secret:
            raise WrongMode
        require_open(survey, also=CLOSING)
    except Refusal:
        session.rollback()
        raise
    if survey.state != CLOSING:
        forget_counts(session, survey_id)
    survey.state = CLOSING
    return survey


def _take_again(session: Session, survey_id: int) -> None:
    """Let a survey that cannot be settled be open as before."""
    survey = locked_survey(session, survey_id)
    if survey.state == CLOSING:
        survey.state = OPEN
        forget_counts(session, survey_id)
    session.commit()


def _keep(
    session: Session,
    survey_id: int,
    made: _Made | None,
    progress: Progress,
) -> None:
    """Keep what was counted and what may be shown of it, unless it is void meanwhile.

    In many short transactions; what became of the plan counts with the last of them.
    """
    if made is None:  # all of it is kept
        return
    evaluation = made.evaluation
    counts = list(counts_in_parts(survey_id, made.picked))
    subjects = list(rows_in_parts(session, survey_id, evaluation))
    writes: list[Callable[[Session], None]]
    writes = [partial(put_counts, rows=rows) for rows in counts]
    writes += [partial(put_rows, rows=rows) for rows in subjects]
    writes += flag_writes(survey_id, made.flags)
    writes.append(partial(put_head, survey_id=survey_id, evaluation=evaluation))
    for done, write in enumerate(writes, 1):
        if locked_survey(session, survey_id).state == CLOSING:
            write(session)
        session.commit()
        progress(done, len(writes))


def _finish(session: Session, survey_id: int) -> None:
    """Let the survey be closed, unless somebody closed or voided it meanwhile."""
    survey = locked_survey(session, survey_id)
    if survey.state == CLOSING:
        survey.state, survey.closed_after = CLOSED, newest_entry(session)
        forget_rushes(session, survey_id)
        mark_reached(session, survey)
    session.commit()
